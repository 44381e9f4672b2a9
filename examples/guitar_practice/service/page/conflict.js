// Of two tabs the second is shown what the first has saved, and decides. Nothing is lost either way.
import {ask, Refusal} from "./api.js";
import {dialog, el} from "./dom.js";

const shown = (value) => (value === null || value === undefined || value === "" ? "–"
  : typeof value === "object" ? JSON.stringify(value) : String(value));

function comparison(mine, theirs, labels) {
  const differing = Object.keys(mine).filter((name) => shown(mine[name]) !== shown(theirs[name]));
  return el("table", {},
    el("thead", {}, el("tr", {}, ["Field", "Yours", "Saved meanwhile"].map((text) => el("th", {scope: "col"}, text)))),
    el("tbody", {}, differing.map((name) => el("tr", {}, el("th", {scope: "row"}, labels[name] ?? name),
      el("td", {}, shown(mine[name])), el("td", {class: "theirs"}, shown(theirs[name]))))));
}

function decide(mine, theirs, labels) {
  return dialog("Changed in another tab", (close) => [
    el("p", {}, "Somebody, perhaps you in another tab, has saved another version since you opened this one. Which is to stay?"),
    comparison(mine, theirs, labels),
    el("div", {class: "row"},
      el("button", {type: "button", class: "main", onclick: () => close("mine")}, "Save mine"),
      el("button", {type: "button", onclick: () => close("theirs")}, "Take the other"),
      el("button", {type: "button", onclick: () => close(null)}, "Go on editing")),
  ]);
}

/**
 * Changes `path` from the version `etag`. What is there afterwards is `{data, etag}`; null if the user goes on editing.
 * Throws Refusal for all but 412.
 */
export async function save(path, changes, etag, labels = {}) {
  for (let tag = etag; ;) {
    try {
      return await ask("PATCH", path, changes, tag);
    } catch (refusal) {
      if (!(refusal instanceof Refusal) || refusal.status !== 412) throw refusal;
      const theirs = refusal.problem.current;
      const decision = await decide(changes, theirs, labels);
      if (decision === null) return null;
      if (decision === "theirs") return {data: theirs, etag: refusal.etag};
      tag = refusal.etag;
    }
  }
}
