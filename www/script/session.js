/** The session of this browser: who is logged in, and what other tabs do. The tokens are in cookies that no script can read. */

/** A request to the login system: its status, and the body if there is one. */
async function send(method, path, body) {
  const json =
    body === undefined ? {} : { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(path, { method, cache: "no-store", ...json });
  const text = await response.text();
  return { ok: response.ok, status: response.status, body: text === "" ? {} : JSON.parse(text) };
}

/** Tabs of this browser share the cookies, and tell each other when these change. */
const tabs = new BroadcastChannel("countersign-session");

/** Calls `changed` when another tab logs in or out, or refreshes. */
export function onOtherTab(changed) {
  tabs.addEventListener("message", changed);
}

const tellTabs = () => tabs.postMessage("changed");

/** Makes an account. */
export const register = (username, password) => send("POST", "/register", { username, password });

/** Logs in: the answer sets the cookies. */
export async function logIn(username, password) {
  const answer = await send("POST", "/session/login", { username, password });
  if (answer.ok) tellTabs();
  return answer;
}

/**
 * The access token of this browser, or `null` if nobody is logged in. A page of yours does not need it: it is for looking at.
 *
 * @throws {TypeError} The server does not answer.
 */
export async function accessToken() {
  const { body, status } = await send("GET", "/session/token");
  if (status === 200) return body.access_token;
  if (status === 401) return null;
  throw new TypeError(`the server answers ${status}`);
}

/**
 * The next access token, or `null` if the session has ended. When several tabs refresh at once, one of them does it for all.
 *
 * @param current the token that is to be replaced
 * @throws {TypeError} The server does not answer.
 */
export async function refresh(current) {
  return navigator.locks.request("countersign-refresh", async () => {
    const known = await accessToken();
    if (known !== current) return known;
    const { status } = await send("POST", "/session/refresh");
    if (status !== 200 && status !== 401) throw new TypeError(`the server answers ${status}`);
    tellTabs();
    return status === 200 ? accessToken() : null;
  });
}

/** Where the user is logged in. */
export async function sessions() {
  const { body, ok } = await send("GET", "/users/me/sessions");
  return ok ? body.sessions : [];
}

/** Logs out another browser. */
export const endSession = (id) => send("DELETE", `/users/me/sessions/${id}`);

/** Logs out here. */
export async function logOut() {
  await send("POST", "/session/logout");
  tellTabs();
}

/** Logs out every browser. */
export async function logOutEverywhere() {
  await send("POST", "/session/logout-everywhere");
  tellTabs();
}

/** Sets a new password, which logs out all other browsers. */
export const changePassword = (current, next) =>
  send("POST", "/users/me/password", { current_password: current, new_password: next });
