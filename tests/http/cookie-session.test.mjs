// cookieSession: log in, stay logged in and log out on pages. Which pages may send what, and what the cookies contain.

import assert from "node:assert/strict";
import { test } from "node:test";
import { bearerGuard, cookieSession, loginThrottle } from "countersign/http";
import { decrypt, EncryptionKey, encrypt } from "countersign/jwe";
import { CountersignError, Key, Signer, sign, Verifier } from "countersign/jwt";
import { memoryStore, Sessions } from "countersign/session";
import { Response as UndiciResponse } from "undici";
import { invalid } from "./errors.mjs";

const ORIGIN = "https://app.example";
const key = Key.generate("EdDSA", { kid: "one" });
const expected = { issuer: ORIGIN, audience: ORIGIN };
const signer = new Signer(key, expected);
const verifier = new Verifier(key.publicKey(), expected);
const SECRET = "a secret of 32 bytes, or a few more";
const ATTRIBUTES = "Path=/; Secure; HttpOnly; SameSite=Strict";

function make({ grant = {}, sessions: sessionOptions = {}, ...more } = {}) {
  const store = sessionOptions.store ?? memoryStore();
  const log = [];
  const onEvent = (event) => log.push(event);
  const sessions = new Sessions({ signer, store, secret: SECRET, onEvent, ...sessionOptions });
  const asked = [];
  const cookies = cookieSession(sessions, {
    verifier,
    onEvent,
    authenticate(username, password) {
      asked.push(username);
      return password === "right" && { subject: username, scopes: ["read", "write"], client: "Firefox", ...grant };
    },
    ...more,
  });
  return { asked, cookies, log, sessions, store };
}

/** A browser: it keeps the cookies, and says which page sends a request. */
class Browser {
  jar = new Map();

  async send(handler, path, { headers = {}, page = false, ...more } = {}) {
    const sent = new Headers({ "Sec-Fetch-Site": "same-origin", Accept: page ? "text/html,*/*;q=0.8" : "*/*" });
    if (this.jar.size > 0) sent.set("Cookie", [...this.jar].map((pair) => pair.join("=")).join("; "));
    for (const [name, value] of Object.entries(headers)) value === null ? sent.delete(name) : sent.set(name, value);
    const response = await handler(new Request(ORIGIN + path, { method: "POST", ...more, headers: sent }));
    this.keep(response);
    return response;
  }

  keep(response) {
    for (const cookie of response.headers.getSetCookie()) {
      const [, name, value, rest] = cookie.match(/^([^=]+)=([^;]*); Max-Age=(.*)$/);
      if (value === "") this.jar.delete(name);
      else this.jar.set(name, value);
      assert.ok(name.startsWith("__Host-Http-"), name);
      assert.match(rest, /^\d+; Path=\/; Secure; HttpOnly; SameSite=(Strict|Lax)$/);
    }
    if (response.headers.getSetCookie().length > 0) assert.equal(response.headers.get("Cache-Control"), "no-store");
  }

  /** The access token ends: the browser drops its cookie. */
  drop() {
    this.jar.delete("__Host-Http-session");
  }
}

const form = (fields) => ({ body: new URLSearchParams(fields) });
const RIGHT = { username: "alice", password: "right" };
const json = (body) => ({ body: JSON.stringify(body), headers: { "Content-Type": "application/json" } });
const logIn = async (cookies, browser = new Browser(), more = form(RIGHT)) => {
  const response = await browser.send(cookies.login, "/login", more);
  assert.ok([200, 303].includes(response.status), String(response.status));
  return browser;
};
const get = (browser, handler, path = "/me", more = {}) => browser.send(handler, path, { method: "GET", ...more });
const meOf = (cookies, options) =>
  cookies.protect((_, caller) => Response.json(caller === null ? null : caller.claims.sub), options);
const refused = async (response, status, error) => {
  assert.equal(response.status, status);
  assert.equal((await response.json()).error, error);
  assert.equal(response.headers.get("Cache-Control"), "no-store");
  assert.deepEqual(response.headers.getSetCookie(), []);
};

test("logs in from fetch, with a form and with JSON, and shows the script no token", async () => {
  for (const more of [form(RIGHT), json(RIGHT), json({ ...RIGHT, next: "/x" })]) {
    const { cookies, log, sessions } = make({ grant: { fields: { name: "Alice" } } });
    const browser = new Browser();
    const response = await browser.send(cookies.login, "/login", more);
    assert.equal(response.status, 200);
    const answer = { name: "Alice", subject: "alice", scopes: ["read", "write"], expires_in: 900 };
    assert.deepEqual(await response.json(), answer);
    assert.deepEqual([...browser.jar.keys()], ["__Host-Http-session", "__Host-Http-session-refresh"]);
    const [access, refresh] = response.headers.getSetCookie();
    assert.match(access, new RegExp(`^__Host-Http-session=[\\w-]+\\.[\\w-]+\\.[\\w-]+; Max-Age=900; ${ATTRIBUTES}$`));
    assert.match(refresh, new RegExp(`^__Host-Http-session-refresh=r1\\.[^;]+; Max-Age=1209600; ${ATTRIBUTES}$`));
    const me = await get(browser, meOf(cookies));
    assert.deepEqual([me.status, await me.json(), me.headers.get("Cache-Control")], [200, "alice", "no-store"]);
    const [{ client, id, scopes }] = await sessions.list("alice");
    assert.deepEqual([client, scopes], ["Firefox", ["read", "write"]]);
    assert.deepEqual(log, [{ type: "login", subject: "alice", sessionId: id }]);
  }
});

test("sends a page on after the log-in, and only to a path of this server", async () => {
  const { cookies } = make({ afterLogin: "/home" });
  const target = async (next, path = "/login") => {
    const fields = next === undefined ? RIGHT : { ...RIGHT, next };
    const response = await new Browser().send(cookies.login, path, { page: true, ...form(fields) });
    assert.equal(response.status, 303);
    assert.equal(response.headers.getSetCookie().length, 2);
    return response.headers.get("Location");
  };
  assert.equal(await target(undefined), "/home");
  assert.equal(await target("/a/b?c=d&e=%2F#f"), "/a/b?c=d&e=%2F#f");
  assert.equal(await target(undefined, "/login?next=%2Fa%3Fb%3Dc"), "/a?b=c");
  assert.equal(await target("/x", "/login?next=/y"), "/x");
  assert.equal(await target("/ä b"), "/%C3%A4%20b");
  const elsewhere = [
    "https://evil.example/",
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "/.//evil.example",
    "/..//evil.example",
    "/x/..//evil.example",
    "/%2e//evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "evil",
    "?x",
    "/x\r\nSet-Cookie: a=b",
    "/x\u0000",
    `/${"x".repeat(3000)}`,
  ];
  for (const next of elsewhere) {
    assert.equal(await target(next), "/home", next);
    assert.equal(await target(undefined, `/login?next=${encodeURIComponent(next)}`), "/home", next);
  }
  assert.equal(await target(undefined, "/login?next=/a&next=/b"), "/home");
});

