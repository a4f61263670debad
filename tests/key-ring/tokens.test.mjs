// Signing and checking tokens with a ring.

import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { decodeUnverified, Key, Signer, Verifier } from "countersign/jwt";
import { memoryStore } from "countersign/key-ring";
import { error, invalid, MINUTE, NAMES, open, pass, readableStore, START } from "./rings.mjs";

const SECONDS = START / 1000;
const OLD = (15 + 30 + 6) * MINUTE;

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["Date"], now: START });
});

test("signs_for_15_minutes_or_as_long_as_tokens_may_live", async () => {
  for (const [tokensLiveFor, lives] of [
    [899, 899],
    [900, 900],
    [901, 900],
    ["1h", 900],
  ]) {
    const { signer } = open({ tokensLiveFor });
    assert.equal(decodeUnverified(await signer.sign({})).claims.exp, SECONDS + lives);
  }
  // Other options of a token stay.
  const { signer } = open({ tokensLiveFor: 60 });
  const { claims } = decodeUnverified(await signer.sign({}, { issuer: "https://other.example", audience: "b" }));
  assert.deepEqual([claims.iss, claims.aud, claims.exp], ["https://other.example", "b", SECONDS + 60]);
});

test("reads_the_end_of_every_token_that_it_has_signed", async () => {
  const { signer } = open();
  const token = await signer.sign({ first: "~~~???", second: "x~~~???", third: "xx~~~???" });
  const [, payload] = token.split(".");
  assert.match(payload, /-/);
  assert.match(payload, /_/);
});

test("refuses_claims_and_options_as_a_signer_does", async () => {
  const { ring, signer } = open({ tokensLiveFor: 60 });
  const ordinary = new Signer(Key.generate("EdDSA"), NAMES);
  const trap = () => {
    throw new Error("trap");
  };
  const hostile = new Proxy({}, { get: trap, has: trap, ownKeys: trap, getOwnPropertyDescriptor: trap });
  const opaque = new Proxy({}, { ownKeys: trap });
  for (const all of [
    [null],
    [undefined],
    [1],
    ["claims"],
    [[]],
    [hostile],
    [{}, null],
    [{}, 1],
    [{}, []],
    [{}, () => {}],
    [{}, hostile],
    [{}, opaque],
  ]) {
    const expected = await ordinary.signAsync(...all).then(
      () => "signs",
      ({ code, message }) => ({ code, message }),
    );
    const found = await signer.sign(...all).then(
      () => "signs",
      ({ code, message }) => ({ code, message }),
    );
    assert.deepEqual(found, expected);
  }
  assert.throws(() => ring.signer(new Proxy({ issuer: "a" }, {})), invalid("options cannot be read"));
  const lost = error("KEY_INVALID", "method called without its object: call it as signer.sign(claims), or bind it");
  for (const receiver of [undefined, null, 1, "signer", {}]) await assert.rejects(signer.sign.call(receiver, {}), lost);
});

/** The keys that a function of `Key` makes. */
function made(t, name) {
  const original = Key[name];
  const keys = [];
  t.mock.method(Key, name, (...all) => {
    const key = original.apply(Key, all);
    keys.push(key);
    return key;
  });
  return keys;
}

const isFreed = (key) => assert.throws(() => key.thumbprint(), error("KEY_INVALID", /freed|free\(\)/));

test("is_left_alone_by_proxies_of_frameworks", () => {
  const { ring, signer } = open();
  assert.deepEqual([ring.__v_skip, signer.__v_skip], [true, true]);
});

test("frees_what_it_makes_only_to_check_options", (t) => {
  const keys = made(t, "fromSecret");
  const freed = t.mock.method(Signer.prototype, "free");
  const { ring } = open();
  ring.signer(NAMES);
  assert.equal(freed.mock.callCount(), 2);
  assert.throws(() => ring.signer({ expiresIn: "soon" }));
  assert.equal(keys.length, 3);
  keys.forEach(isFreed);
});

test("frees_each_key_that_it_has_made", async (t) => {
  const keys = made(t, "generateAsync");
  const { ring } = open();
  await ring.rotate();
  // Those that sign are read from the row.
  assert.equal(keys.length, 2);
  for (const key of keys) isFreed(await key);
});

