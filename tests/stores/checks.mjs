// The contract of a store, for every runtime: its rows, and sessions and attempts to log in on it.

import assert from "node:assert/strict";

const SECRET = "a secret of 32 bytes, or a few more";
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const row = (value, owner = "", expiresAt = Date.now() + MINUTE) => ({ value, owner, expiresAt });

/** What every store does, on rows of its own. */
export const contract = {
  async has_no_row_at_first(store) {
    assert.equal(await store.get("a"), undefined);
    assert.deepEqual([...(await store.list("alice"))], []);
    assert.equal(await store.replace("a", undefined, undefined), true);
    assert.equal(await store.replace("a", "x", undefined), false);
    assert.equal(await store.replace("a", "x", row("y")), false);
    assert.equal(await store.get("a"), undefined);
  },
  async writes_only_where_nothing_was(store) {
    const first = row("one", "alice", 4_102_444_800_123);
    assert.equal(await store.replace("a", undefined, first), true);
    assert.equal(await store.replace("a", undefined, row("two")), false);
    assert.equal(await store.replace("a", undefined, undefined), false);
    const { value, owner, expiresAt } = await store.get("a");
    assert.deepEqual({ value, owner, expiresAt }, first);
  },
  async writes_only_over_what_was_read(store) {
    assert.equal(await store.replace("a", "other", row("two")), false);
    assert.equal(await store.replace("a", "one", row("two", "bob")), true);
    assert.equal(await store.replace("a", "one", row("three")), false);
    assert.equal((await store.get("a")).value, "two");
  },
  async lists_the_rows_of_an_owner(store) {
    await store.replace("b", undefined, row("b", "bob"));
    await store.replace("c", undefined, row("c", "carol"));
    const keys = async (owner) => [...(await store.list(owner))].map(({ key, value }) => `${key} ${value}`).sort();
    assert.deepEqual(await keys("bob"), ["a two", "b b"]);
    assert.deepEqual(await keys("alice"), []);
    assert.deepEqual(await keys("carol' OR ''='"), []);
  },
  async deletes_only_what_was_read(store) {
    assert.equal(await store.replace("b", "x", undefined), false);
    assert.equal(await store.replace("b", "b", undefined), true);
    assert.equal(await store.get("b"), undefined);
    assert.equal([...(await store.list("bob"))].length, 1);
  },
  async keeps_any_text(store) {
    for (const text of ["", "'; DROP TABLE countersign; --", "ü🦔\n", "a".repeat(100_000)]) {
      assert.equal(await store.replace(`key ${text}`, undefined, row(text, text)), true);
      assert.equal((await store.get(`key ${text}`)).value, text);
    }
  },
  async lets_one_of_many_writers_win(store) {
    const wins = await Promise.all(
      Array.from({ length: 100 }, async (_, index) => store.replace("race", undefined, row(String(index)))),
    );
    assert.equal(wins.filter(Boolean).length, 1);
  },
  async forgets_what_has_expired(store, { forget = () => {} }) {
    const write = (owner, ...more) =>
      Promise.all(
        Array.from({ length: 150 }, async (_, index) => {
          await store.replace(`${owner} ${index}`, undefined, row("x", owner, ...more));
        }),
      );
    await write("old", 1);
    await write("new");
    await forget();
    assert.ok([...(await store.list("old"))].length < 100);
    assert.equal([...(await store.list("new"))].length, 150);
  },
};

/**
 * Sessions on a store. `library` has `Sessions`, a `signer`, `loginThrottle`, `DpopSigner` and `DpopVerifier`. `atOnce`: how many refreshes are under way at any
 * time, so that a database on a busy machine answers each within its time limit.
 */
