// Sessions: rotation, grace, reuse, ends, lists and a store that fails, by a clock that the test turns.

import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { bearerGuard } from "countersign/http";
import { Key, Signer, Verifier } from "countersign/jwt";
import { memoryStore, Sessions } from "countersign/session";

const SECOND = 1000;
const DAY = 24 * 3600 * SECOND;
const SECRET = "a secret of 32 bytes, or a few more";
const key = Key.generate("EdDSA", { kid: "one" });
const expected = { issuer: "https://login.example", audience: "https://api.example" };
const signer = new Signer(key, expected);
const verifier = new Verifier(key.publicKey(), expected);

mock.timers.enable({ apis: ["Date"], now: Date.UTC(2026, 10, 29) });
const pass = (milliseconds) => mock.timers.setTime(Date.now() + milliseconds);

const fails = (code, message) => ({ name: "CountersignError", code, ...(message && { message }) });
const invalid = (message) => fails("OPTION_INVALID", message);

function make(more = {}) {
  const events = [];
  const store = more.store ?? memoryStore();
  const onEvent = ({ type, subject }) => events.push(`${type} ${subject}`);
  return { events, store, sessions: new Sessions({ signer, store, secret: SECRET, onEvent, ...more }) };
}

/** A store that answers later, as one over a network does. */
function later(store) {
  const method =
    (name) =>
    (...all) =>
      new Promise((resolve) => setImmediate(() => resolve(store[name](...all))));
  return { get: method("get"), replace: method("replace"), list: method("list") };
}

test("starts a session with an access token that a verifier accepts", async () => {
  const { events, sessions } = make();
  const scopes = ["read", "write"];
  const pair = await sessions.start("alice", { scopes, claims: { org: "acme" }, client: "Firefox" });
  const { accessToken, refreshToken, ...rest } = pair;
  assert.match(rest.sessionId, /^[\w-]{22}$/);
  assert.deepEqual(rest, { expiresIn: 900, sessionId: rest.sessionId, subject: "alice", scopes });
  assert.match(refreshToken, new RegExp(`^r1\\.${rest.sessionId}\\.0\\.[\\w-]{43}$`));
  const { exp, iat, ...claims } = verifier.verify(accessToken).claims;
  assert.equal(exp - iat, 900);
  const { issuer: iss, audience: aud } = expected;
  assert.deepEqual(claims, { org: "acme", sub: "alice", sid: rest.sessionId, scope: "read write", iss, aud });
  assert.deepEqual(events, ["login alice"]);
});

test("imports its secret again after WebCrypto has failed", async (t) => {
  const { sessions } = make();
  const { importKey } = crypto.subtle;
  let isBusy = true;
  t.mock.method(crypto.subtle, "importKey", (...all) =>
    isBusy ? Promise.reject(new Error("busy")) : importKey.apply(crypto.subtle, all),
  );
  await assert.rejects(sessions.start("alice"));
  isBusy = false;
  const { refreshToken } = await sessions.start("alice");
  assert.equal((await sessions.refresh(refreshToken)).subject, "alice");
});

test("gives a session without scopes no scope, and keeps the longest name of a client", async () => {
  const { sessions } = make();
  const client = "x".repeat(256);
  const { accessToken } = await sessions.start("alice", { client });
  assert.equal(Object.hasOwn(verifier.verify(accessToken).claims, "scope"), false);
  assert.deepEqual(
    (await sessions.list("alice")).map((session) => session.client),
    [client],
  );
});

test("refreshes again and again, each time with another token", async () => {
  const { events, sessions } = make();
  let pair = await sessions.start("alice", { scopes: ["read"], claims: { org: 7 } });
  const seen = new Set([pair.refreshToken]);
  for (let times = 0; times < 50; times += 1) {
    pass(14 * 60 * SECOND);
    pair = await sessions.refresh(pair.refreshToken);
    seen.add(pair.refreshToken);
    const { claims } = verifier.verify(pair.accessToken);
    assert.deepEqual([claims.sub, claims.org, claims.sid, claims.scope], ["alice", 7, pair.sessionId, "read"]);
  }
  assert.equal(seen.size, 51);
  assert.deepEqual(new Set(events), new Set(["login alice", "refresh alice"]));
});

