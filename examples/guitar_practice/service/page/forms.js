// Forms: every field has its label, and what the service says of a field stands beside it.
import {el} from "./dom.js";

let count = 0;

/** `{name, label, type, value, required, help, autocomplete, …}`; type `textarea` and `select` (with `options`) as well. */
export function field({name, label, type = "text", value = "", help = null, options = [], ...more}) {
  const id = `field-${++count}`;
  const described = help ? `${id}-help` : null;
  const properties = {id, name, "aria-describedby": described, ...more};
  let input;
  if (type === "textarea") input = el("textarea", properties);
  else if (type === "select") {
    input = el("select", properties, options.map(([key, text]) => el("option", {value: key}, text)));
  } else input = el("input", {type, ...properties});
  input.value = value ?? "";
  return el("div", {class: "field"}, el("label", {for: id}, label), input,
    help && el("p", {id: described, class: "help"}, help));
}

/** A form that calls `save(values, form)` and shows what that throws. */
export function form({fields, action, save, cancel = null, more = []}) {
  const failure = el("p", {class: "failure", role: "alert", hidden: true});
  const submit = el("button", {type: "submit", class: "main"}, action);
  const element = el("form", {novalidate: true}, failure, fields, el("div", {class: "row"}, submit,
    cancel && el("button", {type: "button", onclick: cancel}, "Cancel"), more));
  element.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (submit.disabled) return;
    clearFailures(element);
    submit.disabled = true;
    try {
      await save(values(element), element);
    } catch (refusal) {
      showFailure(element, refusal);
    } finally {
      submit.disabled = false;
    }
  });
  return element;
}

export function values(element) {
  return Object.fromEntries([...new FormData(element)].map(([name, value]) => [name, String(value)]));
}

/** What is left empty is null: so it is kept. */
export function orNull(given, ...names) {
  return Object.fromEntries(names.map((name) => [name, given[name]?.trim() ? given[name] : null]));
}

function clearFailures(element) {
  element.querySelector(".failure").hidden = true;
  for (const wrong of element.querySelectorAll(".wrong")) wrong.remove();
  for (const input of element.querySelectorAll("[aria-invalid]")) {
    input.removeAttribute("aria-invalid");
    input.setAttribute("aria-describedby", (input.getAttribute("aria-describedby") ?? "").replace(/\S+-wrong/, "").trim());
  }
}

export function showFailure(element, refusal) {
  const failure = element.querySelector(".failure");
  failure.textContent = explain(refusal);
  failure.hidden = false;
  let first = null;
  for (const [name, what] of Object.entries(refusal.fields ?? {})) {
    const input = element.elements.namedItem(name);
    if (!(input instanceof HTMLElement)) {
      failure.append(` ${name} ${what}.`);
      continue;
    }
    const id = `${input.id}-wrong`;
    input.setAttribute("aria-invalid", "true");
    input.setAttribute("aria-describedby", `${input.getAttribute("aria-describedby") ?? ""} ${id}`.trim());
    input.after(el("p", {id, class: "wrong"}, `This ${what}.`));
    first ??= input;
  }
  first?.focus();
  if (!(refusal.status >= 0)) throw refusal;  // a mistake of the page's
}

/** A refusal in words for the user. */
export function explain(refusal) {
  if (refusal.status === 402) {
    const {needed_tier: tier, dollars, detail} = refusal.problem;
    return tier ? `You have reached a limit: ${detail}. The tier “${tier}” (${dollars} USD a month) has room for more.`
      : `You have reached a limit: ${detail}.`;
  }
  if (refusal.status === 412) return "This was changed in the meantime, in another tab perhaps.";
  const text = refusal.message;
  return text.charAt(0).toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? "" : ".");
}
