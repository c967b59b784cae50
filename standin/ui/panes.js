// The four columns: one group each, chosen by search, written to as any of its members.
import { fill, h, onEnter, post, toast } from "./api.js";
import { t } from "./words.js";
import { avatar, messageList } from "./render.js";
import { defaultRoom, myRooms, openRoom, roomsOf, store } from "./store.js";
import { fillPhone } from "./phone.js";
import { press } from "./press.js";

const SHOWN = 60;
const DOORS = ["3-2-402", "3-1-201", "7-1-101"]; // neighbours of an ordinary group, unknown to the platform
const panes = new Map(); // level -> {node, room, pinned, speaker}

// A column for each level that has groups, and the phone.
export function startPanes(levels) {
  panes.clear();
  const nodes = [...levels, "phone"].map((level) => h("section", { class: `pane ${level === "phone" ? "phone" : ""}`, "data-level": level }));
  levels.forEach((level, i) => panes.set(level, { level, node: nodes[i], room: null, pinned: false, speaker: null }));
  const main = document.getElementById("panes");
  main.style.setProperty("--columns", levels.length);
  fill(main, nodes);
}

// Puts the group *id* into its column, with *person* about to say *text*.
export async function showRoom(id, person, text) {
  const room = store.rooms.get(id);
  const pane = room && panes.get(room.level);
  if (!pane) throw new Error(t("noRoom"));
  Object.assign(pane, { room: room.id, pinned: true, speaker: person.key });
  await draw(pane, true);
  document.querySelector(`#tabs [data-level="${room.level}"]`)?.click();
  if (!text) return;
  const box = pane.node.querySelector("textarea");
  box.value = text;
  box.closest(".composer").classList.add("ready");
  box.focus();
}

// New people or new rooms: every column looks again for what it should show.
export async function placeAll(force = false) {
  for (const pane of panes.values()) {
    if (!store.rooms.has(pane.room)) {
      pane.room = defaultRoom(pane.level)?.id ?? null;
      pane.pinned = false;
      pane.speaker = null;
    }
    await draw(pane, force);
  }
}

// Somebody else looks: a column turns to a group of theirs; where they have none it stays where it was.
export function forget() {
  for (const pane of panes.values()) {
    const mine = myRooms(pane.level);
    if (mine.length && !mine.some((room) => room.id === pane.room)) pane.room = null;
  }
}

// One look at each column for everything that was said since the last poll, however much that was.
export async function roomsSpoke(ids) {
  for (const pane of panes.values()) {
    const here = ids.filter((id) => store.rooms.get(id)?.level === pane.level);
    if (!here.length) continue;
    // a column in which nobody chose anything, and which holds no group of mine, follows the conversation
    const follows = !pane.pinned && !myRooms(pane.level).some((mine) => mine.id === pane.room);
    if (here.includes(pane.room)) await drawMessages(pane);
    else if (follows) {
      pane.room = here.at(-1);
      await draw(pane);
    } else drawHead(pane);
  }
}

export function redrawMessages() {
  for (const pane of panes.values()) drawMessages(pane);
}

// The frame of a column is built again only when its group looks different: never under somebody's typing.
async function draw(pane, force = false) {
  const room = store.rooms.get(pane.room);
  const look = room ? [room.id, room.bot, room.members, store.me?.key].join() : "";
  if (!force && look && pane.look === look) return drawMessages(pane);
  pane.look = look;
  const typed = pane.drawn === pane.room ? pane.node.querySelector("textarea")?.value || "" : "";
  pane.drawn = pane.room;
  fill(
    pane.node,
    h("header", { class: "head" }),
    h("div", { class: "list", role: "log", tabindex: "0", "aria-label": t(`${pane.level}Long`) }),
    room ? composer(pane, room, typed) : h("div", { class: "time" }, t("noRoom")),
  );
  drawHead(pane);
  await drawMessages(pane);
}

function drawHead(pane) {
  const room = store.rooms.get(pane.room);
  const others = [...store.unread].filter(([id]) => id !== pane.room && store.rooms.get(id)?.level === pane.level);
  const unread = others.reduce((sum, [, n]) => sum + n, 0);
  fill(
    pane.node.querySelector(".head"),
    h("div", { class: "level" }, t(`${pane.level}Long`), room && room.kind === "staff" ? badge(room) : null),
    h(
      "button",
      { class: "choose", "aria-haspopup": "listbox", onclick: () => choose(pane) },
      room ? `${room.name}(${room.members.length})` : t("noRoom"),
      " ▾",
      unread ? h("b", { class: "unread" }, unread > 99 ? "99+" : String(unread)) : null,
    ),
    h("div", { class: "kind" }, room ? describe(room) : ""),
  );
  document.querySelector(`#tabs [data-level="${pane.level}"]`)?.classList.toggle("news", unread > 0);
}

