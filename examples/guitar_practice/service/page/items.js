// Items: what is practised.
import {ask, get} from "./api.js";
import {save} from "./conflict.js";
import {announce, confirmed, dialog, el, later, pager, redraw, show} from "./dom.js";
import {field, form, orNull} from "./forms.js";

const size = 20;
const labels = {title: "Title", duration: "Duration", tuning: "Tuning", songbook: "Songbook", description: "Description", notes: "Notes"};

function fields(item) {
  return [
    field({name: "title", label: labels.title, required: true, value: item.title, maxlength: 255}),
    el("div", {class: "row"},
      field({name: "duration", label: labels.duration, value: item.duration, help: "Minutes and seconds, as 5:00."}),
      field({name: "tuning", label: labels.tuning, value: item.tuning, help: "From the lowest string, as EADGBE."})),
    field({name: "songbook", label: labels.songbook, value: item.songbook}),
    field({name: "description", label: labels.description, value: item.description, type: "textarea"}),
    field({name: "notes", label: labels.notes, value: item.notes, type: "textarea"}),
  ];
}

const body = (values) => ({title: values.title, ...orNull(values, "duration", "tuning", "songbook", "description", "notes")});

/** The item that was made, or null. */
export function addItem() {
  return dialog("New item", (close) => form({
    fields: fields({}),
    action: "Add",
    cancel: () => close(null),
    save: async (values) => close((await ask("POST", "/api/items", body(values))).data),
  }));
}

async function edit(id) {
  const {data, etag} = await ask("GET", `/api/items/${id}`);
  return dialog("Edit item", (close) => form({
    fields: fields(data),
    action: "Save",
    cancel: () => close(null),
    save: async (values) => {
      const saved = await save(`/api/items/${id}`, body(values), etag, labels);
      if (saved) close(saved.data);
    },
  }));
}

function row(item, changed) {
  const named = (text) => [text, el("span", {class: "unseen"}, ` ${item.title}`)];
  return el("li", {"data-id": item.id},
    el("span", {class: "grow"}, el("strong", {}, item.title),
      el("span", {class: "faint"}, [item.duration, item.tuning, item.songbook].filter(Boolean).map((text) => ` · ${text}`).join(""))),
    el("span", {class: "row small"},
      el("button", {type: "button", onclick: async () => { if (await edit(item.id)) changed(`${item.title} is saved`); }}, ...named("Edit")),
      el("a", {class: "button", href: `#/chords/${item.id}`}, ...named("Chords")),
      el("button", {type: "button", class: "bad", onclick: () => remove(item, changed)}, ...named("Delete"))));
}

async function remove(item, changed) {
  if (!(await confirmed("Delete this item?", `“${item.title}” goes away, from routines as well.`, "Delete"))) return;
  await ask("DELETE", `/api/items/${item.id}`);
  changed(`${item.title} is deleted`);
}

export async function showItems() {
  let offset = 0;
  let search = "";
  const place = el("div", {});
  const draw = async () => {
    const asked = search;
    const page = await get(`/api/items?limit=${size}&offset=${offset}&search=${encodeURIComponent(search)}`);
    if (asked !== search) return;  // typed on in the meantime
    const changed = async (what) => { await draw(); announce(what); };
    redraw(place,
      page.rows.length > 0 ? el("ul", {class: "list", "aria-label": "Items"}, page.rows.map((item) => row(item, changed)))
        : el("p", {class: "faint"}, search ? "Nothing has this in its title." : "There is nothing here yet. What do you want to practise?"),
      pager(offset, size, page.next, async (to) => { offset = to; await draw(); announce(`From item ${offset + 1}`); }));
  };
  const find = later(async (text) => { search = text; offset = 0; await draw(); announce(`${place.querySelectorAll("li").length} items found`); });
  const box = field({name: "search", label: "Search", type: "search", oninput: (event) => find(event.target.value)});
  show("Items",
    el("div", {class: "row"}, box, el("div", {class: "field"},
      el("button", {type: "button", class: "main", onclick: async () => {
        const made = await addItem();
        if (made) { await draw(); announce(`${made.title} is added`); }
      }}, "Add an item"))),
    place);
  await draw();
}
