// jwksEndpoint alone, in Node: its options, and what it will not publish.

import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { jwksEndpoint } from "countersign/http";
import { Key, KeySet } from "countersign/jwt";
import { invalid } from "./errors.mjs";

const URL = "https://api.example/.well-known/jwks.json";
const key = Key.generate("EdDSA", { kid: "one" });

test("a key set is published without its private parts", async () => {
  const endpoint = jwksEndpoint(new KeySet([key, Key.generate("Ed25519", { kid: "two" })]), { maxAge: 0 });
  const answer = await endpoint(new Request(URL));
  assert.equal(answer.headers.get("Cache-Control"), "public, max-age=0");
  const { keys } = await answer.json();
  assert.deepEqual(
    keys.map(({ kid }) => kid),
    ["one", "two"],
  );
  for (const each of keys) assert.equal("d" in each || "k" in each, false);
});

test("private and secret keys are never published", () => {
  for (const jwk of [key.toJwk({ private: true }), Key.generate("HS256").toJwk({ private: true })]) {
    assert.throws(() => jwksEndpoint({ toJwks: () => ({ keys: [jwk] }) }), {
      code: "KEY_USAGE",
      message: "a key set to publish has a private key or a secret",
    });
  }
});

test("no private member is published, even without the others", () => {
  const jwk = key.publicKey().toJwk();
  for (const member of ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"]) {
    assert.throws(() => jwksEndpoint({ toJwks: () => ({ keys: [{ ...jwk, [member]: "AQ" }] }) }), {
      code: "KEY_USAGE",
    });
    jwksEndpoint({ toJwks: () => ({ keys: [{ ...jwk, [member]: null }] }) });
  }
});

test("each answer has the keys of its time, and caches drop it when the next one ends", async () => {
  mock.timers.enable({ apis: ["Date"], now: Date.parse("2026-11-24T12:00:00Z") });
  try {
    const until = new Date(Date.now() + 100_500);
    const old = Key.generate("EdDSA", { kid: "old" });
    const endpoint = jwksEndpoint(new KeySet([key, { key: old, until }]));
    const ask = async (headers = {}) => {
      const answer = await endpoint(new Request(URL, { headers }));
      const kids = answer.status === 200 ? (await answer.json()).keys.map(({ kid }) => kid) : undefined;
      return { kids, status: answer.status, age: answer.headers.get("Cache-Control"), tag: answer.headers.get("ETag") };
    };
    const { tag, ...first } = await ask();
    assert.deepEqual(first, { kids: ["one", "old"], status: 200, age: "public, max-age=100" });
    assert.equal((await ask({ "If-None-Match": tag })).status, 304);
    mock.timers.setTime(until.getTime() - 1);
    assert.deepEqual((await ask()).age, "public, max-age=0");
    mock.timers.setTime(until.getTime());
    const { tag: next, ...later } = await ask({ "If-None-Match": tag });
    assert.deepEqual(later, { kids: ["one"], status: 200, age: "public, max-age=300" });
    assert.notEqual(next, tag);
  } finally {
    mock.timers.reset();
  }
});

test("an answer fails when the keys cannot be written any more", async () => {
  const set = new KeySet([key]);
  const endpoint = jwksEndpoint(set);
  set.free();
  await assert.rejects(endpoint(new Request(URL)), { code: "KEY_INVALID", message: "key set has been freed" });
});

test("takes headers as a plain object, and names what is no request", async () => {
  const endpoint = jwksEndpoint(new KeySet([key]));
  const tag = (await endpoint(new Request(URL))).headers.get("ETag");
  for (const headers of [{ "if-none-match": tag }, { "If-None-Match": `"x", ${tag}` }]) {
    assert.equal((await endpoint({ method: "GET", headers })).status, 304);
  }
  assert.equal((await endpoint({ method: "GET", headers: {} })).status, 200);
  const message = 'the request has no "headers": pass a standard Request (c.req.raw in Hono)';
  for (const request of [undefined, null, {}, { method: "GET" }, "GET"]) {
    await assert.rejects(endpoint(request), invalid(message));
  }
});

test("the JWKS endpoint's options are read strictly", () => {
  const keys = new KeySet([key]);
  assert.throws(
    () => jwksEndpoint(keys, { maxAge: -1 }),
    invalid('option "maxAge" is not a whole number of at least 0'),
  );
  assert.throws(() => jwksEndpoint(keys, { ttl: 1 }), invalid('unknown option "ttl"'));
  assert.throws(() => jwksEndpoint({}), invalid('option "keySet" has no method "toJwks"'));
});