test("refuses a wrong password alike for fetch and for pages", async () => {
  const { cookies, log, sessions } = make();
  const wrong = { username: "alice", password: "wrong" };
  await refused(await new Browser().send(cookies.login, "/login", form(wrong)), 400, "invalid_grant");
  await refused(await new Browser().send(cookies.login, "/login", json(wrong)), 400, "invalid_grant");
  const page = await new Browser().send(cookies.login, "/login?next=%2Fa", { page: true, ...form(wrong) });
  assert.deepEqual([page.status, page.headers.get("Location")], [303, "/login?error=invalid_grant&next=%2Fa"]);
  assert.deepEqual(page.headers.getSetCookie(), []);
  assert.deepEqual(log, Array(3).fill({ type: "login-failed", username: "alice" }));
  assert.equal((await sessions.list("alice")).length, 0);
});

test("reads only forms and JSON", async () => {
  const { asked, cookies } = make();
  const text = JSON.stringify(RIGHT);
  const bodies = [
    [text, "text/plain"],
    [text, "application/x-www-form-urlencoded"],
    [text, "text/plain; application/json"],
    [text, "application/jsonp"],
    [text, "text/json"],
    [text, null],
    ["username=alice&password=right", "application/json"],
    ["username=alice&password=right&password=right", "application/x-www-form-urlencoded"],
    ['{"username":"alice","password":["right"]}', "application/json"],
    ['{"username":"alice","password":null}', "application/json"],
    ['{"username":"alice","password":""}', "application/json"],
    ['[["username","alice"],["password","right"]]', "application/json"],
    ["null", "application/json"],
    ['"x"', "application/json"],
    ["", "application/json"],
    [new Uint8Array([0x22, 0xff, 0x22]), "application/json"],
  ];
  for (const [body, type] of bodies) {
    const response = await new Browser().send(cookies.login, "/login", { body, headers: { "Content-Type": type } });
    await refused(response, 400, "invalid_request");
  }
  await refused(
    await new Browser().send(cookies.login, "/login", json({ ...RIGHT, x: "x".repeat(20_000) })),
    413,
    "invalid_request",
  );
  assert.deepEqual(asked, []);
  for (const [length, status] of [
    [16_384, 200],
    [16_385, 413],
  ]) {
    const body = "username=alice&password=right&x=".padEnd(length, "x");
    const headers = { "Content-Type": "application/x-www-form-urlencoded" };
    assert.equal((await new Browser().send(cookies.login, "/login", { body, headers })).status, status);
  }
});

test("nobody without a session passes: 401 for fetch, the log-in page for pages", async () => {
  const { cookies } = make({ loginPage: "/enter?theme=dark" });
  const me = meOf(cookies);
  const browser = new Browser();
  const response = await get(browser, me);
  assert.equal(response.headers.get("WWW-Authenticate"), "Bearer");
  assert.equal((await response.clone().json()).error_description, "nobody is logged in");
  await refused(response, 401, "invalid_token");
  const location = async (path, more) => {
    const page = await get(browser, me, path, { page: true, ...more });
    assert.equal(page.headers.get("Cache-Control"), "no-store");
    return [page.status, page.headers.get("Location")];
  };
  assert.deepEqual(await location("/me?a=b&c=d"), [303, "/enter?theme=dark&next=%2Fme%3Fa%3Db%26c%3Dd"]);
  assert.deepEqual(await location("/me", { method: "HEAD" }), [303, "/enter?theme=dark&next=%2Fme"]);
  assert.deepEqual(await location("/"), [303, "/enter?theme=dark"]);
  assert.deepEqual(await location("//evil.example/x"), [303, "/enter?theme=dark"]);
  // A form cannot be sent again after the log-in.
  assert.deepEqual(await location("/me", { method: "POST" }), [303, "/enter?theme=dark"]);
  // The log-in page itself would send the browser round and round.
  assert.deepEqual(await location("/enter?next=%2Fme"), [401, null]);
  assert.equal(await (await get(browser, meOf(cookies, { optional: true }))).json(), null);
});

test("refreshes on its own when the access token has ended", async () => {
  const { cookies, log } = make();
  const browser = await logIn(cookies);
  const me = meOf(cookies);
  const before = new Map(browser.jar);
  browser.drop();
  const response = await get(browser, me);
  assert.deepEqual([response.status, await response.json()], [200, "alice"]);
  assert.equal(response.headers.getSetCookie().length, 2);
  const after = browser.jar;
  assert.notEqual(after.get("__Host-Http-session-refresh"), before.get("__Host-Http-session-refresh"));
  assert.deepEqual((await get(browser, me)).headers.getSetCookie(), []);
  // So does a token that has ended, is damaged, or was signed by a key that is gone, but is still in its cookie.
  const claims = { sub: "alice", sid: "A".repeat(22) };
  const other = new Signer(Key.generate("EdDSA", { kid: "two" }), expected);
  for (const token of [
    sign(claims, key, { ...expected, expiresIn: 1, now: new Date(0) }),
    "damaged",
    other.sign(claims),
    signer.sign({ sub: "mallory" }),
    signer.sign(claims),
  ]) {
    browser.jar.set("__Host-Http-session", token);
    const next = await get(browser, me);
    assert.deepEqual([next.status, await next.json(), next.headers.getSetCookie().length], [200, "alice", 2]);
  }
  assert.deepEqual(new Set(log.map(({ type }) => type)), new Set(["login", "refresh"]));
});

test("two tabs, and many requests at once, stay logged in", async () => {
  const { cookies, log, sessions } = make({ sessions: { store: later(memoryStore()) } });
  const browser = await logIn(cookies);
  browser.drop();
  const old = new Map(browser.jar);
  const me = meOf(cookies);
  const tabs = Array.from({ length: 20 }, () => Object.assign(new Browser(), { jar: new Map(old) }));
  const answers = await Promise.all(tabs.map((tab) => get(tab, me)));
  assert.deepEqual(
    answers.map(({ status }) => status),
    Array(20).fill(200),
  );
  const tokens = new Set(tabs.map(({ jar }) => jar.get("__Host-Http-session-refresh")));
  assert.equal(tokens.size, 1);
  assert.equal(log.filter(({ type }) => type === "refresh").length, 1);
  assert.equal(log.filter(({ type }) => type === "repeat").length, 19);
  assert.equal((await sessions.list("alice")).length, 1);
});