test("gives the same answer for the same token within the grace period", async () => {
  const { events, sessions } = make();
  const first = await sessions.start("alice");
  const second = await sessions.refresh(first.refreshToken);
  pass(9 * SECOND);
  const repeated = await sessions.refresh(first.refreshToken);
  assert.deepEqual(repeated, { ...second, expiresIn: 891 });
  assert.deepEqual(events, ["login alice", "refresh alice", "repeat alice"]);
  const third = await sessions.refresh(second.refreshToken);
  assert.notEqual(third.refreshToken, second.refreshToken);
  assert.equal((await sessions.refresh(second.refreshToken)).refreshToken, third.refreshToken);
});

test("answers with a new access token if that of the answer has ended within the grace period", async () => {
  const { sessions } = make({ accessExpiresIn: 2 });
  const first = await sessions.start("alice");
  const second = await sessions.refresh(first.refreshToken);
  pass(2 * SECOND);
  for (let times = 0; times < 3; times += 1) {
    const repeated = await sessions.refresh(first.refreshToken);
    assert.deepEqual([repeated.refreshToken, repeated.expiresIn], [second.refreshToken, 2]);
    const { exp, iat } = verifier.verify(repeated.accessToken).claims;
    assert.deepEqual([exp - iat, iat], [2, Date.now() / 1000]);
    pass(2 * SECOND);
  }
});

test("ends the session when a token is used after the grace period", async () => {
  const { events, sessions } = make();
  const first = await sessions.start("alice");
  const second = await sessions.refresh(first.refreshToken);
  pass(10 * SECOND);
  const message = "the refresh token was used before, so the session was ended";
  await assert.rejects(sessions.refresh(first.refreshToken), fails("SESSION_REUSED", message));
  for (const { refreshToken } of [first, second]) {
    await assert.rejects(sessions.refresh(refreshToken), fails("SESSION_INVALID", "the session has ended"));
  }
  assert.equal(await sessions.isLive(verifier.verify(second.accessToken).claims), false);
  assert.deepEqual(events, ["login alice", "refresh alice", "reuse alice"]);
});

test("ends the session when a token before the last is used, however soon", async () => {
  const { sessions } = make();
  const first = await sessions.start("alice");
  const second = await sessions.refresh(first.refreshToken);
  const third = await sessions.refresh(second.refreshToken);
  await assert.rejects(sessions.refresh(first.refreshToken), fails("SESSION_REUSED"));
  await assert.rejects(sessions.refresh(third.refreshToken), fails("SESSION_INVALID"));
});

test("ends the session when a used token asks for a scope that the session does not have", async () => {
  const { events, sessions } = make();
  const scopes = ["admin"];
  const message = 'option "scopes" has a scope that the session does not have';
  const first = await sessions.start("alice", { scopes: ["read"] });
  await sessions.refresh(first.refreshToken);
  // Within the grace period, two tabs may have the token.
  await assert.rejects(sessions.refresh(first.refreshToken, { scopes }), invalid(message));
  pass(10 * SECOND);
  await assert.rejects(sessions.refresh(first.refreshToken, { scopes }), fails("SESSION_REUSED"));
  assert.deepEqual(events, ["login alice", "refresh alice", "reuse alice"]);
  assert.deepEqual(await sessions.list("alice"), []);
});

test("has no longer grace period after the clock was set back", async () => {
  const { sessions } = make();
  const { refreshToken } = await sessions.start("alice");
  await sessions.refresh(refreshToken);
  pass(-9 * SECOND);
  await sessions.refresh(refreshToken);
  pass(-SECOND);
  await assert.rejects(sessions.refresh(refreshToken), fails("SESSION_REUSED"));
  pass(10 * SECOND);
});

test("has no grace period if it is 0", async () => {
  const { sessions } = make({ grace: 0 });
  const { refreshToken } = await sessions.start("alice");
  await sessions.refresh(refreshToken);
  await assert.rejects(sessions.refresh(refreshToken), fails("SESSION_REUSED"));
});

