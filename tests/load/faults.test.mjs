// A store that fails, is slow or lies: every endpoint answers 503, nothing is lost, and it all works again afterwards.

import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { bearerGuard, cookieSession, loginThrottle, revocationEndpoint, tokenEndpoint } from "countersign/http";
import { Key, Signer, Verifier } from "countersign/jwt";
import { memoryStore, Sessions } from "countersign/session";

const key = Key.generate("HS256");
const ORIGIN = "https://login.example";

/** What each method of a broken store does. `inner` works. */
const FAULTS = {
  "throws on the spot": () => {
    throw new Error("no connection");
  },
  rejects: () => Promise.reject(new Error("no connection")),
  "throws nothing in particular": () => {
    throw undefined;
  },
  "never answers": () => new Promise(() => {}),
  "writes, and the answer is lost": (inner, name, all) => {
    inner[name](...all);
    throw new Error("connection reset");
  },
  "answers with something else": () => "yes",
  "answers with numbers": () => 7,
  "returns rows without members": (_, name) => ({ get: {}, list: [{}], replace: {} })[name],
  "returns rows of another type": (_, name) => {
    const row = { key: 1, value: 1, owner: 1, expiresAt: "1" };
    return { get: row, list: [row], replace: 1 }[name];
  },
  "returns what was not written here": (_, name, [key]) => {
    const row = { key, value: "{}", owner: "x", expiresAt: Number.MAX_SAFE_INTEGER };
    return { get: row, list: [row], replace: null }[name];
  },
  "returns the session of somebody else": (inner, name, all) => {
    const row = inner.get("session:AAAAAAAAAAAAAAAAAAAAAA") ?? { value: "null", owner: "", expiresAt: 1 };
    return { get: { ...row }, list: [{ ...row, key: all[0] }], replace: "true" }[name];
  },
  "says that each write came too late": (inner, name, all) => (name === "replace" ? false : inner[name](...all)),
};

function system() {
  const inner = memoryStore();
  let fault = null;
  const method =
    (name) =>
    (...all) =>
      fault === null ? inner[name](...all) : fault(inner, name, all);
  const store = { get: method("get"), replace: method("replace"), list: method("list") };
  const sessions = new Sessions({
    signer: new Signer(key),
    store,
    secret: "a secret of 32 bytes, or a few more",
    grace: 60,
  });
  const hashed = { count: 0 };
  const authenticate = (username, password) => {
    hashed.count += 1;
    return password === "right" && { subject: username };
  };
  const throttle = loginThrottle({ store });
  const verifier = new Verifier(key);
  return {
    hashed,
    sessions,
    break: (how) => {
      fault = how;
    },
    token: tokenEndpoint({ sessions, authenticate }),
    throttled: tokenEndpoint({ sessions, authenticate, throttle }),
    revoke: revocationEndpoint(sessions),
    guard: bearerGuard(verifier, { accept: ({ claims }) => sessions.isLive(claims) }),
    cookies: cookieSession(sessions, { authenticate, verifier, throttle }),
  };
}

const post = (form, headers = {}) =>
  new Request(`${ORIGIN}/`, {
    method: "POST",
    headers: { Origin: ORIGIN, ...headers },
    body: new URLSearchParams(form),
  });
const cookieOf = (response) =>
  response.headers
    .getSetCookie()
    .map((each) => each.split(";")[0])
    .join("; ");
const LOGIN = { username: "alice", password: "right" };

/** Lets a store that never answers run into its time limit. */
async function settled(promise) {
  let answer;
  promise.then(
    (value) => {
      answer = { value };
    },
    (error) => {
      answer = { error };
    },
  );
  const start = performance.now();
  while (answer === undefined) {
    if (60_000 < performance.now() - start) throw new Error("nobody answers");
    await new Promise((resolve) => setImmediate(resolve));
    mock.timers.tick(500);
  }
  if (answer?.error) throw answer.error;
  return answer.value;
}

mock.timers.enable({ apis: ["setTimeout"] });

for (const [name, fault] of Object.entries(FAULTS)) {
  test(`loses_nothing_when_the_store_${name.replaceAll(/\W+/g, "_")}`, async () => {
    const at = system();
    const tokens = await (await at.token(post(LOGIN))).json();
    const other = await (await at.token(post(LOGIN))).json();
    const page = cookieOf(await at.cookies.login(post(LOGIN)));
    const bearer = { headers: { authorization: `Bearer ${tokens.access_token}` }, url: "/" };
    const refresh = { grant_type: "refresh_token", refresh_token: tokens.refresh_token };
    const requests = {
      "a log-in": () => at.token(post(LOGIN)),
      "a log-in with a throttle": () => at.throttled(post({ ...LOGIN, username: "bob" })),
      "a refresh": () => at.token(post(refresh)),
      "a revocation": () => at.revoke(post({ token: other.refresh_token })),
      "a guard": () => at.guard(bearer),
      "a log-in on a page": () => at.cookies.login(post(LOGIN)),
      "a refresh on a page": () => at.cookies.refresh(post({}, { Cookie: page })),
      "a log-out on a page": () => at.cookies.logout(post({}, { Cookie: page })),
    };

    at.break(fault);
    // A store that cannot write can still be read.
    const reads = name === "says that each write came too late" ? ["a guard"] : [];
    const hashed = at.hashed.count;
    for (const [what, ask] of Object.entries(requests)) {
      const response = await settled(ask());
      const expected = reads.includes(what) ? undefined : 503;
      assert.equal(response.status, expected, `${what}: ${response.status}`);
      if (expected === 503) assert.ok(Number(response.headers.get("Retry-After")) > 0, what);
      // A log-out that failed must not look like one: the cookies stay.
      if (what !== "a guard") assert.equal(response.headers.get("Set-Cookie"), null, what);
    }
    // With a throttle that cannot count, no password is hashed: only the first log-in was.
    assert.equal(at.hashed.count - hashed, 1);

    at.break(null);
    const again = await settled(at.token(post(refresh)));
    assert.equal(again.status, 200);
    const next = await again.json();
    assert.equal((await at.token(post({ ...refresh, refresh_token: next.refresh_token }))).status, 200);
    assert.equal((await at.guard(bearer)).claims?.sub, "alice");
    // Either the session is there and ends now, or the lost answer was that it had ended.
    assert.equal((await at.revoke(post({ token: other.refresh_token }))).status, 200);
    assert.equal((await at.token(post({ ...refresh, refresh_token: other.refresh_token }))).status, 400);
    assert.ok(1 <= (await at.sessions.endAll("alice")));
    assert.deepEqual(await at.sessions.list("alice"), []);
  });
}
