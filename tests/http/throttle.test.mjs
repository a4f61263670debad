// loginThrottle: what it lets through, alone and in tokenEndpoint, by a clock that the test turns.

import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { loginThrottle, memoryStore, tokenEndpoint } from "countersign/http";
import { CountersignError, Key, Signer } from "countersign/jwt";
import { Response as UndiciResponse } from "undici";
import { invalid } from "./errors.mjs";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;

mock.timers.enable({ apis: ["Date"], now: Date.UTC(2026, 10, 29) });
const pass = (milliseconds) => mock.timers.setTime(Date.now() + milliseconds);

const from = (address) => ({ headers: { "cf-connecting-ip": address }, url: "/" });
const nowhere = { headers: {}, url: "/" };
/** Attempts until one is refused: how many were allowed. */
async function allowed(throttle, name = "alice", request = nowhere, most = 200) {
  for (let count = 0; count < most; count += 1) if (!(await throttle.attempt(name, request)).allowed) return count;
  return most;
}

test("allows five failures, then waits twice as long after each", async () => {
  const throttle = loginThrottle({ store: memoryStore() });
  assert.equal(await allowed(throttle), 6);
  for (const wait of [2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]) {
    const { allowed: isAllowed, retryAfter } = await throttle.attempt("alice", nowhere);
    assert.deepEqual([isAllowed, retryAfter], [false, wait]);
    pass(wait * SECOND - 1);
    assert.equal((await throttle.attempt("alice", nowhere)).retryAfter, 1);
    pass(1);
    assert.equal((await throttle.attempt("alice", nowhere)).allowed, true);
  }
  assert.equal(await allowed(throttle, "bob"), 6, "other accounts do not wait");
});

test("locks an account after 100 failures in a row, however slow they are, until a reset", async () => {
  const throttle = loginThrottle({ store: memoryStore() });
  for (let count = 0; count < 100; count += 1) {
    assert.equal((await throttle.attempt("alice", nowhere)).allowed, true, String(count));
    pass(20 * MINUTE);
  }
  for (const wait of [0, DAY, 4000 * DAY]) {
    pass(wait);
    const { allowed: isAllowed, retryAfter } = await throttle.attempt("alice", nowhere);
    assert.deepEqual([isAllowed, retryAfter], [false, Number.POSITIVE_INFINITY]);
  }
  await throttle.reset("ALICE ");
  assert.equal(await allowed(throttle), 6);
});

/** A store that keeps every row that is written. */
function recording() {
  const rows = [];
  const store = memoryStore();
  const replace = (key, before, row) => {
    rows.push({ key, ...row });
    return store.replace(key, before, row);
  };
  return { rows, store: { ...store, replace } };
}

test("keeps a count for 30 days, a lock for ever, and no name", async () => {
  const { rows, store } = recording();
  const throttle = loginThrottle({ store, perAccount: { free: 1, firstWait: 60, lockAfter: 3 } });
  for (const end of [Date.now() + 30 * DAY, Date.now() + MINUTE + 30 * DAY, Number.MAX_SAFE_INTEGER]) {
    if (end === Number.MAX_SAFE_INTEGER) pass(MINUTE);
    assert.equal((await throttle.attempt("alice", nowhere)).allowed, true);
    const { expiresAt, key, owner, value } = rows.at(-1);
    assert.equal(expiresAt, end);
    assert.match(key, /^account:[0-9a-f]{32}$/);
    assert.match(value, /^[123] (\d+|Infinity) \d+ [0-9a-f-]{36}$/);
    assert.equal(owner, "");
  }
  assert.equal(new Set(rows.map(({ value }) => value)).size, 3);
});

test("counts anew when a row has expired, also if the store still has it", async () => {
  const { rows, store } = recording();
  const { attempt } = loginThrottle({ store: { ...store, get: () => rows.at(-1) }, perAccount: { free: 0 } });
  assert.equal((await attempt("alice", nowhere)).allowed, true);
  for (const [early, isAllowed] of [
    [1, false],
    [0, true],
  ]) {
    rows.at(-1).expiresAt = Date.now() + early;
    const fresh = loginThrottle({
      store: { ...store, get: () => rows.at(-1), replace: () => true },
      perAccount: { free: 0 },
    });
    assert.equal((await fresh.attempt("alice", nowhere)).allowed, isAllowed, String(early));
  }
});

