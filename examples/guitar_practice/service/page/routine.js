// One routine: its items, which are put into an order, ticked, added and taken out.
import {ask, all, get} from "./api.js";
import {announce, dialog, el, notify, redraw, show} from "./dom.js";
import {addItem} from "./items.js";
import {field, form} from "./forms.js";
import {makeMovable} from "./reorder.js";
import {activate, activeRoutine, placesOf, rename, setDone} from "./routines.js";

async function chooseItem(routine) {
  const items = await all("/api/items");
  if (items.length === 0) {
    const made = await addItem();
    if (made) await ask("POST", `/api/routines/${routine}/items`, {item_id: made.id});
    return made;
  }
  return dialog("Add an item to the routine", (close) => form({
    fields: [field({name: "item", label: "Item", type: "select", options: items.map((item) => [item.id, item.title])})],
    action: "Add",
    cancel: () => close(null),
    save: async (values) => {
      const id = Number(values.item);
      await ask("POST", `/api/routines/${routine}/items`, {item_id: id});
      close(items.find((item) => item.id === id));
    },
  }));
}

function row(routine, place, draw) {
  const id = `place-${place.id}`;
  const title = el("label", {for: id, class: place.completed ? "grow done" : "grow"}, place.title);
  const box = el("input", {type: "checkbox", id, onchange: async () => {
    try {
      await setDone(routine, place, box.checked);
      title.classList.toggle("done", box.checked);
      announce(`${place.title} is ${box.checked ? "done" : "to be done"}`);
    } catch (refusal) {
      box.checked = !box.checked;
      throw refusal;
    }
  }});
  box.checked = place.completed;
  return el("li", {"data-id": place.id, "data-name": place.title}, box, title,
    el("button", {type: "button", class: "quiet", "aria-label": `Take ${place.title} out`, onclick: async () => {
      await ask("DELETE", `/api/routines/${routine}/items/${place.id}`);
      await draw();
      announce(`${place.title} is taken out`);
    }}, "Take out"));
}

/** If another tab has added or taken out something, its list is shown: there is nothing of one's own in it but the order. */
async function putInOrder(routine, items, draw) {
  try {
    await ask("PUT", `/api/routines/${routine}/order`, {items});
  } catch (refusal) {
    if (refusal.status !== 409) throw refusal;
    await draw();
    notify("The routine was changed in another tab: this is what it is now. Put it in order again.");
  }
}

export async function showRoutine(id, isWanted) {
  const routine = await get(`/api/routines/${encodeURIComponent(id)}`);
  if (!isWanted()) return;
  const place = el("div", {});
  const draw = async () => {
    const places = await placesOf(routine.id);
    if (places.length === 0) {
      redraw(place, el("p", {class: "faint"}, "Nothing is in it yet."));
      return;
    }
    const list = el("ol", {class: "list", "aria-label": "Items of the routine, in order"}, places.map((one) => row(routine.id, one, draw)));
    makeMovable(list, (items) => putInOrder(routine.id, items, draw));
    redraw(place, list,
      el("p", {class: "faint"}, "Drag by the handle, or move with the arrow keys while it has the focus, or with the buttons."));
  };
  const heading = show(routine.name, el("div", {class: "row"},
    el("button", {type: "button", class: "main", onclick: async () => {
      const added = await chooseItem(routine.id);
      if (added) { await draw(); announce(`${added.title} is added`); }
    }}, "Add an item"),
    el("button", {type: "button", onclick: async () => {
      const renamed = await rename(routine.id);
      if (renamed) { heading.textContent = renamed.name; announce(`It is called ${renamed.name} now`); }
    }}, "Rename"),
    el("button", {type: "button", onclick: async () => {
      if ((await activeRoutine()) !== routine.id) await activate(routine.id);
      location.hash = "#/practice";
    }}, "Practise it"),
    el("a", {href: "#/routines"}, "All routines")), place);
  await draw();
}
