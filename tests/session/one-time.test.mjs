// One-time tokens: one use, one purpose, one subject, one state, a short time, by a clock that the test turns.

import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { memoryStore, oneTimeTokens } from "countersign/session";

const SECOND = 1000;
const SECRET = "a secret of 32 bytes, or a few more";
const OTHER = "another secret of at least 32 bytes";

mock.timers.enable({ apis: ["Date"], now: Date.UTC(2026, 10, 29) });
const pass = (milliseconds) => mock.timers.setTime(Date.now() + milliseconds);

const fails = (code, message, claim) => ({
  name: "CountersignError",
  code,
  ...(message && { message }),
  ...(claim && { claim }),
});
const invalid = (message) => fails("OPTION_INVALID", message);
const FORGED = fails("TOKEN_SIGNATURE_INVALID", "the one-time token is not valid");
const EXPIRED = fails("TOKEN_EXPIRED", "the one-time token has expired");
const USED = fails("TOKEN_USED", "the one-time token was used before, or is no longer valid");

function make(more = {}) {
  const store = more.store ?? memoryStore();
  return { store, tokens: oneTimeTokens({ purpose: "password-reset", store, secret: SECRET, ...more }) };
}

/** A store that answers later, as one over a network does, and remembers what it was given. */
function later(store, seen = []) {
  const method =
    (name) =>
    (...all) => {
      seen.push(all);
      return new Promise((resolve) => setImmediate(() => resolve(store[name](...all))));
    };
  return { get: method("get"), replace: method("replace"), list: method("list") };
}

test("a token is good once", async () => {
  const { tokens } = make();
  const token = await tokens.make("alice");
  assert.match(token, /^o1\.[\w-]{22}\.\d{10}\.[\w-]{43}$/);
  assert.deepEqual(await tokens.check(token), { subject: "alice" });
  assert.deepEqual(await tokens.check(token, { subject: "alice" }), { subject: "alice" });
  assert.deepEqual(await tokens.use(token), { subject: "alice" });
  await assert.rejects(tokens.use(token), USED);
  await assert.rejects(tokens.check(token), USED);
});

test("of many uses at once, exactly one wins", async () => {
  const { tokens } = make({ store: later(memoryStore()), state: async () => "hash" });
  for (let round = 0; round < 5; round += 1) {
    const token = await tokens.make("alice");
    const outcomes = await Promise.allSettled(Array.from({ length: 50 }, () => tokens.use(token)));
    const lost = outcomes.filter(({ status }) => status === "rejected");
    assert.equal(lost.length, 49);
    for (const { reason } of lost) assert.equal(reason.code, "TOKEN_USED");
  }
});