test("forgets one failure of an address after its part of an hour, and none when the clock is set back", async () => {
  const throttle = loginThrottle({ store: memoryStore(), perAddress: { free: 10, header: "CF-Connecting-IP" } });
  let count = 0;
  /** Guesses once, and says how long the next guess must wait. */
  const waitAfterGuess = async () => {
    const guess = () => throttle.attempt(`user ${count}`, from("192.0.2.1"));
    count += 1;
    assert.equal((await guess()).allowed, true);
    return (await guess()).retryAfter;
  };
  for (let times = 0; times < 10; times += 1) {
    assert.equal((await throttle.attempt(`name ${times}`, from("192.0.2.1"))).allowed, true);
  }
  assert.equal(await waitAfterGuess(), 2);
  pass(6 * MINUTE - 1);
  assert.equal(await waitAfterGuess(), 4);
  pass(6 * MINUTE);
  assert.equal(await waitAfterGuess(), 4, "the time since the last one that was forgotten counts");
  pass(12 * MINUTE);
  assert.equal(await waitAfterGuess(), 2, "two were forgotten");
  pass(-30 * MINUTE);
  assert.ok(60 < (await throttle.attempt("other", from("192.0.2.1"))).retryAfter);
  const other = loginThrottle({ store: memoryStore(), perAddress: { free: 0, header: "CF-Connecting-IP" } });
  assert.equal((await other.attempt("a", from("192.0.2.1"))).allowed, true);
  pass(2 * SECOND);
  assert.equal((await other.attempt("b", from("192.0.2.1"))).allowed, true);
  assert.equal((await other.attempt("c", from("192.0.2.1"))).retryAfter, 4);
  pass(60 * MINUTE);
  assert.equal((await other.attempt("c", from("192.0.2.1"))).allowed, true);
  assert.equal((await other.attempt("d", from("192.0.2.1"))).retryAfter, 4, "one an hour, if none is free");
});

test("an address that rests for long has no more than its failures, and waits to the end", async () => {
  const header = "CF-Connecting-IP";
  let count = 0;
  const guess = (throttle) => {
    count += 1;
    return throttle.attempt(`user ${count}`, from("192.0.2.1"));
  };
  const countAllowed = async (throttle) => {
    for (let times = 0; times < 200; times += 1) if (!(await guess(throttle)).allowed) return times;
    return 200;
  };
  const ten = loginThrottle({ store: memoryStore(), perAddress: { free: 10, header } });
  assert.equal(await countAllowed(ten), 11);
  pass(600 * MINUTE);
  assert.equal(await countAllowed(ten), 11);
  const one = loginThrottle({ store: memoryStore(), perAddress: { free: 1, header } });
  await guess(one);
  pass(119 * MINUTE);
  await guess(one);
  pass(2 * MINUTE);
  assert.equal(await countAllowed(one), 1, "the hour begins anew with the first failure");
  const slow = loginThrottle({
    store: memoryStore(),
    perAddress: { free: 10, firstWait: "10h", longestWait: "10h", header },
  });
  assert.equal(await countAllowed(slow), 11);
  for (const minutes of [6, 114, 479]) {
    pass(minutes * MINUTE);
    assert.equal(await countAllowed(slow), 0, String(minutes));
  }
  pass(MINUTE);
  assert.equal(await countAllowed(slow), 11);
});

test("takes one attempt back when others were counted since, and none that was forgotten", async () => {
  const throttle = loginThrottle({ store: memoryStore() });
  const first = await throttle.attempt("alice", nowhere);
  await throttle.attempt("alice", nowhere);
  await first.withdraw();
  assert.equal(await allowed(throttle), 5);
  await throttle.reset("alice");
  await first.withdraw();
  assert.equal(await allowed(throttle), 6);
});

test("an attempt that began a moment before another one does not wait for it", async () => {
  const throttle = loginThrottle({ store: memoryStore() });
  for (let times = 0; times < 5; times += 1) {
    assert.equal((await throttle.attempt("alice", nowhere)).allowed, true);
    pass(-1);
  }
});

