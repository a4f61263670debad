// When keys change: the boundaries of each duration, and what a server writes into the row for the others.

import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { Key } from "countersign/jwt";
import { enablePostQuantum } from "countersign/post-quantum";
import { DAY, HOUR, MINUTE, open, pass, readableStore, START } from "./rings.mjs";

const LOOK = MINUTE;
const SKEW = 2 * MINUTE;
const NEXT = HOUR + SKEW;
const OLD = (15 + 30 + 6) * MINUTE;

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["Date"], now: START });
});

const setTime = (time) => mock.timers.setTime(time);

// Servers of several versions share a row.
test("stores_the_ring_in_this_form", async (t) => {
  const store = readableStore(t);
  const one = open({ store });
  const kid = await one.kid();
  const { presence, ...row } = store.row();
  const [{ jwk }] = row.keys;
  assert.deepEqual(row, { keys: [{ kid, alg: "EdDSA", jwk, stage: "current", madeAt: START, since: START }] });
  assert.deepEqual(Object.keys(jwk).sort(), ["alg", "crv", "d", "kid", "kty", "x"]);
  assert.match(presence.id, /^[\w-]{22}$/);
  assert.deepEqual(presence, { id: presence.id, at: START, isShared: false });
  pass(MINUTE);
  const other = open({ store });
  await other.kid();
  assert.deepEqual(store.row(), { ...row, presence: { ...presence, isShared: true } });
  pass(15 * MINUTE);
  await other.kid();
  const announced = store.row().presence;
  assert.notEqual(announced.id, presence.id);
  assert.deepEqual(announced, { id: announced.id, at: START + 16 * MINUTE, isShared: false });
  // A key that is made is the next one, from now on.
  pass(30 * DAY);
  await other.kid();
  const [, next] = store.row().keys;
  assert.deepEqual(
    { ...next, kid: "", jwk: "" },
    { kid: "", alg: "EdDSA", jwk: "", stage: "next", madeAt: Date.now(), since: Date.now() },
  );
});

test("writes_twice_in_a_quarter_of_publishedAhead_while_several_servers_are_in_use", async (t) => {
  const store = readableStore(t);
  const servers = [open({ store }), open({ store })];
  const looks = async (minutes) => {
    const { writes } = store.sealed();
    for (let minute = 0; minute < minutes; minute += 1) {
      pass(MINUTE);
      for (const { kid } of servers) await kid();
    }
    return store.sealed().writes - writes;
  };
  for (const { kid } of servers) await kid();
  // One announces itself when it finds an announcement of more than 15 minutes ago, and the other one has seen that.
  assert.equal(store.sealed().writes, 2);
  assert.equal(await looks(240), 30);
  // One that is alone does so a last time.
  servers.pop();
  assert.equal(await looks(160), 1);
});

test("believes_no_announcement_that_is_further_ahead_than_clocks_may_be", async (t) => {
  for (const [ahead, isBelieved] of [
    [SKEW, true],
    [SKEW + 1, false],
  ]) {
    const store = readableStore(t);
    await open({ store }).kid();
    store.change((row) => ({ ...row, presence: { id: "another", at: Date.now() + ahead, isShared: false } }));
    await open({ store }).kid();
    const { id, isShared } = store.row().presence;
    assert.deepEqual([id === "another", isShared], [isBelieved, isBelieved]);
  }
});

/** A store whose next key is due to sign in so many milliseconds, after a server that does nothing more. */
async function storeWithNext(t, milliseconds) {
  const store = readableStore(t);
  const { ring } = open({ store });
  const { kid } = await ring.rotate({ publishFirst: true });
  pass(NEXT - milliseconds);
  return { store, next: kid };
}

test("needs_no_agreement_once_it_has_been_alone_for_two_looks", async (t) => {
  for (const [early, isAlone] of [
    [2 * LOOK, true],
    [2 * LOOK - 1, false],
  ]) {
    const { store, next } = await storeWithNext(t, early);
    const { kid } = open({ store });
    await kid();
    pass(early);
    assert.equal((await kid()) === next, isAlone);
    assert.equal(store.row().proposal?.change, isAlone ? undefined : `sign ${next}`);
  }
});