test("makes_one_signer_and_one_verifier_for_a_key", async (t) => {
  const { ring, signer } = open();
  await signer.sign({});
  const withKeys = t.mock.method(Verifier.prototype, "withKeys");
  const signing = t.mock.method(Signer.prototype, "signAsync");
  const signers = () => new Set(signing.mock.calls.map((call) => call.this)).size;
  const verifier = new Verifier(ring.keySet(), NAMES);
  for (let times = 0; times < 3; times += 1) {
    await verifier.verifyAsync(await signer.sign({}));
    // The store is read again, and has the same keys.
    pass(MINUTE);
  }
  assert.deepEqual([withKeys.mock.callCount(), signers()], [1, 1]);
  await ring.rotate();
  for (let times = 0; times < 3; times += 1) await verifier.verifyAsync(await signer.sign({}));
  assert.deepEqual([withKeys.mock.callCount(), signers()], [2, 2]);
});

test("keeps_a_key_set_for_its_readers_as_long_as_the_keys_are_the_same", async () => {
  const { ring, kid } = open();
  const keySet = ring.keySet();
  assert.equal(keySet.keySet, undefined);
  const first = await kid();
  assert.equal(keySet.keySet, undefined);
  await keySet.toJwksAsync();
  const before = keySet.keySet;
  assert.equal(keySet.keySet, before);
  const { kid: second } = await ring.rotate();
  await keySet.toJwksAsync();
  assert.notEqual(keySet.keySet, before);
  assert.deepEqual(
    keySet.keySet.toJwks().keys.map((key) => key.kid),
    [first, second],
  );
});

test("lets_caches_keep_keys_that_sign_for_half_of_publishedAhead_however_old_they_are", async (t) => {
  const { ring } = open();
  for (let count = 0; count < 60; count += 1) {
    assert.equal((await ring.toJwksAsync()).maxAge, 1800);
    pass(MINUTE);
  }
  // An old key that ends in a millisecond, and one whose end waits for an agreement.
  for (const [late, longest] of [
    [-1, 0],
    [0, 1800],
    [1, 1800],
  ]) {
    const store = readableStore(t);
    await open({ store }).ring.rotate();
    store.change(({ keys: [old, current] }) => ({
      keys: [{ ...old, since: Date.now() - OLD - late }, current],
      presence: { id: "another", at: Date.now(), isShared: true },
    }));
    const { keys, maxAge } = await open({ store }).ring.toJwksAsync();
    assert.deepEqual([keys.length, maxAge], [2, longest]);
  }
});

test("says_what_the_cause_is_when_the_store_fails", async () => {
  const store = memoryStore();
  const { ring, signer } = open({ store });
  const token = await signer.sign({});
  const thrown = new Error("no store");
  store.get = () => {
    throw thrown;
  };
  pass(30 * MINUTE);
  const failed = await new Verifier(ring.keySet(), NAMES).verifyAsync(token).catch((caught) => caught);
  assert.equal(failed.code, "JWKS_UNAVAILABLE");
  const { value, ...how } = Object.getOwnPropertyDescriptor(failed, "cause");
  assert.deepEqual(how, { configurable: true, enumerable: false, writable: true });
  assert.deepEqual([value.code, value.cause], ["STORE_UNAVAILABLE", thrown]);
});

test("checks_no_token_once_the_verifier_is_freed", async () => {
  for (const isUsed of [false, true]) {
    const { ring, signer } = open();
    const token = await signer.sign({});
    const verifier = new Verifier(ring.keySet(), NAMES);
    if (isUsed) await verifier.verifyAsync(token);
    const waiting = verifier.verifyAsync(token);
    verifier.free();
    await assert.rejects(waiting, error("KEY_INVALID"));
    await assert.rejects(verifier.verifyAsync(token), error("KEY_INVALID"));
    // The ring has not lost anything.
    await new Verifier(ring.keySet(), NAMES).verifyAsync(token);
  }
});

test("says_why_a_token_is_refused", async () => {
  const { ring, signer } = open();
  const verifier = new Verifier(ring.keySet(), NAMES);
  await assert.rejects(verifier.verifyAsync("x"), error("TOKEN_MALFORMED"));
  await assert.rejects(verifier.verifyAsync(await open().signer.sign({})), error("KEY_NOT_FOUND"));
  const expired = await signer.sign({});
  pass(20 * MINUTE);
  await assert.rejects(verifier.verifyAsync(expired), error("TOKEN_EXPIRED"));
  // Other keys, found by a second look.
  await assert.rejects(verifier.verifyAsync(expired, { unknown: 1 }), error("OPTION_INVALID"));
});