test("leaves one live chain of a thousand refreshes at once", async () => {
  for (const store of [memoryStore(), later(memoryStore())]) {
    const { events, sessions } = make({ store });
    const { refreshToken } = await sessions.start("alice");
    const pairs = await Promise.all(Array.from({ length: 1000 }, () => sessions.refresh(refreshToken)));
    assert.equal(new Set(pairs.map((pair) => pair.refreshToken)).size, 1);
    assert.equal(events.filter((event) => event === "refresh alice").length, 1);
    assert.equal((await sessions.list("alice")).length, 1);
    await sessions.refresh(pairs[0].refreshToken);
  }
});

test("without a grace period, one of many refreshes at once wins and the session ends", async () => {
  const { sessions } = make({ store: later(memoryStore()), grace: 0 });
  const { refreshToken } = await sessions.start("alice");
  const answers = await Promise.allSettled(Array.from({ length: 100 }, () => sessions.refresh(refreshToken)));
  assert.ok(answers.filter(({ status }) => status === "fulfilled").length <= 1);
  assert.deepEqual(await sessions.list("alice"), []);
});

test("ends a session that nobody refreshes, and one that is too old", async () => {
  const { sessions } = make({ idleExpiresIn: "2d", absoluteExpiresIn: "3d" });
  const idle = await sessions.start("alice");
  pass(2 * DAY - 1);
  assert.equal(await sessions.isLive(verifierAt(idle)), true);
  pass(1);
  assert.equal(await sessions.isLive(verifierAt(idle)), false);
  await assert.rejects(sessions.refresh(idle.refreshToken), fails("SESSION_INVALID", "the session has ended"));
  let pair = await sessions.start("alice");
  for (let times = 0; times < 2; times += 1) {
    pass(1.4 * DAY);
    pair = await sessions.refresh(pair.refreshToken);
  }
  pass(0.2 * DAY);
  await assert.rejects(sessions.refresh(pair.refreshToken), fails("SESSION_INVALID"));
  assert.deepEqual(await sessions.list("alice"), []);
});

test("issues no access token that outlives its session", async () => {
  const { sessions } = make({ absoluteExpiresIn: "20m" });
  const { refreshToken } = await sessions.start("alice");
  pass(15 * 60 * SECOND);
  const { accessToken, expiresIn } = await sessions.refresh(refreshToken);
  const { exp, iat } = verifier.verify(accessToken).claims;
  assert.deepEqual([expiresIn, exp - iat], [300, 300]);
});

test("issues access tokens of whole seconds, and of one at least", async () => {
  for (const [left, seconds] of [
    [2000, 2],
    [1999, 1],
    [1000, 1],
    [1, 1],
  ]) {
    const { sessions } = make({ absoluteExpiresIn: "20m" });
    const { refreshToken } = await sessions.start("alice");
    pass(20 * 60 * SECOND - left);
    const { accessToken, expiresIn } = await sessions.refresh(refreshToken);
    const { exp, iat } = verifier.verify(accessToken).claims;
    assert.deepEqual([expiresIn, Math.round(exp - iat)], [seconds, seconds], String(left));
  }
  assert.equal((await make({ accessExpiresIn: 1 }).sessions.start("alice")).expiresIn, 1);
});

test("keeps a session for 90 days at most, however long it may be idle", async () => {
  const { sessions } = make({ idleExpiresIn: "52w" });
  await sessions.start("alice");
  const [{ startedAt, endsAt }] = await sessions.list("alice");
  assert.equal(endsAt - startedAt, 90 * DAY);
});

test("grants fewer scopes if asked to, and never more", async () => {
  const { sessions } = make();
  const first = await sessions.start("alice", { scopes: ["read", "write"] });
  const message = 'option "scopes" has a scope that the session does not have';
  for (const scopes of [["admin"], ["read", "admin"], ["READ"]]) {
    await assert.rejects(sessions.refresh(first.refreshToken, { scopes }), invalid(message));
  }
  const less = await sessions.refresh(first.refreshToken, { scopes: ["read"] });
  assert.equal(verifier.verify(less.accessToken).claims.scope, "read");
  // The session keeps them (RFC 6749 §6).
  const all = await sessions.refresh(less.refreshToken);
  assert.deepEqual(all.scopes, ["read", "write"]);
  assert.deepEqual((await sessions.refresh(all.refreshToken, { scopes: [] })).scopes, []);
});

