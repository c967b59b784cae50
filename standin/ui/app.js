// The page: load the world once, then follow its events.
import { fill, get, h, post, toast } from "./api.js";
import { switchLanguage, isEnglish, t, translate } from "./words.js";
import { absorb, become, firstPerson, loadAll, now, reloadPhone, store } from "./store.js";
import { forget, placeAll, redrawMessages, roomsSpoke, startPanes } from "./panes.js";
import { drawGuide, startGuide, toggleGuide } from "./guide.js";
import { chooseMe, drawMe } from "./me.js";
import { drawPhone, drawPhoneMessages, phoneSpoke } from "./phone.js";
import { drawFaults, drawLog, refreshFaults, refreshLog, toggle } from "./panel.js";
import { clockText, dayText } from "./render.js";

const EVERY_MS = 700;
const $ = (id) => document.getElementById(id);

async function start() {
  bind();
  await reload();
  setInterval(drawClock, 1000);
  poll();
}

async function reload() {
  await loadAll();
  $("title").textContent = document.title = store.title;
  startPanes(store.levels);
  startGuide({ be, skip });
  await be(firstPerson());
}

async function be(person) {
  await become(person);
  forget();
  await drawAll();
}

async function drawAll() {
  translate(document);
  $("lang").textContent = isEnglish() ? "中文" : "English";
  drawTabs();
  drawMe();
  drawGuide();
  fill($("links"), store.links.map((one) => h("a", { href: one.url, target: "_blank", rel: "noopener", title: one.note }, (isEnglish() && one.name_en) || one.name)));
  drawClock();
  drawFaults();
  await placeAll(true);
  drawPhone();
}

async function poll() {
  try {
    await follow();
    await refreshLog();
    await refreshFaults();
    document.body.classList.remove("offline");
  } catch {
    if (!document.body.classList.contains("offline")) toast(t("offline"), "bad");
    document.body.classList.add("offline");
  }
  setTimeout(poll, EVERY_MS);
}

async function follow() {
  const page = await get("events", { since: store.since });
  if (page.lost || page.last < store.since) return reload(); // it forgot more than we saw, or began anew
  store.since = page.next;
  const todo = new Set();
  for (const event of page.events) {
    for (const thing of absorb(event)) todo.add(thing);
    tell(event);
  }
  return redraw(todo);
}

async function redraw(todo) {
  if (todo.has("all")) return reload();
  if (todo.has("reload-phone")) await reloadPhone();
  if (todo.has("phone")) phoneSpoke();
  else if (todo.has("reload-phone") || todo.has("heard")) drawPhoneMessages();
  if (todo.has("rooms")) await placeAll();
  else if (todo.has("heard")) redrawMessages();
  await roomsSpoke([...todo].filter((thing) => thing.startsWith("room:")).map((thing) => thing.slice(5)));
  if (todo.has("clock")) drawClock();
  if (todo.has("faults")) drawFaults();
}

function tell(event) {
  if (event.type === "dropped") toast(t("silentDrop"), "bad");
  if (event.type === "callback" && event.state === "failed") toast(t("cbFailed"), "bad");
}

function drawClock() {
  const moment = now();
  $("now").textContent = `${dayText(moment)} ${clockText(moment, true)}`;
  $("now").classList.toggle("moved", Math.abs(store.offset) > 1);
  const phone = document.querySelector(".phonetime");
  if (phone) phone.textContent = clockText(moment);
}

function drawTabs() {
  const levels = [...store.levels, "phone"];
  const asked = document.body.dataset.tab;
  const on = levels.includes(asked) ? asked : levels.at(-3) || "phone"; // where a grid worker reports
  document.body.dataset.tab = on;
  for (const pane of document.querySelectorAll(".pane")) pane.classList.toggle("on", pane.dataset.level === on);
  const news = new Set([...document.querySelectorAll("#tabs .news")].map((node) => node.dataset.level));
  const tab = (level) =>
    h(
      "button",
      {
        "data-level": level,
        class: `${level === on ? "on" : ""} ${news.has(level) ? "news" : ""}`,
        "aria-pressed": String(level === on),
        onclick: () => showTab(level),
      },
      t(level),
    );
  fill($("tabs"), levels.map(tab));
}

function showTab(level) {
  document.body.dataset.tab = level;
  drawTabs();
  for (const list of document.querySelectorAll(".list")) list.scrollTop = list.scrollHeight;
}

function nextAt(hour, minute) {
  const zone = 8 * 3600;
  const local = now() + zone;
  const wanted = Math.floor(local / 86400) * 86400 + hour * 3600 + minute * 60;
  return (wanted > local ? wanted : wanted + 86400) - zone;
}

async function skip(how) {
  const clock = /^(\d+):(\d+)$/.exec(how); // the next time it is that late
  const given = how === "real" ? { now: Date.now() / 1000 } : clock ? { now: nextAt(Number(clock[1]), Number(clock[2])) } : { advance_s: Number(how) };
  store.offset = (await post("clock", given)).offset_s;
  drawClock();
  toast(`${t("clockIs")} ${clockText(now())}`);
}

function bind() {
  for (const button of document.querySelectorAll("[data-skip]")) {
    button.addEventListener("click", () => skip(button.dataset.skip).catch((e) => toast(e.message, "bad")));
  }
  $("lang").addEventListener("click", () => {
    switchLanguage();
    drawAll();
    if (!$("log").hidden) drawLog();
  });
  $("open-faults").addEventListener("click", () => toggle("faults", drawFaults));
  $("open-log").addEventListener("click", () => toggle("log", drawLog));
  $("open-guide").addEventListener("click", toggleGuide);
  $("me").addEventListener("click", () => chooseMe((person) => be(person).catch((e) => toast(e.message, "bad"))));
}

start().catch((error) => toast(String(error), "bad"));
