// How a server uses the store: when it asks, how long it waits and goes on without an answer, and what it writes.

import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { Key, Verifier } from "countersign/jwt";
import { memoryStore } from "countersign/key-ring";
import { DAY, error, HOUR, MINUTE, NAMES, open, pass, readableStore, START } from "./rings.mjs";

const SKEW = 2 * MINUTE;
const FAILED = error("STORE_UNAVAILABLE", "the store failed");
const BUSY = error("STORE_UNAVAILABLE", "too many changes of the key ring at once");

/** Both clocks stand still, but for what the tests do. */
let monotonic = 0;
mock.method(performance, "now", () => monotonic);
beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["Date"], now: START });
});

/** A store that counts its calls, and does what `state.get` and `state.replace` do first. */
function watched(inner = memoryStore()) {
  const state = { reads: 0, writes: 0, get: undefined, replace: undefined };
  return {
    state,
    inner,
    list: (owner) => inner.list(owner),
    async get(key) {
      state.reads += 1;
      await state.get?.();
      return inner.get(key);
    },
    async replace(...all) {
      state.writes += 1;
      if ((await state.replace?.()) === false) return false;
      return inner.replace(...all);
    },
  };
}

const fails = () => {
  throw new Error("no store");
};

test("asks_the_store_once_a_minute_or_each_eighth_of_publishedAhead", async () => {
  for (const [publishedAhead, look] of [
    ["1h", MINUTE],
    ["8m", MINUTE],
    ["80s", 10_000],
  ]) {
    const store = watched();
    const { kid } = open({ store, publishedAhead, clockTolerance: 0 });
    await kid();
    const { reads } = store.state;
    pass(look - 1);
    await kid();
    assert.equal(store.state.reads, reads);
    pass(1);
    await kid();
    assert.equal(store.state.reads, reads + 1);
    // Nothing has changed.
    assert.equal(store.state.writes, 1);
  }
});

test("asks_a_store_that_fails_after_1_2_4_seconds_and_so_on_up_to_a_minute", async () => {
  const store = watched();
  const { kid, ring } = open({ store });
  /** After how many seconds the store is asked, while time passes. */
  const asked = async (seconds) => {
    const found = [];
    for (let second = 0; second <= seconds; second += 1) {
      const { reads } = store.state;
      await kid();
      if (reads < store.state.reads) found.push(second);
      pass(1000);
    }
    return found;
  };
  await ring.rotate();
  pass(MINUTE);
  store.state.get = fails;
  assert.deepEqual(await asked(300), [0, 1, 3, 7, 15, 31, 63, 123, 183, 243]);
  store.state.get = undefined;
  await asked(60);
  store.state.get = fails;
  pass(MINUTE);
  assert.deepEqual(await asked(10), [0, 1, 3, 7]);
});

test("reports_what_has_failed", async (t) => {
  const thrown = new Error("no random numbers");
  t.mock.method(Key, "generateAsync", () => Promise.reject(thrown));
  const { events, kid } = open();
  const failed = await kid().catch((caught) => caught);
  assert.deepEqual(events, [{ type: "failed", error: thrown }]);
  assert.deepEqual([failed.code, failed.message], ["STORE_UNAVAILABLE", "the key ring failed"]);
  assert.equal(failed.cause, thrown);
});

test("reports_when_each_key_signs", async () => {
  const { events, kid, ring } = open();
  const first = await kid();
  const signsFrom = new Date(START);
  assert.deepEqual(events.splice(0), [
    { type: "made", kid: first, signsFrom },
    { type: "signing", kid: first },
  ]);
  const { kid: second } = await ring.rotate();
  assert.deepEqual(events.splice(0), [
    { type: "made", kid: second, signsFrom },
    { type: "signing", kid: second },
  ]);
  const { kid: third } = await ring.rotate({ withdraw: true });
  assert.deepEqual(events.splice(0), [
    { type: "made", kid: third, signsFrom },
    { type: "signing", kid: third },
    { type: "withdrawn", kid: first },
    { type: "withdrawn", kid: second },
  ]);
  const { kid: fourth } = await ring.rotate({ publishFirst: true });
  assert.deepEqual(events.splice(0), [{ type: "made", kid: fourth, signsFrom: new Date(START + HOUR + SKEW) }]);
});