function badge(room) {
  if (room.bot) return h("span", { class: "hasbot" }, store.bots[0]?.name || "小格");
  const add = () => post("act", { kind: "bot_added_to_group", chatid: room.id }).catch((e) => toast(e.message, "bad"));
  return h("button", { class: "small", onclick: add }, t("addBot"));
}

function describe(room) {
  if (room.kind === "household") return t("ordinary");
  return `${t("internal")} · ${t(room.bot ? "withBot" : "noBot")}`;
}

async function drawMessages(pane) {
  const list = pane.node.querySelector(".list");
  if (!pane.room || !list) return;
  const messages = await openRoom(pane.room);
  const room = store.rooms.get(pane.room);
  const low = list.scrollHeight - list.scrollTop - list.clientHeight < 80;
  const copy = (message) => h("button", { class: "link", onclick: () => fillPhone(message.text) }, t("toPhone"));
  const actions = room.kind === "household" ? (message) => [copy(message)] : null;
  const presser = (message, key, event) => press(speaker(pane, room), message, key, event);
  fill(list, ...messageList(messages.slice(-300), { inRoom: true, actions, press: presser }));
  if (low || pane.shown !== pane.room) list.scrollTop = list.scrollHeight;
  pane.shown = pane.room;
  drawHead(pane);
}

// Who speaks in this column: whoever was chosen, me if I am a member, else the first member.
function speaker(pane, room) {
  const chosen = pane.speaker && room.members.includes(pane.speaker) ? pane.speaker : null;
  const me = store.me && room.members.includes(store.me.key) ? store.me.key : null;
  return store.people.get(chosen || me || room.members[0]);
}

function composer(pane, room, typed) {
  const person = speaker(pane, room);
  const known = room.members.map((key) => store.people.get(key)).filter(Boolean).slice(0, 300);
  const who = h(
    "select",
    { "aria-label": t("as"), onchange: (e) => (pane.speaker = e.target.value) },
    known.map((p) => h("option", { value: p.key, selected: p === person }, p.name)),
    room.kind === "household" ? DOORS.map((door) => doorOption(pane, door)) : null,
  );
  const words = t(room.kind === "household" ? "typeHousehold" : "typeAt");
  const box = h("textarea", { rows: "2", placeholder: words, "aria-label": words, onkeydown: (e) => onEnter(e, send) });
  box.value = typed;
  const at = () => {
    box.value = `@小格 ${box.value.replace(/^@小格 ?/, "")}`;
    box.focus();
  };
  async function send() {
    const text = box.value.trim();
    if (!text) return;
    box.value = "";
    box.closest(".composer").classList.remove("ready");
    const kind = room.kind === "household" ? "group_paste" : "member_text";
    const door = who.value.startsWith("door:") ? who.value.slice(5) : null;
    const said = door ? { resident: door } : { userid: speaker(pane, room).userid };
    const given = { kind, to: "group", chatid: room.id, text, ...said };
    await post("act", given).catch((error) => toast(t("cannot") + error.message, "bad"));
  }
  return h(
    "footer",
    { class: "composer" },
    h("div", { class: "line" }, who, room.bot ? h("button", { class: "small", onclick: at }, "@小格") : null),
    h("div", { class: "line" }, box, h("button", { class: "send", onclick: send }, t("say"))),
  );
}

function doorOption(pane, door) {
  const value = `door:${door}`;
  return h("option", { value, selected: pane.speaker === value }, `${t("neighbour")} ${door}`);
}

// My groups first, then those that spoke last.
function rank(room) {
  return (store.me && room.members.includes(store.me.key) ? 1e12 : 0) + (store.latest.get(room.id) || 0);
}

function choose(pane) {
  const open = pane.node.querySelector(".chooser");
  if (open) return open.remove();
  const list = h("div", { class: "found", role: "listbox" });
  const box = h("input", { type: "search", placeholder: t("search"), "aria-label": t("search"), oninput: search });
  const panel = h("div", { class: "chooser", onkeydown: (e) => e.key === "Escape" && panel.remove() }, box, list);
  function search() {
    const wanted = box.value.trim().toLowerCase();
    const fits = roomsOf(pane.level).filter((r) => r.name.toLowerCase().includes(wanted) || r.id.includes(wanted));
    fits.sort((a, b) => rank(b) - rank(a));
    fill(list, ...fits.slice(0, SHOWN).map(entry));
  }
  function entry(room) {
    const unread = store.unread.get(room.id);
    const pick = async () => {
      pane.room = room.id;
      pane.pinned = true;
      pane.speaker = null;
      await draw(pane);
    };
    return h(
      "button",
      { class: "entry", role: "option", onclick: pick },
      avatar(room.name),
      h("span", {}, room.name),
      unread ? h("b", { class: "unread" }, String(unread)) : null,
    );
  }
  pane.node.append(panel);
  search();
  box.focus();
}
