// A resident's phone: scans the code it was opened with, shows the talk with 微信客服, taps what a menu offers.
import { fill, get, h, onEnter, post, toast } from "./api.js";
import { t, translate } from "./words.js";
import { avatar, clockText, dayText } from "./render.js";

const EVERY_MS = 700;
const asked = new URLSearchParams(location.search);
const resident = asked.get("resident") || "3-2-402";
const code = asked.get("qr");
const $ = (id) => document.getElementById(id);
let shown = -1;

async function act(kind, more) {
  await post("act", { kind, resident, ...more }).catch((error) => toast(t("cannot") + error.message, "bad"));
}

async function follow() {
  const { messages } = await get("phone", { resident }).catch(() => ({ messages: [] })); // nobody of that name yet
  if (messages.length !== shown) draw(messages);
  setTimeout(follow, EVERY_MS);
}

function draw(messages) {
  shown = messages.length;
  const told = messages.find((message) => message.from.kind !== "resident");
  if (told) $("name").textContent = told.from.name;
  fill($("list"), messages.flatMap((message, n) => [...newDay(message, messages[n - 1]), bubble(message)]));
  $("list").scrollTop = $("list").scrollHeight;
}

// Where another day begins its date stands between the bubbles: a clock that is moved runs through many.
function newDay(message, before) {
  const day = dayText(message.at);
  return before && dayText(before.at) === day ? [] : [h("p", { class: "time" }, day)];
}

function bubble(message) {
  const mine = message.from.kind === "resident";
  const inside = message.msgtype === "msgmenu" ? menu(message.body) : linked(message.text);
  return h(
    "div",
    { class: `msg ${mine ? "mine" : ""}` },
    avatar(mine ? resident : message.from.name),
    h("div", { class: "said" }, h("div", { class: "bubble" }, inside), h("span", { class: "note" }, clockText(message.at))),
  );
}

// A menu as 微信客服 shows it: words, a line to tap for each item, words.
function menu(body) {
  const item = ({ type, view, click }) =>
    type === "view"
      ? h("a", { href: view.url, target: "_blank", rel: "noopener" }, view.content)
      : type === "click"
        ? h("button", { onclick: () => act("resident_kf_tap", { menu_id: click.id }) }, click.content)
        : null;
  return [body.head_content, h("div", { class: "menu" }, body.list.map(item)), body.tail_content];
}

function linked(text) {
  return text.split(/(https?:\/\/[\w.:/?=&%#-]+)/).map((part, at) => (at % 2 ? h("a", { href: part, target: "_blank", rel: "noopener" }, part) : part));
}

async function say() {
  const text = $("typed").value.trim();
  if (!text) return;
  $("typed").value = "";
  await act("resident_kf_text", { text });
}

translate(document);
$("who").textContent = `${t("residentPhone")} · ${resident}`;
$("say").textContent = t("say");
$("typed").setAttribute("aria-label", t("say"));
$("list").setAttribute("aria-label", t("residentPhone"));
$("say").addEventListener("click", say);
$("typed").addEventListener("keydown", (event) => onEnter(event, say));
const before = await get("phone", { resident }).catch(() => ({ messages: [] }));
if (code && !before.messages.length) await act("resident_scan", { qr: code });
follow();
