// DpopSigner on Node: proofs, keys, the wrapper of fetch.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { DpopSigner } from "countersign/dpop";
import * as jose from "jose";

const fails = (code, message) => ({ name: "CountersignError", code, message });
const signer = await DpopSigner.create();
const URL_OF_API = "https://api.example/a";

/** Replaces `fetch`, and returns the requests. */
function answering(t, answers) {
  const requests = [];
  t.mock.method(globalThis, "fetch", async (request) => {
    const proof = request.headers.get("DPoP");
    const claims = proof === null ? null : jose.decodeJwt(proof);
    requests.push({ request, claims, body: await request.text() });
    return answers[Math.min(requests.length, answers.length) - 1]();
  });
  return requests;
}

const answer =
  (status, body, headers = {}) =>
  () =>
    new Response(JSON.stringify(body), { status, headers });

test("makes a proof of exactly this shape", async () => {
  const proof = await signer.proof({
    method: "GET",
    url: `${URL_OF_API}/ü?x=1#y`,
    accessToken: "the token",
    nonce: "n",
  });
  const { jwk, ...header } = jose.decodeProtectedHeader(proof);
  assert.deepEqual(header, { typ: "dpop+jwt", alg: "ES256" });
  assert.deepEqual(Object.keys(jwk).sort(), ["crv", "kty", "x", "y"]);
  assert.equal(await jose.calculateJwkThumbprint(jwk), signer.thumbprint);
  const { payload } = await jose.jwtVerify(proof, await jose.importJWK(jwk, "ES256"));
  const { iat, jti, ...claims } = payload;
  const ath = createHash("sha256").update("the token").digest("base64url");
  assert.deepEqual(claims, { htm: "GET", htu: `${URL_OF_API}/%C3%BC`, ath, nonce: "n" });
  assert.ok(Math.abs(iat - Date.now() / 1000) < 5 && Number.isInteger(iat));
  assert.match(jti, /^[\w-]{22}$/);
  const plain = jose.decodeJwt(await signer.proof({ method: "POST", url: new URL("https://api.example:443") }));
  assert.deepEqual(Object.keys(plain), ["jti", "htm", "htu", "iat"]);
  assert.equal(plain.htu, "https://api.example/");
  assert.notEqual(plain.jti, jti);
});

test("uses a key pair of the caller, and makes one that cannot be exported", async (t) => {
  const algorithm = { name: "ECDSA", namedCurve: "P-256" };
  const keyPair = await crypto.subtle.generateKey(algorithm, false, ["sign", "verify"]);
  const [first, second] = [await DpopSigner.create({ keyPair }), await DpopSigner.create({ keyPair })];
  assert.equal(first.thumbprint, second.thumbprint);
  assert.notEqual(first.thumbprint, signer.thumbprint);
  const made = t.mock.method(crypto.subtle, "generateKey");
  await DpopSigner.create();
  assert.deepEqual(made.mock.calls[0].arguments, [algorithm, false, ["sign", "verify"]]);
  await first.forget();
});

test("refuses options that are wrong", async () => {
  const p384 = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-384" }, false, ["sign", "verify"]);
  for (const [options, message] of [
    [null, "options are not an object"],
    ["login", "options are not an object"],
    [{ keepas: "x" }, 'unknown option "keepas"'],
    [{ keepAs: "" }, 'option "keepAs" is not a non-empty string'],
    [{ keepAs: 7 }, 'option "keepAs" is not a non-empty string'],
    [{ keyPair: p384 }, 'option "keyPair" is not an ECDSA key pair on P-256'],
    [{ keyPair: {} }, 'option "keyPair" is not an ECDSA key pair on P-256'],
    [{ keyPair: p384, keepAs: "x" }, 'option "keepAs" is not for a "keyPair"'],
  ]) {
    await assert.rejects(DpopSigner.create(options), fails("OPTION_INVALID", message));
  }
  // There is no IndexedDB.
  await assert.rejects(
    DpopSigner.create({ keepAs: "x" }),
    fails("STORE_UNAVAILABLE", "IndexedDB does not keep the key"),
  );
  const noMethod = fails("OPTION_INVALID", 'option "method" is not a string');
  await assert.rejects(signer.proof({ url: URL_OF_API }), noMethod);
  for (const url of ["/a", "", undefined, 7]) {
    const message = 'option "url" is not an absolute URL';
    await assert.rejects(signer.proof({ method: "GET", url }), fails("OPTION_INVALID", message));
  }
});