test("needs_an_agreement_when_another_server_was_alone", async (t) => {
  const { store, next } = await storeWithNext(t, 0);
  // It has just announced itself, and nobody has seen that.
  store.change((row) => ({ ...row, presence: { ...row.presence, at: Date.now() - 2 * LOOK } }));
  const { kid } = open({ store });
  assert.notEqual(await kid(), next);
  pass(LOOK);
  assert.notEqual(await kid(), next);
  pass(LOOK);
  assert.equal(await kid(), next);
});

test("notices_that_the_other_servers_are_gone", async (t) => {
  const { store, next } = await storeWithNext(t, HOUR);
  const [one, other] = [open({ store }), open({ store })];
  await one.kid();
  await other.kid();
  for (let minute = 0; minute < 60; minute += 1) {
    assert.notEqual(await one.kid(), next);
    pass(LOOK);
  }
  assert.equal(await one.kid(), next);
});

test("makes_no_change_that_was_not_due_when_another_server_agreed", async (t) => {
  for (const [later, isDue] of [
    [0, true],
    [1, false],
  ]) {
    const { store, next } = await storeWithNext(t, later);
    // The other server has found that an old key ends, and later the next key was due too.
    store.change(({ keys, presence }) => ({
      keys: [{ ...keys[0], kid: "old", stage: "old", since: Date.now() - OLD }, ...keys],
      presence: { ...presence, isShared: true },
      proposal: { change: "end old", at: Date.now(), by: "another" },
    }));
    pass(5 * MINUTE);
    const { kid } = open({ store });
    assert.equal((await kid()) === next, isDue);
    const { keys, proposal } = store.row();
    assert.equal(keys[0].stage, "ended");
    assert.equal(proposal?.change, isDue ? undefined : `sign ${next}`);
  }
});

test("makes_no_key_by_a_clock_that_is_behind", async (t) => {
  const store = readableStore(t);
  await open({ store }).kid();
  const make = t.mock.method(Key, "generateAsync");
  // Otherwise, the next key would be dated a day ago, and everybody else would let it sign at once.
  pass(-DAY);
  const { published } = open({ store, alg: "ES256" });
  assert.equal((await published()).length, 1);
  assert.equal(store.row().proposal.change, "date");
  setTime(START);
  assert.equal(make.mock.callCount(), 0);
});

test("adds_no_key_if_the_clock_is_set_back_while_it_is_made", async (t) => {
  const store = readableStore(t);
  await open({ store }).kid();
  const { generateAsync } = Key;
  t.mock.method(Key, "generateAsync", (alg) => {
    pass(-DAY);
    return generateAsync.call(Key, alg);
  });
  await open({ store, alg: "ES256" }).kid();
  assert.equal(store.row().keys.length, 1);
});

test("makes_a_key_only_when_one_is_due", async (t) => {
  const make = t.mock.method(Key, "generateAsync");
  const { kid } = open();
  for (let minute = 0; minute < 5; minute += 1) {
    await kid();
    pass(MINUTE);
  }
  assert.equal(make.mock.callCount(), 1);
});

test("does_not_report_a_key_as_retired_while_a_server_may_publish_it", async () => {
  const { kid, ring, types } = open();
  await kid();
  await ring.rotate();
  pass(OLD);
  await kid();
  // A server goes on for 30 minutes without the store, and its clock may be wrong.
  pass(30 * MINUTE + SKEW - 1);
  await kid();
  assert.ok(!types().includes("retired"));
  pass(LOOK);
  await kid();
  assert.ok(types().includes("retired"));
});

/** A store with a ring that several servers use: `change` gets its keys and the time, and returns what is different. */
async function sharedStore(t, change) {
  const store = readableStore(t);
  await open({ store }).kid();
  store.change((row) => ({
    ...row,
    presence: { id: "another", at: Date.now(), isShared: true },
    ...change(row.keys, Date.now()),
  }));
  return store;
}