test("ends a session by its id or by any of its tokens, once", async () => {
  const { events, sessions } = make();
  for (const which of ["id", "first", "second"]) {
    const first = await sessions.start("alice");
    const second = await sessions.refresh(first.refreshToken);
    const named = { id: first.sessionId, first: first.refreshToken, second: second.refreshToken }[which];
    assert.deepEqual([await sessions.end(named), await sessions.end(named)], [true, false]);
    await assert.rejects(sessions.refresh(second.refreshToken), fails("SESSION_INVALID", "the session has ended"));
    assert.equal(events.filter((event) => event === "logout alice").length, 1);
    events.splice(0);
  }
  for (const nothing of ["", "x", "A".repeat(22), undefined, null, 7, {}])
    assert.equal(await sessions.end(nothing), false);
});

test("ends all sessions of a user, or all but one, and nobody else's", async () => {
  const { sessions } = make();
  const own = await sessions.start("alice");
  for (let times = 0; times < 3; times += 1) await sessions.start("alice");
  const other = await sessions.start("alice2");
  assert.equal(await sessions.endAll("alice", { except: own.sessionId }), 3);
  await sessions.refresh(own.refreshToken);
  assert.equal(await sessions.endAll("alice"), 1);
  assert.equal(await sessions.endAll("alice"), 0);
  await sessions.refresh(other.refreshToken);
});

test("ends a session that is refreshed at the same time", async () => {
  for (let times = 0; times < 20; times += 1) {
    const { sessions } = make({ store: later(memoryStore()) });
    const { refreshToken } = await sessions.start("alice");
    const [refreshed] = await Promise.allSettled([sessions.refresh(refreshToken), sessions.endAll("alice")]);
    assert.deepEqual(await sessions.list("alice"), []);
    if (refreshed.status === "fulfilled") {
      await assert.rejects(sessions.refresh(refreshed.value.refreshToken), fails("SESSION_INVALID"));
    }
  }
});

test("lists the live sessions of a user, the last used first", async () => {
  const { sessions } = make();
  const started = new Date();
  const phone = await sessions.start("alice", { client: "Phone", scopes: ["read"] });
  pass(SECOND);
  const laptop = await sessions.start("alice", { client: "Läptop" });
  pass(SECOND);
  await sessions.refresh(phone.refreshToken);
  await sessions.start("bob");
  const list = await sessions.list("alice");
  assert.deepEqual(
    list.map(({ id, client }) => [id, client]),
    [
      [phone.sessionId, "Phone"],
      [laptop.sessionId, "Läptop"],
    ],
  );
  const [{ scopes, startedAt, usedAt, endsAt }] = list;
  assert.deepEqual([scopes, startedAt, usedAt], [["read"], started, new Date()]);
  assert.deepEqual(endsAt, new Date(Date.now() + 14 * DAY));
});

const verifierAt = ({ accessToken }) => JSON.parse(Buffer.from(accessToken.split(".")[1], "base64url"));

test("tells a guard whether the session of a token lives", async () => {
  const { sessions } = make();
  const guard = bearerGuard(verifier, { accept: ({ claims }) => sessions.isLive(claims) });
  const { accessToken, sessionId } = await sessions.start("alice");
  const ask = () => guard({ headers: { authorization: `Bearer ${accessToken}` }, url: "/" });
  assert.equal((await ask()).claims.sub, "alice");
  await sessions.end(sessionId);
  assert.equal((await ask()).status, 401);
  for (const claims of [
    null,
    undefined,
    7,
    {},
    { sub: "alice" },
    { sid: sessionId },
    { sid: 7, sub: "alice" },
    { sid: "x", sub: "alice" },
  ]) {
    assert.equal(await sessions.isLive(claims), false);
  }
  const bob = await sessions.start("bob");
  assert.equal(await sessions.isLive({ sid: bob.sessionId, sub: "alice" }), false);
  // The store is not asked for a session that cannot exist.
  const asking = make({ store: { ...memoryStore(), get: () => assert.fail("the store is asked") } }).sessions;
  for (const sid of [`x${bob.sessionId}`, `${bob.sessionId}x`, [bob.sessionId], undefined]) {
    assert.equal(await asking.isLive({ sid, sub: "bob" }), false);
    assert.equal(await asking.end(sid), false);
  }
  for (const sub of [undefined, 7]) assert.equal(await asking.isLive({ sid: bob.sessionId, sub }), false);
});

