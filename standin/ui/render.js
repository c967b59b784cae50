// Messages as WeChat shows them. Every word from outside becomes a text node; nothing is parsed as HTML.
import { h } from "./api.js";
import { t } from "./words.js";
import { store } from "./store.js";

const COLOURS = 8;
const GAP_S = 300;

function colour(text) {
  let sum = 0;
  for (const letter of text) sum = (sum * 31 + letter.codePointAt(0)) % 9973;
  return `c${sum % COLOURS}`;
}

export function avatar(name, kind = "member") {
  const face = kind === "bot" ? "格" : kind === "app" || kind === "appchat" ? "应" : kind === "webhook" ? "机" : [...name][0];
  return h("span", { class: `avatar ${kind === "member" || kind === "resident" ? colour(name) : "official"}`, "aria-hidden": "true" }, face);
}

export function clockText(at, seconds = false) {
  const time = new Date(at * 1000);
  const options = { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", hour12: false };
  return time.toLocaleTimeString("zh-CN", seconds ? { ...options, second: "2-digit" } : options);
}

export function dayText(at) {
  const options = { timeZone: "Asia/Shanghai", month: "numeric", day: "numeric", weekday: "short" };
  return new Date(at * 1000).toLocaleDateString("zh-CN", options);
}

// Nodes for a list of messages, with times between them as WeChat puts them.
export function messageList(messages, options) {
  const nodes = [];
  let before = 0;
  for (const message of messages) {
    if (message.at - before > GAP_S) {
      const day = dayText(message.at) !== dayText(before) ? `${dayText(message.at)} ` : "";
      nodes.push(h("div", { class: "time" }, day + clockText(message.at)));
    }
    before = message.at;
    nodes.push(messageNode(message, options));
  }
  return nodes.length ? nodes : [h("div", { class: "time" }, t("empty"))];
}

function messageNode(message, options) {
  if (message.recalled) return h("div", { class: "time" }, t("recalled"));
  const from = message.from;
  const mine = from.kind === "member" && store.me && from.id === store.me.userid;
  const classes = ["msg", mine ? "mine" : "", message.withheld ? "withheld" : ""].join(" ");
  return h(
    "div",
    { class: classes, "data-msgid": message.msgid },
    avatar(from.name, from.kind),
    h(
      "div",
      { class: "said" },
      options.inRoom && !mine ? h("span", { class: "name" }, from.name) : null,
      bubble(message, options),
      message.quote ? h("div", { class: "quote" }, message.quote) : null,
      h("div", { class: "under" }, fate(message), ...(options.actions ? options.actions(message) : [])),
    ),
  );
}

// What became of a message that a person wrote: not heard, delivered, lost.
function fate(message) {
  if (message.withheld) return h("span", { class: "note" }, t("withheld"));
  if (message.missed) return h("span", { class: "note bad" }, `${message.missed.length}${t("missed")}`);
  const heard = store.heard.get(message.msgid);
  const state = heard?.state || message.fate;
  if (!state) return null;
  const tries = heard?.attempts.length > 1 ? ` · ${heard.attempts.length}${t("tries")}` : "";
  if (state === "delivered") return h("span", { class: "note good" }, `✓ ${t("heard")}${tries}`);
  return h("span", { class: "note bad" }, `✗ ${t(state === "dropped" ? "dropped" : "failed")}`);
}

function bubble(message, options) {
  if (message.unseen) return h("div", { class: "bubble blind" }, t("unseen"));
  if (message.media) return media(message.media);
  if (message.msgtype === "template_card") return card(message, options);
  if (message.msgtype === "textcard") return textcard(message.card);
  const nodes = message.msgtype.startsWith("markdown") ? markdown(message.text) : plain(message.text);
  return h("div", { class: "bubble" }, nodes);
}

// A picture stands where it is and opens large; any other file is taken home by its name.
function media(file) {
  if (file.kind === "image" && /^image\/(png|jpeg)$/.test(file.content_type)) {
    const image = h("img", { src: file.url, alt: `${t("picture")} ${file.name}`, onload: keepLow });
    return h("a", { class: "picture", href: file.url, target: "_blank", rel: "noopener" }, image);
  }
  const kind = (file.name.match(/\.(\w{1,4})$/) || ["", file.kind])[1].toUpperCase();
  const about = h("span", {}, h("b", {}, file.name), h("small", {}, `${sizeText(file.size)} · ${t("download")}`));
  return h("a", { class: "file", href: file.url, download: file.name }, h("span", { class: "kindmark", "aria-hidden": "true" }, kind), about);
}

function sizeText(bytes) {
  return bytes < 1024 ? `${bytes} B` : bytes < 1024 * 1024 ? `${Math.round(bytes / 1024)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

// A picture that has just got its height pushes the newest words down: whoever was reading them still is.
function keepLow(event) {
  const list = event.target.closest(".list");
  if (list && list.scrollHeight - list.scrollTop - list.clientHeight < event.target.height + 120) list.scrollTop = list.scrollHeight;
}

const LINK = /<a\s+href="([^"]*)"[^>]*>([^<]*)<\/a>|<@(\w+)>|@(\S+)|(https?:\/\/[^\s<>"'，。；]+)/g;

export function plain(text) {
  const nodes = [];
  let end = 0;
  for (const found of text.matchAll(LINK)) {
    nodes.push(text.slice(end, found.index));
    end = found.index + found[0].length;
    if (found[3]) nodes.push(h("span", { class: "at" }, `@${store.people.get(found[3].toLowerCase())?.name || found[3]}`));
    else if (found[4]) nodes.push(...mention(found[4]));
    else nodes.push(link(found[1] || found[5], found[2] || found[5]));
  }
  nodes.push(text.slice(end));
  return nodes;
}

// "@小格" is a mention, "不@我听不到" is not.
function mention(words) {
  const bot = store.bots.find((one) => words.startsWith(one.name));
  return bot ? [h("span", { class: "at" }, `@${bot.name}`), words.slice(bot.name.length)] : [`@${words}`];
}

function link(url, words) {
  if (!/^https?:\/\//.test(url)) return words;
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, words);
}

const INLINE = /\*\*(.+?)\*\*|`([^`]+)`|<font color="(info|comment|warning)">(.*?)<\/font>|\[([^\]]+)\]\((https?:[^)]+)\)/g;

function inline(line) {
  const nodes = [];
  let end = 0;
  for (const found of line.matchAll(INLINE)) {
    nodes.push(...plain(line.slice(end, found.index)));
    end = found.index + found[0].length;
    if (found[1]) nodes.push(h("b", {}, inline(found[1])));
    else if (found[2]) nodes.push(h("code", {}, found[2]));
    else if (found[3]) nodes.push(h("span", { class: found[3] }, inline(found[4])));
    else nodes.push(link(found[6], found[5]));
  }
  nodes.push(...plain(line.slice(end)));
  return nodes;
}

function markdown(text) {
  return text.split("\n").map((line) => {
    if (line.startsWith(">")) return h("blockquote", {}, inline(line.slice(1).trim()));
    const heading = line.match(/^(#{1,6})\s+(.*)/);
    if (heading) return h("div", { class: "heading" }, inline(heading[2]));
    const item = line.match(/^[-*]\s+(.*)/);
    if (item) return h("div", { class: "item" }, inline(item[1]));
    return h("div", { class: "line" }, inline(line));
  });
}

function textcard(body) {
  const lines = body.description.split(/<\/div>|<br\s*\/?>|\n/).map((line) => {
    const look = line.match(/<div class="(gray|normal|highlight)">/);
    return h("div", { class: look ? look[1] : "normal" }, line.replace(/<[^>]*>/g, ""));
  });
  return h("div", { class: "card" }, h("b", { class: "title" }, body.title), lines, more(body.url, body.btntxt));
}

function more(url, words) {
  return url ? h("div", { class: "more" }, link(url, words || t("detail"))) : null;
}

function card(message, options) {
  const body = message.card;
  const title = body.main_title || {};
  const rows = (body.horizontal_content_list || []).map((row) =>
    h("div", { class: "row" }, h("span", {}, row.keyname), h("span", {}, row.value || "")),
  );
  return h(
    "div",
    { class: "card" },
    body.source ? h("div", { class: "source" }, body.source.desc || "") : null,
    title.title ? h("b", { class: "title" }, title.title) : null,
    title.desc ? h("div", { class: "gray" }, title.desc) : null,
    body.sub_title_text ? h("div", { class: "sub" }, body.sub_title_text) : null,
    rows,
    more((body.card_action || {}).url),
    questions(message, body),
    buttons(message, body, options),
  );
}

function questions(message, body) {
  const asked = [...(body.select_list || [])];
  if (body.checkbox) asked.push(body.checkbox);
  if (message.replaced) return [];
  return asked.map((question) => {
    const many = question === body.checkbox && question.mode === 1;
    const picked = question.option_list.map((o) => h("option", { value: o.id }, o.text));
    const select = h("select", { "data-question": question.question_key, multiple: many }, picked);
    return h("label", { class: "question" }, h("span", {}, question.title || ""), select);
  });
}

function buttons(message, body, options) {
  if (message.replaced) return h("div", { class: "buttons" }, h("button", { disabled: true }, message.replaced));
  const list = [...(body.button_list || [])];
  if (body.submit_button) list.push({ style: 1, ...body.submit_button });
  for (const action of (body.action_menu || {}).action_list || []) list.push({ style: 2, ...action });
  if (!list.length) return null;
  const nodes = list.map((button) =>
    button.type === 1
      ? h("span", { class: "linkbutton" }, link(button.url, button.text))
      : h("button", { class: `style${button.style || 1}`, onclick: (e) => options.press(message, button.key, e) }, button.text),
  );
  return h("div", { class: "buttons" }, nodes);
}
