// Tokens and hashes exchanged with the libraries people come from, both ways: jose, jsonwebtoken, argon2, hash-wasm.

import assert from "node:assert/strict";
import { randomBytes, randomInt } from "node:crypto";
import { test } from "node:test";
import * as native from "argon2";
import * as hashWasm from "hash-wasm";
import * as jose from "jose";
import jsonwebtoken from "jsonwebtoken";
import { importEntry, makeConsumer } from "./consumer.mjs";

const consumer = makeConsumer();
const countersign = await importEntry(consumer, ".");

const HMACS = ["HS256", "HS384", "HS512"];
const CLAIMS = {
  sub: "alice",
  iss: "https://issuer.example",
  aud: ["api", "web"],
  roles: ["a"],
  name: "Zoë 🦀",
  n: -0.5,
};
const EXPECTED = { issuer: CLAIMS.iss, audience: "web" };

for (const alg of HMACS) {
  test(`jose_reads_our_${alg}_tokens_and_we_read_its`, async () => {
    const secret = randomBytes(64);
    const key = countersign.Key.fromSecret(secret, { alg });
    const ours = await jose.jwtVerify(countersign.sign(CLAIMS, key), secret, { ...EXPECTED, algorithms: [alg] });
    assertClaims(ours.payload);
    const theirs = await new jose.SignJWT(CLAIMS)
      .setProtectedHeader({ alg })
      .setIssuedAt()
      .setExpirationTime("15m")
      .sign(secret);
    assertClaims(countersign.verify(theirs, key, EXPECTED).claims);
    assert.throws(() => countersign.verify(tampered(theirs), key, EXPECTED), { code: "TOKEN_SIGNATURE_INVALID" });
  });

  test(`jsonwebtoken_reads_our_${alg}_tokens_and_we_read_its`, () => {
    const secret = randomBytes(64);
    const key = countersign.Key.fromSecret(secret, { alg });
    assertClaims(jsonwebtoken.verify(countersign.sign(CLAIMS, key), secret, { ...EXPECTED, algorithms: [alg] }));
    const theirs = jsonwebtoken.sign(CLAIMS, secret, { algorithm: alg, expiresIn: "15m" });
    assertClaims(countersign.verify(theirs, key, EXPECTED).claims);
    assert.throws(() => countersign.verify(tampered(theirs), key, EXPECTED), { code: "TOKEN_SIGNATURE_INVALID" });
  });
}

for (const alg of ["EdDSA", "Ed25519"]) {
  test(`jose_reads_our_${alg}_tokens_and_we_read_its`, async () => {
    const key = countersign.Key.generate(alg, { kid: "a" });
    const jwks = jose.createLocalJWKSet(new countersign.KeySet([key]).toJwks());
    assertClaims((await jose.jwtVerify(countersign.sign(CLAIMS, key), jwks, EXPECTED)).payload);

    const pair = await jose.generateKeyPair(alg, { extractable: true, crv: "Ed25519" });
    const theirs = await new jose.SignJWT(CLAIMS)
      .setProtectedHeader({ alg, kid: "b" })
      .setIssuedAt()
      .setExpirationTime("15m")
      .sign(pair.privateKey);
    const imports = {
      jwk: countersign.Key.fromJwk(await jose.exportJWK(pair.publicKey), { alg }),
      spki: countersign.Key.fromPem(await jose.exportSPKI(pair.publicKey), { alg }),
      pkcs8: countersign.Key.fromPem(await jose.exportPKCS8(pair.privateKey), { alg }),
    };
    for (const imported of Object.values(imports)) {
      assertClaims(countersign.verify(theirs, imported, EXPECTED).claims);
      assert.throws(() => countersign.verify(tampered(theirs), imported, EXPECTED), {
        code: "TOKEN_SIGNATURE_INVALID",
      });
    }
    // What we export, jose imports, and signs with.
    const again = await jose.importPKCS8(imports.pkcs8.toPem({ private: true }), alg);
    const token = await new jose.SignJWT(CLAIMS).setProtectedHeader({ alg }).setExpirationTime("15m").sign(again);
    assertClaims(countersign.verify(token, imports.spki, EXPECTED).claims);
  });
}

test("jose_gives_our_keys_the_same_thumbprint", async () => {
  for (const alg of [...HMACS, "EdDSA"]) {
    const key = countersign.Key.generate(alg);
    const jwk = key.toJwk({ private: alg !== "EdDSA" });
    for (const hash of ["sha256", "sha384", "sha512"]) {
      assert.equal(key.thumbprint(hash), await jose.calculateJwkThumbprint(jwk, hash));
    }
  }
});

const NATIVE_TYPES = { argon2d: native.argon2d, argon2i: native.argon2i, argon2id: native.argon2id };
const HASH_WASM = { argon2d: hashWasm.argon2d, argon2i: hashWasm.argon2i, argon2id: hashWasm.argon2id };

for (const scheme of Object.keys(NATIVE_TYPES)) {
  test(`we_verify_${scheme}_hashes_of_argon2_and_hash_wasm`, async () => {
    for (const password of passwords()) {
      const [memoryKib, passes, lanes] = [randomInt(8, 40) * 4, randomInt(2, 4), randomInt(1, 3)];
      const salt = randomBytes(randomInt(8, 33));
      const hashLength = randomInt(16, 65);
      const policy = { accept: ["argon2id", "argon2i", "argon2d"] };
      const theirs = [
        await native.hash(password, {
          type: NATIVE_TYPES[scheme],
          memoryCost: memoryKib,
          timeCost: passes,
          parallelism: lanes,
          salt,
          hashLength,
        }),
        await HASH_WASM[scheme]({
          password,
          salt,
          memorySize: memoryKib,
          iterations: passes,
          parallelism: lanes,
          hashLength,
          outputType: "encoded",
        }),
      ];
      for (const stored of theirs) {
        assert.equal(countersign.verifyPassword(password, stored, policy), true, stored);
        assert.equal(countersign.verifyPassword(`${password}x`, stored, policy), false, stored);
      }
    }
  });
}

test("argon2_and_hash_wasm_verify_our_hashes", async () => {
  for (const password of passwords()) {
    const params = { memoryKib: randomInt(8, 40) * 4, passes: randomInt(1, 4), lanes: randomInt(1, 3) };
    const stored = countersign.hashPassword(password, { params });
    assert.equal(await native.verify(stored, password), true, stored);
    assert.equal(await native.verify(stored, `${password}x`), false, stored);
    assert.equal(await hashWasm.argon2Verify({ password, hash: stored }), true, stored);
    assert.equal(await hashWasm.argon2Verify({ password: `${password}x`, hash: stored }), false, stored);
  }
});

test("argon2_verifies_a_hash_of_our_defaults", async () => {
  assert.equal(await native.verify(countersign.hashPassword("correct horse"), "correct horse"), true);
});

function passwords() {
  // Composed (NFC) already, because the peers hash what they are given.
  const texts = ["a", "correct horse battery staple", "pässwörd", "密码🦀", "x".repeat(300), " \t\n "];
  return [...texts, randomBytes(24).toString("base64")].map((text) => text.normalize("NFC"));
}

function assertClaims({ iat, exp, ...claims }) {
  assert.deepEqual(claims, CLAIMS);
  assert.ok(Number.isFinite(exp));
}

function tampered(token) {
  const [header, payload, signature] = token.split(".");
  const bytes = Buffer.from(signature, "base64url");
  bytes[randomInt(bytes.length)] ^= 1 << randomInt(8);
  return `${header}.${payload}.${bytes.toString("base64url")}`;
}
