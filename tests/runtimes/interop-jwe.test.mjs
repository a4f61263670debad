// Encrypted tokens exchanged with jose, both ways, for every algorithm with every content encryption.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import * as jose from "jose";
import { importEntry, makeConsumer } from "./consumer.mjs";

const consumer = makeConsumer();
const { decrypt, decryptAndVerify, decryptClaims, decryptJson, EncryptionKey, encrypt, encryptJson, signAndEncrypt } =
  await importEntry(consumer, "./jwe");
const { Key, Signer, Verifier } = await importEntry(consumer, "./jwt");

const LENGTHS = {
  A128GCM: 16,
  A192GCM: 24,
  A256GCM: 32,
  "A128CBC-HS256": 32,
  "A192CBC-HS384": 48,
  "A256CBC-HS512": 64,
};
const ENCS = Object.keys(LENGTHS);
const CONTENT = new TextEncoder().encode("Zoë 🦀 attacks at dawn");

/** Each way to a key: ours, and what jose encrypts and decrypts with. */
const kinds = {
  ...Object.fromEntries(
    ENCS.map((enc) => [
      `dir_with_${enc}`,
      () => {
        const secret = randomBytes(LENGTHS[enc]);
        return { key: EncryptionKey.fromSecret(secret, { alg: "dir", enc }), encs: [enc], theirs: [secret, secret] };
      },
    ]),
  ),
  ...Object.fromEntries(
    [
      ["A128KW", 16],
      ["A192KW", 24],
      ["A256KW", 32],
      ["A128GCMKW", 16],
      ["A192GCMKW", 24],
      ["A256GCMKW", 32],
    ].map(([alg, length]) => [
      alg,
      () => {
        const secret = randomBytes(length);
        return { key: EncryptionKey.fromSecret(secret, { alg }), encs: ENCS, theirs: [secret, secret] };
      },
    ]),
  ),
  ...Object.fromEntries(
    ["P-256", "P-384", "P-521", "X25519"].flatMap((crv) =>
      ["ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A192KW", "ECDH-ES+A256KW"].map((alg) => [
        `${alg}_on_${crv}`,
        async () => {
          const key = EncryptionKey.generate(alg, { crv });
          const halves = [key.toJwk(), key.toJwk({ private: true })];
          return { key, encs: ENCS, theirs: await Promise.all(halves.map((jwk) => jose.importJWK(jwk, alg))) };
        },
      ]),
    ),
  ),
  ...Object.fromEntries(
    ["RSA-OAEP", "RSA-OAEP-256", "RSA-OAEP-384", "RSA-OAEP-512"].map((alg) => [
      alg,
      async () => {
        const { publicKey, privateKey } = await jose.generateKeyPair(alg, { extractable: true });
        const key = EncryptionKey.fromPem(await jose.exportPKCS8(privateKey), { alg });
        return { key, encs: ENCS, theirs: [publicKey, privateKey] };
      },
    ]),
  ),
  ...Object.fromEntries(
    ["PBES2-HS256+A128KW", "PBES2-HS384+A192KW", "PBES2-HS512+A256KW"].map((alg) => [
      alg,
      () => {
        const password = "correct horse bättery";
        const bytes = new TextEncoder().encode(password);
        const key = EncryptionKey.fromPassword(password, { alg, iterations: 1000 });
        return { key, encs: ENCS, theirs: [bytes, bytes] };
      },
    ]),
  ),
};

for (const [name, make] of Object.entries(kinds)) {
  test(`jose_decrypts_what_we_encrypt_and_we_what_it_does_by_${name}`, async () => {
    const { key, encs, theirs } = await make();
    const options = key.alg.startsWith("PBES2") ? { keyManagementAlgorithms: [key.alg] } : {};
    for (const enc of encs) {
      const ours = encrypt(CONTENT, key, { enc, typ: "JOSE" });
      const read = await jose.compactDecrypt(ours, theirs[1], options);
      assert.deepEqual(new Uint8Array(read.plaintext), CONTENT, enc);
      assert.equal(read.protectedHeader.typ, "JOSE");

      const encryptor = new jose.CompactEncrypt(CONTENT).setProtectedHeader({ alg: key.alg, enc });
      if (key.alg.startsWith("PBES2")) encryptor.setKeyManagementParameters({ p2c: 2000, p2s: randomBytes(16) });
      const token = await encryptor.encrypt(theirs[0]);
      assert.deepEqual(decrypt(token, key, { enc }).plaintext, CONTENT, enc);
      assert.throws(() => decrypt(altered(token), key), { code: "DECRYPTION_FAILED" });
    }
  });
}

test("jose_agrees_with_us_about_the_names_of_the_parties", async () => {
  const key = EncryptionKey.generate("ECDH-ES", { crv: "P-256" });
  const [apu, apv] = ["Alice", "Bob"].map((name) => new TextEncoder().encode(name));
  const publicKey = await jose.importJWK(key.toJwk(), key.alg);
  const theirs = await new jose.CompactEncrypt(CONTENT)
    .setProtectedHeader({ alg: key.alg, enc: "A256CBC-HS512" })
    .setKeyManagementParameters({ apu, apv })
    .encrypt(publicKey);
  assert.deepEqual(decrypt(theirs, key).plaintext, CONTENT);
  const ours = encrypt(CONTENT, key, { apu: "QWxpY2U", apv: "Qm9i" });
  const read = await jose.compactDecrypt(ours, await jose.importJWK(key.toJwk({ private: true }), key.alg));
  assert.deepEqual(new Uint8Array(read.plaintext), CONTENT);
});