test("an access token that ends within the grace period logs out no other tab", async (t) => {
  const { cookies } = make({ sessions: { accessExpiresIn: 1, grace: 10 } });
  const browser = await logIn(cookies);
  browser.drop();
  const tabs = Array.from({ length: 5 }, () => Object.assign(new Browser(), { jar: new Map(browser.jar) }));
  const me = meOf(cookies);
  assert.equal((await get(browser, me)).status, 200);
  t.mock.timers.enable({ apis: ["Date"], now: Date.now() });
  for (const tab of tabs) {
    t.mock.timers.setTime(Date.now() + 1900);
    assert.equal((await get(tab, me)).status, 200);
    assert.equal(tab.jar.get("__Host-Http-session-refresh"), browser.jar.get("__Host-Http-session-refresh"));
  }
});

test("refreshes three times at most if every new token has ended", async () => {
  const message = "token has expired";
  const verify = () => {
    throw new CountersignError("TOKEN_EXPIRED", message);
  };
  const { cookies, log } = make({ verifier: { verify } });
  const browser = await logIn(cookies);
  await assert.rejects(get(browser, meOf(cookies)), { name: "CountersignError", code: "TOKEN_EXPIRED", message });
  assert.deepEqual(
    log.map(({ type }) => type),
    ["login", "refresh", "repeat", "repeat"],
  );
});

test("refreshes for fetch and for pages, which are sent on to a path of this server", async () => {
  const { cookies } = make({ afterLogin: "/home" });
  const browser = await logIn(cookies);
  const answer = await browser.send(cookies.refresh, "/refresh");
  assert.deepEqual(await answer.json(), { subject: "alice", scopes: ["read", "write"], expires_in: 900 });
  assert.equal(answer.headers.getSetCookie().length, 2);
  for (const [path, location] of [
    ["/refresh", "/home"],
    ["/refresh?next=%2Fx%3Fy", "/x?y"],
    ["/refresh?next=%2F%2Fevil.example", "/home"],
  ]) {
    const page = await browser.send(cookies.refresh, path, { page: true });
    assert.deepEqual([page.status, page.headers.get("Location")], [303, location]);
    assert.equal(page.headers.getSetCookie().length, 2);
  }
  await refused(await new Browser().send(cookies.refresh, "/refresh"), 401, "invalid_token");
  const page = await new Browser().send(cookies.refresh, "/refresh", { page: true });
  assert.deepEqual([page.status, page.headers.get("Location")], [303, "/login"]);
});

test("adds the headers of the grant to the answer of a log-in", async () => {
  const { cookies } = make({ grant: { headers: { "X-User": "alice", "X-Group": ["a", "b"] } } });
  for (const page of [true, false]) {
    const { headers } = await new Browser().send(cookies.login, "/login", { page, ...form(RIGHT) });
    assert.deepEqual([headers.get("X-User"), headers.get("X-Group")], ["alice", "a, b"]);
  }
});

test("a request with one of the cookies needs a page of this origin, and one without them does not", async () => {
  const { cookies } = make();
  const browser = await logIn(cookies);
  const headers = { "Sec-Fetch-Site": "cross-site", Origin: "https://evil.example" };
  for (const [name, value] of browser.jar) {
    const one = Object.assign(new Browser(), { jar: new Map([[name, value]]) });
    await refused(await one.send(meOf(cookies), "/me", { headers }), 403, "invalid_request");
  }
  const nobody = await new Browser().send(meOf(cookies, { optional: true }), "/me", { headers });
  assert.deepEqual([nobody.status, await nobody.json()], [200, null]);
});

test("asks the verifier and the sessions only about tokens that are there", async () => {
  const { sessions } = make();
  const asked = [];
  const asking =
    (name, work) =>
    (token, ...all) => {
      asked.push(`${name} ${typeof token}`);
      return work(token, ...all);
    };
  const own = {
    start: (...all) => sessions.start(...all),
    refresh: asking("refresh", (...all) => sessions.refresh(...all)),
    end: asking("end", (...all) => sessions.end(...all)),
    endAll: (...all) => sessions.endAll(...all),
    isLive: (...all) => sessions.isLive(...all),
    idleExpiresIn: sessions.idleExpiresIn,
  };
  const cookies = cookieSession(own, {
    authenticate: () => ({ subject: "alice" }),
    verifier: { verify: asking("verify", (token) => verifier.verify(token)) },
  });
  assert.equal((await get(new Browser(), meOf(cookies))).status, 401);
  assert.equal((await new Browser().send(cookies.logout, "/logout")).status, 204);
  assert.deepEqual(asked, []);
  const browser = await logIn(cookies);
  browser.drop();
  assert.equal((await get(browser, meOf(cookies))).status, 200);
  assert.deepEqual(asked, ["refresh string", "verify string"]);
  // By an access token that is damaged, or that belongs to no session, no session is ended.
  for (const token of ["damaged", signer.sign({ sub: "alice" })]) {
    asked.length = 0;
    const other = Object.assign(new Browser(), { jar: new Map([["__Host-Http-session", token]]) });
    assert.equal((await other.send(cookies.logout, "/logout")).status, 204);
    assert.deepEqual(asked, ["verify string"]);
  }
});

test("keys that are not available log nobody out, and use no refresh token up", async () => {
  let isDown = false;
  const verify = (token) => {
    if (isDown) throw new CountersignError("JWKS_UNAVAILABLE", "x");
    return verifier.verify(token);
  };
  const { cookies, log } = make({ verifier: { verify } });
  const browser = await logIn(cookies);
  isDown = true;
  await refused(await get(browser, meOf(cookies)), 503, "temporarily_unavailable");
  isDown = false;
  assert.equal((await get(browser, meOf(cookies))).status, 200);
  assert.deepEqual(
    log.map(({ type }) => type),
    ["login"],
  );
});

test("rejects with what the sessions have thrown, whatever it is", async () => {
  const { cookies, sessions } = make();
  const browser = await logIn(cookies);
  browser.drop();
  for (const thrown of [new Error("x"), null, undefined, "text"]) {
    sessions.refresh = () => Promise.reject(thrown);
    for (const send of [() => get(browser, meOf(cookies)), () => browser.send(cookies.refresh, "/refresh")]) {
      await assert.rejects(send(), (error) => error === thrown);
    }
  }
});

