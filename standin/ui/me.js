// Who "I" am: a list with the people of the guide first, and a search through everybody.
import { fill, h } from "./api.js";
import { t } from "./words.js";
import { avatar } from "./render.js";
import { personLabel, store } from "./store.js";

const SHOWN = 60;

export function drawMe() {
  const me = store.me;
  const words = h("span", {}, h("b", {}, me ? me.name : "—"), me && me.title ? ` ${me.title}` : "");
  fill(document.getElementById("me"), h("span", { class: "soft" }, t("iam")), words, h("span", { "aria-hidden": "true" }, "▾"));
}

// Opens or closes the list; *be* is called with whoever is picked.
export function chooseMe(be) {
  const button = document.getElementById("me");
  const open = document.getElementById("people");
  button.setAttribute("aria-expanded", String(!open));
  if (open) return open.remove();
  const list = h("div", { class: "found", role: "listbox" });
  const box = h("input", { type: "search", placeholder: t("searchPeople"), "aria-label": t("searchPeople"), oninput: search });
  const panel = h("div", { id: "people", class: "chooser", onkeydown: (e) => e.key === "Escape" && close() }, box, list);
  function close() {
    panel.remove();
    button.setAttribute("aria-expanded", "false");
    button.focus();
  }
  function search() {
    const wanted = box.value.trim().toLowerCase();
    const fits = [...(wanted ? store.people.values() : cast())].filter((p) => `${personLabel(p)} ${p.userid}`.toLowerCase().includes(wanted));
    fill(list, fits.length ? fits.slice(0, SHOWN).map(entry) : h("div", { class: "time" }, t("nobody")));
  }
  function entry(person) {
    const pick = () => {
      close();
      be(person);
    };
    const words = h("span", {}, h("b", {}, person.name), h("small", {}, person.title || person.userid));
    return h("button", { class: "entry", role: "option", "aria-selected": String(person === store.me), onclick: pick }, avatar(person.name), words);
  }
  document.body.append(panel);
  const place = button.getBoundingClientRect();
  panel.style.setProperty("--left", `${Math.round(place.left)}px`);
  panel.style.setProperty("--top", `${Math.round(place.bottom + 6)}px`);
  search();
  box.focus();
}

// The people the guide names, then everybody.
function cast() {
  const named = store.guide.flatMap((step) => step.do).map((action) => store.people.get((action.as || "").toLowerCase()));
  return new Set([...named.filter(Boolean), ...(store.me ? [store.me] : []), ...store.people.values()]);
}