test("goes_on_without_the_store_for_exactly_half_of_publishedAhead", async () => {
  const store = watched();
  const { kid } = open({ store });
  await kid();
  store.state.get = fails;
  pass(30 * MINUTE - 1);
  await kid();
  pass(1);
  await assert.rejects(kid(), FAILED);
});

test("goes_on_without_the_store_when_the_clock_is_set_back_as_far_as_clocks_may_be", async () => {
  for (const [back, goesOn] of [
    [1, true],
    [SKEW, true],
    [SKEW + 1, false],
  ]) {
    const store = watched();
    const { kid } = open({ store });
    const first = await kid();
    const { reads } = store.state;
    store.state.get = fails;
    pass(-back);
    if (goesOn) assert.equal(await kid(), first);
    else await assert.rejects(kid(), FAILED);
    // The server knows no longer how old its keys are.
    assert.equal(store.state.reads, reads + 1);
  }
});

test("counts_the_time_that_has_passed_before_the_clock_is_set_back", async () => {
  const store = watched();
  const { kid } = open({ store });
  await kid();
  store.state.get = fails;
  pass(20 * MINUTE);
  await kid();
  pass(-MINUTE);
  await kid();
  pass(10 * MINUTE - 1);
  await kid();
  pass(1);
  await assert.rejects(kid(), FAILED);
});

test("counts_the_time_of_the_monotonic_clock_if_that_is_more", async () => {
  const store = watched();
  const { kid } = open({ store });
  await kid();
  store.state.get = fails;
  monotonic += 30 * MINUTE - 1;
  await kid();
  monotonic += 1;
  await assert.rejects(kid(), FAILED);
});

test("looks_for_a_key_that_it_does_not_know_once_in_5_seconds", async (t) => {
  const store = watched();
  const { kid, ring } = open({ store });
  await kid();
  const verifier = new Verifier(ring.keySet(), NAMES);
  const foreign = await open().signer.sign({ sub: "eve" });
  const attempts = t.mock.method(Verifier.prototype, "attempt");
  const verify = () => assert.rejects(verifier.verifyAsync(foreign), error("KEY_NOT_FOUND"));
  const { reads } = store.state;
  pass(4999);
  await verify();
  assert.equal(store.state.reads, reads);
  pass(1);
  await verify();
  assert.equal(store.state.reads, reads + 1);
  await verify();
  assert.equal(store.state.reads, reads + 1);
  // With the same keys, a token is not checked again.
  assert.equal(attempts.mock.callCount(), 3);
  assert.notEqual(ring.keySet().keySet, undefined);
  // For no other reason.
  pass(5000);
  await assert.rejects(verifier.verifyAsync("x"), error("TOKEN_MALFORMED"));
  await assert.rejects(verifier.verifyAsync(foreign.slice(1)), error("TOKEN_MALFORMED"));
  assert.equal(store.state.reads, reads + 1);
});

test("holds_the_keys_that_an_unknown_key_has_made_it_look_for", async () => {
  const store = memoryStore();
  const [one, other] = [open({ store }), open({ store })];
  await one.kid();
  const verifier = new Verifier(one.ring.keySet(), NAMES);
  await verifier.verifyAsync(await one.signer.sign({}));
  const { kid } = await other.ring.rotate({ withdraw: true });
  pass(5000);
  await verifier.verifyAsync(await other.signer.sign({}));
  assert.deepEqual(
    one.ring
      .keySet()
      .keySet.toJwks()
      .keys.map((key) => key.kid),
    [kid],
  );
});

/** Lets everything happen that waits for no timer. */
async function settle() {
  for (let turn = 0; turn < 30; turn += 1) await setImmediate();
}

