// One person's phone: the app's messages with working buttons, and the chat with the bot alone.
import { fill, h, onEnter, post, toast } from "./api.js";
import { t } from "./words.js";
import { avatar, clockText, messageList } from "./render.js";
import { myRooms, now, store } from "./store.js";
import { press } from "./press.js";

let thread = "app";
let unread = 0;

// Puts *text* where it only has to be sent; empty: only shows the phone.
export function fillPhone(text, name = thread) {
  if (name !== thread) show(name);
  document.querySelector('#tabs [data-level="phone"]')?.click();
  if (!text) return;
  const box = document.querySelector(".phone textarea");
  box.value = text;
  box.closest(".composer").classList.add("ready");
  box.focus();
}

export function phoneSpoke() {
  const spoken = store.phone.at(-1)?.thread;
  if (spoken && spoken !== thread) unread += 1;
  drawPhoneMessages();
}

export function drawPhone() {
  const node = document.querySelector(".phone");
  const typed = node.querySelector("textarea")?.value || "";
  const list = h("div", { class: "list", role: "log", tabindex: "0", "aria-label": t("phone") });
  fill(node, head(), h("div", { class: "threads" }), list, composer(typed));
  drawPhoneMessages();
  list.scrollTop = list.scrollHeight;
}

// Only the messages: what somebody is typing below stays as it is.
export function drawPhoneMessages() {
  const list = document.querySelector(".phone .list");
  const low = list.scrollHeight - list.scrollTop - list.clientHeight < 80;
  const messages = store.phone.filter((message) => message.thread === thread).slice(-300);
  fill(document.querySelector(".threads"), threads());
  fill(list, messageList(messages, { inRoom: false, actions, press: pressMine }));
  if (low) list.scrollTop = list.scrollHeight;
}

function pressMine(message, key, event) {
  return press(store.me, message, key, event);
}

function head() {
  const name = store.me ? store.me.name : "—";
  const place = store.me ? store.me.title || `${t("phone")} · ${t(store.me.level)}` : t("phone");
  const time = h("span", { class: "phonetime" }, clockText(now()));
  return h("header", { class: "head phonehead" }, avatar(name), h("div", {}, h("b", {}, name), h("small", {}, place)), time);
}

function threads() {
  const app = store.apps[0]?.name || "应用";
  const bot = store.bots[0]?.name || "小格";
  const tab = (name, label) =>
    h(
      "button",
      { class: `thread ${name === thread ? "on" : ""}`, "aria-pressed": String(name === thread), onclick: () => show(name) },
      label,
      name !== thread && unread ? h("b", { class: "unread" }, String(unread)) : null,
    );
  return [tab("app", `${app} · ${t("appThread")}`), tab("bot", `${bot} · ${t("botThread")}`)];
}

function show(name) {
  thread = name;
  unread = 0;
  drawPhone();
}

function actions(message) {
  const fits = message.from.kind === "app" && message.msgtype !== "template_card" && myRooms("household").length;
  return fits ? [h("button", { class: "link", onclick: () => forward(message) }, `↪ ${t("forward")}`)] : [];
}

function composer(typed) {
  const words = t("typePhone") + (thread === "bot" ? store.bots[0]?.name || "小格" : store.apps[0]?.name || "应用");
  const box = h("textarea", { rows: "2", placeholder: words, "aria-label": words, onkeydown: (e) => onEnter(e, send) });
  box.value = typed;
  async function send() {
    const text = box.value.trim();
    if (!text || !store.me) return;
    box.value = "";
    box.closest(".composer").classList.remove("ready");
    const given = { kind: "member_text", to: thread, userid: store.me.userid, text };
    await post("act", given).catch((error) => toast(t("cannot") + error.message, "bad"));
  }
  return h("footer", { class: "composer" }, h("div", { class: "line" }, box, h("button", { class: "send", onclick: send }, t("say"))));
}

// The relay as it is: a person picks the ordinary groups and forwards with his own hands.
function forward(message) {
  const dialog = document.getElementById("forward");
  const rooms = myRooms("household");
  const boxes = rooms.map((room) => h("input", { type: "checkbox", value: room.id, checked: true }));
  const rows = rooms.map((room, i) => h("label", { class: "entry" }, boxes[i], h("span", {}, room.name)));
  const go = async () => {
    dialog.close();
    for (const box of boxes.filter((b) => b.checked)) {
      const given = { kind: "group_paste", userid: store.me.userid, chatid: box.value, msgid: message.msgid };
      await post("act", given).catch((error) => toast(t("cannot") + error.message, "bad"));
    }
    toast(t("forwarded"));
  };
  fill(
    dialog,
    h("h2", {}, t(rooms.length ? "forwardTitle" : "forwardNone")),
    h("div", { class: "found" }, rows),
    h("div", { class: "line end" }, h("button", { onclick: () => dialog.close() }, t("cancel")), h("button", { class: "send", onclick: go }, t("forward"))),
  );
  dialog.showModal();
}