test("takes nothing but requests", async () => {
  const { cookies } = make();
  const message = "the request is not a standard Request: use onNode(handler) for Node, Express and Fastify";
  const node = { method: "POST", url: "/", headers: {} };
  const handlers = [cookies.login, cookies.refresh, cookies.logout, cookies.logoutEverywhere, meOf(cookies)];
  for (const handler of handlers) await assert.rejects(handler(node), invalid(message));
  for (const request of [undefined, {}]) await assert.rejects(cookies.guard(request), { code: "OPTION_INVALID" });
});

test("a stolen refresh token ends the session, and the page shows the log-in again", async (t) => {
  const { cookies, log, sessions } = make();
  const browser = await logIn(cookies);
  browser.drop();
  const thief = Object.assign(new Browser(), { jar: new Map(browser.jar) });
  const me = meOf(cookies);
  assert.equal((await get(browser, me)).status, 200);
  t.mock.timers.enable({ apis: ["Date"], now: Date.now() + 11_000 });
  await refused(await get(thief, me), 401, "invalid_token");
  await refused(await get(browser, me), 401, "invalid_token");
  assert.equal((await sessions.list("alice")).length, 0);
  assert.equal(log.at(-1).type, "reuse");
});

test("logs out here, and everywhere", async () => {
  const { cookies, log, sessions } = make({ afterLogout: "/bye" });
  const me = meOf(cookies);
  const [one, two, bob] = [await logIn(cookies), await logIn(cookies), new Browser()];
  await logIn(cookies, bob, form({ ...RIGHT, username: "bob" }));
  const copy = Object.assign(new Browser(), { jar: new Map(one.jar) });
  const response = await one.send(cookies.logout, "/logout");
  assert.deepEqual([response.status, await response.text(), one.jar.size], [204, "", 0]);
  const deleted = ["session", "session-refresh"].map((name) => `__Host-Http-${name}=; Max-Age=0; ${ATTRIBUTES}`);
  assert.deepEqual(response.headers.getSetCookie(), deleted);
  // Without `afterLogout`, a page shows the log-in.
  const plain = await new Browser().send(make({ loginPage: "/enter" }).cookies.logout, "/logout", { page: true });
  assert.deepEqual([plain.status, plain.headers.get("Location")], [303, "/enter"]);
  // A copy of the cookies is worth nothing either.
  await refused(await get(copy, me), 401, "invalid_token");
  assert.equal((await get(two, me)).status, 200);
  const three = await logIn(cookies);
  three.drop();
  const page = await three.send(cookies.logoutEverywhere, "/logout/everywhere", { page: true });
  assert.deepEqual([page.status, page.headers.get("Location"), three.jar.size], [303, "/bye", 0]);
  await refused(await get(two, me), 401, "invalid_token");
  assert.equal((await get(bob, me)).status, 200);
  assert.equal((await sessions.list("alice")).length, 0);
  assert.equal(log.filter(({ type }) => type === "logout").length, 3);
  // Nobody is logged in any more: the cookies are deleted anyway, and nobody else is logged out.
  assert.equal((await copy.send(cookies.logout, "/logout")).status, 204);
  await refused(await new Browser().send(cookies.logoutEverywhere, "/x"), 401, "invalid_token");
  // By the access token alone.
  bob.jar.delete("__Host-Http-session-refresh");
  await bob.send(cookies.logout, "/logout");
  assert.equal((await sessions.list("bob")).length, 0);
});

test("a log-in ends the session that the browser had: nobody is fixed to a session", async () => {
  const { cookies, sessions } = make();
  const browser = await logIn(cookies);
  const [{ id }] = await sessions.list("alice");
  const planted = Object.assign(new Browser(), { jar: new Map(browser.jar) });
  await logIn(cookies, browser, form({ ...RIGHT, username: "bob" }));
  assert.equal((await sessions.list("alice")).length, 0);
  const [bobs] = await sessions.list("bob");
  assert.notEqual(bobs.id, id);
  await refused(await get(planted, meOf(cookies)), 401, "invalid_token");
  assert.equal(await (await get(browser, meOf(cookies))).json(), "bob");
  // A wrong password ends nothing.
  const wrong = form({ username: "alice", password: "wrong" });
  await refused(await browser.send(cookies.login, "/login", wrong), 400, "invalid_grant");
  assert.equal(await (await get(browser, meOf(cookies))).json(), "bob");
});

const OTHERS = {
  "a page of another site": { "Sec-Fetch-Site": "cross-site", Origin: "https://evil.example" },
  "a sibling subdomain": { "Sec-Fetch-Site": "same-site", Origin: "https://blog.app.example" },
  "another port": { "Sec-Fetch-Site": "same-site", Origin: "https://app.example:8443" },
  "no origin at all": { "Sec-Fetch-Site": null },
  "a sandboxed frame": { "Sec-Fetch-Site": "cross-site", Origin: "null" },
  "an unknown word": { "Sec-Fetch-Site": "same-origin, cross-site" },
  "an old browser on another site": { "Sec-Fetch-Site": null, Origin: "https://evil.example" },
  "an old browser on a sibling": { "Sec-Fetch-Site": null, Origin: "https://blog.app.example" },
  "an old browser in a sandbox": { "Sec-Fetch-Site": null, Origin: "null" },
  "a host that begins alike": { "Sec-Fetch-Site": null, Origin: "https://app.example.evil.example" },
  "a page without TLS": { "Sec-Fetch-Site": null, Origin: "http://app.example" },
  "a cross-site word beside the right origin": { "Sec-Fetch-Site": "cross-site", Origin: ORIGIN },
  "an empty origin": { "Sec-Fetch-Site": null, Origin: "" },
  "a file": { "Sec-Fetch-Site": null, Origin: "file://" },
  "a referrer alone": { "Sec-Fetch-Site": null, Referer: `${ORIGIN}/` },
};
const OWN = {
  "this origin": {},
  "this origin, in an old browser": { "Sec-Fetch-Site": null, Origin: ORIGIN },
  "this origin behind a proxy": { "Sec-Fetch-Site": null, Origin: "https://front.example", Host: "front.example" },
  "the user, without a page": { "Sec-Fetch-Site": "none" },
};

