// `countersign/lite`: what it lacks and how it says so, and that no vector stops running on it unnoticed. All vectors that apply
// run in every runtime: see lite.mjs.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { CountersignError, Key as FullKey, sign } from "countersign/jwt";
import {
  Key,
  KeySet,
  CountersignError as LiteError,
  Signer,
  signAsync,
  sign as signOnLite,
  usePlatformCryptography,
  Verifier,
  verifyAsync,
  verify as verifyOnLite,
} from "countersign/lite";
import { initSync } from "../../pkg/dist/glue/lite.js";
import { vectorTexts } from "./consumer.mjs";
import { countReasons } from "./lite.mjs";
import { assertGone, traces } from "./memory.mjs";

const ALGORITHMS = [
  "EdDSA",
  "Ed25519",
  "ES256",
  "ES384",
  "ES512",
  "PS256",
  "PS384",
  "PS512",
  "RS256",
  "RS384",
  "RS512",
];
const rsa = FullKey.generate("RS256");
const pairs = new Map(ALGORITHMS.map((alg) => [alg, /^[PR]S/.test(alg) ? rsa.withAlg(alg) : FullKey.generate(alg)]));

test("runs_these_vectors_and_leaves_those_out_for_a_reason", () => {
  const vectors = Object.entries(vectorTexts()).map(([name, text]) => [name, JSON.parse(text)]);
  const { "": run, ...others } = countReasons(Object.fromEntries(vectors));
  assert.ok(2812 <= run, `${run} vectors run on countersign/lite`);
  const reasons = Object.keys(others).filter(
    (reason) => !/^it has no \w*(crypt|Encryption|assword|Rehash|Update|hash|Jws)/i.test(reason),
  );
  assert.deepEqual(reasons.sort(), [
    "it has no ML-DSA",
    "it has no exportDer",
    "it has no exportPem",
    "it has no issue",
    "it reads no certificates",
    "it reads no private keys",
  ]);
  // New vectors may be of either kind. A reason that takes hold of others than before would show here.
  // ML-DSA is not counted: it is a module that this one cannot ask.
  const counted = reasons.filter((reason) => reason !== "it has no ML-DSA");
  const left = counted.reduce((sum, reason) => sum + others[reason], 0);
  assert.ok(left <= 0.25 * run, `${left} are left out`);
});

for (const [alg, pair] of pairs) {
  test(`checks_${alg}_by_a_promise_only`, async () => {
    const token = sign({ sub: "alice" }, pair);
    for (const key of [
      Key.fromJwk(pair.publicKey().toJwk()),
      Key.fromPem(pair.toPem(), { alg }),
      Key.fromDer(pair.toDer(), { alg }),
      KeySet.fromJwks({ keys: [pair.publicKey().toJwk()] }),
    ]) {
      const verifier = new Verifier(key);
      assert.equal((await verifier.verifyAsync(token)).claims.sub, "alice");
      assert.equal(verifier.engine, "webcrypto");
      const [header, payload, signature] = token.split(".");
      const other = Buffer.from(signature, "base64url");
      other[9] ^= 4;
      await assert.rejects(verifier.verifyAsync(`${header}.${payload}.${other.toString("base64url")}`), {
        code: "TOKEN_SIGNATURE_INVALID",
      });
      assert.throws(() => verifier.verify(token), {
        code: "KEY_USAGE",
        message: "countersign/lite needs verifyAsync for this key: without a promise, it checks HMAC only",
      });
      // Faults that come before the signature are found at once.
      assert.throws(() => verifier.verify("no token"), { code: "TOKEN_MALFORMED" });
    }
  });
}