test("sends the headers, and the nonce that the origin gave last", async (t) => {
  const mine = await DpopSigner.create();
  const requests = answering(t, [answer(200, {}, { "DPoP-Nonce": "one" }), answer(200, {}), answer(200, {})]);
  const { fetch } = mine;
  await fetch(URL_OF_API, { accessToken: "the token", headers: { "X-Mine": "1" } });
  await fetch(new Request(`${URL_OF_API}?x`, { method: "put", body: "text" }));
  await fetch("https://other.example/", {});
  const [first, second, third] = requests;
  assert.equal(first.request.headers.get("authorization"), "DPoP the token");
  assert.equal(first.request.headers.get("x-mine"), "1");
  assert.deepEqual([first.claims.htm, first.claims.nonce, third.claims.nonce], ["GET", undefined, undefined]);
  assert.deepEqual([second.claims.htm, second.claims.nonce, second.claims.ath], ["PUT", "one", undefined]);
  assert.equal(second.request.headers.get("authorization"), null);
  assert.equal(second.body, "text");
});

test("sends a request once more if the server demands a nonce, in either way, and not a third time", async (t) => {
  const demands = { error: "use_dpop_nonce" };
  const challenge = { "WWW-Authenticate": 'Bearer, DPoP algs="ES256", error="use_dpop_nonce"' };
  for (const [status, body, headers] of [
    [400, demands, {}],
    [401, demands, {}],
    [401, null, challenge],
  ]) {
    const mine = await DpopSigner.create();
    const requests = answering(t, [
      answer(status, body, { ...headers, "DPoP-Nonce": "one" }),
      answer(200, { done: true }),
    ]);
    const found = await mine.fetch(URL_OF_API, { method: "POST", body: new URLSearchParams({ a: "b" }) });
    assert.deepEqual(await found.json(), { done: true });
    assert.deepEqual(
      requests.map((each) => [each.claims.nonce, each.body]),
      [
        [undefined, "a=b"],
        ["one", "a=b"],
      ],
    );
    assert.notEqual(requests[0].claims.jti, requests[1].claims.jti);
    t.mock.restoreAll();
  }
  for (const [status, body, headers] of [
    // Without a nonce, with that of the last request, or for another reason.
    [400, demands, {}],
    [401, { error: "invalid_token" }, { "DPoP-Nonce": "two" }],
    [403, demands, { "DPoP-Nonce": "three" }],
    [400, "use_dpop_nonce", { "DPoP-Nonce": "four" }],
  ]) {
    const mine = await DpopSigner.create();
    const requests = answering(t, [answer(status, body, headers)]);
    const found = await mine.fetch(URL_OF_API);
    assert.deepEqual([found.status, await found.json(), requests.length], [status, body, 1]);
    t.mock.restoreAll();
  }
  const mine = await DpopSigner.create();
  let count = 0;
  const requests = answering(t, [
    () => {
      count += 1;
      return answer(400, demands, { "DPoP-Nonce": String(count) })();
    },
  ]);
  assert.equal((await mine.fetch(URL_OF_API)).status, 400);
  assert.equal(requests.length, 2);
});

test("lets errors of fetch through", async (t) => {
  t.mock.method(globalThis, "fetch", async () => {
    throw new TypeError("failed");
  });
  await assert.rejects(signer.fetch(URL_OF_API), new TypeError("failed"));
  await assert.rejects(signer.fetch("https://["), TypeError);
});

test("follows no redirect, and learns no nonce from one", async (t) => {
  const redirect = () =>
    new Response(null, { status: 307, headers: { location: "https://b.example", "DPoP-Nonce": "b" } });
  const requests = answering(t, [redirect, answer(200, {})]);
  const own = await DpopSigner.create();
  await assert.rejects(own.fetch(URL_OF_API, { method: "POST", body: "secret" }), TypeError);
  assert.equal(requests.length, 1);
  await own.fetch(URL_OF_API);
  assert.equal("nonce" in requests[1].claims, false);
  const manual = answering(t, [redirect]);
  assert.equal((await own.fetch(URL_OF_API, { redirect: "manual" })).status, 307);
  assert.equal(manual.length, 1);
});
