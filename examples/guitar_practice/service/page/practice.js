// The timer: one item of the active routine after the other.
import {all, get} from "./api.js";
import {announce, el, show} from "./dom.js";
import {drawChord} from "./chord_svg.js";
import {activeRoutine, placesOf, setDone} from "./routines.js";

/** "5:00", "90 s", "10 min" or "10" (minutes) in seconds; 0 for none. */
export function secondsOf(duration) {
  const parts = /^\s*(?:(\d+):)?(\d+):(\d\d)\s*$/.exec(duration ?? "");
  if (parts) return Number(parts[1] ?? 0) * 3600 + Number(parts[2]) * 60 + Number(parts[3]);
  const number = /^\s*(\d+)\s*(s|min|m)?\w*\s*$/i.exec(duration ?? "");
  return number ? Number(number[1]) * (number[2]?.toLowerCase() === "s" ? 1 : 60) : 0;
}

function clock(seconds) {
  const all = Math.abs(Math.round(seconds));
  return `${seconds < -0.5 ? "+" : ""}${Math.floor(all / 60)}:${String(all % 60).padStart(2, "0")}`;
}

/** Counts by the clock of the computer: a tab in the background is called less often. */
class Timer {
  #before = 0;
  #since = null;
  get runs() { return this.#since !== null; }
  get seconds() { return this.#before + (this.runs ? (performance.now() - this.#since) / 1000 : 0); }
  start() { this.#since ??= performance.now(); }
  pause() { this.#before = this.seconds; this.#since = null; }
  reset() { this.#before = 0; if (this.runs) this.#since = performance.now(); }
}

async function chordsOf(place) {
  const charts = await all(`/api/items/${place.item_id}/chord-charts`);
  return charts.length === 0 ? null : el("ul", {class: "charts", "aria-label": `Chords of ${place.title}`},
    charts.map((chart) => el("li", {}, el("h3", {}, chart.title), drawChord(chart.title, chart.chord_data))));
}

class Practice {
  constructor(routine, places) {
    this.routine = routine;
    this.places = places;
    this.timer = new Timer();
    this.time = el("p", {class: "time", role: "timer", "aria-live": "off"});
    this.title = el("h2", {tabindex: "-1"});
    this.progress = el("p", {class: "faint"});
    this.go = el("button", {type: "button", class: "main", onclick: () => this.toggle()}, "Start");
    this.next = el("button", {type: "button", onclick: () => this.finish()}, "Done, next item");
    this.skip = el("button", {type: "button", onclick: () => this.choose(this.after())}, "Skip");
    this.chords = el("div", {});
    this.place = null;
    this.wasOver = false;
  }

  /** The next one that is not done, going round. */
  after() {
    const at = this.places.indexOf(this.place);
    const order = [...this.places.slice(at + 1), ...this.places.slice(0, at + 1)];
    return order.find((place) => !place.completed) ?? null;
  }

  draw() {
    const [limit, seconds] = [secondsOf(this.place?.duration), this.timer.seconds];
    this.time.textContent = clock(limit > 0 ? limit - seconds : seconds);
    if (limit > 0 && seconds >= limit && !this.wasOver) {
      this.wasOver = true;
      announce(`The time for ${this.place.title} is over`);
    }
  }

  async choose(place) {
    this.place = place;
    this.wasOver = false;
    this.timer.reset();
    const done = this.places.filter((one) => one.completed).length;
    this.progress.textContent = `${done} of ${this.places.length} done`;
    this.chords.replaceChildren();
    if (place === null) { this.end(); return; }
    this.title.textContent = place.title;
    this.draw();
    announce(`${place.title}, ${place.duration ?? "no time set"}`);
    const chords = await chordsOf(place);
    if (chords && this.place === place) this.chords.replaceChildren(chords);
  }

  toggle() {
    if (this.timer.runs) this.timer.pause();
    else this.timer.start();
    this.go.textContent = this.timer.runs ? "Pause" : "Start";
    announce(this.timer.runs ? "The timer runs" : "The timer is paused");
    this.draw();
  }

  async finish() {
    const place = this.place;
    await setDone(this.routine.id, place, true);
    place.completed = true;
    await this.choose(this.after());
  }

  end() {
    this.timer.pause();
    this.title.textContent = "All done. Well played!";
    for (const part of [this.time, this.go, this.next, this.skip]) part.hidden = true;
    this.title.focus();
    announce(this.title.textContent);
  }

  async again() {
    for (const place of this.places.filter((one) => one.completed)) {
      await setDone(this.routine.id, place, false);
      place.completed = false;
    }
    for (const part of [this.time, this.go, this.next, this.skip]) part.hidden = false;
    this.go.textContent = "Start";
    this.timer.pause();
    await this.choose(this.places[0]);
  }
}

export async function showPractice(_, isWanted) {
  const id = await activeRoutine();
  if (!isWanted()) return null;
  if (id === null) {
    show("Practice", el("p", {}, "No routine is active. ", el("a", {href: "#/routines"}, "Choose one.")));
    return null;
  }
  const [routine, places] = await Promise.all([get(`/api/routines/${id}`), placesOf(id)]);
  if (!isWanted()) return null;
  if (places.length === 0) {
    show("Practice", el("p", {}, "The routine is empty. ", el("a", {href: `#/routines/${id}`}, `Put items into ${routine.name}.`)));
    return null;
  }
  const practice = new Practice(routine, places);
  show("Practice", el("p", {}, "Routine: ", el("a", {href: `#/routines/${id}`}, routine.name)),
    el("section", {class: "card timer", "aria-label": "Timer"}, practice.title, practice.time,
      el("div", {class: "row"}, practice.go, practice.next, practice.skip,
        el("button", {type: "button", class: "quiet", onclick: () => practice.again()}, "Start over")),
      practice.progress), practice.chords);
  const ticks = setInterval(() => { if (practice.timer.runs) practice.draw(); }, 250);
  await practice.choose(places.find((place) => !place.completed) ?? null);
  return () => clearInterval(ticks);
}