for (const [name, headers] of Object.entries(OTHERS)) {
  test(`nothing changes for ${name}`, async () => {
    const { asked, cookies, log, sessions } = make();
    const browser = await logIn(cookies);
    asked.length = 0;
    const handlers = { login: form(RIGHT), refresh: {}, logout: {}, logoutEverywhere: {} };
    for (const [handler, more] of Object.entries(handlers)) {
      for (const page of [true, false]) {
        await refused(await browser.send(cookies[handler], "/x", { ...more, headers, page }), 403, "invalid_request");
      }
    }
    const crossSite = log.filter(({ type }) => type === "cross-site");
    assert.deepEqual([crossSite.length, crossSite[0]], [8, { type: "cross-site", path: "/x" }]);
    const { error_description } = await (await browser.send(cookies.refresh, "/x", { headers })).json();
    assert.equal(error_description, "the request does not come from a page of this origin");
    // The answer names no path of another server.
    await refused(await browser.send(cookies.logout, "//x.example/y", { headers }), 403, "invalid_request");
    assert.deepEqual(log.at(-1), { type: "cross-site", path: "" });
    // Neither does a page behind the guard, with any method, or as a WebSocket.
    const me = meOf(cookies);
    for (const method of ["POST", "PUT", "PATCH", "DELETE", "PURGE"]) {
      await refused(await browser.send(me, "/me", { method, headers }), 403, "invalid_request");
    }
    const upgrade = { ...headers, Upgrade: "websocket" };
    await refused(await get(browser, me, "/me", { headers: upgrade }), 403, "invalid_request");
    assert.deepEqual(asked, []);
    assert.equal((await sessions.list("alice")).length, 1);
    assert.equal((await get(browser, me)).status, 200);
  });
}

for (const [name, headers] of Object.entries(OWN)) {
  test(`a request of ${name} is served`, async () => {
    const { cookies } = make();
    const browser = await logIn(cookies, new Browser(), { ...form(RIGHT), headers });
    assert.equal((await browser.send(meOf(cookies), "/me", { headers })).status, 200);
    assert.equal((await browser.send(cookies.refresh, "/refresh", { headers })).status, 200);
    assert.equal((await browser.send(cookies.logoutEverywhere, "/x", { headers })).status, 204);
  });
}

test("a request of Node says by its connection whether its page must have TLS", async () => {
  const { cookies } = make();
  const browser = await logIn(cookies);
  const cookie = [...browser.jar].map((pair) => pair.join("=")).join("; ");
  const ask = (origin, socket) => {
    const headers = { cookie, host: "app.example", origin };
    return cookies.guard({ method: "POST", url: "/me", headers, ...(socket === undefined ? {} : { socket }) });
  };
  await refused(await ask("http://app.example", { encrypted: true }), 403, "invalid_request");
  for (const [origin, socket] of [
    ["https://app.example", { encrypted: true }],
    // Behind a proxy, the connection does not say it.
    ["https://app.example", {}],
    ["https://app.example", null],
    ["http://app.example", {}],
    ["http://app.example", undefined],
  ]) {
    assert.equal((await ask(origin, socket)).claims?.sub, "alice", origin);
  }
});

test("the id of a session, which others may know, ends no session", async () => {
  const { cookies, sessions } = make();
  const { refreshToken, sessionId } = await sessions.start("victim");
  const mallory = new Browser();
  const forged = [sessionId, `${sessionId}.`, `r1.${sessionId}.0.${"A".repeat(43)}`];
  for (const value of forged) {
    mallory.jar.set("__Host-Http-session-refresh", value);
    assert.equal((await mallory.send(cookies.logout, "/logout")).status, 204);
    mallory.jar.set("__Host-Http-session-refresh", value);
    await logIn(cookies, mallory, form({ ...RIGHT, username: "mallory" }));
    mallory.jar.set("__Host-Http-session-refresh", value);
    mallory.drop();
    await refused(await mallory.send(cookies.logoutEverywhere, "/x"), 401, "invalid_token");
  }
  assert.equal((await sessions.list("victim")).length, 1);
  // The access token beside it is still looked at.
  const own = await logIn(cookies);
  own.jar.set("__Host-Http-session-refresh", sessionId);
  await own.send(cookies.logout, "/logout");
  assert.deepEqual([(await sessions.list("alice")).length, (await sessions.list("victim")).length], [0, 1]);
  mallory.jar.set("__Host-Http-session-refresh", refreshToken);
  await mallory.send(cookies.logout, "/logout");
  assert.equal((await sessions.list("victim")).length, 0);
});

