// What to do first: a few steps that the seed gives, each with buttons that put one in place and fill in the words.
import { fill, h, toast } from "./api.js";
import { isEnglish, t } from "./words.js";
import { store } from "./store.js";
import { showRoom } from "./panes.js";
import { fillPhone } from "./phone.js";

const PHONE = "noopener,width=390,height=844";
const done = new Set();
let at = 0;
let hands = null; // {be, skip}: what the page lends to the guide

export function startGuide(given) {
  hands = given;
  at = 0;
  done.clear();
}

export function guideIsOpen() {
  return store.guide.length > 0 && localStorage.getItem("guide") !== "closed";
}

export function toggleGuide() {
  localStorage.setItem("guide", guideIsOpen() ? "closed" : "open");
  drawGuide();
}

export function drawGuide() {
  const node = document.getElementById("guide");
  const button = document.getElementById("open-guide");
  button.hidden = store.guide.length === 0;
  button.setAttribute("aria-expanded", String(guideIsOpen()));
  node.hidden = !guideIsOpen();
  if (node.hidden) return;
  const close = h("button", { class: "small close", "aria-label": t("close"), title: t("close"), onclick: toggleGuide }, "✕");
  const steps = store.guide.map((step, i) => h("li", { class: i === at ? "on" : "" }, head(step, i), h("p", {}, said(step, "words")), buttons(step, i)));
  fill(node, h("ol", {}, steps), close);
}

// On a narrow screen one step shows at a time, and its head leads to the next.
function head(step, i) {
  const mark = step.do.every((_, n) => done.has(`${i}.${n}`)) ? "✓" : String(i + 1);
  const turn = (by) => () => {
    at = (i + by + store.guide.length) % store.guide.length;
    drawGuide();
  };
  const next = h("button", { class: "small turn", onclick: turn(1) }, `${i + 1}/${store.guide.length} ›`);
  return h("h2", {}, h("span", { class: "mark", "aria-hidden": "true" }, mark), said(step, "title"), next);
}

function said(step, name) {
  return (isEnglish() && step[`${name}_en`]) || step[name];
}

function buttons(step, i) {
  const one = (action, n) => {
    const name = `${i}.${n}`;
    return h("button", { class: done.has(name) ? "done" : "", onclick: () => run(action, name, i) }, said(action, "label"));
  };
  return h("div", { class: "line" }, step.do.map(one));
}

async function run(action, name, i) {
  try {
    if (action.open) window.open(action.open, "_blank", PHONE); // a phone of its own: a window of its size
    if (action.skip) await hands.skip(action.skip);
    const person = action.as && store.people.get(action.as.toLowerCase());
    if (person && person !== store.me) await hands.be(person);
    if (action.where === "app" || action.where === "bot") fillPhone(action.text || "", action.where);
    else if (action.where) await showRoom(action.where, store.me, action.text || "");
    done.add(name);
    if (i !== at) at = i;
    drawGuide();
  } catch (error) {
    toast(t("cannot") + error.message, "bad");
  }
}