test("waits_a_second_for_a_slow_store_while_it_has_keys", async () => {
  const store = watched();
  const { kid } = open({ store });
  const first = await kid();
  mock.timers.reset();
  mock.timers.enable({ apis: ["Date", "setTimeout"], now: START + MINUTE });
  store.state.get = () => new Promise(() => {});
  let answer;
  kid().then((name) => {
    answer = name;
  });
  await settle();
  mock.timers.tick(999);
  await settle();
  assert.equal(answer, undefined);
  mock.timers.tick(1);
  await settle();
  assert.equal(answer, first);
});

test("lets_no_other_call_wait_for_a_look", async () => {
  const store = watched();
  const { kid } = open({ store });
  const first = await kid();
  mock.timers.reset();
  mock.timers.enable({ apis: ["Date", "setTimeout"], now: START + MINUTE });
  store.state.get = () => new Promise(() => {});
  kid();
  await settle();
  let answer;
  kid().then((name) => {
    answer = name;
  });
  await settle();
  assert.equal(answer, first);
});

for (const before of ["nothing", "a_failure_and_keys"]) {
  test(`gives_up_two_looks_of_12_seconds_each_after_${before}`, async () => {
    mock.timers.reset();
    mock.timers.enable({ apis: ["Date", "setTimeout"], now: START });
    const store = watched();
    const { kid } = open({ store });
    if (before !== "nothing") {
      store.state.get = fails;
      await assert.rejects(kid(), FAILED);
      store.state.get = undefined;
      await kid();
      pass(30 * MINUTE);
      store.inner.replace("key-ring:default", store.inner.get("key-ring:default").value, undefined);
    }
    const slowly = (result) => new Promise((resolve) => setTimeout(resolve, 4900, result));
    store.state.get = slowly;
    store.state.replace = () => slowly(false);
    let failed;
    kid().catch((thrown) => {
      failed = thrown;
    });
    for (let waited = 0; waited < 24_000; waited += 100) {
      await settle();
      assert.equal(failed, undefined);
      mock.timers.tick(100);
    }
    await settle();
    assert.deepEqual([failed?.code, failed?.message], ["STORE_UNAVAILABLE", "the store took too long"]);
  });
}

test("leaves_no_timer_behind", async (t) => {
  const set = t.mock.method(globalThis, "setTimeout");
  const clear = t.mock.method(globalThis, "clearTimeout");
  const { kid } = open();
  await kid();
  pass(MINUTE);
  await kid();
  const cleared = clear.mock.calls.map(({ arguments: [timer] }) => timer);
  assert.ok(2 < set.mock.callCount());
  assert.ok(set.mock.calls.every(({ result }) => cleared.includes(result)));
});

test("tries_12_times_to_write_and_makes_one_key_for_that", async (t) => {
  const make = t.mock.method(Key, "generateAsync");
  const calls = [
    // It goes on with the key that it has read.
    async ({ events, kid }) => (await kid()) && Promise.reject(events[0].error),
    ({ ring }) => ring.rotate(),
    ({ ring }) => ring.rotate({ withdraw: true }),
  ];
  for (const call of calls) {
    const store = watched();
    await open({ store: store.inner }).kid();
    pass(30 * DAY);
    make.mock.resetCalls();
    store.state.replace = () => false;
    await assert.rejects(call(open({ store })), BUSY);
    assert.deepEqual([store.state.reads, store.state.writes, make.mock.callCount()], [12, 12, 1]);
  }
  for (const call of [({ kid }) => kid(), ({ ring }) => ring.rotate()]) {
    const store = watched();
    store.state.replace = () => false;
    await assert.rejects(call(open({ store })), BUSY);
    assert.deepEqual([store.state.reads, store.state.writes], [12, 12]);
  }
});

test("goes_on_when_another_server_was_first_11_times", async () => {
  for (const call of [({ kid }) => kid(), ({ ring }) => ring.rotate()]) {
    const store = watched();
    store.state.replace = () => 12 <= store.state.writes;
    await call(open({ store }));
    assert.equal(store.state.reads, 12);
  }
});

