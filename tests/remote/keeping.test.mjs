// When the server is asked, who waits for it, and what happens when it fails: over real TLS, with a clock that the test
// moves. Requests are counted where they arrive.

import assert from "node:assert/strict";
import { after, before, beforeEach, mock, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { bearerGuard } from "countersign/http";
import { KeySet, RemoteKeySet, Verifier, verify, verifyAsync } from "countersign/jwt";
import { forged, Issuer, withHeaders } from "./issuer.mjs";
import { certificates } from "./trust.mjs";

// Timers stay real: only the time of day is the test's.
mock.timers.enable({ apis: ["Date"], now: Date.now() });
const pass = (seconds) => mock.timers.setTime(Date.now() + 1000 * seconds);

let issuer;
before(async () => {
  issuer = await Issuer.start(certificates);
});
after(() => issuer.close());
beforeEach(() => {
  issuer.rotate("1");
  issuer.requests = [];
  issuer.at("keys", withHeaders({ "Cache-Control": "max-age=100" }));
});

/** A set that lives for 100 seconds, of which the last 20 are for fetching it again. */
function remote(options = {}) {
  const told = [];
  const keys = new RemoteKeySet(issuer.url("keys"), {
    onRefreshError: ({ message }) => told.push(message),
    ...options,
  });
  return { keys, told, verifier: new Verifier(keys) };
}
const asked = () => issuer.requests.length;
/** Until what goes on beside the calls has come to an end. */
async function settled(condition) {
  for (let tries = 0; !condition(); tries += 1) {
    assert.ok(tries < 300, "what was begun beside the calls comes to an end");
    await pause(10);
  }
}
const good = { sub: "alice" };
const subject = async (promise) => ({ sub: (await promise).claims.sub });

test("asks_once_for_a_thousand_first_calls", async () => {
  const { verifier } = remote();
  const token = issuer.token();
  const answers = await Promise.all(Array.from({ length: 1000 }, () => subject(verifier.verifyAsync(token))));
  assert.ok(answers.every(({ sub }) => sub === "alice"));
  assert.equal(asked(), 1);
});

test("asks_once_for_several_verifiers_of_one_set", async () => {
  const { keys, verifier } = remote();
  const other = new Verifier(keys, { subject: "bob" });
  const token = issuer.token();
  const both = await Promise.allSettled([verifier.verifyAsync(token), other.verifyAsync(token)]);
  assert.deepEqual([both[0].status, both[1].reason.code], ["fulfilled", "CLAIM_INVALID"]);
  assert.equal(asked(), 1);
});

test("asks_once_per_cooldown_for_ten_thousand_unknown_keys", async () => {
  const { verifier } = remote({ cooldown: 30 });
  await verifier.verifyAsync(issuer.token());
  const tokens = Array.from({ length: 100 }, (_, index) => forged(`unknown-${index}`));
  let refused = 0;
  const storm = async () => {
    for (const one of await Promise.allSettled(
      Array.from({ length: 10_000 }, (_, i) => verifier.verifyAsync(tokens[i % 100])),
    )) {
      assert.equal(one.reason.code, "KEY_NOT_FOUND");
      refused += 1;
    }
  };
  await storm();
  assert.equal(asked(), 1, "the server was asked just before");
  pass(30);
  await storm();
  assert.equal(asked(), 2);
  await storm();
  pass(29);
  await storm();
  assert.equal(asked(), 2);
  pass(1);
  // One after another.
  for (const token of tokens) await assert.rejects(verifier.verifyAsync(token), { code: "KEY_NOT_FOUND" });
  assert.deepEqual([asked(), refused], [3, 40_000]);
});

test("asks_once_per_cooldown_for_unknown_keys_while_the_server_fails", async () => {
  const { verifier, told } = remote();
  await verifier.verifyAsync(issuer.token());
  issuer.at("keys", "broken");
  for (let second = 0; second < 70; second += 1) {
    pass(1);
    await assert.rejects(verifier.verifyAsync(forged()), { code: "KEY_NOT_FOUND" });
  }
  assert.deepEqual([asked(), told.length], [3, 2]);
  assert.equal((await verifier.verifyAsync(issuer.token())).claims.sub, "alice");
});

test("finds_the_key_of_a_rotation", async () => {
  const { keys, verifier } = remote();
  const old = issuer.token();
  await verifier.verifyAsync(old);
  const before = keys.keySet;
  issuer.rotate("2");
  const token = issuer.token();
  await assert.rejects(verifier.verifyAsync(token), { code: "KEY_NOT_FOUND" });
  pass(30);
  // A call that comes during the request waits for the same answer.
  const answers = await Promise.all(Array.from({ length: 50 }, () => subject(verifier.verifyAsync(token))));
  assert.deepEqual(answers, Array(50).fill(good));
  assert.equal(asked(), 2);
  assert.notEqual(keys.keySet, before);
  await assert.rejects(verifier.verifyAsync(old), { code: "KEY_NOT_FOUND" });
  assert.deepEqual(before.toJwks().keys[0].kid, "1", "a set that was handed out stays whole");
});

test("lets_no_token_with_a_known_key_wait_while_the_set_is_fresh", async () => {
  const { verifier } = remote();
  const token = issuer.token();
  await verifier.verifyAsync(token);
  issuer.at("keys", "slow-headers");
  pass(50);
  // One with an unknown key does wait, and holds up nobody else.
  const stranger = verifier.verifyAsync(forged()).catch(({ code }) => code);
  await settled(() => asked() === 2);
  for (let i = 0; i < 100; i += 1) assert.deepEqual(await soon(subject(verifier.verifyAsync(token))), good);
  assert.equal(asked(), 2);
  issuer.at("keys", "good");
  assert.equal(await Promise.race([stranger, pause(50, "waiting")]), "waiting");
  assert.equal(await stranger, "KEY_NOT_FOUND");
});

test("fetches_a_set_again_beside_the_calls_before_its_time_is_over", async () => {
  const kept = [];
  const { keys, verifier } = remote({ waitUntil: (work) => kept.push(work) });
  const token = issuer.token();
  await verifier.verifyAsync(token);
  assert.equal(kept.length, 1, "the first as well, as the request that began it may be given up");
  pass(79);
  await verifier.verifyAsync(token);
  assert.equal(asked(), 1);
  pass(1);
  // In the time in which the set is fetched again, a token that no key would make valid does not cause that.
  for (const bad of ["a.b.c", issuer.token({ exp: 1 }, {})]) await assert.rejects(verifier.verifyAsync(bad));
  assert.deepEqual([asked(), kept.length], [1, 1]);
  const first = keys.keySet;
  for (let i = 0; i < 100; i += 1) assert.deepEqual(await soon(subject(verifier.verifyAsync(token))), good);
  assert.equal(kept.length, 2);
  assert.equal(keys.keySet, first, "nobody has waited");
  await kept[1];
  assert.notEqual(keys.keySet, first);
  assert.equal(asked(), 2);
  assert.equal(keys.state.expiresAt - Date.now(), 100_000);
});

test("does_without_waiting_when_the_server_hangs_while_a_set_is_fetched_again", async () => {
  const { verifier, told } = remote({ timeoutMs: 200 });
  const token = issuer.token();
  await verifier.verifyAsync(token);
  issuer.at("keys", "slow-headers");
  pass(90);
  assert.deepEqual(await soon(subject(verifier.verifyAsync(token))), good);
  await settled(() => told.length === 1);
  // The server is known to fail: even beyond the set's time nobody waits for it.
  pass(3600);
  for (let i = 0; i < 20; i += 1) assert.deepEqual(await soon(subject(verifier.verifyAsync(token))), good);
  await settled(() => told.length === 2);
  assert.equal(asked(), 3);
});

test("waits_for_a_new_set_when_the_time_of_the_old_one_is_over", async () => {
  const { keys, verifier } = remote();
  const old = issuer.token();
  await verifier.verifyAsync(old);
  issuer.rotate("2");
  pass(99.999);
  assert.equal(keys.state.status, "fresh");
  pass(0.001);
  assert.equal(keys.state.status, "stale");
  await assert.rejects(verifier.verifyAsync(old), { code: "KEY_NOT_FOUND" });
  assert.equal((await verifier.verifyAsync(issuer.token())).claims.sub, "alice");
  assert.equal(asked(), 2);
});

test("keeps_the_last_good_set_while_the_server_fails_for_as_long_as_is_allowed", async () => {
  const { keys, verifier, told } = remote({ staleIfError: 1000 });
  const token = issuer.token();
  await verifier.verifyAsync(token);
  await issuer.close();
  try {
    pass(100);
    assert.deepEqual(await subject(verifier.verifyAsync(token)), good);
    const { status, failures, error } = keys.state;
    assert.deepEqual([status, failures, error.code, told.length], ["stale", 1, "JWKS_UNAVAILABLE", 1]);
    assert.equal(error.message, "the key set's server cannot be reached");
    pass(999.999);
    assert.deepEqual(await subject(verifier.verifyAsync(token)), good);
    await settled(() => keys.state.failures === 2);
    pass(0.001);
    assert.equal(keys.state.status, "empty");
    await assert.rejects(verifier.verifyAsync(token), { code: "JWKS_UNAVAILABLE" });
    await assert.rejects(verifier.verifyAsync("a.b"), { code: "TOKEN_MALFORMED" });
  } finally {
    await issuer.listen();
  }
  pass(30);
  assert.deepEqual(await subject(verifier.verifyAsync(token)), good);
  assert.deepEqual([keys.state.status, keys.state.failures, "error" in keys.state], ["fresh", 0, false]);
});

test("uses_no_set_beyond_its_time_where_that_is_forbidden", async () => {
  const { verifier } = remote({ staleIfError: 0 });
  const token = issuer.token();
  await verifier.verifyAsync(token);
  issuer.at("keys", "broken");
  pass(100);
  await assert.rejects(verifier.verifyAsync(token), { code: "JWKS_UNAVAILABLE" });
});

test("leaves_a_server_that_fails_alone_for_longer_each_time", async () => {
  issuer.at("keys", "broken");
  const { keys, verifier, told } = remote();
  const token = issuer.token();
  const times = [];
  for (let second = 0; second < 200; second += 1) {
    const before = asked();
    await assert.rejects(verifier.verifyAsync(token), { code: "JWKS_UNAVAILABLE" });
    if (before < asked()) times.push(second);
    pass(1);
  }
  assert.deepEqual(times, [0, 1, 3, 7, 15, 31, 61, 91, 121, 151, 181]);
  assert.deepEqual([keys.state.failures, told.length], [11, 11]);
  issuer.at("keys", "good");
  pass(30);
  assert.deepEqual(await subject(verifier.verifyAsync(token)), good);
});

test("waits_with_those_who_wait_already_when_the_server_has_failed", async () => {
  issuer.at("keys", "broken");
  const { verifier } = remote();
  const token = issuer.token();
  await assert.rejects(verifier.verifyAsync(token));
  issuer.at("keys", "good");
  pass(1);
  assert.deepEqual(await Promise.all([1, 2, 3].map(() => subject(verifier.verifyAsync(token)))), Array(3).fill(good));
  assert.equal(asked(), 2);
});

test("limits_the_age_of_a_set_by_the_monotonic_clock_too", async () => {
  const elapsed = mock.method(performance, "now");
  const start = performance.now();
  const wait = (seconds) => elapsed.mock.mockImplementation(() => start + 1000 * seconds);
  const realNow = Date.now();
  try {
    wait(0);
    // 30 days ahead when the set is fetched, and right from then on.
    mock.timers.setTime(realNow + 30 * 86_400_000);
    issuer.headers = {};
    const keys = new RemoteKeySet(issuer.url("good"), { minAge: 100, maxAge: 100, staleIfError: 50 });
    await keys.refresh();
    mock.timers.setTime(realNow);
    issuer.at("good", "broken");
    await assert.rejects(keys.refresh(), { code: "JWKS_UNAVAILABLE" });
    wait(149);
    assert.equal(keys.state.status, "stale");
    wait(150);
    assert.equal(keys.state.status, "empty");
  } finally {
    elapsed.mock.restore();
    issuer.at("good", "good");
    mock.timers.setTime(realNow);
  }
});

test("does_not_use_a_set_for_longer_when_the_clock_is_put_back", async () => {
  const { keys, verifier } = remote();
  const token = issuer.token({ sub: "alice" }, { expiresIn: "1d", issuedAt: false });
  await verifier.verifyAsync(token);
  pass(-5000);
  assert.equal(keys.state.status, "stale");
  assert.deepEqual(await subject(verifier.verifyAsync(token)), good);
  assert.equal(asked(), 2);
  assert.deepEqual([keys.state.status, keys.state.fetchedAt.getTime()], ["fresh", Date.now()]);
  pass(5000);
});

test("asks_when_it_is_told_to_and_keeps_the_set_if_that_fails", async () => {
  const { keys } = remote();
  const first = await keys.refresh();
  assert.ok(first instanceof KeySet);
  const [one, two] = await Promise.all([keys.refresh(), keys.refresh()]);
  assert.equal(one, two);
  assert.equal(asked(), 2);
  issuer.at("keys", "broken");
  await assert.rejects(keys.refresh(), { code: "JWKS_UNAVAILABLE" });
  assert.equal(keys.keySet, one);
  assert.deepEqual([keys.state.status, keys.state.failures], ["fresh", 1]);
});

test("calls_a_fetch_that_calls_back_no_second_time", async () => {
  let calls = 0;
  const fetching = async () => {
    calls += 1;
    const inner = verifier.verifyAsync(issuer.token()).catch(({ code }) => code);
    assert.equal(await Promise.race([inner, pause(30, "waits")]), "waits");
    return new Response(issuer.jwks());
  };
  const { verifier } = remote({ fetch: fetching });
  assert.deepEqual(await subject(verifier.verifyAsync(issuer.token())), good);
  assert.equal(calls, 1);
});

test("checks_by_the_same_rules_and_errors_as_with_a_set_at_hand", async () => {
  const { keys } = remote();
  const cases = [
    [issuer.token(), {}],
    [issuer.token(), { audience: "api" }],
    [issuer.token({ aud: "api" }), {}],
    [issuer.token({ aud: "api" }), { audience: "api", issuer: "x" }],
    [issuer.token({ exp: 1 }, {}), {}],
    [`${issuer.token().slice(0, -8)}AAAAAAAA`, {}],
    [forged(), {}],
    ["x", {}],
    [issuer.token(), { maxTokenLength: 10 }],
    [issuer.token(), { audiance: "api" }],
    [issuer.token(), null],
  ];
  await keys.refresh();
  let refused = 0;
  const outcome = async (call) => {
    try {
      return await call();
    } catch ({ name, code, message, claim }) {
      refused += 1;
      return { name, code, message, claim };
    }
  };
  for (const [token, options] of cases) {
    const expected = await outcome(() => verify(token, keys.keySet, options));
    for (const held of [keys, keys.keySet]) {
      assert.deepEqual(await outcome(() => verifyAsync(token, held, options)), expected);
      assert.deepEqual(await outcome(() => new Verifier(held, options).verifyAsync(token)), expected);
      if (options === null) continue; // With a verifier, `null` in place of options for one token is an error, too.
      assert.deepEqual(await outcome(() => new Verifier(held).verifyAsync(token, options)), expected);
    }
  }
  assert.ok(50 < refused);
  const key = issuer.key.publicKey();
  assert.deepEqual(await verifyAsync(issuer.token(), key), verify(issuer.token(), key));
});

test("reads_the_options_of_a_verifier_once", async () => {
  const { keys } = remote();
  const options = { subject: "alice" };
  const verifier = new Verifier(keys, options);
  options.subject = "bob";
  assert.deepEqual(await subject(verifier.verifyAsync(issuer.token())), good);
  issuer.rotate("2");
  pass(100);
  assert.deepEqual(await subject(verifier.verifyAsync(issuer.token())), good);
  await assert.rejects(verifier.verifyAsync(issuer.token({ sub: "bob" })), { code: "CLAIM_INVALID" });
});

test("says_that_a_check_at_once_is_not_possible", async () => {
  const { keys, verifier } = remote();
  const expected = { code: "OPTION_INVALID", message: "a RemoteKeySet needs verifyAsync, not verify" };
  assert.throws(() => verifier.verify(issuer.token()), expected);
  assert.throws(() => verify(issuer.token(), keys), expected);
  await keys.refresh();
  assert.throws(() => verifier.verify(issuer.token()), expected);
});

test("is_of_no_use_once_it_is_freed", async () => {
  const { verifier } = remote();
  await verifier.verifyAsync(issuer.token());
  const waiting = verifier.verifyAsync(issuer.token());
  verifier.free();
  await assert.rejects(verifier.verifyAsync(issuer.token()), {
    code: "KEY_INVALID",
    message: "verifier has been freed",
  });
  assert.equal((await waiting).claims.sub, "alice", "what was checked before is not undone");
});

test("guards_requests", async () => {
  const { verifier, told } = remote();
  const guard = bearerGuard(verifier);
  const request = (token) => new Request("https://api.example/", { headers: { Authorization: `Bearer ${token}` } });
  assert.equal((await guard(request(issuer.token()))).claims.sub, "alice");
  assert.equal((await guard(request(forged()))).status, 401);
  assert.equal((await guard(request("x"))).status, 401);
  issuer.at("keys", "broken");
  pass(10_000);
  // The fault is not the token's.
  const unavailable = await guard(request(issuer.token()));
  assert.equal(unavailable.status, 503);
  assert.match(unavailable.headers.get("Retry-After"), /^\d+$/);
  issuer.at("keys", "none-usable");
  pass(10_000);
  assert.equal((await guard(request(issuer.token()))).status, 503);
  assert.equal(told.length, 2);
  assert.match(told[1], /^the key set has no usable key: /);
});

/** Refuses what waits for a server that does not answer. */
function soon(promise) {
  return Promise.race([promise, pause(150).then(() => assert.fail("it waits for the server"))]);
}
