// No private key of EC or RSA stays in the memory of the token module, however it was imported.

import assert from "node:assert/strict";
import { createPrivateKey } from "node:crypto";
import { test } from "node:test";
import { makeKeyPair } from "../interop/key-pair.mjs";
import { importEntry, importFile, makeConsumer } from "./consumer.mjs";
import { assertGone, traces } from "./memory.mjs";

const consumer = makeConsumer();
const { Key, KeySet, Signer, Verifier, sign, verify, CountersignError, usePlatformCryptography } = await importEntry(
  consumer,
  "./jwt",
);
const { memory } = (await importFile(consumer, "dist/glue/jwt.js")).initSync();

const KINDS = {
  ES256: ["ec", { namedCurve: "P-256" }],
  ES384: ["ec", { namedCurve: "P-384" }],
  ES512: ["ec", { namedCurve: "P-521" }],
  PS256: ["rsa", { modulusLength: 2048 }],
  RS256: ["rsa", { modulusLength: 2048 }],
};

/** Every shape of a number: in documents, and in memory while it is computed with. */
function shapes(name, number) {
  return {
    [name]: number,
    [`${name} in limbs`]: number.toReversed(),
    [`${name} as text`]: number.toString("base64url"),
  };
}

/** Every shape that a computation, an import or an export may have left of a private key. */
function formsOf(privateKey, type) {
  const { kty, d, p, q, dp, dq, qi } = privateKey.export({ format: "jwk" });
  const numbers = kty === "RSA" ? { d, p, q, dp, dq, qi } : { d };
  const forms = {};
  for (const [name, text] of Object.entries(numbers)) {
    Object.assign(forms, shapes(name, Buffer.from(text, "base64url")));
  }
  // What multiplication modulo a prime is prepared with: the powers of two that tell the prime.
  for (const name of kty === "RSA" ? ["p", "q"] : []) {
    const prime = BigInt(`0x${Buffer.from(numbers[name], "base64url").toString("hex")}`);
    Object.assign(forms, shapes(`one modulo ${name}`, bytes((1n << 1024n) % prime)));
    Object.assign(forms, shapes(`one modulo ${name} squared`, bytes((1n << 2048n) % prime)));
  }
  const lines = privateKey.export({ format: "pem", type }).split("\n").slice(1, -2);
  // The lines that begin a document are those of its kind, and in RSA the modulus follows, which is no secret.
  forms["lines of PEM"] = lines.slice(kty === "RSA" ? Math.ceil(lines.length / 2) : 1).join("\n");
  return forms;
}

function bytes(number) {
  const hex = number.toString(16);
  return Buffer.from(hex.padStart(hex.length + (hex.length % 2), "0"), "hex");
}

const passphrase = "correct horse battery staple";

/** Each way to import a key, by its form. */
const IMPORTS = {
  pem: (key, alg) => Key.fromPem(key.export({ format: "pem", type: "pkcs8" }), { alg }),
  der: (key, alg) => Key.fromDer(key.export({ format: "der", type: "pkcs8" }), { alg }),
  own_form: (key, alg, type) => Key.fromPem(key.export({ format: "pem", type }), { alg }),
  jwk: (key, alg) => Key.fromJwk(key.export({ format: "jwk" }), { alg }),
  encrypted: (key, alg) =>
    Key.fromPem(key.export({ format: "pem", type: "pkcs8", cipher: "aes-256-cbc", passphrase }), { alg, passphrase }),
};

for (const [alg, kind] of Object.entries(KINDS)) {
  const type = kind[0] === "rsa" ? "pkcs1" : "sec1";
  for (const [form, make] of Object.entries(IMPORTS)) {
    test(`finds_a_live_${alg}_key_by_${form}_and_no_freed_one`, () => {
      const { privateKey } = makeKeyPair(...kind);
      leavesNothing(make(privateKey, alg, type), formsOf(privateKey, type));
    });
  }
}

test("finds_a_live_RS256_key_without_its_primes_and_no_freed_one", () => {
  const { privateKey } = makeKeyPair(...KINDS.RS256);
  const { kty, n, e, d } = privateKey.export({ format: "jwk" });
  leavesNothing(Key.fromJwk({ kty, n, e, d }, { alg: "RS256" }), formsOf(privateKey, "pkcs1"));
});

for (const alg of ["ES256", "ES384", "ES512", "RS256"]) {
  test(`finds_a_live_${alg}_key_that_was_generated_and_no_freed_one`, () => {
    const key = Key.generate(alg);
    const privateKey = asKeyObject(key);
    leavesNothing(key, formsOf(privateKey, alg === "RS256" ? "pkcs1" : "sec1"));
  });
}

test("leaves_nothing_of_a_private_key_that_was_refused", () => {
  const { privateKey } = makeKeyPair(...KINDS.RS256);
  const forms = formsOf(privateKey, "pkcs1");
  const jwk = privateKey.export({ format: "jwk" });
  const other = makeKeyPair(...KINDS.RS256).privateKey.export({ format: "jwk" });
  const pem = privateKey.export({ format: "pem", type: "pkcs8" });
  assert.throws(() => Key.fromPem(pem, { alg: "ES256" }), { code: "KEY_INVALID" });
  assert.throws(() => Key.fromPem(pem.replace("END", "BEGIN"), { alg: "RS256" }), { code: "KEY_INVALID" });
  assert.throws(() => Key.fromJwk({ ...jwk, qi: other.qi }, { alg: "RS256" }), { code: "KEY_INVALID" });
  assert.throws(() => Key.fromJwk({ ...jwk, n: other.n }, { alg: "RS256" }), { code: "KEY_INVALID" });
  assert.throws(() => Key.fromJwk({ ...jwk, d: other.d }, { alg: "RS256" }), { code: "KEY_INVALID" });
  assertGone(memory, forms);
});

test("leaves_nothing_of_a_private_key_in_its_living_public_half", () => {
  for (const [alg, kind] of Object.entries(KINDS)) {
    const { privateKey } = makeKeyPair(...kind);
    const key = IMPORTS.pem(privateKey, alg);
    const verifier = new Verifier(key.publicKey());
    key.free();
    assertGone(memory, formsOf(privateKey, kind[0] === "rsa" ? "pkcs1" : "sec1"));
    verifier.free();
  }
});

/** Does with a key everything that can be done with it, and looks for it before and after it is freed. */
function leavesNothing(key, forms) {
  assert.notDeepEqual(traces(memory, forms["d in limbs"]), [], "the search is blind");
  const signer = new Signer(key);
  const verifier = new Verifier(key);
  const set = new KeySet([key]);
  const token = sign({ sub: "alice" }, key);
  // The platform is handed the key as a document; without it, the arithmetic is the module's own.
  for (const used of [true, false]) {
    usePlatformCryptography(used);
    for (let time = 0; time < 20; time += 1) verifier.verify(signer.sign({ sub: "alice" }));
  }
  verify(token, set);
  assert.throws(() => verifier.verify(`${token}A`), CountersignError);
  Key.fromJwk(key.toJwk({ private: true })).free();
  key.toPem({ private: true });
  key.toDer({ private: true, passphrase: "x" });
  key.thumbprint();
  for (const handle of [set, verifier, signer, key.publicKey(), key]) handle.free();
  assertGone(memory, forms);
}

function asKeyObject(key) {
  return createPrivateKey(key.toPem({ private: true }));
}
