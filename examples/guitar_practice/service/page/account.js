// Who one is, what the subscription allows, and what is used of it.
import {ask, get, oneUser} from "./api.js";
import {announce, dialog, el, show} from "./dom.js";
import {field, form} from "./forms.js";

function usage(name, used, most) {
  const id = `usage-${name}`;
  const text = most === null ? `${used}, without a limit` : `${used} of ${most}`;
  return el("div", {class: "field"}, el("p", {id}, `${name}: ${text}`),
    most !== null && el("progress", {"aria-labelledby": id, max: Math.max(most, 1), value: Math.min(used, most)}));
}

function subscription(given) {
  const isPaid = given.status === "active" || given.status === "trialing";
  const ends = given.current_period_end?.slice(0, 10);
  return [
    el("p", {}, "Tier: ", el("strong", {id: "tier"}, given.tier), ends ? ` (until ${ends}${given.cancel_at_period_end ? ", then it ends" : ""})` : ""),
    !isPaid && el("p", {class: "failure"}, `The subscription is ${given.status.replace("_", " ")}. All that is yours stays; until it is paid for, new rows are limited as in the tier “free”.`),
    usage("Items", given.used.items, given.limits.items),
    usage("Routines", given.used.routines, given.limits.routines),
    el("p", {}, `Chord charts made from a file or a video: ${given.limits.autocreate ? "yes" : "no"}`),
  ];
}

const password = (name, label, autocomplete, help = null) => field({name, label, type: "password", required: true, autocomplete, help});

function changePassword() {
  return form({
    fields: [password("old_password", "Old password", "current-password"),
      password("new_password", "New password", "new-password", "At least 10 characters. All other sessions end.")],
    action: "Change the password",
    save: async (values, element) => {
      await ask("POST", "/api/account/password", values);
      element.reset();
      announce("The password is changed");
    },
  });
}

async function deleteAccount() {
  const isGone = await dialog("Delete the account?", (close) => [
    el("p", {}, "Everything in it goes away, for good. Export it first if you want to keep it."),
    form({
      fields: [password("password", "Password", "current-password")],
      action: "Delete everything",
      cancel: () => close(null),
      save: async (values) => { await ask("DELETE", "/api/account", values); close(true); },
    }),
  ]);
  if (isGone) location.reload();
}

export async function showAccount(_, isWanted) {
  const account = await get("/api/account");
  if (!isWanted()) return;
  show("Account",
    el("p", {}, `${account.first_name} ${account.last_name} (${account.username}, ${account.email})`),
    el("h2", {}, "Subscription"), el("section", {class: "card", "aria-label": "Subscription"}, subscription(account.subscription).filter(Boolean)),
    el("h2", {}, "Your data"),
    el("p", {}, el("a", {class: "button", href: "/api/export", download: "guitar-practice.json"}, "Export everything")),
    !oneUser && el("h2", {}, "Password"), !oneUser && el("div", {class: "card narrow left"}, changePassword()),
    !oneUser && el("h2", {}, "Leave"),
    !oneUser && el("button", {type: "button", class: "bad", onclick: deleteAccount}, "Delete the account"));
}