test("asks the store once for as long as it is told to, and forgets what it has ended", async () => {
  const inner = memoryStore();
  let reads = 0;
  const store = {
    ...inner,
    get(key) {
      reads += 1;
      return inner.get(key);
    },
  };
  const { sessions } = make({ store, liveFor: 5 });
  const other = make({ store }).sessions;
  const [first, second] = [await sessions.start("alice"), await sessions.start("alice")];
  const isLive = ({ sessionId }, sub = "alice") => sessions.isLive({ sid: sessionId, sub });
  for (let times = 0; times < 10; times += 1) assert.equal(await isLive(first), true);
  assert.equal(reads, 1);
  assert.equal(await isLive(first, "bob"), false);
  await sessions.end(first.sessionId);
  assert.equal(await isLive(first), false);
  assert.equal(await isLive(second), true);
  await other.end(second.sessionId);
  assert.equal(await isLive(second), true, "another process ended it");
  pass(5 * SECOND - 1);
  assert.equal(await isLive(second), true);
  pass(1);
  assert.equal(await isLive(second), false);
});

/** A store that has the row of every session, and counts how often it is asked. */
async function storeOfAll() {
  const inner = memoryStore();
  const { sessionId } = await make({ store: inner }).sessions.start("alice");
  const row = await inner.get(`session:${sessionId}`);
  const counts = { reads: 0 };
  const get = (key) => {
    counts.reads += 1;
    return { ...row, value: row.value.replace(sessionId, key.slice("session:".length)) };
  };
  return { counts, store: { ...inner, get } };
}

test("asks the store each time if it is not told otherwise", async () => {
  for (const liveFor of [undefined, 0]) {
    const { counts, store } = await storeOfAll();
    const { sessions } = make({ store, liveFor });
    const claims = { sid: "A".repeat(22), sub: "alice" };
    for (let times = 1; times <= 3; times += 1) {
      assert.equal(await sessions.isLive(claims), true);
      assert.equal(counts.reads, times);
    }
  }
});

test("remembers 10000 sessions, and forgets that which it was told of first", async () => {
  const { counts, store } = await storeOfAll();
  const { sessions } = make({ store, liveFor: 5 });
  const reads = async (number) => {
    const before = counts.reads;
    assert.equal(await sessions.isLive({ sid: String(number).padStart(22, "A"), sub: "alice" }), true);
    return counts.reads - before;
  };
  const readsOfAll = async () => {
    let sum = 0;
    for (let number = 1; number <= 10_000; number += 1) sum += await reads(number);
    return sum;
  };
  assert.equal(await readsOfAll(), 10_000);
  assert.equal(await readsOfAll(), 0);
  pass(5 * SECOND);
  // The answer for the first is new, so the second is now the oldest.
  assert.deepEqual([await reads(1), await reads(10_001)], [1, 1]);
  assert.deepEqual([await reads(1), await reads(10_001)], [0, 0]);
  pass(-1 * SECOND);
  assert.deepEqual([await reads(3), await reads(2), await reads(3), await reads(1)], [0, 1, 1, 0]);
});

