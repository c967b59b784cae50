// Talking to /_ctl, and building DOM without ever parsing HTML.
export async function get(name, query = {}) {
  const answer = await fetch(`/_ctl/${name}?${new URLSearchParams(query)}`);
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.error);
  return body;
}

export async function post(name, given) {
  const answer = await fetch(`/_ctl/${name}`, { method: "POST", body: JSON.stringify(given) });
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.error);
  return body;
}

// h("button", {class: "a", onclick: f, disabled: true}, "text", node, …); null children are left out.
export function h(tag, fields = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(fields)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "class") node.className = value;
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...present(children));
  return node;
}

function present(children) {
  return children.flat(2).filter((child) => child != null && child !== false);
}

// Puts *children* in place of what *node* holds; lists are taken apart, null is left out.
export function fill(node, ...children) {
  node.replaceChildren(...present(children));
}

export function toast(words, kind = "") {
  const node = h("div", { class: `toast ${kind}` }, words);
  document.getElementById("toasts").append(node);
  setTimeout(() => node.remove(), 4500);
}

// Enter sends, Shift+Enter breaks the line; Enter that picks a word in an input method does neither.
export function onEnter(event, send) {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  send();
}
