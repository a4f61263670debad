// GET /.well-known/jwks.json on workerd: public, cacheable, and nothing else.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Key } from "countersign/jwt";
import { chosenHeaders, System } from "./system.mjs";

const PATH = "/.well-known/jwks.json";

let system;
before(async () => {
  system = await System.start();
});
after(() => system.close());

test("gives the public part of one key, named by its thumbprint", async () => {
  const response = await system.get(PATH);
  assert.equal(response.status, 200);
  const { etag, ...headers } = chosenHeaders(response);
  assert.match(etag, /^"[0-9a-f]{32}"$/);
  assert.deepEqual(headers, { "cache-control": "public, max-age=300", "content-type": "application/jwk-set+json" });
  const { keys, ...rest } = await response.json();
  assert.deepEqual(rest, {});
  assert.equal(keys.length, 1);
  const { x, kid, ...fixed } = keys[0];
  assert.deepEqual(fixed, { kty: "OKP", crv: "Ed25519", alg: "EdDSA", use: "sig" });
  assert.match(x, /^[\w-]{43}$/);
  assert.equal(kid, Key.fromJwk(keys[0]).thumbprint());
});

test("answers a tag that still holds with 304", async () => {
  const { headers } = await system.get(PATH);
  const etag = headers.get("ETag");
  for (const sent of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
    const response = await system.get(PATH, { "If-None-Match": sent });
    assert.equal(response.status, 304, sent);
    assert.equal(response.headers.get("ETag"), etag);
    assert.equal(await response.text(), "");
  }
  assert.equal((await system.get(PATH, { "If-None-Match": '"other"' })).status, 200);
});

test("answers HEAD, and no method that changes things", async () => {
  const head = await fetch(system.url + PATH, { method: "HEAD" });
  assert.equal(head.status, 200);
  assert.equal(head.headers.get("Content-Type"), "application/jwk-set+json");
  const post = await fetch(system.url + PATH, { method: "POST" });
  assert.equal(post.status, 405);
  assert.equal(post.headers.get("Allow"), "GET, HEAD");
});