export const sessions = {
  async leaves_one_live_chain_of_a_thousand_refreshes_at_once(store, library) {
    const { sessions, told } = open(store, library);
    const { refreshToken } = await sessions.start("race");
    const pairs = [];
    const client = async () => {
      while (pairs.length < 1000) pairs[pairs.push(undefined) - 1] = await sessions.refresh(refreshToken);
    };
    await Promise.all(Array.from({ length: library.atOnce ?? 1000 }, client));
    assert.equal(new Set(pairs.map((pair) => pair.refreshToken)).size, 1);
    assert.equal(told.filter((type) => type === "refresh").length, 1);
    assert.equal((await sessions.list("race")).length, 1);
    await sessions.refresh(pairs[0].refreshToken);
  },
  async ends_a_session_that_is_refreshed_at_the_same_time(store, library) {
    const { sessions } = open(store, library);
    const { refreshToken, sessionId } = await sessions.start("ended");
    const refreshes = Array.from({ length: 20 }, () => sessions.refresh(refreshToken));
    const answers = await Promise.allSettled([sessions.end(sessionId), ...refreshes]);
    assert.deepEqual(answers[0], { status: "fulfilled", value: true });
    assert.deepEqual(await sessions.list("ended"), []);
    for (const { value } of answers.slice(1)) {
      if (value !== undefined) await rejects(sessions.refresh(value.refreshToken), "SESSION_INVALID");
    }
  },
  async loses_nothing_in_a_crash_before_a_write_or_after_it(store, library) {
    const { sessions } = open(store, library);
    for (const writes of [false, true]) {
      const crashing = open(
        {
          get: (key) => store.get(key),
          list: (owner) => store.list(owner),
          async replace(...all) {
            if (writes) await store.replace(...all);
            throw new Error("crashed");
          },
        },
        library,
      ).sessions;
      const { refreshToken, sessionId } = await sessions.start("crash");
      await rejects(crashing.refresh(refreshToken), "STORE_UNAVAILABLE");
      const next = await sessions.refresh(refreshToken);
      await sessions.refresh(next.refreshToken);
      await rejects(crashing.end(sessionId), "STORE_UNAVAILABLE");
      assert.equal(await sessions.end(sessionId), !writes);
      await rejects(crashing.start("crash"), "STORE_UNAVAILABLE");
    }
    // The log-in whose answer was lost has left a session, which the user sees and ends.
    assert.equal(await sessions.endAll("crash"), 1);
  },
  async lists_and_ends_the_sessions_of_a_user_and_nobody_elses(store, library) {
    const { sessions } = open(store, library);
    const mine = [];
    for (let index = 0; index < 20; index += 1) mine.push(await sessions.start("mine", { client: `tab ${index}` }));
    const other = await sessions.start("other");
    const ids = (list) => list.map(({ id, sessionId }) => id ?? sessionId).sort();
    assert.deepEqual(ids(await sessions.list("mine")), ids(mine));
    assert.equal(await sessions.endAll("mine", { except: mine[7].sessionId }), 19);
    assert.deepEqual(ids(await sessions.list("mine")), [mine[7].sessionId]);
    const live = await Promise.all(
      [mine[7], mine[8], other].map(({ sessionId, subject }) => sessions.isLive({ sid: sessionId, sub: subject })),
    );
    assert.deepEqual(live, [true, false, true]);
    assert.equal(await sessions.endAll("mine"), 1);
    assert.equal((await sessions.list("other")).length, 1);
  },
  async ends_sessions_by_the_clock_also_after_it_was_changed(store, library) {
    const { sessions } = open(store, library);
    const [first, second] = [await sessions.start("clock"), await sessions.start("clock")];
    await at(13 * DAY, () => sessions.refresh(second.refreshToken));
    await at(15 * DAY, async () => {
      await rejects(sessions.refresh(first.refreshToken), "SESSION_INVALID");
      assert.deepEqual(
        (await sessions.list("clock")).map(({ id }) => id),
        [second.sessionId],
      );
    });
    // Set back: the token that was used is used too late, however the clock says.
    await at(-DAY, async () => rejects(sessions.refresh(second.refreshToken), "SESSION_REUSED"));
    assert.deepEqual((await sessions.list("clock")).length <= 1, true);
  },
  async lets_all_users_of_one_address_log_in_at_once(store, { loginThrottle }) {
    const throttle = loginThrottle({ store, perAddress: { header: "x-from", free: 100 } });
    const attempts = Array.from({ length: 40 }, async (_, index) => {
      // They do not begin in the same millisecond.
      await new Promise((resolve) => setTimeout(resolve, index % 7));
      const attempt = await throttle.attempt(`colleague ${index}`, { headers: { "x-from": "192.0.2.7" } });
      assert.equal(attempt.allowed, true, `attempt ${index} waits for ${attempt.retryAfter} s`);
      await attempt.succeeded();
    });
    await Promise.all(attempts);
  },
  async accepts_a_proof_once_of_many_at_once(store, { DpopSigner, DpopVerifier }) {
    const [method, url] = ["GET", "https://api.example/"];
    const proof = await (await DpopSigner.create()).proof({ method, url });
    // As several processes that share the store.
    const verifiers = [1, 2].map(() => new DpopVerifier({ store }));
    const request = () => new Request(url, { headers: { DPoP: proof } });
    const asked = Array.from({ length: 20 }, (_, index) => verifiers[index % 2].verify(request()));
    const answers = await Promise.allSettled(asked);
    assert.equal(answers.filter(({ status }) => status === "fulfilled").length, 1);
    for (const { reason } of answers) if (reason !== undefined) assert.equal(reason.code, "TOKEN_USED", reason.stack);
    await rejects(new DpopVerifier({ store }).verify(request()), "TOKEN_USED");
  },
  async counts_attempts_to_log_in_that_come_at_once(store, { loginThrottle }) {
    const throttle = loginThrottle({ store, perAccount: { lockAfter: 8, firstWait: 1, longestWait: 1 } });
    const attempt = () => throttle.attempt("Guessed", { headers: {} });
    const attempts = await Promise.all(Array.from({ length: 30 }, attempt));
    // The sixth failure is counted, and starts the first wait.
    assert.equal(attempts.filter(({ allowed }) => allowed).length, 6);
    assert.equal((await attempt()).allowed, false);
    await at(2000, async () => assert.equal((await attempt()).allowed, true));
    await at(4000, async () => assert.equal((await attempt()).allowed, true));
    // Locked for good: the row never expires.
    await at(1000 * DAY, async () => assert.deepEqual((await attempt()).retryAfter, Number.POSITIVE_INFINITY));
    await throttle.reset("guessed");
    const again = await attempt();
    assert.equal(again.allowed, true);
    await again.succeeded();
  },
};

function open(store, { Sessions, signer }) {
  const told = [];
  const onEvent = ({ type }) => told.push(type);
  return { sessions: new Sessions({ signer, store, secret: SECRET, grace: 60, onEvent }), told };
}

const rejects = (promise, code) => assert.rejects(promise, { name: "CountersignError", code });

/** Runs `work` while the clock is wrong by so many milliseconds. */
async function at(milliseconds, work) {
  const { now } = Date;
  Date.now = () => now.call(Date) + milliseconds;
  try {
    return await work();
  } finally {
    Date.now = now;
  }
}

/** Runs all checks on a store, and returns their names. */
export async function runChecks(store, library) {
  const names = [];
  for (const [name, check] of [...Object.entries(contract), ...Object.entries(sessions)]) {
    await check(store, library).catch((error) => {
      throw new Error(`${name}: ${error.stack}`);
    });
    names.push(name);
  }
  return names;
}

/** Adds 1 to a row so many times, beside whoever else does. */
export async function count(store, times) {
  for (let done = 0; done < times; ) {
    const before = await store.get("counter");
    const next = Number(before?.value ?? 0) + 1;
    if (await store.replace("counter", before?.value, row(String(next)))) done += 1;
  }
}
