// Key sets that isolates share through a cache, and what is believed of one.

import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { Key, KeySet, kvCache, RemoteKeySet, sign, verifyAsync, webCache } from "countersign/jwt";

const NOW = Date.parse("2026-11-24T12:00:00Z");
mock.timers.enable({ apis: ["Date"], now: NOW });
const pass = (seconds) => mock.timers.setTime(Date.now() + 1000 * seconds);

const URL = "https://login.example/keys?token=s3cr3t";
let key;
let server;
beforeEach(() => {
  mock.timers.setTime(NOW);
  rotate("1");
  server = { requests: 0, headers: { "Cache-Control": "max-age=100" }, fails: false };
});

function rotate(kid) {
  key = Key.generate("EdDSA", { kid });
}
const published = () => JSON.stringify(new KeySet([key.publicKey()]).toJwks());
const token = () => sign({ sub: "alice" }, key, { expiresIn: "1w", issuedAt: false });

/** An isolate: with a memory of its own, and the cache. */
function isolate(cache, options = {}) {
  const told = [];
  const fetch = async () => {
    server.requests += 1;
    if (server.fails) throw new Error("down");
    return new Response(published(), { headers: server.headers });
  };
  const onRefreshError = ({ message }) => told.push(message);
  const keys = new RemoteKeySet(URL, { cache, fetch, onRefreshError, ...options });
  const check = async () => (await verifyAsync(token(), keys)).claims.sub;
  return { keys, told, check };
}

function memory(entries = new Map()) {
  const calls = [];
  return {
    entries,
    calls,
    async get(name, maxBytes) {
      calls.push(["get", maxBytes]);
      return entries.get(name);
    },
    async put(name, entry, seconds) {
      calls.push(["put", seconds]);
      entries.set(name, entry);
    },
  };
}

/** A cache that answers with this, whatever the name. */
const answering = (entry) => ({ get: async () => entry, put: async () => {} });

test("ignores_an_entry_that_cannot_be_read", async () => {
  const throwing = { fetchedAt: NOW, expiresAt: NOW + 100_000 };
  Object.defineProperty(throwing, "jwks", {
    get() {
      throw new Error("no");
    },
  });
  const { check, told } = isolate(answering(throwing));
  assert.equal(await check(), "alice");
  assert.deepEqual(told, ["the cache entry is malformed, too long or too old"]);
  assert.equal(server.requests, 1);
});

test("shares_a_set_among_isolates", async () => {
  const cache = memory();
  assert.equal(await isolate(cache).check(), "alice");
  await turn();
  const [[name, entry]] = cache.entries;
  assert.match(name, /^countersign-jwks-1-[0-9a-f]{64}$/);
  assert.deepEqual(entry, { jwks: published(), fetchedAt: NOW, expiresAt: NOW + 100_000 });
  pass(10);
  const other = isolate(cache);
  assert.equal(await other.check(), "alice");
  assert.equal(server.requests, 1);
  assert.deepEqual([other.keys.state.fetchedAt.getTime(), other.keys.state.expiresAt.getTime()], [NOW, NOW + 100_000]);
  // As long as it may be used: its life, and while the server fails.
  assert.deepEqual(cache.calls, [
    ["get", 131_072],
    ["put", 3700],
    ["get", 131_072],
  ]);
});

test("keeps_sets_apart_that_may_differ", async () => {
  const cache = memory();
  for (const options of [{}, { headers: { "X-Tenant": "a" } }, { headers: { "x-tenant": "b" } }]) {
    await isolate(cache, options).check();
    await turn();
  }
  assert.deepEqual([cache.entries.size, server.requests], [3, 3]);
  await isolate(cache, { headers: { "x-TENANT": "a" } }).check();
  assert.equal(server.requests, 3);
});

test("puts_nothing_there_that_the_server_does_not_want_stored", async () => {
  for (const [directive, stored] of [
    ["no-store", 0],
    ["max-age=10, no-store", 0],
    ["no-cache", 1],
    ["private, max-age=100", 1],
  ]) {
    const cache = memory();
    server.headers = { "Cache-Control": directive };
    await isolate(cache).check();
    await turn();
    assert.equal(cache.entries.size, stored, directive);
  }
});