test("dates_anew_only_what_is_further_ahead_than_clocks_may_be", async (t) => {
  for (const [ahead, isDated] of [
    [SKEW, false],
    [SKEW + 1, true],
  ]) {
    const store = await sharedStore(t, ([first], now) => ({
      keys: [
        { ...first, since: now - DAY },
        { ...first, kid: "next", stage: "next", since: now + ahead },
      ],
    }));
    for (let times = 0; times < 2; times += 1) await open({ store }).kid();
    const [first, next] = store.row().keys.map(({ since }) => since - Date.now());
    assert.deepEqual([first, next], [-DAY, isDated ? 0 : ahead]);
    assert.equal(store.row().proposal, undefined);
  }
});

test("agrees_with_a_clock_that_is_as_far_ahead_as_clocks_may_be", async (t) => {
  for (const [ahead, agrees] of [
    [SKEW, true],
    [SKEW + 1, false],
  ]) {
    const store = await sharedStore(t, ([first], now) => ({
      keys: [{ ...first, kid: "old", stage: "old", since: now - OLD }, first],
      proposal: { change: "end old", at: now + ahead, by: "another" },
    }));
    await open({ store }).kid();
    const { keys, proposal } = store.row();
    assert.equal(keys[0].stage, agrees ? "ended" : "old");
    // Its own proposal, by its own clock.
    assert.equal(proposal?.at, agrees ? undefined : Date.now());
    assert.notEqual(proposal?.by, "another");
  }
});

test("makes_a_change_beside_a_key_that_is_as_far_ahead_as_clocks_may_be", async (t) => {
  const store = await sharedStore(t, ([first], now) => ({
    keys: [
      { ...first, kid: "old", stage: "old", since: now - 5 * MINUTE - OLD },
      { ...first, since: now + SKEW },
    ],
    proposal: { change: "end old", at: now - 5 * MINUTE, by: "another" },
  }));
  await open({ store }).kid();
  assert.equal(store.row().keys[0].stage, "ended");
});

test("makes_every_change_that_was_due_when_another_server_agreed", async (t) => {
  const store = await sharedStore(t, ([first], now) => ({
    keys: [
      { ...first, kid: "old", stage: "old", since: now - OLD },
      first,
      { ...first, kid: "next", stage: "next", since: now - NEXT },
    ],
    proposal: { change: "end old", at: now, by: "another" },
  }));
  pass(5 * MINUTE);
  await open({ store }).kid();
  assert.deepEqual(
    store.row().keys.map(({ stage, since }) => [stage, since]),
    [
      ["ended", Date.now()],
      ["old", Date.now()],
      ["current", Date.now()],
    ],
  );
  assert.equal(store.row().proposal, undefined);
});

test("keeps_its_proposal_when_its_clock_is_set_back_as_far_as_clocks_may_be", async (t) => {
  for (const [back, isKept] of [
    [SKEW, true],
    [SKEW + 1, false],
  ]) {
    const store = await sharedStore(t, ([first], now) => ({
      keys: [{ ...first, kid: "old", stage: "old", since: now - HOUR }, first],
    }));
    const { kid } = open({ store });
    await kid();
    const { at, change } = store.row().proposal;
    assert.deepEqual([at, change], [Date.now(), "end old"]);
    pass(-back);
    await kid();
    assert.deepEqual(store.row().proposal.at, isKept ? at : Date.now());
  }
});

test("keeps_a_proposal_whose_change_is_nearly_due", async (t) => {
  for (const [early, isKept] of [
    [SKEW, true],
    [SKEW + 1, false],
  ]) {
    const store = await sharedStore(t, ([first], now) => ({
      keys: [{ ...first, kid: "old", stage: "old", since: now + early - OLD }, first],
      proposal: { change: "end old", at: now, by: "another" },
    }));
    const before = store.row().proposal;
    await open({ store }).kid();
    const { keys, proposal } = store.row();
    assert.equal(keys[0].stage, "old");
    assert.deepEqual(proposal, isKept ? before : undefined);
  }
  // Another change than the one that is nearly due, and a time that is too far ahead.
  for (const [change, ahead] of [
    ["end another", 0],
    ["end old", SKEW + 1],
  ]) {
    const store = await sharedStore(t, ([first], now) => ({
      keys: [{ ...first, kid: "old", stage: "old", since: now - OLD + MINUTE }, first],
      proposal: { change, at: now + ahead, by: "another" },
    }));
    await open({ store }).kid();
    assert.equal(store.row().proposal, undefined);
  }
});