test("gives_up_when_this_server_itself_writes_first_each_time", async () => {
  for (const times of [11, 12]) {
    const store = watched();
    const { kid, ring } = open({ store });
    await kid();
    // Each answer is older than what was written while it was on its way.
    let [left, isNested] = [times, false];
    const { get } = store.inner;
    store.inner.get = async (key) => {
      const row = get(key);
      if (isNested || left === 0) return row;
      left -= 1;
      isNested = true;
      await ring.rotate({ withdraw: true });
      isNested = false;
      return row;
    };
    if (times === 12) await assert.rejects(ring.rotate(), BUSY);
    else await ring.rotate();
    assert.equal(left, 0);
  }
});

test("makes_no_key_and_writes_nothing_when_a_rotation_needs_none", async (t) => {
  const make = t.mock.method(Key, "generateAsync");
  const store = watched();
  const { ring } = open({ store });
  await ring.rotate({ publishFirst: true });
  assert.equal(make.mock.callCount(), 2);
  const { writes } = store.state;
  await ring.rotate({ publishFirst: true });
  assert.deepEqual([make.mock.callCount(), store.state.writes], [2, writes]);
  await ring.rotate();
  assert.deepEqual([make.mock.callCount(), store.state.writes], [2, writes + 1]);
});

test("writes_again_without_the_new_key_only_if_that_is_another_change", async () => {
  // The next key is due, and nothing else.
  const store = watched();
  const { kid, ring } = open({ store });
  await kid();
  pass(30 * DAY);
  store.state.replace = fails;
  await kid();
  assert.equal(store.state.writes, 2);
  // The other server's look is due to be noted, and no key is made.
  store.state.replace = undefined;
  await ring.rotate();
  const another = watched(store.inner);
  another.state.replace = fails;
  await open({ store: another }).kid();
  assert.equal(another.state.writes, 1);
});

test("believes_no_store_that_has_lost_the_row_while_it_knows_better", async () => {
  const store = watched();
  const { events, kid, ring } = open({ store });
  const first = await kid();
  store.inner.replace("key-ring:default", store.inner.get("key-ring:default").value, undefined);
  events.length = 0;
  const lost = error("STORE_UNAVAILABLE", "the store returned an older row than before, as a replica or a backup does");
  await assert.rejects(ring.rotate(), lost);
  pass(MINUTE);
  assert.equal(await kid(), first);
  assert.deepEqual(
    events.map(({ type, error: { code, message } }) => [type, code, message]),
    [["failed", lost.code, lost.message]],
  );
  assert.equal(store.state.writes, 1);
  pass(30 * MINUTE);
  assert.notEqual(await kid(), first);
});

test("counts_each_change_of_a_row", async (t) => {
  const store = readableStore(t);
  const { ring } = open({ store });
  await ring.rotate();
  assert.equal(store.sealed().writes, 2);
  await ring.rotate();
  assert.equal(store.sealed().writes, 3);
});

test("imports_each_key_of_the_row_once", async (t) => {
  const store = memoryStore();
  await open({ store }).kid();
  const imported = t.mock.method(Key, "fromJwk");
  const { kid, ring } = open({ store });
  await kid();
  assert.equal(imported.mock.callCount(), 1);
  pass(MINUTE);
  await kid();
  assert.equal(imported.mock.callCount(), 1);
  await ring.rotate({ publishFirst: true });
  await kid();
  assert.equal(imported.mock.callCount(), 2);
  for (const count of [2, 3, 4]) {
    await ring.rotate();
    await kid();
    assert.equal(imported.mock.callCount(), count);
  }
});

test("holds_no_private_key_that_signs_no_more", async (t) => {
  const { kid, ring } = open();
  const first = await kid();
  await ring.rotate();
  const { publicKey } = Key.prototype;
  const types = [];
  t.mock.method(Key.prototype, "publicKey", function () {
    if (this.kid === first) types.push(this.type);
    return publicKey.call(this);
  });
  await ring.rotate();
  assert.ok(0 < types.length && types.every((type) => type === "public"), `${types}`);
});