test("asks_the_server_when_the_shared_set_is_about_to_end", async () => {
  const cache = memory();
  await isolate(cache).check();
  await turn();
  pass(79);
  await isolate(cache).check();
  assert.equal(server.requests, 1);
  pass(1);
  await isolate(cache).check();
  assert.equal(server.requests, 2);
});

test("takes_over_what_another_isolate_has_fetched", async () => {
  const cache = memory();
  const [one, two] = [isolate(cache), isolate(cache)];
  await one.check();
  await turn();
  await two.check();
  rotate("2");
  pass(90);
  // The first fetches beside the call, which is refused meanwhile; the second waits, and finds it done.
  await one.keys.refresh();
  await turn();
  pass(20);
  assert.equal(await two.check(), "alice");
  assert.equal(server.requests, 2);
});

test("asks_once_per_cooldown_for_unknown_keys_in_all_isolates", async () => {
  const cache = memory();
  const isolates = [1, 2, 3].map(() => isolate(cache));
  for (const one of isolates) {
    await one.check();
    await turn();
  }
  const known = token();
  rotate("2");
  pass(30);
  for (const one of isolates) {
    assert.equal(await one.check(), "alice");
    await turn();
  }
  assert.equal(server.requests, 2);
  rotate("3");
  pass(10);
  cache.calls.length = 0;
  for (const one of isolates) await assert.rejects(one.check(), { code: "KEY_NOT_FOUND" });
  await assert.rejects(verifyAsync(known, isolates[0].keys), { code: "KEY_NOT_FOUND" });
  assert.deepEqual([server.requests, cache.calls.length], [2, 0], "nor is the cache asked");
  // A new isolate has the set from the cache, and knows from it when the server was asked.
  await assert.rejects(isolate(cache).check(), { code: "KEY_NOT_FOUND" });
  assert.equal(server.requests, 2);
  pass(20);
  assert.equal(await isolate(cache).check(), "alice");
  assert.equal(server.requests, 3);
});

test("has_the_last_good_set_from_the_cache_while_the_server_fails", async () => {
  const cache = memory();
  await isolate(cache).check();
  await turn();
  server.fails = true;
  pass(3699);
  const late = isolate(cache);
  assert.equal(await late.check(), "alice");
  assert.deepEqual([late.keys.state.status, late.told], ["stale", ["the key set's server cannot be reached"]]);
  pass(1);
  await assert.rejects(isolate(cache).check(), { code: "JWKS_UNAVAILABLE" });
});

test("does_not_go_back_to_an_older_set_of_a_slow_cache", async () => {
  const cache = memory();
  server.headers = { "Cache-Control": "max-age=1000" };
  const one = isolate(cache);
  await one.check();
  await turn();
  const [[name, old]] = cache.entries;
  server.headers = { "Cache-Control": "max-age=100" };
  rotate("2");
  pass(30);
  await one.check();
  await turn();
  cache.entries.set(name, old);
  pass(100);
  assert.equal(await one.check(), "alice");
  assert.deepEqual([server.requests, one.keys.state.status], [3, "fresh"]);
});

const INVALID_ENTRY = "the cache entry is malformed, too long or too old";
const entry = (change) => ({ jwks: published(), fetchedAt: NOW - 1000, expiresAt: NOW + 99_000, ...change });

test("believes_an_entry_as_it_should_be", async () => {
  const { check, told } = isolate(answering(entry()));
  assert.equal(await check(), "alice");
  assert.deepEqual([server.requests, told], [0, []]);
});

for (const [what, change] of Object.entries({
  from_the_future: { fetchedAt: NOW + 1, expiresAt: NOW + 100_000 },
  that_ends_before_it_begins: { expiresAt: NOW - 1001 },
  that_ended_long_ago: { fetchedAt: NOW - 9e6, expiresAt: NOW - 3_600_000 },
  that_is_older_than_allowed: { fetchedAt: NOW - 86_400_000 - 3_600_000 },
  without_a_time: { fetchedAt: undefined },
  whose_time_is_text: { fetchedAt: String(NOW) },
  whose_time_is_nan: { fetchedAt: Number.NaN },
  that_never_ends: { expiresAt: Number.POSITIVE_INFINITY },
  whose_keys_are_no_text: { jwks: { keys: [] } },
  that_is_too_long: { jwks: `{"keys":[]}${" ".repeat(131_072)}` },
  that_is_too_long_in_bytes: { jwks: `{"keys":[],"x":"${"é".repeat(65_536)}"}` },
  with_lone_surrogates: { jwks: '{"keys":[],"x":"\ud800"}' },
})) {
  test(`passes_over_an_entry_${what}`, async () => {
    const { check, told } = isolate(answering(entry(change)));
    assert.equal(await check(), "alice");
    assert.deepEqual([server.requests, told], [1, [INVALID_ENTRY]]);
  });
}