test("remembers no answer that the store gave before a session ended", async () => {
  const inner = memoryStore();
  let answer = () => {};
  const isHeld = { get: false };
  const store = {
    ...inner,
    async get(key) {
      const row = inner.get(key);
      if (isHeld.get) {
        isHeld.get = false;
        await new Promise((resolve) => {
          answer = resolve;
        });
      }
      return row;
    },
    async replace(...all) {
      await new Promise((resolve) => setImmediate(resolve));
      return inner.replace(...all);
    },
  };
  const { sessions } = make({ store, liveFor: 300, grace: 0 });
  const ends = [
    ({ refreshToken }) => sessions.end(refreshToken),
    ({ refreshToken }) => sessions.refresh(refreshToken).catch(() => {}),
  ];
  for (const end of ends) {
    const pair = await sessions.start("alice");
    const claims = { sid: pair.sessionId, sub: "alice" };
    await sessions.refresh(pair.refreshToken);
    isHeld.get = true;
    const early = sessions.isLive(claims);
    await end(pair);
    answer();
    assert.equal(await early, true, "the store said so");
    assert.equal(await sessions.isLive(claims), false);
  }
  // The store answers while the end is being written.
  const { sessionId } = await sessions.start("alice");
  const claims = { sid: sessionId, sub: "alice" };
  const ended = sessions.end(sessionId);
  assert.equal(await sessions.isLive(claims), true);
  await ended;
  assert.equal(await sessions.isLive(claims), false);
});

test("refuses what is not a refresh token of its own", async () => {
  const { sessions } = make();
  const { refreshToken, sessionId, accessToken } = await sessions.start("alice");
  const [, , , mac] = refreshToken.split(".");
  const foreign = await make({ secret: "another secret of 32 bytes or more" }).sessions.start("alice");
  const last = mac.at(-1);
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const spelling = alphabet[alphabet.indexOf(last) ^ 1];
  const bad = [
    undefined,
    null,
    7,
    {},
    [refreshToken],
    "",
    accessToken,
    sessionId,
    foreign.refreshToken,
    `${refreshToken} `,
    ` ${refreshToken}`,
    `${refreshToken}\n`,
    `${refreshToken}=`,
    refreshToken.slice(0, -1),
    refreshToken.toLowerCase(),
    refreshToken.replace("r1.", "r2."),
    refreshToken.replace(".0.", ".1."),
    refreshToken.replace(".0.", ".00."),
    refreshToken.replace(".0.", ".-0."),
    refreshToken.replace(".0.", ".1e0."),
    refreshToken.replace(sessionId, "A".repeat(22)),
    refreshToken.slice(0, -1) + spelling,
    "r1.".padEnd(100_000, "A"),
  ];
  for (const token of bad) {
    await assert.rejects(
      sessions.refresh(token),
      fails("SESSION_INVALID", "the refresh token is not valid"),
      String(token),
    );
  }
  await sessions.refresh(refreshToken);
});

test("accepts the tokens of an earlier secret while it is listed", async () => {
  const store = memoryStore();
  const [old, next] = [
    "the first secret, of 32 bytes or so",
    new TextEncoder().encode("the next secret, of 32 bytes or so."),
  ];
  const { refreshToken } = await make({ store, secret: old }).sessions.start("alice");
  const both = make({ store, secret: [next, old] }).sessions;
  const renewed = await both.refresh(refreshToken);
  await assert.rejects(make({ store, secret: next }).sessions.refresh(refreshToken), fails("SESSION_INVALID"));
  await make({ store, secret: next }).sessions.refresh(renewed.refreshToken);
});

test("keeps nothing in the store that could refresh a session", async () => {
  const rows = [];
  const inner = memoryStore();
  const store = {
    ...inner,
    replace(...all) {
      rows.push(JSON.stringify(all));
      return inner.replace(...all);
    },
  };
  const { sessions } = make({ store });
  const first = await sessions.start("alice");
  const second = await sessions.refresh(first.refreshToken);
  const text = rows.join("\n");
  for (const { refreshToken, accessToken } of [first, second]) {
    assert.ok(!text.includes(refreshToken.split(".")[3]) && !text.includes(accessToken));
  }
  assert.ok(!text.includes(SECRET));
});

test("survives a restart, and a signer that fails after the change was written", async () => {
  const store = memoryStore();
  const { refreshToken } = await make({ store }).sessions.start("alice");
  let isBroken = true;
  const failing = {
    sign(...all) {
      if (isBroken) throw new Error("no key");
      return signer.sign(...all);
    },
  };
  const { sessions } = make({ store, signer: failing });
  await assert.rejects(sessions.refresh(refreshToken), { message: "no key" });
  isBroken = false;
  const pair = await sessions.refresh(refreshToken);
  await sessions.refresh(pair.refreshToken);
  isBroken = true;
  await assert.rejects(sessions.start("bob"), { message: "no key" });
  assert.deepEqual(await sessions.list("bob"), []);
});