test("a page of another origin uses no refresh token up in the background", async () => {
  const { cookies, log, sessions } = make({ origins: ["https://www.app.example"], sessions: { grace: 0 } });
  const browser = await logIn(cookies);
  const me = meOf(cookies);
  const sent = (site, mode, more) => ({ headers: { "Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode, ...more } });
  const others = [
    sent("same-site", "no-cors"),
    sent("cross-site", "no-cors"),
    sent("same-site", "cors", { Origin: "https://blog.app.example" }),
    sent("cross-site", "same-origin"),
    sent("same-site", null),
    sent("x", "x"),
    sent(null, null, { Origin: "https://blog.app.example" }),
  ];
  for (const more of others) {
    // While the access token lives, nothing is used up.
    assert.equal((await get(browser, me, "/me", more)).status, 200);
    const later = Object.assign(new Browser(), { jar: new Map(browser.jar) });
    later.drop();
    await refused(await get(later, me, "/me", more), 401, "invalid_token");
    assert.equal(await (await get(later, meOf(cookies, { optional: true }), "/me", more)).json(), null);
  }
  assert.ok(!log.some(({ type }) => type === "refresh" || type === "reuse"));
  const own = [
    sent("same-origin", "cors"),
    sent("same-origin", "no-cors"),
    sent("none", "navigate"),
    // Links.
    sent("cross-site", "navigate"),
    sent("same-site", "navigate"),
    sent("same-site", "cors", { Origin: "https://www.app.example" }),
    sent(null, null),
  ];
  for (const more of own) {
    browser.drop();
    const response = await get(browser, me, "/me", more);
    assert.deepEqual([response.status, response.headers.getSetCookie().length], [200, 2], JSON.stringify(more));
  }
  assert.equal((await sessions.list("alice")).length, 1);
});

test("other origins are served if they are named, and only those", async () => {
  const { cookies } = make({ origins: ["https://www.app.example"] });
  const browser = await logIn(cookies);
  const from = (Origin, site) => ({ headers: { "Sec-Fetch-Site": site, Origin } });
  for (const site of ["same-site", "cross-site", null]) {
    assert.equal((await browser.send(cookies.refresh, "/", from("https://www.app.example", site))).status, 200);
    await refused(
      await browser.send(cookies.refresh, "/", from("https://x.app.example", site)),
      403,
      "invalid_request",
    );
  }
});

test("only POST changes anything, whatever a request says about its method", async () => {
  const { cookies, sessions } = make();
  const browser = await logIn(cookies);
  for (const handler of ["login", "refresh", "logout", "logoutEverywhere"]) {
    for (const method of ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"]) {
      const headers = { "X-HTTP-Method-Override": "POST", "X-HTTP-Method": "POST", "X-Method-Override": "POST" };
      const response = await browser.send(cookies[handler], "/?_method=POST", { method, headers });
      assert.deepEqual([response.status, response.headers.get("Allow")], [405, "POST"]);
      assert.deepEqual(response.headers.getSetCookie(), []);
    }
  }
  assert.equal((await sessions.list("alice")).length, 1);
});

test("asks the throttle before anything is hashed", async () => {
  const throttle = loginThrottle({ store: memoryStore(), perAccount: { free: 2 }, silent: false });
  const { asked, cookies } = make({ throttle });
  const wrong = form({ username: "alice", password: "wrong" });
  const statuses = [];
  for (let times = 0; times < 5; times += 1) {
    const response = await new Browser().send(cookies.login, "/login", form({ username: "alice", password: "wrong" }));
    statuses.push(response.status);
  }
  assert.deepEqual(statuses, [400, 400, 400, 429, 429]);
  assert.equal(asked.length, 3);
  const page = await new Browser().send(cookies.login, "/login", { page: true, ...wrong });
  assert.equal(page.headers.get("Location"), "/login?error=slow_down");
  const silent = make({ throttle: loginThrottle({ store: memoryStore(), perAccount: { free: 0, firstWait: "1h" } }) });
  for (let times = 0; times < 3; times += 1) {
    const response = await new Browser().send(silent.cookies.login, "/login", form({ ...RIGHT, password: "wrong" }));
    await refused(response, 400, "invalid_grant");
  }
  assert.equal(silent.asked.length, 1);
});

test("cookies may come with a link of another site, if the option says so", async () => {
  const { cookies } = make({ sameSite: "Lax" });
  const response = await new Browser().send(cookies.login, "/login", form(RIGHT));
  for (const cookie of response.headers.getSetCookie()) assert.match(cookie, /; SameSite=Lax$/);
});

test("demands scopes", async () => {
  const { cookies } = make();
  const browser = await logIn(cookies);
  assert.equal((await get(browser, meOf(cookies, { scope: "read write" }))).status, 200);
  const lacking = await get(browser, meOf(cookies, { scope: "admin read" }));
  assert.deepEqual(await lacking.clone().json(), {
    error: "insufficient_scope",
    error_description: "the session does not have the required scope",
    scope: "admin read",
  });
  await refused(lacking, 403, "insufficient_scope");
  // The session was refreshed anyway.
  browser.drop();
  const response = await get(browser, meOf(cookies, { scope: "admin" }));
  assert.deepEqual([response.status, response.headers.getSetCookie().length], [403, 2]);
});

test("encrypts what the cookies contain, and replaces the key without logging anybody out", async () => {
  const generate = (kid) => EncryptionKey.generate("dir", { enc: "A256GCM", kid });
  const [old, next] = [generate("old"), generate("new")];
  const store = memoryStore();
  const with_ = (...keys) => make({ sessions: { store }, encryption: { encrypt, decrypt, keys } }).cookies;
  const before = with_(old);
  const browser = await logIn(before);
  for (const value of browser.jar.values()) {
    assert.equal(value.split(".").length, 5);
    assert.equal(JSON.parse(atob(value.split(".")[0])).kid, "old");
  }
  assert.equal((await get(browser, meOf(before))).status, 200);
  const during = with_(next, old);
  assert.equal((await get(browser, meOf(during))).status, 200);
  browser.drop();
  assert.equal((await get(browser, meOf(during))).status, 200);
  for (const value of browser.jar.values()) assert.equal(JSON.parse(atob(value.split(".")[0])).kid, "new");
  assert.equal((await get(browser, meOf(with_(next)))).status, 200);
  await refused(await get(browser, meOf(with_(old))), 401, "invalid_token");
  // Altered, not encrypted, or in the place of the other: nobody is logged in.
  const [access, refresh] = ["session", "session-refresh"].map((name) => browser.jar.get(`__Host-Http-${name}`));
  const altered = access.replace(/.(?=\.[^.]*$)/, (character) => (character === "A" ? "B" : "A"));
  for (const value of [altered, refresh, signer.sign({ sub: "alice" }), "x"]) {
    const cookie = { headers: { Cookie: `__Host-Http-session=${value}` } };
    await refused(await get(new Browser(), meOf(with_(next)), "/me", cookie), 401, "invalid_token");
  }
});

test("a cookie that browsers would drop is refused, and leaves no session", async () => {
  const { cookies, sessions } = make({ grant: { claims: { roles: "x".repeat(3200) } } });
  const message = 'the cookie "__Host-Http-session" is longer than 4096 bytes: give the session fewer claims or scopes';
  await assert.rejects(logIn(cookies), { name: "CountersignError", code: "TOKEN_TOO_LONG", message });
  assert.equal((await sessions.list("alice")).length, 0);
  // To the byte: its name and its value.
  const withRoles = async (length, name) => {
    const { cookies } = make({ name, grant: { claims: { roles: "x".repeat(length) } } });
    return (await logIn(cookies)).jar.get(`__Host-Http-${name}`).length;
  };
  const length = 2600 + 3 * Math.floor((4050 - (await withRoles(2600, "s"))) / 4);
  const free = 4096 - "__Host-Http-".length - (await withRoles(length, "s"));
  await withRoles(length, "s".repeat(free));
  await assert.rejects(withRoles(length, "s".repeat(free + 1)), { code: "TOKEN_TOO_LONG" });
});

test("on a loopback address without TLS, the cookies need not be secure, if the option says so", async () => {
  const cookiesAt = async (url, more, extra = {}) => {
    const { cookies } = make(more);
    const headers = { "Sec-Fetch-Site": "same-origin" };
    const response = await cookies.login(new Request(url, { method: "POST", headers, ...form(RIGHT) }));
    const [access, refresh] = response.headers.getSetCookie();
    const Cookie = `${access.split(";")[0]}; ${refresh.split(";")[0]}`;
    const caller = await cookies.guard(new Request(url, { headers: { Cookie } }));
    assert.equal(caller.claims.sub, "alice");
    // The same with Node's request, whose URL has no origin.
    const { host } = new URL(url);
    const node = { method: "GET", url: "/", headers: { cookie: Cookie, host }, ...extra };
    assert.equal((await cookies.guard(node)).claims?.sub, "alice");
    const out = await cookies.logout(new Request(url, { method: "POST", headers: { ...headers, Cookie } }));
    assert.deepEqual(out.headers.getSetCookie()[0], access.replace(/=[^;]*; Max-Age=\d+/, "=; Max-Age=0"));
    return access.replace(/=[^;]*; Max-Age=\d+/, "");
  };
  const plain = "session; Path=/; HttpOnly; SameSite=Strict";
  const secure = `__Host-Http-session; ${ATTRIBUTES}`;
  const allowed = { allowInsecureLoopback: true };
  for (const host of ["localhost", "localhost:8787", "app.localhost:1", "127.0.0.1:1", "[::1]:8787"]) {
    assert.equal(await cookiesAt(`http://${host}/`, allowed), plain, host);
    assert.equal(await cookiesAt(`http://${host}/`, {}), secure, host);
  }
  assert.equal(await cookiesAt("https://localhost/", allowed, { socket: { encrypted: true } }), secure);
  // Of a request whose address cannot be read, nobody knows that it came from here.
  const { cookies } = make(allowed);
  const { jar } = await logIn(cookies);
  const cookie = [...jar].map((pair) => pair.join("=")).join("; ");
  assert.equal((await cookies.guard({ method: "GET", url: "/", headers: { cookie, host: "[" } })).claims.sub, "alice");
  for (const host of ["app.example", "localhost.example", "127.0.0.1.example", "notlocalhost", "10.0.0.1"]) {
    assert.equal(await cookiesAt(`http://${host}/`, allowed), secure, host);
  }
});

test("two cookies of one name are as good as none", async () => {
  const { cookies } = make();
  const browser = await logIn(cookies);
  const pairs = [...browser.jar].map((pair) => pair.join("="));
  const Cookie = [...pairs, ...pairs].join("; ");
  await refused(await get(new Browser(), meOf(cookies), "/me", { headers: { Cookie } }), 401, "invalid_token");
  const headers = { Cookie, "Sec-Fetch-Site": "cross-site", Origin: "https://evil.example" };
  const nobody = await new Browser().send(meOf(cookies, { optional: true }), "/me", { headers });
  assert.deepEqual([nobody.status, await nobody.json()], [200, null]);
});

test("a store that fails logs nobody out", async () => {
  const store = memoryStore();
  const broken = { ...store, failing: false };
  for (const name of ["get", "replace", "list"]) {
    broken[name] = (...all) => {
      if (broken.failing) throw new Error("down");
      return store[name](...all);
    };
  }
  const { cookies } = make({ sessions: { store: broken } });
  const browser = await logIn(cookies);
  const before = new Map(browser.jar);
  broken.failing = true;
  const down = await get(browser, meOf(cookies));
  assert.equal(down.headers.get("Retry-After"), "3");
  assert.equal((await down.json()).error_description, "the sessions are not available");
  await refused(await get(browser, meOf(cookies)), 503, "temporarily_unavailable");
  for (const handler of ["refresh", "logout", "logoutEverywhere"]) {
    await refused(await browser.send(cookies[handler], "/"), 503, "temporarily_unavailable");
  }
  await refused(await browser.send(cookies.login, "/", form(RIGHT)), 503, "temporarily_unavailable");
  assert.deepEqual(browser.jar, before);
  broken.failing = false;
  assert.equal((await get(browser, meOf(cookies))).status, 200);
});

test("keeps the answer of the handler, and adds only what it must", async () => {
  const { cookies } = make();
  const browser = await logIn(cookies);
  const cached = cookies.protect(() => new Response("x", { headers: { "Cache-Control": "private, max-age=60" } }));
  assert.equal((await get(browser, cached)).headers.get("Cache-Control"), "private, max-age=60");
  // The very answer, if nothing is added: one for a WebSocket cannot be copied.
  const mine = new Response("x", { headers: { "Cache-Control": "private" } });
  assert.equal(
    await get(
      browser,
      cookies.protect(() => mine),
    ),
    mine,
  );
  browser.drop();
  assert.equal((await get(browser, cached)).headers.get("Cache-Control"), "no-store");
  const frozen = cookies.protect(() => Response.redirect(`${ORIGIN}/x`, 302));
  assert.deepEqual((await get(browser, frozen)).headers.get("Cache-Control"), "no-store");
  browser.drop();
  const response = await get(browser, frozen);
  assert.deepEqual([response.status, response.headers.getSetCookie().length], [302, 2]);
  const own = cookies.protect(() => new Response(null, { headers: { "Set-Cookie": "theme=dark" } }));
  const answer = await own(
    new Request(ORIGIN, { headers: { Cookie: [...browser.jar].map((p) => p.join("=")).join("; ") } }),
  );
  assert.deepEqual(answer.headers.getSetCookie(), ["theme=dark"]);
});

test("takes the request of Node and Express", async () => {
  const { cookies } = make();
  const browser = await logIn(cookies);
  const cookie = [...browser.jar].map((pair) => pair.join("=")).join("; ");
  const caller = await cookies.guard({ method: "GET", url: "/me", headers: { cookie, accept: "text/html" } });
  assert.deepEqual([caller.claims.sub, [...caller.headers]], ["alice", []]);
  const page = await cookies.guard({ method: "GET", url: "/me?a=b", headers: { accept: "text/html" } });
  assert.equal(page.headers.get("Location"), "/login?next=%2Fme%3Fa%3Db");
  const own = { cookie, host: "app.example", origin: ORIGIN };
  assert.equal((await cookies.guard({ method: "POST", url: "/me", headers: own })).claims.sub, "alice");
  const other = { ...own, origin: "https://blog.app.example" };
  await refused(await cookies.guard({ method: "POST", url: "/me", headers: other }), 403, "invalid_request");
});

test("another server on the same host can read the access token with bearerGuard", async () => {
  const { cookies } = make();
  const browser = await logIn(cookies);
  const guard = bearerGuard(verifier, { from: { cookie: "__Host-Http-session" }, scope: "read" });
  const caller = await get(browser, async (request) => Response.json((await guard(request)).claims.sub));
  assert.equal(await caller.json(), "alice");
});

test("what is no grant starts no session, and counts as a failure", async () => {
  for (const answer of [0, "", true, {}, { ok: false }, { subject: "alice", email: "x" }]) {
    let asked = 0;
    const authenticate = () => {
      asked += 1;
      return answer;
    };
    const { cookies, log } = make({ authenticate, throttle: loginThrottle({ store: memoryStore() }) });
    const code = { code: "OPTION_INVALID" };
    for (let times = 0; times < 6; times += 1) {
      await assert.rejects(new Browser().send(cookies.login, "/login", form(RIGHT)), code);
    }
    await refused(await new Browser().send(cookies.login, "/login", form(RIGHT)), 400, "invalid_grant");
    assert.equal(asked, 6);
    assert.deepEqual(log, []);
  }
});

test("a response of another realm refuses a log-in, and a handler may return one", async () => {
  const { cookies } = make({ authenticate: () => new UndiciResponse("locked", { status: 423 }) });
  const locked = await new Browser().send(cookies.login, "/login", form(RIGHT));
  assert.deepEqual([locked.status, await locked.text(), locked.headers.getSetCookie()], [423, "locked", []]);
  const { cookies: others } = make();
  const browser = await logIn(others);
  const page = await get(
    browser,
    others.protect(async () => new UndiciResponse("mine", { status: 202 })),
  );
  assert.ok(page instanceof Response);
  assert.deepEqual([page.status, await page.text(), page.headers.get("Cache-Control")], [202, "mine", "no-store"]);
  const missing = invalid("the handler returned undefined: it must return a Response");
  await assert.rejects(
    get(
      browser,
      others.protect(() => {}),
    ),
    missing,
  );
});

test("sessions of another make must say whether one lives", async () => {
  const { sessions } = make();
  for (const [answer, outcome] of [
    [true, "alice"],
    [false, "alice"], // The refresh token is good.
    [undefined, "alice"],
    ["no", '"isLive" of the sessions returned a string: it must return true or false'],
    [{ live: false }, '"isLive" of the sessions returned an object: it must return true or false'],
    [new Response(), '"isLive" of the sessions returned a Response: it must return true or false'],
  ]) {
    const others = {
      start: (...all) => sessions.start(...all),
      refresh: (...all) => sessions.refresh(...all),
      end: (...all) => sessions.end(...all),
      endAll: (...all) => sessions.endAll(...all),
      isLive: async () => answer,
      idleExpiresIn: 60,
    };
    const authenticate = (username) => ({ subject: username });
    const cookies = cookieSession(others, { authenticate, verifier });
    const page = get(await logIn(cookies), meOf(cookies));
    if (outcome === "alice") assert.equal(await (await page).json(), outcome);
    else await assert.rejects(page, invalid(outcome));
    // Without a refresh token, only `true` lets the user in.
    if (outcome !== "alice") continue;
    const browser = await logIn(cookies);
    browser.jar.delete("__Host-Http-session-refresh");
    assert.equal((await get(browser, meOf(cookies))).status, answer === true ? 200 : 401);
  }
});

test("functions for encryption that answer later, or with something else, are a mistake", async () => {
  const keys = [EncryptionKey.generate("dir", { enc: "A256GCM" })];
  const late = make({ encryption: { encrypt: async () => "x", decrypt, keys } }).cookies;
  await assert.rejects(logIn(late), invalid('option "encrypt" returned a promise: it must return a string at once'));
  for (const [answer, kind] of [
    [() => Promise.reject(new Error("x")), "a promise"],
    [() => ({}), "an object"],
    [() => ({ plaintext: "x" }), "an object"],
    [() => undefined, "undefined"],
  ]) {
    const { cookies } = make({ encryption: { encrypt, decrypt: answer, keys } });
    const message = `option "decrypt" returned ${kind} without bytes: it must return { plaintext } at once`;
    const headers = { Cookie: "__Host-Http-session=x" };
    await assert.rejects(get(new Browser(), meOf(cookies), "/me", { headers }), invalid(message));
  }
});

test("a verifier that refuses new tokens is a mistake of the server", async () => {
  const { cookies, log } = make({ verifier: new Verifier(key.publicKey(), { ...expected, audience: "other" }) });
  const browser = await logIn(cookies);
  await assert.rejects(get(browser, meOf(cookies)), { code: "CLAIM_INVALID", claim: "aud" });
  // To refresh again would not help.
  assert.deepEqual(
    log.map(({ type }) => type),
    ["login", "refresh"],
  );
});

test("reads its options strictly", () => {
  const { sessions } = make();
  const authenticate = () => null;
  const build = (more) => cookieSession(sessions, { authenticate, verifier, ...more });
  const cases = [
    [{ authenticate: undefined }, 'option "authenticate" is not a function'],
    [
      { verifier: undefined },
      'option "verifier" has no method "verify": make one with new Verifier(key, { issuer, audience })',
    ],
    [{ loginPage: "https://x.example/" }, 'option "loginPage" is not a path such as "/login"'],
    [{ afterLogin: "//x" }, 'option "afterLogin" is not a path such as "/login"'],
    [{ afterLogout: "x" }, 'option "afterLogout" is not a path such as "/login"'],
    [{ name: "a b" }, 'option "name" is not 1 to 64 letters, digits, "-" and "_"'],
    [{ sameSite: "None" }, 'option "sameSite" is not "Strict" or "Lax"'],
    [{ origins: ["x"] }, 'option "origins" is not a list of origins such as "https://app.example"'],
    ...[[], "key", undefined, {}].map((keys) => [
      { encryption: { encrypt, decrypt, keys } },
      'option "keys" of "encryption" is not a list of keys',
    ]),
    [{ encryption: { encrypt, keys: [1] } }, 'option "decrypt" is not a function'],
    [{ maxBodyBytes: 0 }, 'option "maxBodyBytes" is not a whole number from 1 to 1048576'],
    [{ onEvent: 1 }, 'option "onEvent" is not a function'],
    [{ throttle: {} }, 'option "throttle" has no method "attempt"'],
    [{ samesite: "Lax" }, 'unknown option "samesite"'],
  ];
  for (const [more, message] of cases) assert.throws(() => build(more), invalid(message));
  for (const method of ["start", "refresh", "end", "endAll", "isLive"]) {
    const lacking = { start() {}, refresh() {}, end() {}, endAll() {}, isLive() {}, [method]: undefined };
    const message = `option "sessions" has no method "${method}"`;
    assert.throws(() => cookieSession(lacking, { authenticate, verifier }), invalid(message));
  }
  const cookies = build({});
  assert.throws(() => cookies.protect(() => new Response(), { scopes: "x" }), invalid('unknown option "scopes"'));
});

/** A store that answers later, as one over a network does. */
function later(store) {
  const method =
    (name) =>
    (...all) =>
      new Promise((resolve) => setImmediate(() => resolve(store[name](...all))));
  return { get: method("get"), replace: method("replace"), list: method("list") };
}