test("passes_over_entries_that_are_no_entries", async () => {
  for (const odd of [7, "text", [], {}, true]) {
    const { check, told } = isolate(answering(odd));
    assert.equal(await check(), "alice");
    assert.deepEqual(told, [INVALID_ENTRY]);
  }
});

test("passes_over_keys_that_a_server_could_not_send_either", async () => {
  const secret = JSON.stringify({ keys: [Key.generate("HS256").toJwk({ private: true })] });
  for (const [jwks, message] of [
    ["", "the key set is not JSON"],
    ["{}", 'the key set is refused: JWKS has no "keys" array'],
    [secret, "the key set holds private keys or secrets"],
  ]) {
    const { check, told } = isolate(answering(entry({ jwks })));
    assert.equal(await check(), "alice");
    assert.deepEqual(told, [message]);
  }
  assert.equal(server.requests, 3);
});

test("lets_no_entry_live_longer_than_todays_options_allow", async () => {
  const { check, keys } = isolate(answering(entry({ expiresAt: NOW + 1e12 })), { maxAge: 300 });
  await check();
  assert.equal(keys.state.expiresAt.getTime(), NOW - 1000 + 300_000);
});

test("does_without_a_cache_that_fails_or_hangs", async () => {
  const fails = async () => {
    throw new Error("down");
  };
  const hangs = () => new Promise(() => {});
  const get = "the key set cannot be read from the cache";
  const put = "the key set cannot be written to the cache";
  for (const [cache, expected] of [
    [{ get: fails, put: fails }, [get, put]],
    [{ get: hangs, put: hangs }, [get, put]],
    [{ get: async () => null, put: () => fails() }, [put]],
    [
      {
        get() {
          throw new Error("at once");
        },
        put() {
          throw new Error("at once");
        },
      },
      [get, put],
    ],
  ]) {
    const kept = [];
    const { check, told } = isolate(cache, { timeoutMs: 200, waitUntil: (work) => kept.push(work) });
    assert.equal(await check(), "alice");
    await Promise.all(kept);
    assert.deepEqual(told, expected);
  }
});

test("goes_on_where_waitUntil_fails", async () => {
  const { check, told } = isolate(undefined, {
    waitUntil() {
      throw new TypeError("Illegal invocation");
    },
  });
  assert.equal(await check(), "alice");
  assert.deepEqual(told, ['option "waitUntil" threw an error']);
});

test("reads_no_more_of_a_kv_value_than_could_be_used", async () => {
  let pulled = 0;
  const value = () =>
    new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(1000).fill(32 + 0 * pulled++)) });
  const namespace = { getWithMetadata: async () => ({ value: value(), metadata: null }), put: async () => {} };
  await assert.rejects(kvCache(namespace).get("name", 10_000), { message: "the key set is longer than the limit" });
  assert.ok(pulled < 15, String(pulled));
});

test("opens_a_web_cache_when_it_is_used", async () => {
  let opened = 0;
  const stored = new Map();
  const opening = async () => {
    opened += 1;
    return {
      match: async (url) => stored.get(url)?.clone(),
      put: async (url, response) => void stored.set(url, response),
    };
  };
  const cache = webCache(opening, "https://api.example/internal/");
  assert.equal(opened, 0);
  assert.equal(await cache.get("name", 100), null);
  await cache.put("name", entry(), 60);
  assert.deepEqual([...stored.keys()], ["https://api.example/internal/name"]);
  assert.equal(stored.get("https://api.example/internal/name").headers.get("Cache-Control"), "max-age=60");
  assert.deepEqual(await cache.get("name", 1000), entry());
  assert.equal(opened, 3);
});
