// Routines: items in an order; one of them is active, for practice.
import {ask, all, get} from "./api.js";
import {announce, confirmed, dialog, el, redraw, show} from "./dom.js";
import {save} from "./conflict.js";
import {field, form} from "./forms.js";

/** Of the active routine; null if there is none. */
export async function activeRoutine() {
  return (await get("/api/active-routine")).routine_id;
}

/** What is in a routine, in order, each with the title and duration of its item. */
export async function placesOf(routine) {
  return (await get(`/api/routines/${routine}/items`)).rows;
}

export function setDone(routine, place, completed) {
  return ask("PATCH", `/api/routines/${routine}/items/${place.id}`, {completed});
}

export function activate(id) {
  return ask("PUT", "/api/active-routine", {routine_id: id});
}

const nameForm = (action, name, close, keep) => form({
  fields: [field({name: "name", label: "Name", required: true, maxlength: 255, value: name})],
  action,
  cancel: () => close(null),
  save: keep,
});

function add() {
  return dialog("New routine", (close) => nameForm("Add", "", close,
    async (values) => close((await ask("POST", "/api/routines", values)).data)));
}

/** The routine as it is now, or null. */
export async function rename(id) {
  const {data, etag} = await ask("GET", `/api/routines/${id}`);
  return dialog("Rename routine", (close) => nameForm("Save", data.name, close, async (values) => {
    const saved = await save(`/api/routines/${id}`, values, etag, {name: "Name"});
    if (saved) close(saved.data);
  }));
}

async function remove(routine) {
  if (!(await confirmed("Delete this routine?", `“${routine.name}” goes away; its items stay.`, "Delete"))) return false;
  await ask("DELETE", `/api/routines/${routine.id}`);
  return true;
}

function row(routine, active, changed) {
  const named = (text) => [text, el("span", {class: "unseen"}, ` ${routine.name}`)];
  return el("li", {"data-id": routine.id},
    el("span", {class: "grow"}, el("a", {href: `#/routines/${routine.id}`}, routine.name),
      active === routine.id && el("span", {class: "faint"}, " · active")),
    el("span", {class: "row small"},
      active !== routine.id && el("button", {type: "button", onclick: async () => {
        await activate(routine.id);
        changed(`${routine.name} is active`);
      }}, ...named("Activate")),
      el("button", {type: "button", class: "bad", onclick: async () => {
        if (await remove(routine)) changed(`${routine.name} is deleted`);
      }}, ...named("Delete"))));
}

export async function showRoutines() {
  const place = el("div", {});
  const draw = async () => {
    const [routines, active] = await Promise.all([all("/api/routines"), activeRoutine()]);
    const changed = async (what) => { await draw(); announce(what); };
    redraw(place, routines.length > 0
      ? el("ul", {class: "list", "aria-label": "Routines"}, routines.map((routine) => row(routine, active, changed)))
      : el("p", {class: "faint"}, "No routine yet: put items together that you practise in one sitting."));
  };
  show("Routines", el("button", {type: "button", class: "main", onclick: async () => {
    const made = await add();
    if (made) location.hash = `#/routines/${made.id}`;
  }}, "Add a routine"), place);
  await draw();
}
