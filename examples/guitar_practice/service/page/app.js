// What is shown for each address, and who is logged in.
import {account, ask, oneUser, whenLoggedOut} from "./api.js";
import {showAccount} from "./account.js";
import {showChords} from "./chords.js";
import {clearNotices, el, notify, show} from "./dom.js";
import {explain} from "./forms.js";
import {showItems} from "./items.js";
import {logInAgain, showLogIn, showRegister} from "./login.js";
import {showPractice} from "./practice.js";
import {showRoutine} from "./routine.js";
import {showRoutines} from "./routines.js";

const parts = {practice: showPractice, items: showItems, routines: showRoutines, chords: showChords, account: showAccount};

let user = null;
let leave = null;  // what the part that is shown wants done before it goes
let turn = 0;

function showFrame(part) {
  document.getElementById("navigation").hidden = user === null;
  document.getElementById("log-out").hidden = user === null || oneUser;
  document.getElementById("one-user").hidden = !oneUser;
  for (const link of document.querySelectorAll("#navigation a")) {
    if (link.hash === `#/${part}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

async function route() {
  // A link within the page: the skip link's.
  if (location.hash !== "" && !location.hash.startsWith("#/")) return;
  const mine = ++turn;
  leave?.();
  leave = null;
  clearNotices();
  const [part, id] = location.hash.slice(2).split("/");
  showFrame(part || "practice");
  try {
    if (user === null) {
      if (part === "register") showRegister(start);
      else showLogIn(start);
      return;
    }
    const showPart = part === "routines" && id ? showRoutine : parts[part] ?? showPractice;
    // Who has clicked on meanwhile is not taken back.
    const afterwards = await showPart(id ?? null, () => mine === turn);
    if (typeof afterwards !== "function") return;
    if (mine === turn) leave = afterwards;
    else afterwards();
  } catch (refusal) {
    if (refusal.status === undefined) throw refusal;
    if (refusal.status === 401) { await start(); return; }
    if (mine === turn) show("That did not work", el("p", {class: "failure"}, explain(refusal)));
  }
}

/** After who is logged in may have changed. */
async function start() {
  user = await account();
  if (user !== null && ["#/log-in", "#/register"].includes(location.hash)) history.replaceState(null, "", "#/practice");
  await route();
}

document.getElementById("log-out").addEventListener("click", async () => {
  try {
    await ask("DELETE", "/api/sessions/current");
  } catch (refusal) {
    if (refusal.status !== 401) { notify(explain(refusal)); return; }
  }
  user = null;
  location.hash = "#/log-in";
  await route();
});
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  document.getElementById("main").focus();
});
whenLoggedOut(async () => user !== null && logInAgain(user.username, () => location.reload()));
// What a button has asked for and the service has refused.
addEventListener("unhandledrejection", (event) => {
  if (event.reason?.status === undefined) return;
  event.preventDefault();
  notify(explain(event.reason), event.reason.status === 402 ? el("a", {href: "#/account"}, "See your account") : null);
});
addEventListener("hashchange", route);
start().catch((refusal) => show("Guitar Practice", el("p", {class: "failure"}, explain(refusal))));