test("blames nobody else when the store fails, lies or returns an older row", async () => {
  const inner = memoryStore();
  const { refreshToken, sessionId, accessToken } = await make({ store: inner }).sessions.start("alice");
  const other = await make({ store: inner }).sessions.start("mallory");
  const rowOfOther = await inner.get(`session:${other.sessionId}`);
  const row = (value) => ({ value, owner: "", expiresAt: 9e15 });
  const bad = {
    "fails to read": { get: () => Promise.reject(new Error("x")), list: () => Promise.reject(new Error("x")) },
    "returns the row of another session": {
      get: () => rowOfOther,
      list: () => [{ ...rowOfOther, key: `session:${sessionId}` }],
    },
    "returns text": { get: () => row("hello"), list: () => [{ ...row("hello"), key: "session:x" }] },
    "returns null": { get: () => row("null"), list: () => 7 },
    "returns an object": { get: () => row("{}"), list: () => [{ key: "session:x" }] },
    "returns a number": { get: () => 7, list: () => [7] },
  };
  for (const [name, methods] of Object.entries(bad)) {
    const { sessions } = make({ store: { ...inner, ...methods } });
    const down = fails("STORE_UNAVAILABLE");
    await assert.rejects(sessions.refresh(refreshToken), down, name);
    await assert.rejects(sessions.end(sessionId), down, name);
    await assert.rejects(sessions.list("alice"), down, name);
    await assert.rejects(sessions.endAll("alice"), down, name);
    await assert.rejects(sessions.isLive(verifierAt({ accessToken })), down, name);
    const guard = bearerGuard(verifier, { accept: ({ claims }) => sessions.isLive(claims) });
    const refusal = await guard({ headers: { authorization: `Bearer ${accessToken}` }, url: "/" });
    assert.deepEqual([refusal.status, refusal.headers.get("Retry-After")], [503, "3"], name);
  }
  const never = make({ store: { ...inner, replace: () => false } }).sessions;
  for (const work of [() => never.start("alice"), () => never.refresh(refreshToken), () => never.end(sessionId)]) {
    await assert.rejects(work(), fails("STORE_UNAVAILABLE"));
  }
  // An older row, as from a backup.
  const before = await inner.get(`session:${sessionId}`);
  const next = await make({ store: inner }).sessions.refresh(refreshToken);
  const restored = make({ store: { ...inner, get: () => before } }).sessions;
  await assert.rejects(
    restored.refresh(next.refreshToken),
    fails("STORE_UNAVAILABLE", "the store returned an older row than before, as a replica or a backup does"),
  );
  // Nothing was lost.
  await make({ store: inner }).sessions.refresh(next.refreshToken);
});

test("takes no row in which anything has another type", async () => {
  const inner = memoryStore();
  const { refreshToken, sessionId } = await make({ store: inner }).sessions.start("alice");
  const row = await inner.get(`session:${sessionId}`);
  const session = JSON.parse(row.value);
  const returning = (more) => {
    const value = JSON.stringify({ ...session, ...more });
    return make({ store: { ...inner, get: () => ({ ...row, value }) } }).sessions;
  };
  const times = ["startedAt", "usedAt", "idleEndsAt", "endsAt", "counter"].map((name) => [name, String(session[name])]);
  const others = ["id", "subject", "client", "scopes", "claims", "thumbprint"].map((name) => [name, 7]);
  for (const [name, value] of [...times, ...others]) {
    const refreshing = returning({ [name]: value }).refresh(refreshToken);
    await assert.rejects(
      refreshing,
      fails("STORE_UNAVAILABLE", "the store returned a row that was not written here"),
      name,
    );
    const missing = returning({ [name]: undefined });
    if (name !== "thumbprint") await assert.rejects(missing.refresh(refreshToken), fails("STORE_UNAVAILABLE"), name);
  }
  await returning({}).refresh(refreshToken);
});