test("a refused attempt changes nothing, whatever is called then", async () => {
  const perAccount = { free: 0, firstWait: "1h", longestWait: "1d", unlockAfter: null };
  const throttle = loginThrottle({ store: memoryStore(), perAccount });
  await throttle.attempt("alice", nowhere);
  for (const name of ["succeeded", "withdraw"]) {
    const refused = await throttle.attempt("alice", nowhere);
    assert.deepEqual([refused.allowed, refused.retryAfter], [false, 3600]);
    await refused[name]();
  }
  assert.equal((await throttle.attempt("alice", nowhere)).retryAfter, 3600);
});

test("unlocks by time if it is told to", async () => {
  const throttle = loginThrottle({ store: memoryStore(), perAccount: { free: 100, lockAfter: 3, unlockAfter: "1d" } });
  assert.equal(await allowed(throttle), 3);
  pass(DAY - 1);
  assert.equal((await throttle.attempt("alice", nowhere)).retryAfter, 1);
  pass(1);
  assert.equal(await allowed(throttle), 3);
});

test("forgets the failures of an account after a right password, and only then", async () => {
  const throttle = loginThrottle({ store: memoryStore() });
  for (let count = 0; count < 5; count += 1) await throttle.attempt("alice", nowhere);
  await (await throttle.attempt("alice", nowhere)).succeeded();
  for (let count = 0; count < 5; count += 1) await throttle.attempt("alice", nowhere);
  await (await throttle.attempt("alice", nowhere)).withdraw();
  assert.equal(await allowed(throttle), 1, "the attempt was taken back, the five were not");
});

test("lets no more through when many come at once", async () => {
  const throttle = loginThrottle({ store: memoryStore(), perAddress: { header: "CF-Connecting-IP" } });
  const attempts = await Promise.all(Array.from({ length: 200 }, () => throttle.attempt("alice", from("192.0.2.1"))));
  assert.equal(attempts.filter((each) => each.allowed).length, 6);
  const slow = memoryStore();
  const asynchronous = {
    get: async (key) => slow.get(key),
    replace: async (...all) => slow.replace(...all),
    list: async (owner) => slow.list(owner),
  };
  const other = loginThrottle({ store: asynchronous });
  const answers = await Promise.allSettled(Array.from({ length: 100 }, () => other.attempt("alice", nowhere)));
  assert.ok(answers.filter(({ value }) => value?.allowed).length <= 6);
});

test("limits an address over all accounts, and forgets its failures with time", async () => {
  const throttle = loginThrottle({ store: memoryStore(), perAddress: { free: 10, header: "CF-Connecting-IP" } });
  let count = 0;
  const guess = async (address) => {
    count += 1;
    return (await throttle.attempt(`user ${count}`, from(address))).allowed;
  };
  for (let times = 0; times < 11; times += 1) assert.equal(await guess("192.0.2.1"), true);
  assert.equal(await guess("192.0.2.1"), false);
  assert.equal(await guess("192.0.2.2"), true);
  // Ten an hour are forgotten.
  pass(60 * MINUTE);
  for (let times = 0; times < 10; times += 1) assert.equal(await guess("192.0.2.1"), true, String(times));
  assert.equal(await guess("192.0.2.1"), false);
});

test("an address has 50 failures without a wait, and is never locked", async () => {
  const throttle = loginThrottle({ store: memoryStore(), perAddress: { header: "CF-Connecting-IP", longestWait: 1 } });
  const guess = async (times) => (await throttle.attempt(`user ${times}`, from("192.0.2.1"))).allowed;
  for (let times = 0; times <= 50; times += 1) assert.equal(await guess(times), true, String(times));
  for (let times = 51; times < 300; times += 1) {
    assert.equal(await guess(times), false, String(times));
    pass(SECOND);
    assert.equal(await guess(times), true, String(times));
  }
});

