// The service, asked with the cookie of the session.

export const oneUser = document.documentElement.dataset.users === "one";

/** What the service refused, as it said it: `status`, `code`, `detail`, `fields` and more. */
export class Refusal extends Error {
  constructor(status, problem, etag) {
    super(problem.detail ?? `the service answered ${status}`);
    this.status = status;
    this.problem = problem;
    this.etag = etag;
  }
  get fields() { return this.problem.fields ?? {}; }
}

let logInAgain = async () => false;
/** `ask` logs in and says whether it did: then what was refused for want of a session is sent again. */
export function whenLoggedOut(ask) { logInAgain = ask; }

function csrf() {
  const found = document.cookie.split("; ").find((one) => one.startsWith("csrf="));
  return found ? found.slice("csrf=".length) : "";
}

async function send(method, path, body, etag) {
  const headers = {Accept: "application/json"};
  if (method !== "GET") headers["X-CSRF-Token"] = csrf();
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (etag) headers["If-Match"] = etag;
  let response;
  try {
    response = await fetch(path, {method, headers, body: body === undefined ? undefined : JSON.stringify(body)});
  } catch {
    throw new Refusal(0, {code: "unreachable", detail: "The service cannot be reached. Nothing was lost; try again."});
  }
  const text = await response.text();
  let data = null;
  try { data = text ? JSON.parse(text) : null; } catch { /* not the service's own answer */ }
  const tag = response.headers.get("ETag");
  if (!response.ok) throw new Refusal(response.status, data ?? {}, tag);
  return {data, etag: tag};
}

/** `{data, etag}`, or throws Refusal. `etag` is the version that a change is for; "*" for whichever is there. */
export async function ask(method, path, body = undefined, etag = null) {
  try {
    return await send(method, path, body, etag);
  } catch (refusal) {
    const mayLogIn = refusal.status === 401 && path !== "/api/sessions" && !oneUser;
    if (!mayLogIn || !(await logInAgain())) throw refusal;
    return send(method, path, body, etag);
  }
}

export const get = async (path) => (await ask("GET", path)).data;

/** Whether somebody is logged in, without asking him to. */
export async function account() {
  if (!oneUser && csrf() === "") return null;
  try {
    return (await send("GET", "/api/account")).data;
  } catch (refusal) {
    if (refusal.status === 401) return null;
    throw refusal;
  }
}

/** All rows of a list, page by page. */
export async function all(path) {
  const rows = [];
  for (let offset = 0; offset !== null;) {
    const page = await get(`${path}${path.includes("?") ? "&" : "?"}limit=200&offset=${offset}`);
    rows.push(...page.rows);
    offset = page.next;
  }
  return rows;
}
