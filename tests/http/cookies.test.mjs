// The login system on workerd as pages use it: the tokens are in cookies.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { decodeUnverified } from "countersign/jwt";
import { PASSWORD, System } from "./system.mjs";

let system;
before(async () => {
  system = await System.start();
  for (const name of ["alice", "admin"]) await system.register(name);
});
after(() => system.close());

/** A browser with its cookies, on a page of the login system. */
class Browser {
  cookies = new Map();

  async send(method, path, body, headers = {}) {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await fetch(system.url + path, {
      method,
      headers: {
        "Sec-Fetch-Site": "same-origin",
        ...(cookie === "" ? {} : { Cookie: cookie }),
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      if (value === "") this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return answer;
  }

  logIn(username, password = PASSWORD) {
    return this.send("POST", "/session/login", { username, password });
  }
}

async function loggedIn(username) {
  const browser = new Browser();
  assert.equal((await browser.logIn(username)).status, 200);
  return browser;
}

test("logs in, and the API knows the user by the cookies", async () => {
  const browser = new Browser();
  const answer = await browser.logIn("alice");
  assert.deepEqual(await answer.json(), { subject: "alice", scopes: ["profile"], expires_in: 900 });
  assert.deepEqual([...browser.cookies.keys()], ["__Host-Http-session", "__Host-Http-session-refresh"]);
  const me = await browser.send("GET", "/users/me");
  const { registered, ...user } = await me.json();
  assert.deepEqual([me.status, user], [200, { username: "alice", scopes: ["profile"] }]);
  assert.ok(registered);
  const { sessions } = await (await browser.send("GET", "/users/me/sessions")).json();
  assert.ok(sessions.some(({ current }) => current));
});

test("the API refreshes a session whose access token has ended, and sends the next cookies", async () => {
  const browser = await loggedIn("alice");
  browser.cookies.delete("__Host-Http-session");
  const before = browser.cookies.get("__Host-Http-session-refresh");
  assert.equal((await browser.send("GET", "/users/me/sessions")).status, 200);
  assert.notEqual(browser.cookies.get("__Host-Http-session-refresh"), before);
  assert.equal(decodeUnverified(browser.cookies.get("__Host-Http-session")).claims.sub, "alice");
  const before2 = browser.cookies.get("__Host-Http-session");
  assert.equal((await browser.send("POST", "/session/refresh")).status, 200);
  assert.notEqual(browser.cookies.get("__Host-Http-session"), before2);
});

test("pages of other sites change nothing", async () => {
  const browser = await loggedIn("alice");
  const foreign = [
    { "Sec-Fetch-Site": "cross-site", Origin: "https://evil.example" },
    { "Sec-Fetch-Site": "same-site", Origin: "http://other.localhost" },
  ];
  const requests = [
    ["POST", "/session/login", { username: "alice", password: PASSWORD }],
    ["POST", "/session/refresh"],
    ["POST", "/session/logout"],
    ["POST", "/session/logout-everywhere"],
    ["DELETE", "/users/me/sessions"],
    ["POST", "/users/me/password", { current_password: PASSWORD, new_password: "a completely different password" }],
  ];
  for (const headers of foreign) {
    for (const [method, path, body] of requests) {
      assert.equal((await browser.send(method, path, body, headers)).status, 403, path);
    }
  }
  assert.equal((await browser.send("GET", "/users/me")).status, 200);
});

test("the scope of an administrator is needed here too", async () => {
  assert.equal((await (await loggedIn("alice")).send("GET", "/admin")).status, 403);
  assert.equal((await (await loggedIn("admin")).send("GET", "/admin")).status, 200);
});

test("a wrong password logs nobody in, and sets no cookie", async () => {
  const browser = new Browser();
  for (const username of ["alice", "nobody"]) {
    const answer = await browser.logIn(username, "wrong horse battery staple");
    assert.deepEqual([answer.status, (await answer.json()).error], [400, "invalid_grant"]);
  }
  assert.equal(browser.cookies.size, 0);
  const answer = await browser.send("GET", "/users/me");
  assert.deepEqual([answer.status, answer.headers.get("WWW-Authenticate")], [401, 'Bearer realm="countersign"']);
});

test("a log-out ends the session, and one everywhere all of them", async () => {
  const browsers = [await loggedIn("alice"), await loggedIn("alice"), await loggedIn("alice")];
  const [first, second, third] = browsers;
  const kept = new Map(first.cookies);
  assert.equal((await first.send("POST", "/session/logout")).status, 204);
  assert.equal(first.cookies.size, 0);
  // A copy of the cookies is worth nothing.
  first.cookies = kept;
  assert.equal((await first.send("GET", "/users/me")).status, 401);
  assert.equal((await second.send("GET", "/users/me")).status, 200);
  assert.equal((await second.send("POST", "/session/logout-everywhere")).status, 204);
  for (const browser of browsers) assert.equal((await browser.send("GET", "/users/me")).status, 401);
  assert.equal((await third.send("POST", "/session/refresh")).status, 401);
});

test("the token is shown to the pages of the demo, and to nobody elsewhere", async (t) => {
  const browser = await loggedIn("alice");
  const answer = await browser.send("GET", "/session/token");
  assert.equal((await answer.json()).access_token, browser.cookies.get("__Host-Http-session"));
  // Also right after it was refreshed.
  browser.cookies.delete("__Host-Http-session");
  const again = await browser.send("GET", "/session/token");
  assert.equal((await again.json()).access_token, browser.cookies.get("__Host-Http-session"));
  assert.equal((await system.get("/session/token")).status, 401);

  const deployed = await System.start({ SHOW_TOKEN: "" });
  t.after(() => deployed.close());
  await deployed.register("alice");
  const token = await deployed.accessToken("alice");
  assert.equal((await deployed.get("/session/token", { Authorization: `Bearer ${token}` })).status, 404);
});

test("writes nothing to the log but what happened", () => assert.equal(system.log, ""));
