// Sets of keys: each token is checked with its own key and answered with its own header, whatever the verifier has seen.

import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { Key, KeySet, Signer, sign, Verifier, verify } from "countersign/jwt";

const secret = (seed) => new Uint8Array(32).fill(seed);
const named = (kid, seed = 1) => Key.fromSecret(secret(seed), { alg: "HS256", kid });
const tokenOf = (key, claims = {}) => sign({ sub: key.kid ?? "nobody", ...claims }, key);

test("each of 1,500 keys checks its own tokens, in any order, and again", () => {
  const keys = Array.from({ length: 1500 }, (_, index) =>
    Key.fromSecret(crypto.getRandomValues(new Uint8Array(32)), { alg: "HS256", kid: `key-${index}` }),
  );
  const verifier = new Verifier(new KeySet(keys));
  const tokens = keys.map((key) => tokenOf(key));
  for (const round of [tokens, tokens.toReversed?.() ?? [...tokens].reverse(), tokens]) {
    for (const token of round) {
      const { header, claims } = verifier.verify(token);
      assert.equal(header.kid, claims.sub);
    }
  }
});

test("a key that was left out is named in a large set too", () => {
  const bad = Array.from({ length: 300 }, (_, index) => ({ kty: "oct", kid: `bad-${index}`, k: "AA", alg: "HS256" }));
  const good = named("good");
  const set = KeySet.fromJwks({ keys: [...bad, good.toJwk({ private: true })] });
  assert.equal(set.rejected.length, 300);
  const wants = (kid) => tokenOf(named(kid, 2));
  assert.throws(() => verify(wants("bad-299"), set), {
    code: "KEY_NOT_FOUND",
    message: /^the token's key cannot be used:/,
  });
  assert.throws(() => verify(wants("bad-300"), set), {
    code: "KEY_NOT_FOUND",
    message: `no key for the token's "kid" and "alg"`,
  });
  assert.equal(verify(tokenOf(good), set).header.kid, "good");
});

test("keys of one name are ambiguous in a large set, and no other key is", () => {
  const others = Array.from({ length: 200 }, (_, index) => named(`other-${index}`, index));
  const set = new KeySet([named("twin", 201), ...others, named("twin", 202)]);
  assert.throws(() => verify(tokenOf(named("twin", 201)), set), { code: "KEY_AMBIGUOUS" });
  assert.equal(verify(tokenOf(others[150]), set).header.kid, "other-150");
});

test("a token without kid is checked with the only key of its algorithm among many", () => {
  const pairs = ["ES256", "EdDSA", "ES384"].map((alg) => Key.generate(alg, { kid: alg }));
  const set = new KeySet(pairs);
  for (const key of pairs) assert.equal(verify(tokenOf(key.withKid?.() ?? unnamed(key)), set).claims.sub, "nobody");
  const two = new KeySet([...pairs, Key.generate("ES256", { kid: "another" })]);
  assert.throws(() => verify(tokenOf(unnamed(pairs[0])), two), { code: "KEY_AMBIGUOUS" });
  assert.equal(verify(tokenOf(unnamed(pairs[1])), two).claims.sub, "nobody");
});

function unnamed(key) {
  const { kid, ...jwk } = key.toJwk({ private: true });
  return Key.fromJwk(jwk);
}

test("during a rotation, each token gets its own header, as a copy", () => {
  const [old, next] = [named("old", 1), named("next", 2)];
  const verifier = new Verifier(new KeySet([old, next]));
  for (let round = 0; round < 3; round += 1) {
    for (const key of [old, next]) {
      const { header } = verifier.verify(tokenOf(key));
      assert.deepEqual(header, { alg: "HS256", kid: key.kid, typ: "JWT" });
      header.kid = "changed";
    }
  }
});

test("headers that differ only in their spelling are told apart", () => {
  const key = named("a");
  const verifier = new Verifier(key);
  const signers = [undefined, "at+jwt", null, "JWT", "application/jwt"].map((typ) => new Signer(key, { typ }));
  for (let round = 0; round < 2; round += 1) {
    for (const signer of signers) {
      const token = signer.sign({ sub: "a" });
      const [segment] = token.split(".");
      assert.deepEqual(verifier.verify(token).header, JSON.parse(Buffer.from(segment, "base64url").toString()));
    }
  }
});

test("when the end of a key passes, its tokens are refused although the verifier knows their header", (context) => {
  mock.timers.enable({ apis: ["Date"], now: Date.parse("2026-11-24T12:00:00Z") });
  context.after(() => mock.timers.reset());
  const [old, next] = [named("old", 1), named("next", 2)];
  const until = new Date(Date.now() + 60_000);
  const verifier = new Verifier(new KeySet([{ key: old, until }, next]));
  const [oldToken, nextToken] = [old, next].map((key) => sign({ sub: "a" }, key, { expiresIn: "1h" }));
  for (const token of [oldToken, nextToken, oldToken, nextToken]) verifier.verify(token);
  mock.timers.setTime(until.getTime() - 1);
  assert.equal(verifier.verify(oldToken).header.kid, "old");
  mock.timers.setTime(until.getTime());
  for (let round = 0; round < 2; round += 1) {
    assert.throws(() => verifier.verify(oldToken), { code: "KEY_NOT_FOUND" });
    assert.equal(verifier.verify(nextToken).header.kid, "next");
  }
});

test("a known header does not make a wrong signature right", () => {
  const verifier = new Verifier(new KeySet([named("a", 1), named("b", 2)]));
  for (const key of [named("a", 1), named("b", 2)]) verifier.verify(tokenOf(key));
  assert.throws(() => verifier.verify(tokenOf(named("a", 2))), { code: "TOKEN_SIGNATURE_INVALID" });
  assert.throws(() => verifier.verify(tokenOf(named("b", 1))), { code: "TOKEN_SIGNATURE_INVALID" });
});

test("more headers than are kept, and headers too long to keep, are answered rightly", () => {
  const verifier = new Verifier(Key.fromSecret(secret(1), { alg: "HS256" }));
  const kids = Array.from({ length: 1100 }, (_, index) => `${index}`);
  for (const kid of [...kids, ...kids.slice(0, 20), "x".repeat(400), "x".repeat(400), "x".repeat(401)]) {
    assert.equal(verifier.verify(tokenOf(named(kid))).header.kid, kid);
  }
});
