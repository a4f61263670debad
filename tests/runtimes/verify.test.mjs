// `countersign/verify`: it reads sets of public keys as `countersign/jwt` does, and says what it lacks. Every runtime compares its
// answers about the tokens of the vectors: javascript/only-verify.mjs.

import assert from "node:assert/strict";
import { test } from "node:test";
import * as full from "countersign/jwt";
import * as small from "countersign/verify";
import { vectorTexts } from "./consumer.mjs";

const ALGORITHMS = ["EdDSA", "ES256", "ES384", "ES512", "PS256", "PS384", "PS512", "RS256", "RS384", "RS512"];
const rsa = full.Key.generate("RS256");
const pairs = ALGORITHMS.map((alg) => (/^[PR]S/.test(alg) ? rsa.withAlg(alg) : full.Key.generate(alg)));
const setOf = (...keys) => ({ keys: keys.map((key) => key.publicKey().toJwk()) });
const vectors = Object.values(vectorTexts()).flatMap((text) => {
  const { keys = {}, cases } = JSON.parse(text);
  return cases.map((one) => ({ keyTable: keys, ...one }));
});

/** What a copy of the package says about a token: its claims and header, or the parts of its error. */
async function answerOf({ KeySet, verifyAsync }, token, jwks, options) {
  try {
    const keys = KeySet.fromJwks(jwks);
    const rejected = keys.rejected;
    const { header, claims } = await verifyAsync(token, keys, options).finally(() => keys.free());
    return { header, claims, rejected };
  } catch ({ name, code, message, claim, parameter, reason }) {
    return { name, code, message, claim, parameter, reason };
  }
}

async function assertSame(token, jwks, options, label) {
  const [own, expected] = await Promise.all([small, full].map((copy) => answerOf(copy, token, jwks, options)));
  assert.deepEqual(own, expected, label);
  return expected;
}

test("answers_as_the_large_module_about_every_public_jwk_of_the_vectors", async () => {
  const token = full.sign({ sub: "alice" }, pairs[1]);
  let [usable, left] = [0, 0];
  for (const { name, op, key, keys, keyTable } of vectors) {
    const found = [key, ...[keys].flat(), ...((keys?.jwks?.keys ?? []).map?.((jwk) => ({ jwk })) ?? [])];
    const specs = found.map((spec) => (typeof spec === "string" ? keyTable[spec] : spec));
    for (const jwk of specs.map((spec) => spec?.jwk)) {
      if (jwk === null || typeof jwk !== "object" || isNotPublic(jwk) || isOfMlDsa(jwk)) continue;
      for (const alg of [jwk.alg, "ES256"]) {
        const { rejected = [] } = await assertSame(
          token,
          { keys: [{ ...jwk, alg }, setOf(pairs[1]).keys[0]] },
          {},
          `${op} ${name}`,
        );
        if (rejected.length === 0) usable += 1;
        else left += 1;
      }
    }
  }
  assert.ok(50 < usable && 50 < left, `${usable} usable, ${left} left out`);
});

// What both say about such a key differs, because the large module can have ML-DSA.
const isOfMlDsa = ({ kty, alg }) => kty === "AKP" || String(alg).startsWith("ML-DSA");

// The large module reads private keys and secrets.
const isNotPublic = (jwk) =>
  jwk.kty === "oct" || ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"].some((name) => jwk[name] !== undefined);

for (const pair of pairs) {
  test(`checks_${pair.alg}_by_a_promise_only`, async () => {
    const token = full.sign({ sub: "alice" }, pair);
    const verifier = new small.Verifier(small.KeySet.fromJwks(setOf(pair)));
    assert.equal((await verifier.verifyAsync(token)).claims.sub, "alice");
    assert.equal(verifier.engine, "webcrypto");
    // The second one has a header that is known.
    assert.equal((await verifier.verifyAsync(token)).header.alg, pair.alg);
    const [header, payload, signature] = token.split(".");
    const other = Buffer.from(signature, "base64url");
    other[9] ^= 4;
    await assert.rejects(verifier.verifyAsync(`${header}.${payload}.${other.toString("base64url")}`), {
      code: "TOKEN_SIGNATURE_INVALID",
    });
    assert.throws(() => verifier.verify(token), {
      code: "KEY_USAGE",
      message: "countersign/verify needs verifyAsync: WebCrypto checks its signatures",
    });
    assert.throws(() => verifier.verify("no token"), { code: "TOKEN_MALFORMED" });
  });
}