test("gives an address its attempt back after a right password, but not its failures", async () => {
  const throttle = loginThrottle({ store: memoryStore(), perAddress: { free: 3, header: "CF-Connecting-IP" } });
  for (let times = 0; times < 100; times += 1) {
    const attempt = await throttle.attempt(`user ${times}`, from("192.0.2.1"));
    assert.equal(attempt.allowed, true);
    await attempt.succeeded();
  }
  let wrong = 0;
  for (let times = 0; times < 50; times += 1) {
    if ((await throttle.attempt(`other ${times}`, from("192.0.2.1"))).allowed) wrong += 1;
    const own = await throttle.attempt("mallory", from("192.0.2.1"));
    if (own.allowed) await own.succeeded();
  }
  assert.equal(wrong, 4, "logging in to an own account between the guesses does not help");
});

test("an account that waits costs its address nothing, and an address waits to the millisecond", async () => {
  const perAddress = { free: 3, header: "CF-Connecting-IP" };
  const throttle = loginThrottle({ store: memoryStore(), perAccount: { free: 0 }, perAddress });
  const here = from("192.0.2.1");
  assert.equal((await throttle.attempt("alice", here)).retryAfter, 0);
  for (let times = 0; times < 20; times += 1) assert.equal((await throttle.attempt("alice", here)).allowed, false);
  for (const name of ["a", "b", "c"]) assert.equal((await throttle.attempt(name, here)).allowed, true, name);
  pass(2 * SECOND - 1);
  const { allowed: isAllowed, retryAfter } = await throttle.attempt("d", here);
  assert.deepEqual([isAllowed, retryAfter], [false, 1]);
  pass(1);
  assert.equal((await throttle.attempt("d", here)).allowed, true);
  // One whose password was not checked costs nothing either.
  for (let times = 0; times < 20; times += 1) {
    const attempt = await throttle.attempt(`name ${times}`, from("192.0.2.2"));
    assert.equal(attempt.allowed, true, String(times));
    await attempt.withdraw();
  }
});

const signer = new Signer(Key.generate("EdDSA"));
const form = (username, password, more = {}) =>
  new Request("https://a.example/token", {
    method: "POST",
    body: new URLSearchParams({ username, password, ...more }),
  });

/** An endpoint with a throttle, whose `authenticate` counts how often it was asked. */
function throttled(more = {}, answer = undefined) {
  const counts = { hashed: 0 };
  const throttle = loginThrottle({ store: memoryStore(), ...more });
  const token = tokenEndpoint({
    signer,
    throttle,
    authenticate(username, password, request) {
      counts.hashed += 1;
      return answer === undefined ? password === "right" && { subject: username } : answer(request);
    },
  });
  return { counts, throttle, token };
}

test("answers a throttled log-in as a wrong password, and hashes nothing", async () => {
  const events = [];
  const { counts, token, throttle } = throttled({ onEvent: (event) => events.push(event) });
  const wrong = await token(form("alice", "wrong"));
  const expected = [wrong.status, Object.fromEntries(wrong.headers), await wrong.text()];
  for (let times = 0; times < 5; times += 1) await token(form("alice", "wrong"));
  assert.equal(counts.hashed, 6);
  for (const password of ["wrong", "right"]) {
    const answer = await token(form("Alice", password));
    assert.deepEqual([answer.status, Object.fromEntries(answer.headers), await answer.text()], expected);
  }
  assert.equal(counts.hashed, 6);
  assert.deepEqual(
    events,
    [1, 2].map(() => ({ type: "throttled", by: "account", account: "alice" })),
  );
  pass(2 * SECOND);
  assert.equal((await token(form("alice", "right"))).status, 200);
  for (let times = 0; times < 5; times += 1) await token(form("alice", "wrong"));
  assert.equal((await token(form("alice", "right"))).status, 200, "the failures were forgotten");
  for (let times = 0; times < 6; times += 1) await token(form("alice", "wrong"));
  await throttle.reset("alice");
  assert.equal((await token(form("alice", "right"))).status, 200);
});