test("proposes_what_it_finds_due_instead_of_another_change", async (t) => {
  const store = await sharedStore(t, ([first], now) => ({
    keys: [{ ...first, kid: "old", stage: "old", since: now - OLD }, first],
    proposal: { change: "end another", at: now, by: "another" },
  }));
  await open({ store }).kid();
  assert.deepEqual([store.row().keys[0].stage, store.row().proposal.change], ["old", "end old"]);
  await open({ store }).kid();
  assert.equal(store.row().keys[0].stage, "ended");
});

test("makes_the_next_key_exactly_so_early_that_it_can_sign_on_time", async () => {
  for (const [early, isMade] of [
    [NEXT, true],
    [NEXT + 1, false],
  ]) {
    const { kid, published } = open();
    await kid();
    pass(30 * DAY - early);
    assert.equal((await published()).length, isMade ? 2 : 1);
  }
});

test("keeps_100_keys_at_most_and_drops_the_oldest_that_have_ended", async (t) => {
  for (const options of [{}, { publishFirst: true }, { withdraw: true }]) {
    for (const [count, dropped] of [
      [97, 0],
      [98, 1],
      [100, 3],
    ]) {
      const store = await sharedStore(t, ([first], now) => ({
        keys: [
          { ...first, kid: "old", stage: "old", since: now },
          ...Array.from({ length: count }, (_, index) => ({
            ...{ ...first, kid: `${index}`, jwk: { kty: "OKP" } },
            ...{ stage: "ended", since: now },
          })),
          first,
        ],
      }));
      await open({ store }).ring.rotate(options);
      const { keys } = store.row();
      assert.equal(keys.length, count + 3 - dropped);
      // A withdrawal ends the old one too, so it is the oldest then.
      const oldest = options.withdraw ? ["old", "0", "1", "2"] : ["0", "1", "2", "3"];
      assert.deepEqual(keys.find(({ stage }) => stage === "ended").kid, oldest[dropped]);
      assert.equal(keys[0].kid, options.withdraw ? oldest[dropped] : "old");
    }
  }
});

test("counts_the_end_of_a_withdrawn_key_from_its_withdrawal", async (t) => {
  const store = readableStore(t);
  const { events, kid, ring } = open({ store });
  const first = await kid();
  pass(DAY);
  const withdrawn = Date.now();
  const { kid: second } = await ring.rotate({ withdraw: true });
  pass(MINUTE);
  events.length = 0;
  const { kid: third } = await ring.rotate({ withdraw: true });
  assert.deepEqual(
    store.row().keys.map((key) => [key.kid, key.stage, key.since]),
    [
      [first, "ended", withdrawn],
      [second, "ended", Date.now()],
      [third, "current", Date.now()],
    ],
  );
  // The first one was reported before.
  assert.deepEqual(
    events.filter(({ type }) => type === "withdrawn"),
    [{ type: "withdrawn", kid: second }],
  );
});

enablePostQuantum();
for (const alg of ["EdDSA", "ES256", "RS256", "ML-DSA-44"]) {
  test(`forgets_the_private_half_of_a_key_of_${alg}_that_signs_no_more`, async (t) => {
    const store = readableStore(t);
    const { kid, ring } = open({ store, alg });
    const old = await kid();
    const [{ jwk }] = store.row().keys;
    const { kid: newest } = await ring.rotate();
    const [before, now] = store.row().keys;
    const { keys } = await ring.toJwksAsync();
    assert.deepEqual([before.kid, now.kid], [old, newest]);
    assert.deepEqual({ ...before.jwk, use: "sig" }, keys[0]);
    assert.ok(Object.keys(before.jwk).length < Object.keys(jwk).length);
  });
}