test("checks_tokens_of_a_server_also_beside_a_set_of_others", async () => {
  const [remote, local] = [pairs[1], pairs[0]];
  const answer = async () => Response.json(setOf(remote));
  const keys = new small.RemoteKeySet("https://login.example/jwks.json", { fetch: answer });
  const verifier = new small.Verifier([keys, small.KeySet.fromJwks(setOf(local))], {
    audience: "api",
    cache: { maxEntries: 10 },
  });
  for (const pair of [remote, local, remote]) {
    const token = full.sign({ sub: pair.alg, aud: "api" }, pair);
    for (let time = 0; time < 2; time += 1) assert.equal((await verifier.verifyAsync(token)).claims.sub, pair.alg);
  }
  const message = 'option "maxAge" is not a number of seconds or a duration';
  await assert.rejects(verifier.verifyAsync(full.sign({}, remote), { audience: "web" }), { code: "CLAIM_MISSING" });
  await assert.rejects(verifier.verifyAsync(full.sign({}, remote), { maxAge: "soon" }), ({ code, message: said }) => {
    assert.equal(code, "OPTION_INVALID");
    assert.ok(said.startsWith(message.slice(0, 24)));
    return true;
  });
  verifier.free();
});

test("refuses_a_set_that_holds_secrets_or_private_keys_as_a_remote_key_set_does", async () => {
  const secret = full.Key.fromSecret(new Uint8Array(32).fill(7), { alg: "HS256", kid: "s" });
  const [pair] = pairs;
  const [one] = setOf(pair).keys;
  const refusal = { code: "KEY_INVALID", message: "the key set holds private keys or secrets" };
  const wrong = [
    secret.toJwk({ private: true }),
    pair.toJwk({ private: true }),
    { ...one, d: "AA" },
    { kty: "RSA", p: "AA" },
    { kty: "AKP", priv: "AA" },
    { k: "AA" },
  ];
  for (const jwk of wrong)
    for (const keys of [[jwk], [one, jwk]]) {
      assert.throws(() => small.KeySet.fromJwks({ keys }), refusal);
      const fetch = async () => Response.json({ keys });
      const remote = new small.RemoteKeySet("https://login.example/jwks.json", { fetch });
      await assert.rejects(remote.refresh(), { code: "JWKS_UNAVAILABLE", message: new RegExp(refusal.message) });
    }
  // The large module refuses a set that mixes them, because both could check tokens there.
  const mixed = { keys: [one, secret.toJwk({ private: true })] };
  assert.throws(() => full.KeySet.fromJwks(mixed), {
    code: "KEY_INVALID",
    message: /must not mix secrets with key pairs/,
  });
  // A member that is null is absent, and a secret without its value is no secret.
  const set = small.KeySet.fromJwks({
    keys: [
      { ...one, d: null },
      { kty: "oct", kid: "o", alg: "HS256" },
    ],
  });
  const message = "countersign/verify reads public keys only: use countersign/jwt";
  assert.deepEqual(set.rejected, [{ index: 1, kid: "o", code: "KEY_INVALID", message }]);
  assert.ok(await small.verifyAsync(full.sign({}, pair), set));
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  for (const hostile of [
    proxy,
    undefined,
    { keys: 1 },
    {
      get keys() {
        throw new Error("no");
      },
    },
  ])
    assert.throws(() => small.KeySet.fromJwks(hostile), { code: "KEY_INVALID" });
});

test("makes_sets_of_jwks_only_and_exports_none", () => {
  const lacks = {
    code: "KEY_USAGE",
    message: "countersign/verify makes key sets with KeySet.fromJwks only, and exports none: use countersign/lite",
  };
  const set = small.KeySet.fromJwks(setOf(pairs[0]));
  assert.throws(() => set.toJwks(), lacks);
  assert.throws(() => new small.KeySet([]), lacks);
  assert.equal(set.nextEnd, undefined);
  for (const value of [pairs[0], full.KeySet.fromJwks(setOf(pairs[0])), {}, "key", undefined])
    assert.throws(() => new small.Verifier(value), { code: "KEY_INVALID" });
  assert.throws(() => new small.Verifier(set, { engine: "wasm" }), {
    code: "OPTION_INVALID",
    message: 'option "engine" is not "auto" or "platform", which countersign/verify has',
  });
  assert.equal(small.CountersignError, full.CountersignError);
  for (const name of ["Key", "Signer", "sign", "signAsync", "verify"]) assert.ok(!(name in small), name);
});
