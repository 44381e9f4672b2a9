// Chord charts: of one item, or all of them.
import {all, ask, get} from "./api.js";
import {announce, confirmed, dialog, el, pager, redraw, show} from "./dom.js";
import {addChart, editChart} from "./chart_form.js";
import {drawChord} from "./chord_svg.js";

const size = 24;

function card(chart, changed) {
  const id = chart.id;
  const label = chart.chord_data?.sectionLabel;
  return el("li", {"data-id": id},
    el("h3", {}, chart.title), label && el("p", {class: "faint"}, label),
    drawChord(chart.title, chart.chord_data),
    el("div", {class: "small"},
      el("button", {type: "button", class: "quiet", "aria-label": `Edit ${chart.title}`,
        onclick: async () => { if (await editChart(id)) changed(`${chart.title} is saved`); }}, "Edit"),
      el("button", {type: "button", class: "quiet", "aria-label": `Delete ${chart.title}`, onclick: async () => {
        if (!(await confirmed("Delete this chart?", `The chart “${chart.title}” goes away.`, "Delete"))) return;
        await ask("DELETE", `/api/chord-charts/${id}`);
        changed(`${chart.title} is deleted`);
      }}, "Delete")));
}

async function chooseItem(items) {
  return dialog("For which item?", (close) => {
    const select = el("select", {id: "chart-item"}, items.map((item) => el("option", {value: item.id}, item.title)));
    return [el("div", {class: "field"}, el("label", {for: "chart-item"}, "Item"), select),
      el("div", {class: "row"},
        el("button", {type: "button", class: "main", onclick: () => close(items.find((item) => String(item.id) === select.value))}, "Choose"),
        el("button", {type: "button", onclick: () => close(null)}, "Cancel"))];
  });
}

/** Of the item with this id; null: all that there are. */
export async function showChords(id, isWanted) {
  const items = id === null ? await all("/api/items") : [await get(`/api/items/${encodeURIComponent(id)}`)];
  if (!isWanted()) return;
  const item = id === null ? null : items[0];
  const list = item ? `/api/items/${item.id}/chord-charts` : "/api/chord-charts";
  let offset = 0;
  const place = el("div", {});
  const draw = async () => {
    const page = await get(`${list}?limit=${size}&offset=${offset}`);
    const changed = async (what) => { await draw(); announce(what); };
    redraw(place, page.rows.length > 0 ? el("ul", {class: "charts", "aria-label": "Chord charts"}, page.rows.map((chart) => card(chart, changed)))
      : el("p", {class: "faint"}, "No chord chart yet."),
    pager(offset, size, page.next, async (to) => { offset = to; await draw(); announce(`From chart ${offset + 1}`); }));
  };
  show(item ? `Chords of ${item.title}` : "Chords", el("div", {class: "row"},
    items.length > 0 && el("button", {type: "button", class: "main", onclick: async () => {
      const chosen = item ?? await chooseItem(items);
      if (!chosen) return;
      const made = await addChart(chosen);
      if (made) { await draw(); announce(`${made.title} is added`); }
    }}, "Add a chord chart"),
    items.length === 0 && el("p", {}, "A chord chart belongs to an item. ", el("a", {href: "#/items"}, "Add an item first.")),
    item && el("a", {href: "#/chords"}, "All chords")), place);
  await draw();
}