test("signs_with_keys_of_webcrypto_and_checks_their_public_half", async () => {
  for (const [alg, parameters] of [
    ["ES256", { name: "ECDSA", namedCurve: "P-256" }],
    ["EdDSA", { name: "Ed25519" }],
    ["RS256", { ...RSA, name: "RSASSA-PKCS1-v1_5" }],
    ["PS256", { ...RSA, name: "RSA-PSS" }],
  ]) {
    const { privateKey, publicKey } = await crypto.subtle.generateKey(parameters, false, ["sign", "verify"]);
    const key = await Key.fromCryptoKey(privateKey, { alg, kid: "1", publicKey });
    const token = await signAsync({ sub: "alice" }, key);
    assert.equal((await verifyAsync(token, key.publicKey())).header.kid, "1");
    const another = await crypto.subtle.generateKey(parameters, false, ["sign", "verify"]);
    await assert.rejects(Key.fromCryptoKey(privateKey, { alg, publicKey: another.publicKey }), {
      code: "KEY_INVALID",
      message: "private and public key do not belong together",
    });
    const wrong = {
      alg,
      publicKey: key.publicKey(),
      sign: () => crypto.subtle.sign(OPERATIONS[alg], another.privateKey, new Uint8Array(3)),
    };
    await assert.rejects(signAsync({}, wrong), {
      code: "KEY_UNAVAILABLE",
      message: "the signer returned a signature of another key or of other data",
    });
  }
});

const RSA = { modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: "SHA-256" };
const OPERATIONS = {
  ES256: { name: "ECDSA", hash: "SHA-256" },
  EdDSA: { name: "Ed25519" },
  RS256: { name: "RSASSA-PKCS1-v1_5" },
  PS256: { name: "RSA-PSS", saltLength: 32 },
};

test("signs_and_checks_hmac_at_once_and_with_a_secret_of_webcrypto", async () => {
  const key = Key.fromSecret(new Uint8Array(32).fill(7), { alg: "HS256" });
  const token = signOnLite({ sub: "alice" }, key);
  assert.equal(verifyOnLite(token, key).claims.sub, "alice");
  const hmac = { name: "HMAC", hash: "SHA-256" };
  const secret = await crypto.subtle.importKey("raw", new Uint8Array(32).fill(7), hmac, false, ["sign", "verify"]);
  const kept = await Key.fromCryptoKey(secret, { alg: "HS256" });
  assert.equal((await verifyAsync(await new Signer(kept).signAsync({ sub: "bob" }), key)).claims.sub, "bob");
  assert.equal((await verifyAsync(token, kept)).claims.sub, "alice");
});

for (const [alg, block] of [
  ["HS256", 64],
  ["HS384", 128],
  ["HS512", 128],
]) {
  test(`leaves_no_freed_${alg}_secret_in_memory`, () => {
    // The exports of the instance that is loaded.
    const { memory } = initSync();
    const secret = randomBytes(64);
    const key = Key.fromSecret(secret, { alg });
    assert.notDeepEqual(traces(memory, secret), [], "the search is blind");
    const [signer, verifier] = [new Signer(key), new Verifier(key)];
    assert.equal(verifier.verify(signer.sign({ sub: "alice" })).claims.sub, "alice");
    const again = Key.fromJwk(key.toJwk({ private: true }));
    for (const handle of [signer, verifier, again, key]) handle.free();
    const padded = Buffer.concat([secret, Buffer.alloc(block)]).subarray(0, 64);
    assertGone(memory, {
      bytes: secret,
      base64url: secret.toString("base64url"),
      "key with inner padding": padded.map((byte) => byte ^ 0x36),
      "key with outer padding": padded.map((byte) => byte ^ 0x5c),
    });
  });
}

test("names_what_has_the_function_that_it_lacks", () => {
  const lacks = {
    code: "KEY_USAGE",
    message: "countersign/lite makes no keys, writes no PEM or DER and reads no certificates: use countersign/jwt",
  };
  const key = Key.fromJwk(pairs.get("ES256").publicKey().toJwk());
  for (const call of [
    () => Key.generate("HS256"),
    () => Key.fromUnverifiedCertificate("-----BEGIN CERTIFICATE-----", { alg: "ES256" }),
    () => Key.fromUnverifiedCertificate(new Uint8Array(1), { alg: "ES256" }),
    () => key.toPem(),
    () => key.toDer(),
  ])
    assert.throws(call, lacks);
  const isPrivate = {
    code: "KEY_INVALID",
    message: "countersign/lite reads no private keys: use Key.fromCryptoKey, or countersign/jwt",
  };
  for (const pair of pairs.values()) {
    const { alg } = pair;
    assert.throws(() => Key.fromJwk(pair.toJwk({ private: true })), isPrivate);
    assert.throws(() => Key.fromPem(pair.toPem({ private: true }), { alg }), isPrivate);
    assert.throws(() => Key.fromDer(pair.toDer({ private: true }), { alg }), isPrivate);
  }
  assert.throws(() => Key.fromPem("", { alg: "ES256", passphrase: "secret" }), isPrivate);
  assert.throws(() => new Verifier(key, { engine: "wasm" }), {
    code: "OPTION_INVALID",
    message: 'option "engine" is not "auto" or "platform", which countersign/lite has',
  });
  assert.equal(usePlatformCryptography(true), false);
});

