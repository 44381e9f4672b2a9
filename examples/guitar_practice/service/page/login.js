// Logging in, registering, and logging in again where a session has ended.
import {ask} from "./api.js";
import {dialog, el, show} from "./dom.js";
import {field, form} from "./forms.js";

const nameField = (value = "") => field({name: "username", label: "User name", required: true, autocomplete: "username", value});
const passwordField = (autocomplete, help = null) =>
  field({name: "password", label: "Password", type: "password", required: true, autocomplete, help});

function logIn({username, password}) {
  return ask("POST", "/api/sessions", {username, password, cookie: true});
}

export function showLogIn(done) {
  show("Log in");
  document.getElementById("main").append(el("div", {class: "card narrow"},
    form({
      fields: [nameField(), passwordField("current-password")],
      action: "Log in",
      save: async (values) => { await logIn(values); await done(); },
    }),
    el("p", {}, "New here? ", el("a", {href: "#/register"}, "Make an account"))));
}

export function showRegister(done) {
  show("Make an account");
  document.getElementById("main").append(el("div", {class: "card narrow"},
    form({
      fields: [nameField(),
        field({name: "email", label: "E-mail address", type: "email", required: true, autocomplete: "email"}),
        field({name: "first_name", label: "First name", required: true, autocomplete: "given-name"}),
        field({name: "last_name", label: "Last name", required: true, autocomplete: "family-name"}),
        passwordField("new-password", "At least 10 characters.")],
      action: "Make the account",
      save: async (values) => { await ask("POST", "/api/accounts", values); await logIn(values); await done(); },
    }),
    el("p", {}, "You have one? ", el("a", {href: "#/log-in"}, "Log in"))));
}

let asking = null;

/** One dialog, however many requests were refused. True if the same user is logged in again. */
export function logInAgain(username, otherUser) {
  asking ??= dialog("Log in again", (close) => [
    el("p", {}, "Your session has ended. Log in, and what you were doing goes on; nothing is lost."),
    form({
      fields: [nameField(username), passwordField("current-password")],
      action: "Log in",
      cancel: () => close(null),
      save: async (values) => {
        await logIn(values);
        if (username && values.username.toLowerCase() !== username.toLowerCase()) otherUser();
        close(true);
      },
    }),
  ]).finally(() => { asking = null; });
  return asking;
}
