// jwksEndpoint alone, in Node: its options, and what it will not publish.

import assert from "node:assert/strict";
import { test } from "node:test";
import { jwksEndpoint } from "countersign/http";
import { Key, KeySet } from "countersign/jwt";

const URL = "https://api.example/.well-known/jwks.json";
const key = Key.generate("EdDSA", { kid: "one" });

const invalid = (message) => ({ name: "CountersignError", code: "OPTION_INVALID", message });

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

test("the JWKS endpoint's options are read strictly", () => {
  const keys = new KeySet([key]);
  assert.throws(
    () => jwksEndpoint(keys, { maxAge: -1 }),
    invalid('option "maxAge" is not a whole number of at least 0'),
  );
  assert.throws(() => jwksEndpoint(keys, { ttl: 1 }), invalid('unknown option "ttl"'));
  assert.throws(() => jwksEndpoint({}), invalid('option "keySet" has no method "toJwks"'));
});
