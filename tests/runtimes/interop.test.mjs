// Tokens and keys exchanged with the libraries people come from, both ways and for every algorithm that each of them has:
// jose, jsonwebtoken, fast-jwt.

import assert from "node:assert/strict";
import { createPrivateKey, createPublicKey } from "node:crypto";
import { test } from "node:test";
import { createSigner, createVerifier } from "fast-jwt";
import * as jose from "jose";
import jsonwebtoken from "jsonwebtoken";
import { ALGORITHMS, CLAIMS, importPrivate, importPublic, makeKey, PEERS, tampered } from "../interop/keys.mjs";
import { importEntry, makeConsumer } from "./consumer.mjs";

const consumer = makeConsumer();
const countersign = await importEntry(consumer, ".");

const EXPECTED = { issuer: CLAIMS.iss, audience: "web" };

/** Each library, by the PEM (or the bytes of a secret) that it is given. */
const LIBRARIES = {
  jose: {
    sign: async (key, alg) => {
      const imported = typeof key === "string" ? await jose.importPKCS8(key, alg) : key;
      return new jose.SignJWT(CLAIMS).setProtectedHeader({ alg }).setIssuedAt().setExpirationTime("15m").sign(imported);
    },
    verify: async (token, key, alg) => {
      const imported = typeof key === "string" ? await jose.importSPKI(key, alg) : key;
      return (await jose.jwtVerify(token, imported, { ...EXPECTED, algorithms: [alg] })).payload;
    },
  },
  jsonwebtoken: {
    sign: (key, alg) => jsonwebtoken.sign(CLAIMS, key, { algorithm: alg, expiresIn: "15m" }),
    verify: (token, key, alg) => jsonwebtoken.verify(token, key, { ...EXPECTED, algorithms: [alg] }),
  },
  "fast-jwt": {
    sign: (key, alg) => createSigner({ key, algorithm: alg, expiresIn: 900_000 })(CLAIMS),
    verify: (token, key, alg) =>
      createVerifier({ key, algorithms: [alg], allowedIss: CLAIMS.iss, allowedAud: "web" })(token),
  },
};

for (const [name, library] of Object.entries(LIBRARIES)) {
  for (const alg of PEERS[name]) {
    test(`${name.replace("-", "_")}_reads_our_${alg}_tokens_and_we_read_its`, async () => {
      const made = makeKey(alg);
      // Ours, by every form of the key; checked with the key as node wrote it and as we do.
      for (const key of Object.values(importPrivate(countersign, made))) {
        const token = countersign.sign(CLAIMS, key);
        for (const pem of made.secret ? [made.secret] : [made.publicPems.spki, key.toPem()]) {
          assertClaims(await library.verify(token, pem, alg));
          await assert.rejects(async () => library.verify(tampered(token), pem, alg));
        }
      }
      // Theirs, signed with the key as node wrote it and as we do; checked with every form of the key.
      const ours = importPrivate(countersign, made).jwk;
      for (const pem of made.secret ? [made.secret] : [made.privatePems.pkcs8, ours.toPem({ private: true })]) {
        const token = await library.sign(pem, alg);
        for (const key of Object.values(importPublic(countersign, made))) {
          assertClaims(countersign.verify(token, key, EXPECTED).claims);
          assert.throws(() => countersign.verify(tampered(token), key, EXPECTED), { code: "TOKEN_SIGNATURE_INVALID" });
        }
      }
    });
  }
}

for (const alg of ALGORITHMS.filter((name) => !name.startsWith("HS"))) {
  test(`jose_takes_our_${alg}_keys_from_a_key_set`, async () => {
    const { jwk: key } = importPrivate(countersign, makeKey(alg));
    const jwks = jose.createLocalJWKSet(new countersign.KeySet([key]).toJwks());
    assertClaims((await jose.jwtVerify(countersign.sign(CLAIMS, key), jwks, EXPECTED)).payload);
  });

  test(`we_read_the_${alg}_keys_that_jose_makes`, async () => {
    const pair = await jose.generateKeyPair(alg, { extractable: true, ...(alg === "EdDSA" && { crv: "Ed25519" }) });
    const token = await LIBRARIES.jose.sign(pair.privateKey, alg);
    // Encoded and read again before the JWK export, which could deadlock: see interop/key-pair.mjs.
    const publicKey = createPublicKey(await jose.exportSPKI(pair.publicKey));
    for (const key of [
      countersign.Key.fromJwk(await jose.exportJWK(publicKey), { alg }),
      countersign.Key.fromPem(await jose.exportSPKI(pair.publicKey), { alg }),
      countersign.Key.fromPem(await jose.exportPKCS8(pair.privateKey), { alg }),
    ]) {
      assertClaims(countersign.verify(token, key, EXPECTED).claims);
    }
  });

  test(`node_reads_every_form_of_our_${alg}_keys_and_writes_it_the_same`, () => {
    const made = makeKey(alg);
    const { jwk: key } = importPrivate(countersign, made);
    for (const [format, pem] of Object.entries(made.privatePems)) {
      assert.equal(key.toPem({ private: true, format }), pem);
      assert.equal(createPrivateKey(key.toPem({ private: true, format })).export({ format: "pem", type: format }), pem);
      assert.deepEqual(pemOf(key.toDer({ private: true, format })), bodyOf(pem));
    }
    for (const [format, pem] of Object.entries(made.publicPems)) {
      assert.equal(key.toPem({ format }), pem);
      assert.equal(createPublicKey(key.toPem({ format })).export({ format: "pem", type: format }), pem);
      assert.deepEqual(pemOf(key.toDer({ format })), bodyOf(pem));
    }
    assert.deepEqual(key.toJwk({ private: true }), made.privateJwk);
    assert.deepEqual(key.toJwk(), made.publicJwk);
  });
}

test("jose_gives_our_keys_the_same_thumbprint", async () => {
  for (const alg of ALGORITHMS) {
    const made = makeKey(alg);
    const { jwk: key } = importPrivate(countersign, made);
    for (const hash of ["sha256", "sha384", "sha512"]) {
      assert.equal(key.thumbprint(hash), await jose.calculateJwkThumbprint(made.publicJwk ?? made.privateJwk, hash));
    }
  }
});

const pemOf = (der) => Buffer.from(der).toString("base64");
const bodyOf = (pem) => pem.split("\n").slice(1, -2).join("");

function assertClaims({ iat: _iat, exp, ...claims }) {
  assert.deepEqual(claims, CLAIMS);
  assert.ok(Number.isFinite(exp));
}
