// The fault drawer and the HTTP log.
import { fill, get, h, post, toast } from "./api.js";
import { t } from "./words.js";
import { clockText } from "./render.js";
import { store } from "./store.js";

const FAULTS = {
  network: [
    { kind: "reset" },
    { kind: "timeout", seconds: 20 },
    { kind: "latency", ms: 1500 },
    { kind: "http_502" },
    { kind: "html_200" },
    { kind: "commit_then_timeout", path: "/send" }, // of a message: what people would see twice
    { kind: "truncated_json", path: "/send" },
  ],
  platform: [
    { kind: "busy" },
    { kind: "concurrency" },
    { kind: "quota_exhaust", window_s: 60 },
    { kind: "silent_drop", path: "/send" },
    { kind: "token_revoke_now" },
  ],
  callbacks: [
    { kind: "cb_duplicate", n: 2 },
    { kind: "cb_same_second_pair" },
    { kind: "cb_reorder" },
    { kind: "cb_delay", ms: 3000 },
    { kind: "cb_drop" },
    { kind: "cb_bad_signature" },
    { kind: "clock_skew", offset_s: 400 },
  ],
};
const ROWS = 400;
let once = true;
let lines = [];
let since = 0;

export function toggle(name, draw) {
  const drawer = document.getElementById(name);
  drawer.hidden = !drawer.hidden;
  document.getElementById(`open-${name}`).setAttribute("aria-expanded", String(!drawer.hidden));
  if (drawer.hidden) return;
  document.body.style.setProperty("--bar-height", `${document.querySelector(".bar").offsetHeight}px`); // it may stand in two lines
  draw();
}

function title(name, draw) {
  const close = h("button", { class: "small", "aria-label": t("close"), title: t("close"), onclick: () => toggle(name, draw) }, "✕");
  return h("h2", {}, h("span", {}, t(`${name}Title`)), close);
}

export function drawFaults() {
  const count = document.getElementById("fault-count");
  const waiting = store.faults.filter((rule) => !rule.spent).length;
  count.textContent = String(waiting);
  count.hidden = waiting === 0;
  const drawer = document.getElementById("faults");
  if (drawer.hidden) return;
  fill(
    drawer,
    title("faults", drawFaults),
    h("div", { class: "line" }, mode(true), mode(false)),
    Object.entries(FAULTS).map(([group, list]) => h("fieldset", {}, h("legend", {}, t(group)), list.map(faultButton))),
    store.faults.map(standing),
    h("div", { class: "line end" }, h("button", { class: "send", onclick: () => set({ clear: true }) }, t("clearAll"))),
  );
}

function mode(value) {
  const pick = () => {
    once = value;
    drawFaults();
  };
  return h("button", { class: once === value ? "on" : "", "aria-pressed": String(once === value), onclick: pick }, t(value ? "once" : "standing"));
}

function faultButton({ path, ...rule }) {
  const often = once ? { count: 1 } : { prob: 1 };
  const given = () => (rule.kind === "token_revoke_now" ? rule : { ...rule, match: path ? { ...often, path } : often });
  return h("button", { onclick: () => set(given()) }, t(`f_${rule.kind}`));
}

function standing(rule) {
  const words = `${t(`f_${rule.kind}`)} · ${t("fired")} ${rule.fired}`;
  return h("div", { class: rule.spent ? "rule spent" : "rule" }, words, h("button", { class: "small", onclick: () => set({ clear: rule.id }) }, "✕"));
}

async function set(given) {
  await post("fault", given).catch((error) => toast(t("cannot") + error.message, "bad"));
  store.faults = (await get("fault")).faults;
  drawFaults();
}

export async function refreshFaults() {
  if (document.getElementById("faults").hidden) return;
  const faults = (await get("fault")).faults;
  if (JSON.stringify(faults) === JSON.stringify(store.faults)) return;
  store.faults = faults;
  drawFaults();
}

let asking = false;

export async function refreshLog() {
  if (document.getElementById("log").hidden || asking) return;
  asking = true;
  let page;
  try {
    page = await get("log", { since });
  } finally {
    asking = false;
  }
  const anew = page.next < since; // the stand-in began anew
  since = page.next;
  lines = (anew ? [] : lines).concat(page.log).slice(-ROWS);
  if (anew || !document.querySelector("#log .rows")) drawLog();
  else append(page.log);
}

// New lines go below; what somebody has opened stays open, and who reads further up is not pulled down.
function append(fresh) {
  const rows = document.querySelector("#log .rows");
  const low = rows.scrollHeight - rows.scrollTop - rows.clientHeight < 60;
  rows.append(...fresh.map(row));
  while (rows.children.length > ROWS) rows.firstChild.remove();
  if (low && fresh.length) rows.scrollTop = rows.scrollHeight;
}

export function drawLog() {
  const drawer = document.getElementById("log");
  const rows = h("div", { class: "rows", role: "log", tabindex: "0" }, lines.map(row));
  fill(drawer, title("log", drawLog), rows);
  rows.scrollTop = rows.scrollHeight;
  if (!lines.length) refreshLog();
}

function row(line) {
  const code = line.dir === "in" ? line.errcode : line.status;
  const good = line.dir === "in" ? code === 0 : code === 200;
  const outcome = line.fault ? `! ${t(`f_${line.fault}`)}` : (code ?? line.error ?? "—");
  const summary = h(
    "summary",
    {},
    h("time", {}, clockText(line.at, true)),
    h("span", { class: `dir ${line.dir}` }, t(line.dir === "in" ? "callIn" : "callOut")),
    h("span", { class: "path" }, line.path.replace("/cgi-bin/", ""), line.label ? ` · ${line.label}` : ""),
    h("b", { class: good && !line.fault ? "good" : "bad" }, String(outcome)),
    h("small", {}, `${line.ms} ms`),
  );
  const body = typeof line.body === "string" ? line.body : JSON.stringify(line.body, null, 1);
  return h("details", {}, summary, h("pre", {}, [body, line.errmsg && line.errmsg !== "ok" ? `\n${line.errmsg}` : ""].join("")));
}