test("two processes with one store agree on who was first", async () => {
  const store = later(memoryStore());
  const [one, two] = [make({ store }).tokens, make({ store }).tokens];
  const token = await one.make("alice");
  const outcomes = await Promise.allSettled([one.use(token), two.use(token)]);
  assert.deepEqual(outcomes.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
});

test("lives for 15 minutes, or as long as it is told", async () => {
  for (const [expiresIn, seconds] of [
    [undefined, 900],
    ["1h", 3600],
    [1, 1],
    ["7d", 604_800],
  ]) {
    const { tokens } = make({ expiresIn });
    const [early, late] = [await tokens.make("alice"), await tokens.make("alice")];
    pass(seconds * SECOND - 1);
    await tokens.use(early);
    pass(1);
    await assert.rejects(tokens.use(late), EXPIRED);
    // A used token has expired too. Only its holder is told so.
    await assert.rejects(tokens.use(early), EXPIRED);
  }
});

test("lives for whole seconds, and not longer than it is told", async () => {
  const { tokens } = make({ expiresIn: 2 });
  pass(SECOND - (Date.now() % SECOND) + 400);
  const [early, late] = [await tokens.make("alice"), await tokens.make("alice")];
  pass(1599);
  await tokens.use(early);
  pass(1);
  await assert.rejects(tokens.use(late), EXPIRED);
  pass(SECOND - (Date.now() % SECOND));
});

test("is good for one purpose, with one secret", async () => {
  const { store, tokens } = make();
  const token = await tokens.make("alice");
  await assert.rejects(make({ store, purpose: "email" }).tokens.use(token), FORGED);
  await assert.rejects(make({ store, purpose: "Password-reset" }).tokens.use(token), FORGED);
  await assert.rejects(make({ store, secret: OTHER }).tokens.use(token), FORGED);
  // While a secret is replaced, tokens of the old one are accepted.
  const both = make({ store, secret: [OTHER, SECRET] }).tokens;
  assert.deepEqual(await both.check(token), { subject: "alice" });
  const next = await both.make("alice");
  await assert.rejects(tokens.use(next), FORGED);
  assert.deepEqual(await make({ store, secret: OTHER }).tokens.use(next), { subject: "alice" });
  assert.deepEqual(await tokens.use(token), { subject: "alice" });
});

test("is good for its subject, who keeps it when another tries", async () => {
  const { tokens } = make({ purpose: "websocket" });
  const token = await tokens.make("alice");
  const message = "the one-time token is not the subject's";
  await assert.rejects(tokens.use(token, { subject: "bob" }), fails("CLAIM_INVALID", message, "sub"));
  await assert.rejects(tokens.use(token, { subject: "" }), fails("CLAIM_INVALID", message, "sub"));
  await assert.rejects(tokens.use(token, { Subject: "alice" }), invalid('unknown option "Subject"'));
  // Such as `user?.id` of a user who was not found.
  for (const subject of [undefined, null, 7, ["alice"]]) {
    await assert.rejects(tokens.check(token, { subject }), invalid('option "subject" is not a string'));
    await assert.rejects(tokens.use(token, { subject }), invalid('option "subject" is not a string'));
  }
  assert.deepEqual(await tokens.use(token, { subject: "alice" }), { subject: "alice" });
});

test("ends when the state of the subject changes", async () => {
  const hashes = new Map([
    ["alice", "$argon2id$one"],
    ["bob", "$argon2id$one"],
  ]);
  const { store, tokens } = make({ state: (subject) => hashes.get(subject) ?? null });
  const [first, second, bobs] = [await tokens.make("alice"), await tokens.make("alice"), await tokens.make("bob")];
  await tokens.use(first);
  hashes.set("alice", "$argon2id$two");
  await assert.rejects(tokens.use(second), USED);
  await assert.rejects(tokens.check(second), USED);
  hashes.delete("alice");
  await assert.rejects(tokens.use(second), USED);
  await assert.rejects(tokens.make("alice"), invalid('option "state" returned null for the subject'));
  // So it is for `users.get(subject)?.hash`.
  const gone = make({ store, state: () => undefined }).tokens;
  await assert.rejects(gone.use(second), USED);
  await assert.rejects(gone.make("alice"), invalid('option "state" returned null for the subject'));
  assert.deepEqual(await tokens.use(bobs), { subject: "bob" });
  // A refusal uses nothing up.
  hashes.set("alice", "$argon2id$one");
  assert.deepEqual(await tokens.use(second), { subject: "alice" });
});

test("has one spelling: whatever is altered is refused without asking the store", async () => {
  const seen = [];
  const { tokens } = make({ store: later(memoryStore(), seen) });
  const token = await tokens.make("alice");
  seen.length = 0;
  const [version, id, expires, mac] = token.split(".");
  const flip = (text, at) => text.slice(0, at) + (text[at] === "A" ? "B" : "A") + text.slice(at + 1);
  const last = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const wrong = [
    "",
    " ",
    `${token} `,
    ` ${token}`,
    `${token}.`,
    `${token}\n`,
    token.slice(0, -1),
    token.toUpperCase(),
    token.replace("o1", "r1"),
    [version, id, String(Number(expires) + 1), mac].join("."),
    [version, id, `0${expires}`, mac].join("."),
    [version, id, `+${expires}`, mac].join("."),
    [version, id, `${expires}e0`, mac].join("."),
    [version, `${id}A`, expires, mac].join("."),
    ...Array.from({ length: 22 }, (_, at) => [version, flip(id, at), expires, mac].join(".")),
    ...Array.from({ length: 43 }, (_, at) => [version, id, expires, flip(mac, at)].join(".")),
    ...[...last].filter((each) => each !== mac.at(-1)).map((each) => token.slice(0, -1) + each),
    undefined,
    null,
    {},
    [token],
    new String(token),
    "x".repeat(1_000_000),
  ];
  for (const each of wrong) {
    await assert.rejects(tokens.check(each), FORGED);
    await assert.rejects(tokens.use(each), FORGED);
  }
  assert.deepEqual(seen, []);
  assert.deepEqual(await tokens.use(token), { subject: "alice" });
});

test("a token of one row is not good for another", async () => {
  const { store, tokens } = make();
  const [one, two] = [await tokens.make("alice"), await tokens.make("bob")];
  const mix = [...two.split(".").slice(0, 2), ...one.split(".").slice(2)].join(".");
  await assert.rejects(tokens.use(mix), FORGED);
  // Nor can somebody who writes into the store make a token theirs.
  const [keyOne, keyTwo] = [one, two].map((token) => `one-time:${token.split(".")[1]}`);
  const [rowOne, rowTwo] = [store.get(keyOne), store.get(keyTwo)];
  store.replace(keyTwo, rowTwo.value, rowOne);
  await assert.rejects(tokens.use(two), USED);
  store.replace(keyTwo, rowOne.value, { ...rowTwo, value: rowTwo.value.replace("bob", "eve") });
  await assert.rejects(tokens.use(two), USED);
  assert.deepEqual(await tokens.use(one), { subject: "alice" });
});

test("the store has no token, and nothing of the state but a MAC", async () => {
  const seen = [];
  const state = "$argon2id$v=19$m=19456,t=2,p=1$salt$digest";
  const { tokens } = make({ store: later(memoryStore(), seen), state: () => state });
  const token = await tokens.make("alice");
  await tokens.use(token);
  const written = JSON.stringify(seen);
  const mac = token.split(".")[3];
  for (const secret of [token, mac, state, "argon2", SECRET]) assert.ok(!written.includes(secret), secret);
  assert.ok(!token.includes(btoa("alice").replace(/=+$/, "")));
});

test("withdraws the tokens of a subject for its purpose", async () => {
  const { store, tokens } = make();
  const email = make({ store, purpose: "email" }).tokens;
  const all = await Promise.all(["alice", "alice", "bob"].map((subject) => tokens.make(subject)));
  const kept = await email.make("alice");
  await tokens.use(all[0]);
  assert.equal(await tokens.withdraw("alice"), 1);
  assert.equal(await tokens.withdraw("alice"), 0);
  await assert.rejects(tokens.use(all[1]), USED);
  assert.deepEqual(await tokens.use(all[2]), { subject: "bob" });
  assert.deepEqual(await email.use(kept), { subject: "alice" });
});

test("keeps no rows of used tokens, and lets the store drop those that have expired", () => {
  // `expiresAt` of the row is the end of the token, which is checked without the row.
  const rows = [];
  const store = { ...memoryStore(), replace: (_key, _before, row) => rows.push(row) > 0 };
  return oneTimeTokens({ purpose: "x", store, secret: SECRET, expiresIn: 60 })
    .make("alice")
    .then((token) => assert.equal(rows[0].expiresAt, Number(token.split(".")[2]) * 1000));
});

test("a store that fails, lies or forgets blames nobody else", async () => {
  const store = memoryStore();
  const { tokens } = make({ store });
  const token = await tokens.make("alice");
  const [key] = [`one-time:${token.split(".")[1]}`];
  const real = store.get(key);
  const broken = {
    "a failure": { get: () => Promise.reject(new Error("down")) },
    "no row": { get: () => ({ ...real, value: 7 }) },
    "not JSON": { get: () => ({ ...real, value: "x" }) },
    "other JSON": { get: () => ({ ...real, value: "{}" }) },
    "a list of numbers": { get: () => ({ ...real, value: "[1,2]" }) },
    "a list without a MAC": { get: () => ({ ...real, value: '["alice"]' }) },
    "a list with a number as the MAC": { get: () => ({ ...real, value: '["alice",7]' }) },
    "a list with a number as the subject": { get: () => ({ ...real, value: '[7,"alice"]' }) },
    "a write that fails": { get: store.get, replace: () => Promise.reject(new Error("down")) },
    "no answer to a write": { get: store.get, replace: () => undefined },
  };
  for (const [name, methods] of Object.entries(broken)) {
    const other = make({ store: { ...store, ...methods } }).tokens;
    await assert.rejects(other.use(token), fails("STORE_UNAVAILABLE"), name);
  }
  await assert.rejects(
    make({ store: { ...store, replace: () => false } }).tokens.make("alice"),
    fails("STORE_UNAVAILABLE"),
  );
  assert.deepEqual(await tokens.use(token), { subject: "alice" });
});

test("after an answer of the store was lost, the token may be used up", async () => {
  const inner = memoryStore();
  const token = await make({ store: inner }).tokens.make("alice");
  const replace = (...all) => {
    inner.replace(...all);
    throw new Error("the connection was lost");
  };
  await assert.rejects(make({ store: { ...inner, replace } }).tokens.use(token), fails("STORE_UNAVAILABLE"));
  await assert.rejects(make({ store: inner }).tokens.use(token), USED);
});

test("errors of state reach the caller unchanged, and use nothing up", async () => {
  let state = () => "hash";
  const { tokens } = make({ state: (subject) => state(subject) });
  const token = await tokens.make("alice");
  const error = new Error("database");
  state = () => Promise.reject(error);
  await assert.rejects(tokens.use(token), (thrown) => thrown === error);
  state = () => 7;
  await assert.rejects(tokens.use(token), invalid('option "state" returned neither a string nor null'));
  state = () => "hash";
  assert.deepEqual(await tokens.use(token), { subject: "alice" });
});

test("reads its options strictly", async () => {
  const cases = [
    [{ purpose: undefined }, 'option "purpose" is not 1 to 64 letters, digits, "-" and "_"'],
    [{ purpose: "a:b" }, 'option "purpose" is not 1 to 64 letters, digits, "-" and "_"'],
    [{ store: {} }, 'option "store" has no method "get"'],
    [{ secret: "short" }, 'option "secret" is shorter than 32 bytes'],
    [{ expiresIn: "8d" }, 'option "expiresIn" is longer than 7 days'],
    [{ expiresIn: 604_801 }, 'option "expiresIn" is longer than 7 days'],
    [{ expiresIn: 0 }, 'option "expiresIn" is not a whole number of seconds of at least 1, or a text such as "30m"'],
    [{ state: "hash" }, 'option "state" is not a function'],
    [{ expiresin: 1 }, 'unknown option "expiresin"'],
  ];
  for (const [more, message] of cases) assert.throws(() => make(more), invalid(message));
  const { tokens } = make();
  for (const subject of ["", undefined, 7]) {
    await assert.rejects(tokens.make(subject), invalid("the subject is not a non-empty string"));
    await assert.rejects(tokens.withdraw(subject), invalid("the subject is not a non-empty string"));
  }
});
