// A chord chart, drawn from its chord_data.
import {svg} from "./dom.js";

const usual = "EADGBE";
const octave = 12;

const notesOf = (tuning) => tuning.match(/[A-G][#b♯♭]*/g) ?? [];
const list = (value) => (Array.isArray(value) ? value : []);

/**
 * Of both shapes that there are. A chart's own: {tuning, startingFret, numFrets, fingers: [[string, fret, text?], …],
 * barres: [{fromString, toString, fret}], sectionLabel}; string 1 is the highest, frets count from the first that is drawn.
 * The library's: {startingFret, frets: [for each string from the lowest, counted from startingFret; null is not played]}.
 */
export function chordOf(data) {
  if (Array.isArray(data?.frets)) return fromLibrary(data);
  const tuning = typeof data?.tuning === "string" && notesOf(data.tuning).length > 0 ? data.tuning : usual;
  return {
    tuning,
    notes: notesOf(tuning),
    first: Number(data?.startingFret) || 1,
    rows: Math.min(Math.max(Number(data?.numFrets) || 5, 3), 24),
    fingers: list(data?.fingers).filter((one) => Array.isArray(one) && Number(one[0]) > 0),
    barres: list(data?.barres).filter((one) => Number(one?.fret) > 0),
    label: typeof data?.sectionLabel === "string" ? data.sectionLabel : "",
  };
}

function fromLibrary(data) {
  const frets = data.frets.map((fret) => (fret === null ? null : (Number(data.startingFret) || 0) + Number(fret)));
  // A shape that would begin behind the nut is held an octave higher.
  const isBehind = frets.some((fret) => fret !== null && fret < 0);
  return fromFrets(frets.map((fret) => (isBehind && fret !== null ? fret + octave : fret)));
}

/**
 * From frets as they are counted on the neck, from the lowest string; null is not played, 0 is open, undefined not
 * said. Of `before` the rest.
 */
export function fromFrets(frets, before = chordOf(null)) {
  const barres = before.barres.map((one) => ({...one, fret: one.fret + before.first - 1}));
  const pressed = [...frets, ...barres.map((one) => one.fret)].filter((fret) => fret > 0);
  const highest = Math.max(0, ...pressed);
  const first = highest <= 5 ? 1 : Math.min(...pressed);
  return {
    ...before,
    first,
    rows: Math.max(5, highest - first + 1),
    fingers: frets.map((fret, i) => [frets.length - i, fret === null ? "x" : fret && fret - first + 1])
      .filter(([, fret]) => fret !== undefined),
    barres: barres.map((one) => ({...one, fret: one.fret - first + 1})),
  };
}

/** As the service keeps it. */
export function chordData(chord) {
  return {tuning: chord.tuning, startingFret: chord.first, numFrets: chord.rows, fingers: chord.fingers, barres: chord.barres,
    sectionLabel: chord.label};
}

/** The chart in words, for those who do not see it. */
export function describe(title, chord) {
  const strings = chord.fingers.toSorted((a, b) => b[0] - a[0]).map(([string, fret]) => {
    if (fret === "x") return `string ${string} not played`;
    return fret === 0 ? `string ${string} open` : `string ${string} fret ${fret + chord.first - 1}`;
  });
  const barres = chord.barres.map((one) => `barre at fret ${one.fret + chord.first - 1}`);
  return `Chord ${title}: ${[...strings, ...barres].join(", ") || "nothing is pressed"}`;
}

const gap = 18, left = 26, top = 30;

export function drawChord(title, data) {
  const chord = chordOf(data);
  const strings = chord.notes.length;
  const x = (string) => left + (strings - string) * gap;
  const y = (fret) => top + (fret - 0.5) * gap * 1.2;
  const right = x(1), bottom = top + chord.rows * gap * 1.2;
  const line = (x1, y1, x2, y2, width) => svg("line", {x1, y1, x2, y2, stroke: "currentColor", "stroke-width": width});
  const word = (text, at, height, size = 11, more = {}) =>
    svg("text", {x: at, y: height, "font-size": size, "text-anchor": "middle", fill: "currentColor", ...more}, String(text));
  const grid = [];
  for (let string = 1; string <= strings; ++string) grid.push(line(x(string), top, x(string), bottom, 1));
  for (let fret = 0; fret <= chord.rows; ++fret) {
    const height = top + fret * gap * 1.2;
    grid.push(line(left, height, right, height, fret === 0 && chord.first === 1 ? 4 : 1));
  }
  const barres = chord.barres.map((one) => svg("rect", {class: "dot", x: x(Math.max(one.fromString, one.toString)) - 6, y: y(one.fret) - 6,
    width: Math.abs(one.fromString - one.toString) * gap + 12, height: 12, rx: 6}));
  const fingers = chord.fingers.flatMap(([string, fret, text]) => {
    if (fret === "x") return [word("×", x(string), top - 7, 14)];
    if (Number(fret) === 0) return [svg("circle", {cx: x(string), cy: top - 11, r: 4, fill: "none", stroke: "currentColor", "stroke-width": 1.5})];
    const dot = svg("circle", {class: "dot", cx: x(string), cy: y(fret), r: 7});
    return typeof text === "string" ? [dot, word(text, x(string), y(fret) + 3.5, 10, {class: "on-dot"})] : [dot];
  });
  return svg("svg", {class: "chart", role: "img", "aria-label": describe(title, chord), viewBox: `0 0 ${right + 18} ${bottom + 22}`},
    grid, barres, fingers,
    chord.first > 1 && word(chord.first, 11, y(1) + 4, 12),
    chord.notes.map((name, i) => word(name, left + i * gap, bottom + 16)));
}
