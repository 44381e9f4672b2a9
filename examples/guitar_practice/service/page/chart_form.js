// A chord chart is written as the frets of its strings, or taken from the library, and drawn while it is written.
import {ask, get} from "./api.js";
import {chordData, chordOf, drawChord, fromFrets} from "./chord_svg.js";
import {save} from "./conflict.js";
import {dialog, el, later} from "./dom.js";
import {field, form} from "./forms.js";

const labels = {title: "Title", chord_data: "Chord"};

function fretsOf(chord) {
  const frets = chord.notes.map(() => "");
  for (const [string, fret] of chord.fingers) {
    if (string <= frets.length) frets[frets.length - string] = fret === "x" ? "x" : String(fret === 0 ? 0 : fret + chord.first - 1);
  }
  return frets;
}

/** Null where a string is not played; nothing where nothing is said of it. */
function fretOf(text) {
  if (text.trim().toLowerCase() === "x") return null;
  const number = Number.parseInt(text, 10);
  return Number.isInteger(number) && number >= 0 && number <= 24 ? number : undefined;
}

function stringFields(chord, changed) {
  const name = (i) => `String ${chord.notes.length - i}, ${chord.notes[i]}`;
  return el("fieldset", {}, el("legend", {}, "Fret of each string, from the lowest; 0 is open, x is not played"),
    el("div", {class: "strings"}, fretsOf(chord).map((fret, i) => field({name: `string-${i}`, label: chord.notes[i], value: fret,
      "aria-label": name(i), maxlength: 2, autocomplete: "off", oninput: changed}))));
}

function library(take) {
  const found = el("ul", {class: "charts", "aria-label": "Chords of the library"});
  const find = later(async (text) => {
    const page = text.trim() ? await get(`/api/common-chords?limit=12&search=${encodeURIComponent(text.trim())}`) : {rows: []};
    found.replaceChildren(...page.rows.map((chord) => el("li", {}, drawChord(chord.name, chord.chord_data),
      el("button", {type: "button", onclick: () => take(chord)}, `Take ${chord.name}`))));
  });
  return [field({name: "library", label: "Search the library of chords", type: "search",
    oninput: (event) => find(event.target.value),
    onkeydown: (event) => { if (event.key === "Enter") event.preventDefault(); }}), found];
}

function chartForm(chart, action, close, keep) {
  let chord = chordOf(chart.chord_data);
  const preview = el("div", {class: "narrow timer"});
  const strings = el("div", {});
  let element = null;
  let isTouched = false;
  const read = () => {
    isTouched = true;
    const inputs = [...strings.querySelectorAll("input")];
    chord = fromFrets(inputs.map((input) => fretOf(input.value)), chord);
    preview.replaceChildren(drawChord(element?.elements.title.value || "new", chordData(chord)));
  };
  const take = (common) => {
    const title = element.elements.title;
    chord = {...chordOf(common.chord_data), label: chord.label};
    if (!title.value) title.value = common.name;
    strings.replaceChildren(stringFields(chord, read));
    read();
  };
  strings.replaceChildren(stringFields(chord, read));
  preview.replaceChildren(drawChord(chart.title || "new", chart.chord_data));
  element = form({
    fields: [field({name: "title", label: labels.title, required: true, maxlength: 255, value: chart.title}), strings, preview, library(take)],
    action,
    cancel: () => close(null),
    // What was not touched stays as it was, with all that only its maker knows.
    save: (values) => keep({title: values.title, chord_data: isTouched ? chordData(chord) : chart.chord_data ?? chordData(chord)}),
  });
  return element;
}

/** The chart that was made, or null. */
export function addChart(item) {
  return dialog("New chord chart", (close) => chartForm({title: ""}, "Add", close, async (values) =>
    close((await ask("POST", `/api/items/${item.id}/chord-charts`, values)).data)));
}

export async function editChart(id) {
  const {data, etag} = await ask("GET", `/api/chord-charts/${id}`);
  return dialog("Edit chord chart", (close) => chartForm(data, "Save", close, async (values) => {
    const saved = await save(`/api/chord-charts/${id}`, values, etag, labels);
    if (saved) close(saved.data);
  }));
}
