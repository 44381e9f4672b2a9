// A list that is put into another order by dragging, with the arrow keys, or with buttons.
import {announce, el} from "./dom.js";

/**
 * Makes the rows of `list` movable; each has `data-id` and `data-name`. `save(ids)` is called with the new order, one call
 * after the other, and the list goes back to what it was if that throws.
 */
export function makeMovable(list, save) {
  let saved = ids();
  let waiting = Promise.resolve();

  function ids() { return [...list.children].map((row) => Number(row.dataset.id)); }

  function arrange(order) {
    for (const id of order) list.append(list.querySelector(`:scope > [data-id="${id}"]`));
  }

  function keep(row) {
    const order = ids();
    const place = order.indexOf(Number(row.dataset.id)) + 1;
    announce(`${row.dataset.name}, position ${place} of ${order.length}`);
    refresh();
    waiting = waiting.then(async () => {
      if (order.join() !== ids().join()) return;  // moved on: the last order is what counts
      try {
        await save(order);
        saved = order;
      } catch (refusal) {
        arrange(saved.filter((id) => ids().includes(id)));
        refresh();
        throw refusal;
      }
    });
  }

  // The row stays where it is in the document, and others go around it: so it keeps the focus, and the pointer.
  function step(row, down) {
    const other = down ? row.nextElementSibling : row.previousElementSibling;
    if (!other) return false;
    if (down) row.before(other);
    else row.after(other);
    return true;
  }

  function drag(row, start) {
    if (start.button !== 0) return;
    start.preventDefault();
    const before = ids();
    const controller = new AbortController();
    const end = (isKept) => {
      controller.abort();
      row.classList.remove("dragged");
      if (!isKept) arrange(before);
      else if (before.join() !== ids().join()) keep(row);
    };
    row.classList.add("dragged");
    row.querySelector(".handle").focus();
    const on = (name, call) => document.addEventListener(name, call, {signal: controller.signal});
    on("pointermove", (event) => {
      for (let moved = true; moved;) {
        const above = row.previousElementSibling?.getBoundingClientRect();
        const below = row.nextElementSibling?.getBoundingClientRect();
        if (above && event.clientY < above.top + above.height / 2) moved = step(row, false);
        else if (below && event.clientY > below.top + below.height / 2) moved = step(row, true);
        else moved = false;
      }
    });
    on("pointerup", () => end(true));
    on("pointercancel", () => end(false));
    on("keydown", (event) => { if (event.key === "Escape") end(false); });
  }

  function controls(row) {
    const handle = el("button", {type: "button", class: "handle", "aria-label": `Move ${row.dataset.name}`,
      title: "Drag, or use the arrow keys", onpointerdown: (event) => drag(row, event)}, "⠿");
    handle.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
      event.preventDefault();
      if (step(row, event.key === "ArrowDown")) keep(row);
      else announce(`${row.dataset.name} is at the end of the list`);
    });
    const button = (text, down) => el("button", {type: "button", class: down ? "down" : "up", "aria-label": `Move ${row.dataset.name} ${text}`,
      onclick: () => { if (step(row, down)) keep(row); }}, down ? "↓" : "↑");
    row.prepend(handle);
    row.append(el("span", {class: "row small"}, button("up", false), button("down", true)));
  }

  function refresh() {
    for (const row of list.children) {
      const isFirst = row === list.firstElementChild;
      const isLast = row === list.lastElementChild;
      // A disabled button would lose the focus.
      row.querySelector(".up").setAttribute("aria-disabled", String(isFirst));
      row.querySelector(".down").setAttribute("aria-disabled", String(isLast));
    }
  }

  for (const row of list.children) controls(row);
  refresh();
}