test("says how long to wait if it is not silent", async () => {
  const { token } = throttled({ silent: false, perAccount: { free: 1, lockAfter: 3 } });
  for (let times = 0; times < 2; times += 1) await token(form("alice", "wrong"));
  const answer = await token(form("alice", "right"));
  assert.deepEqual([answer.status, answer.headers.get("Retry-After")], [429, "2"]);
  assert.deepEqual(await answer.json(), { error: "slow_down", error_description: "too many attempts to log in" });
  pass(2 * SECOND);
  await token(form("alice", "wrong"));
  const locked = await token(form("alice", "right"));
  assert.deepEqual([locked.status, locked.headers.get("Retry-After")], [429, null]);
});

test("counts what authenticate answers, and not what it could not check", async () => {
  const failing = (code) => () => {
    throw code === undefined ? new Error("database") : new CountersignError(code, "x");
  };
  const answering = (status) => () => new Response(null, { status });
  const rejecting = (error) => () => Promise.reject(Object.assign(new Error("x"), error));
  const cases = [
    ["wrong", () => null, 6],
    ["too long", failing("PASSWORD_TOO_LONG"), 6],
    ["a full queue", failing("PASSWORD_QUEUE_FULL"), 20],
    ["an error", failing(), 20],
    ["an own store that is down", failing("STORE_UNAVAILABLE"), 20],
    ...[400, 401, 499].map((status) => [`an own refusal with ${status}`, answering(status), 6]),
    ...[204, 399, 500, 503].map((status) => [`an own answer with ${status}`, answering(status), 20]),
    ...[400, 401, 499].flatMap((code) => [
      [`a refusal of a framework with ${code}`, rejecting({ status: code }), 6],
      [`a refusal of another framework with ${code}`, rejecting({ statusCode: code }), 6],
    ]),
    ...[399, 500, 503, "400"].map((status) => [`an error of a framework with ${status}`, rejecting({ status }), 20]),
  ];
  for (const [name, answer, hashed] of cases) {
    const { counts, token } = throttled({}, answer);
    for (let times = 0; times < 20; times += 1) await token(form("alice", "x")).catch(() => {});
    assert.equal(counts.hashed, hashed, name);
  }
});

test("counts what is no grant as a failure, and forgets no earlier one for it", async () => {
  const subject = "alice";
  for (const [name, answer] of Object.entries({
    0: 0,
    text: "",
    true: true,
    object: {},
    "a report of the hasher": { ok: false },
    error: new Error("no such user"),
    "an unknown member": { subject, email: "a@b.example" },
    "claims that are none": { subject, claims: "admin" },
    "a subject that is none": { subject: null },
    list: [{ subject }],
    class: new (class User {
      subject = subject;
    })(),
    "like a response": { status: 401, headers: {}, body: null },
  })) {
    const { counts, token } = throttled({}, () => answer);
    const answers = [];
    for (let times = 0; times < 20; times += 1) {
      answers.push(
        await token(form(subject, "x")).then(
          ({ status }) => status,
          ({ code }) => code,
        ),
      );
    }
    assert.equal(counts.hashed, 6, name);
    assert.deepEqual(new Set(answers.slice(0, 6)), new Set(["OPTION_INVALID"]), name);
    assert.deepEqual(new Set(answers.slice(6)), new Set([400]), name);
  }
  // After failures, a readable grant forgets them, and nothing else does.
  let answer = null;
  const { counts, token } = throttled({}, () => answer);
  for (answer of [null, null, null, { ok: true }, null, {}]) await token(form(subject, "x")).catch(() => {});
  answer = { subject };
  assert.equal((await token(form(subject, "x"))).status, 400);
  assert.equal(counts.hashed, 6);
});

test("counts a response of another realm as one of its own", async () => {
  for (const [status, hashed] of [
    [401, 6],
    [423, 6],
    [200, 20],
    [503, 20],
  ]) {
    const headers = { "X-Mine": "yes" };
    const { counts, token } = throttled({}, () => new UndiciResponse("mine", { status, headers }));
    const first = await token(form("alice", "x"));
    assert.ok(first instanceof Response);
    assert.deepEqual([first.status, await first.text(), first.headers.get("x-mine")], [status, "mine", "yes"]);
    for (let times = 1; times < 20; times += 1) await token(form("alice", "x"));
    assert.equal(counts.hashed, hashed, String(status));
  }
});