test("generates_no_key_by_a_promise_either", async () => {
  await assert.rejects(Key.generateAsync("RS256"), { code: "KEY_USAGE" });
});

// Without an answer, no token is accepted, and the error says what is missing.
test("says_what_a_platform_lacks", async () => {
  const token = sign({}, pairs.get("ES256"));
  const imported = () => Key.fromJwk(pairs.get("ES256").publicKey().toJwk());
  const key = imported();
  const { importKey } = crypto.subtle;
  crypto.subtle.importKey = () => Promise.reject(new Error("not supported"));
  try {
    await assert.rejects(verifyAsync(token, key), {
      code: "INTERNAL",
      message:
        "this runtime has no WebCrypto for this algorithm, which this package needs: countersign/jwt computes it itself",
    });
  } finally {
    delete crypto.subtle.importKey;
    assert.equal(crypto.subtle.importKey, importKey);
  }
  const own = Object.getOwnPropertyDescriptor(globalThis, "crypto");
  Object.defineProperty(globalThis, "crypto", { configurable: true, value: {} });
  try {
    await assert.rejects(verifyAsync(token, key), {
      code: "INTERNAL",
      message: "this runtime has no crypto.subtle, which this package needs: a page needs TLS",
    });
  } finally {
    Object.defineProperty(globalThis, "crypto", own);
  }
  assert.ok(await verifyAsync(token, imported()));
});

// A page goes on for days with the same key: what failed once must be tried again. `skipped` counts the calls that still work.
for (const { alg, skipped } of [
  { alg: "ES256", skipped: 0 },
  { alg: "RS256", skipped: 0 },
  // The question whether the platform checks Ed25519 with the cofactor, and then the key. No other test may have asked before.
  { alg: "EdDSA", skipped: 0 },
  { alg: "EdDSA", skipped: 1 },
]) {
  test(`asks_webcrypto_again_about_${alg}_after_a_failure_of_call_${skipped + 1}`, () => {
    const source = `
      import assert from "node:assert/strict";
      import { Key, Verifier } from "countersign/lite";
      const [, alg, skipped, jwk, token] = process.argv;
      const key = Key.fromJwk(JSON.parse(jwk), { alg });
      const verifier = new Verifier(key, { ignoreAudience: true });
      let calls = 0;
      const { importKey } = SubtleCrypto.prototype;
      crypto.subtle.importKey = function (...all) {
        calls += 1;
        return Number(skipped) < calls ? Promise.reject(new Error("busy")) : importKey.apply(this, all);
      };
      await assert.rejects(verifier.verifyAsync(token), { code: "INTERNAL" });
      assert.equal(calls, Number(skipped) + 1);
      delete crypto.subtle.importKey;
      assert.equal((await verifier.verifyAsync(token)).claims.sub, "alice");`;
    const pair = pairs.get(alg);
    const given = [alg, String(skipped), JSON.stringify(pair.toJwk()), sign({ sub: "alice" }, pair)];
    const options = { cwd: import.meta.dirname, encoding: "utf8" };
    const { status, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", source, ...given], options);
    assert.equal(status, 0, stderr);
  });
}

// One class for `instanceof`. Keys belong to a module.
test("has_the_errors_and_not_the_keys_of_the_other_entries", () => {
  assert.equal(LiteError, CountersignError);
  assert.notEqual(Key, FullKey);
  const foreign = {
    code: "KEY_INVALID",
    message: /^this Key is from another copy of countersign: .*; countersign\/lite .* are copies of their own$/,
  };
  assert.throws(() => new Verifier(pairs.get("ES256")), foreign);
  assert.throws(() => sign({}, Key.fromSecret(new Uint8Array(32), { alg: "HS256" })), foreign);
});