test("reads its options strictly", async () => {
  const good = { signer, store: memoryStore(), secret: SECRET };
  const lifetime = (name) => `option "${name}" is not a whole number of seconds of at least 1, or a text such as "30m"`;
  const noSecret = 'option "secret" is not a string or a Uint8Array, or a list of them';
  const cases = [
    [undefined, "options are not an object"],
    [{ ...good, expiresIn: 900 }, 'unknown option "expiresIn"'],
    [
      { ...good, signer: undefined },
      'option "signer" has no method "sign": make one with new Signer(key, { issuer, audience })',
    ],
    [{ ...good, store: undefined }, 'option "store" has no method "get"'],
    [{ ...good, store: { get() {}, replace() {} } }, 'option "store" has no method "list"'],
    ...[undefined, null, 7, {}, [7]].map((secret) => [{ ...good, secret }, noSecret]),
    ...["", "x".repeat(31), new Uint8Array(31), [SECRET, "short"]].map((secret) => [
      { ...good, secret },
      'option "secret" is shorter than 32 bytes',
    ]),
    [{ ...good, secret: [] }, 'option "secret" is not 1 to 8 secrets'],
    [{ ...good, secret: Array(9).fill(SECRET) }, 'option "secret" is not 1 to 8 secrets'],
    ...["accessExpiresIn", "idleExpiresIn", "absoluteExpiresIn"].flatMap((name) =>
      [0, -1, 1.5, "5", "", null, Number.NaN].map((value) => [{ ...good, [name]: value }, lifetime(name)]),
    ),
    ...["grace", "liveFor"].flatMap((name) => [
      ...[-1, 1.5, "5", null].map((value) => [{ ...good, [name]: value }, lifetime(name)]),
      [{ ...good, [name]: 301 }, `option "${name}" is longer than 300 seconds`],
    ]),
    [{ ...good, onEvent: true }, 'option "onEvent" is not a function'],
  ];
  for (const [options, message] of cases) assert.throws(() => new Sessions(options), invalid(message));

  const { sessions } = make();
  class Claims {
    get role() {
      return "admin";
    }
  }
  const starts = [
    [["", {}], "the subject is not a non-empty string"],
    [[7, {}], "the subject is not a non-empty string"],
    [["alice", { scope: "read" }], 'unknown option "scope"'],
    [["alice", { scopes: ["a  b"] }], 'option "scopes" is not a scope'],
    [["alice", { client: 7 }], 'option "client" is not a string of at most 256 characters'],
    [["alice", { client: ["x"] }], 'option "client" is not a string of at most 256 characters'],
    [["alice", { client: "x".repeat(257) }], 'option "client" is not a string of at most 256 characters'],
    ...[7, null].map((json) => [["alice", { claims: { toJSON: () => json } }], 'option "claims" is not an object']),
    ...[null, [], "x", 7].map((claims) => [["alice", { claims }], 'option "claims" is not an object']),
    [["alice", { claims: new Claims() }], 'option "claims" is not a plain object'],
    [["alice", { claims: { n: 7n } }], 'option "claims" cannot be written as JSON'],
    ...["sub", "sid", "scope"].map((name) => [
      ["alice", { claims: { [name]: "x" } }],
      `option "claims" must not set "${name}"`,
    ]),
  ];
  for (const [all, message] of starts) await assert.rejects(sessions.start(...all), invalid(message));
  const bare = await sessions.start("alice", { claims: Object.assign(Object.create(null), { org: "acme" }) });
  assert.equal(verifier.verify(bare.accessToken).claims.org, "acme");
  const { refreshToken } = await sessions.start("alice");
  await assert.rejects(sessions.refresh(refreshToken, { scope: "x" }), invalid('unknown option "scope"'));
  await assert.rejects(
    sessions.endAll("alice", { except: "x" }),
    invalid('option "except" is not the id of a session'),
  );
  await assert.rejects(sessions.endAll(), invalid("the subject is not a non-empty string"));
  await assert.rejects(sessions.list(), invalid("the subject is not a non-empty string"));
  assert.deepEqual(await sessions.list("mallory"), []);
});