test("a throttle of another make must say that the password may be checked", async () => {
  const all = { retryAfter: 0, succeeded: async () => {}, withdraw: async () => {} };
  const asked = (attempt) => {
    const authenticate = (username) => ({ subject: username });
    return tokenEndpoint({ signer, authenticate, throttle: { attempt: async () => attempt } })(form("alice", "x"));
  };
  const message = (kind) =>
    `option "throttle" returned ${kind} that is no attempt: it must return { allowed, retryAfter, succeeded, withdraw }`;
  for (const [attempt, kind] of [
    [undefined, "undefined"],
    [null, "null"],
    [true, "a boolean"],
    [{}, "an object"],
    [{ ...all }, "an object"],
    [{ ...all, allowed: 1 }, "an object"],
    [{ ...all, allowed: "false" }, "an object"],
    [{ allowed: true }, "an object"],
    [new Response(null, { status: 429 }), "a Response"],
  ]) {
    await assert.rejects(asked(attempt), invalid(message(kind)));
  }
  assert.equal((await asked({ allowed: false })).status, 400);
  assert.equal((await asked({ ...all, allowed: true })).status, 200);
});

test("counts an attempt whose client hangs up", async () => {
  const { counts, token } = throttled({}, (request) => Promise.reject(request.signal.reason));
  for (let times = 0; times < 20; times += 1) {
    const request = new Request(form("alice", "x"), { signal: AbortSignal.abort() });
    await token(request).catch(() => {});
  }
  assert.equal(counts.hashed, 6);
});

test("a scope that is refused after the right password is no failure", async () => {
  const { counts, token } = throttled();
  for (let times = 0; times < 10; times += 1) {
    assert.equal((await (await token(form("alice", "right", { scope: "admin" }))).json()).error, "invalid_scope");
  }
  assert.equal(counts.hashed, 10);
});

test("reads its options strictly", () => {
  const store = memoryStore();
  const lifetime = (name) => `option "${name}" is not a whole number of seconds of at least 1, or a text such as "30m"`;
  const cases = [
    [undefined, "options are not an object"],
    [{}, 'option "store" has no method "get"'],
    [{ store: {} }, 'option "store" has no method "get"'],
    [{ store: { get() {} } }, 'option "store" has no method "replace"'],
    [{ store, limit: 7 }, 'unknown option "limit"'],
    [{ store, account: "name" }, 'option "account" is not a function'],
    [{ store, onEvent: true }, 'option "onEvent" is not a function'],
    [{ store, silent: "yes" }, 'option "silent" is not a boolean'],
    [{ store, perAccount: null }, "options are not an object"],
    [{ store, perAccount: { most: 7 } }, 'unknown option "most"'],
    [{ store, perAccount: { header: "X-A" } }, 'unknown option "header"'],
    [{ store, perAddress: { lockAfter: 7 } }, 'unknown option "lockAfter"'],
    ...[-1, 1.5, "5", null].map((free) => [
      { store, perAccount: { free } },
      'option "free" is not a whole number from 0 to 1000000',
    ]),
    ...[0, 101, "100", null].map((lockAfter) => [
      { store, perAccount: { lockAfter } },
      'option "lockAfter" is not a whole number from 1 to 100',
    ]),
    ...[0, "2", -1, null].map((firstWait) => [{ store, perAccount: { firstWait } }, lifetime("firstWait")]),
    ...[0, "", true].map((unlockAfter) => [{ store, perAccount: { unlockAfter } }, lifetime("unlockAfter")]),
    [
      { store, perAddress: { header: "forwarded" } },
      'option "header" must not be "Forwarded": name a header that holds only addresses',
    ],
    ...["", "a b", 7, null].map((header) => [
      { store, perAddress: { header } },
      'option "header" is not the name of a header',
    ]),
  ];
  for (const [options, message] of cases) assert.throws(() => loginThrottle(options), invalid(message));
  for (const header of ["X-Forwarded", "Forwarded-For"]) loginThrottle({ store, perAddress: { header } });
  const authenticate = () => null;
  assert.throws(
    () => tokenEndpoint({ signer, authenticate, throttle: {} }),
    invalid('option "throttle" has no method "attempt"'),
  );
});