test("jose_opens_our_nested_tokens_and_we_its", async () => {
  const signing = Key.generate("EdDSA");
  const key = EncryptionKey.generate("ECDH-ES+A256KW");
  const expected = { issuer: "https://login.example", audience: "api" };
  const token = signAndEncrypt({ sub: "alice" }, new Signer(signing, expected), key.publicKey());
  const privateKey = await jose.importJWK(key.toJwk({ private: true }), key.alg);
  const { plaintext, protectedHeader } = await jose.compactDecrypt(token, privateKey);
  assert.equal(protectedHeader.cty, "JWT");
  const publicKey = await jose.importJWK(signing.toJwk(), "EdDSA");
  const { payload } = await jose.jwtVerify(new TextDecoder().decode(plaintext), publicKey, expected);
  assert.equal(payload.sub, "alice");

  const signed = await new jose.SignJWT({ sub: "bob" })
    .setProtectedHeader({ alg: "EdDSA" })
    .setIssuer(expected.issuer)
    .setAudience(expected.audience)
    .setExpirationTime("15m")
    .sign(await jose.importJWK(signing.toJwk({ private: true }), "EdDSA"));
  const theirs = await new jose.CompactEncrypt(new TextEncoder().encode(signed))
    .setProtectedHeader({ alg: key.alg, enc: "A256GCM", cty: "JWT" })
    .encrypt(await jose.importJWK(key.toJwk(), key.alg));
  const { verified, outerHeader } = decryptAndVerify(theirs, key, new Verifier(signing.publicKey(), expected));
  assert.equal(verified.claims.sub, "bob");
  assert.equal(outerHeader.cty, "JWT");
});

test("jose_opens_our_encrypted_claims_and_we_its", async () => {
  const secret = randomBytes(32);
  const key = EncryptionKey.fromSecret(secret, { alg: "dir", enc: "A256GCM" });
  const theirs = await new jose.EncryptJWT({ scope: "read" })
    .setProtectedHeader({ alg: "dir", enc: "A256GCM" })
    .setIssuer("i")
    .setAudience("a")
    .setExpirationTime("15m")
    .replicateIssuerAsHeader()
    .encrypt(secret);
  const { claims } = decryptClaims(theirs, key, { issuer: "i", audience: "a" });
  assert.equal(claims.scope, "read");
  const ours = encrypt(new TextEncoder().encode(JSON.stringify(claims)), key);
  const { payload } = await jose.jwtDecrypt(ours, secret, { issuer: "i", audience: "a" });
  assert.deepEqual(payload, claims);
});

test("jose_opens_our_tokens_in_json_and_we_its", async () => {
  const keys = [
    EncryptionKey.generate("A192KW", { kid: "a" }),
    EncryptionKey.generate("ECDH-ES+A256KW", { crv: "P-256", kid: "b" }),
    EncryptionKey.generate("A256GCMKW", { kid: "c" }),
  ];
  const aad = new TextEncoder().encode("not secret");
  const imported = (key) => jose.importJWK(key.toJwk({ private: true }), key.alg);
  const ours = encryptJson(CONTENT, keys, { aad, enc: "A192CBC-HS384", unprotected: { x: 1 } });
  for (const [index, key] of keys.entries()) {
    const read = await jose.generalDecrypt(ours, await imported(key));
    assert.deepEqual(new Uint8Array(read.plaintext), CONTENT);
    assert.deepEqual(new Uint8Array(read.additionalAuthenticatedData), aad);
    const again = decryptJson(ours, keys.slice(index, index + 1));
    assert.deepEqual([again.recipient, again.plaintext, again.aad], [index, CONTENT, aad]);
  }
  const flat = encryptJson(CONTENT, keys[0]);
  assert.deepEqual(new Uint8Array((await jose.flattenedDecrypt(flat, await imported(keys[0]))).plaintext), CONTENT);

  const general = new jose.GeneralEncrypt(CONTENT)
    .setProtectedHeader({ enc: "A128GCM" })
    .setSharedUnprotectedHeader({ jku: "https://them.example" })
    .setAdditionalAuthenticatedData(aad);
  for (const key of keys) {
    const publicKey = key.type === "private" ? await jose.importJWK(key.toJwk(), key.alg) : await imported(key);
    general.addRecipient(publicKey).setUnprotectedHeader({ alg: key.alg, kid: key.kid });
  }
  const theirs = await general.encrypt();
  for (const [index, key] of keys.entries()) {
    const read = decryptJson(theirs, key);
    assert.deepEqual([read.recipient, read.plaintext, read.aad], [index, CONTENT, aad]);
  }
});

test("jose_opens_what_we_encrypt_with_a_password_of_ten_thousand_iterations", async () => {
  const [alg, password] = ["PBES2-HS256+A128KW", "correct horse"];
  const options = { keyManagementAlgorithms: [alg] };
  const read = (key) => jose.compactDecrypt(encrypt(CONTENT, key), new TextEncoder().encode(password), options);
  await assert.rejects(read(EncryptionKey.fromPassword(password, { alg, iterations: 10_001 })));
  await read(EncryptionKey.fromPassword(password, { alg, iterations: 10_000 }));
});

function altered(token) {
  const segments = token.split(".");
  const bytes = Buffer.from(segments[3], "base64url");
  bytes[0] ^= 1;
  segments[3] = bytes.toString("base64url");
  return segments.join(".");
}
