// Elements, without a line of HTML in any text: what a user has written is always text.

/** el("button", {class: "main", onclick: save}, "Save"); null and false are left out. */
export function el(name, properties = {}, ...children) {
  return fill(document.createElement(name), properties, children);
}

export function svg(name, properties = {}, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", name), properties, children);
}

function fill(element, properties, children) {
  for (const [key, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key === "value") element.value = value;
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

let announcing = 0;

/** Said by a screen reader, seen by nobody. */
export function announce(text) {
  const announcer = document.getElementById("announcer");
  announcer.textContent = "";
  clearTimeout(announcing);
  // Another text in the same moment would be taken for no change.
  if (text) announcing = setTimeout(() => { announcer.textContent = text; }, 50);
}

/** For everybody to see, until it is put away. */
export function notify(text, link = null) {
  const line = el("p", {}, el("span", {}, text, link ? " " : null, link),
    el("button", {type: "button", class: "quiet", onclick: () => line.remove()}, "Close"));
  document.getElementById("notices").replaceChildren(line);
}

/** Nothing of the part before, nor of the user before. */
export function clearNotices() {
  announce("");
  document.getElementById("notices").replaceChildren();
}

/** A part of the app in the place of the one before; the focus goes to its heading. */
export function show(title, ...children) {
  const heading = el("h1", {tabindex: "-1"}, title);
  document.getElementById("main").replaceChildren(heading, ...children.filter(Boolean));
  document.title = `${title} – Guitar Practice`;
  heading.focus();
  return heading;
}

const focusable = "a[href], button:not(:disabled), input, select, textarea";

/** Other children for `place`. The focus stays on what it was on: the same button of the same row, or one of the same name. */
export function redraw(place, ...children) {
  const active = document.activeElement;
  const had = place.contains(active);
  const row = active?.closest("[data-id]");
  const at = row ? [...row.querySelectorAll(focusable)].indexOf(active) : -1;
  place.replaceChildren(...children.filter(Boolean));
  if (!had) return;
  const same = row ? place.querySelector(`[data-id="${row.dataset.id}"]`)?.querySelectorAll(focusable)[at]
    : [...place.querySelectorAll(focusable)].find((one) => one.textContent === active.textContent);
  (same ?? document.querySelector("h1")).focus();
}

/** Waits until it is closed: with what `close(value)` was given, or null by Escape or Cancel. */
export function dialog(title, build) {
  return new Promise((resolve) => {
    const before = document.activeElement;
    let result = null;
    const close = (value) => { result = value; box.close(); };
    const box = el("dialog", {"aria-label": title}, el("h2", {}, title));
    box.append(...[build(close, box)].flat());
    box.addEventListener("close", () => {
      box.remove();
      if (before?.isConnected) before.focus();
      resolve(result);
    });
    document.body.append(box);
    box.showModal();
  });
}

export function confirmed(title, text, action) {
  return dialog(title, (close) => [
    el("p", {}, text),
    el("div", {class: "row"},
      el("button", {type: "button", class: "bad", onclick: () => close(true)}, action),
      el("button", {type: "button", onclick: () => close(null)}, "Cancel")),
  ]);
}

/** `Previous` and `Next` of a list that comes in pages. */
export function pager(offset, size, next, go) {
  if (offset === 0 && next === null) return null;
  return el("nav", {class: "row", "aria-label": "Pages"},
    el("button", {type: "button", disabled: offset === 0, onclick: () => go(Math.max(0, offset - size))}, "Previous"),
    el("button", {type: "button", disabled: next === null, onclick: () => go(next)}, "Next"));
}

/** Calls only when nothing has come for a while. */
export function later(call, milliseconds = 250) {
  let timer = 0;
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(() => call(...values), milliseconds);
  };
}
