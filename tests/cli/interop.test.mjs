// What the command line writes, openssl, jose and Node read, and the other way round.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createPrivateKey, createPublicKey, generateKeyPairSync } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import * as jose from "jose";
import { answered, countersign, folder, needs } from "./program.mjs";

const passphrase = "correct horse battery staple";
const env = { PASS: passphrase };
const PASS = ["--passphrase-env", "PASS"];
const skip = needs("openssl");

const openssl = (cwd, ...args) =>
  execFileSync("openssl", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });

for (const alg of ["ES256", "ES384", "ES512", "EdDSA", "RS256"]) {
  test(`exchanges_keys_for_${alg}_with_openssl`, { skip }, async (t) => {
    const cwd = folder(t);
    await countersign(["keygen", alg, "--out", "key.pem", ...PASS], { cwd, env });
    const publicPem = openssl(cwd, "pkey", "-in", "key.pem", "-passin", `pass:${passphrase}`, "-pubout");
    const ours = await countersign(["convert", "key.pem", "--to", "pem", "--public", ...PASS], { cwd, env });
    assert.equal(ours.stdout, publicPem);
    openssl(
      cwd,
      "pkcs8",
      "-topk8",
      "-v2",
      "aes256",
      "-in",
      "key.pem",
      "-passin",
      `pass:${passphrase}`,
      "-passout",
      "pass:other",
      "-out",
      "theirs.pem",
    );
    const back = await answered(["convert", "theirs.pem", "--to", "jwk", ...PASS], { cwd, env: { PASS: "other" } });
    assert.equal(back.exitCode, 0);
    assert.equal(createPublicKey({ key: back.key, format: "jwk" }).export({ type: "spki", format: "pem" }), publicPem);
    // DER in each form that the kind of key has.
    const forms = alg === "RS256" ? ["pkcs8", "pkcs1"] : alg === "EdDSA" ? ["pkcs8"] : ["pkcs8", "sec1"];
    for (const [index, form] of forms.entries()) {
      // Decrypting takes long: the second form is made from the first.
      const from = index === 0 ? ["key.pem", ...PASS] : [`${forms[0]}.der`];
      const made = await answered(["convert", ...from, "--out", `${form}.der`, "--form", form, "--no-passphrase"], {
        cwd,
        env,
      });
      assert.equal(made.exitCode, 0, made.error?.message);
      assert.equal(openssl(cwd, "pkey", "-inform", "DER", "-in", `${form}.der`, "-pubout"), publicPem);
      const read = await countersign(["convert", `${form}.der`, "--to", "pem", "--public"], { cwd });
      assert.equal(read.stdout, publicPem);
    }
  });
}

test("reads_certificates_and_says_that_nothing_was_verified", { skip }, async (t) => {
  const cwd = folder(t);
  openssl(
    cwd,
    "req",
    "-x509",
    "-newkey",
    "rsa:2048",
    "-nodes",
    "-keyout",
    "key.pem",
    "-out",
    "cert.pem",
    "-subj",
    "/CN=test",
    "-days",
    "1",
  );
  openssl(cwd, "x509", "-in", "cert.pem", "-outform", "DER", "-out", "cert.der");
  const expected = openssl(cwd, "x509", "-in", "cert.pem", "-pubkey", "-noout");
  const pem = readFileSync(join(cwd, "cert.pem"), "utf8");
  writeFileSync(join(cwd, "chain.pem"), pem + pem);
  for (const name of ["cert.pem", "cert.der", "chain.pem"]) {
    const { stdout, stderr } = await countersign(["convert", name, "--to", "pem"], { cwd });
    assert.equal(stdout, expected);
    assert.match(stderr, /^nothing of the certificate was verified/);
  }
  writeFileSync(join(cwd, "both.pem"), pem + readFileSync(join(cwd, "key.pem"), "utf8"));
  const both = await answered(["convert", "both.pem", "--to", "pem"], { cwd });
  assert.match(both.error.message, /^both\.pem holds a certificate and a private key/);
  const set = await answered(["jwks", "cert.pem", "--alg", "PS256"], { cwd });
  assert.deepEqual([set.jwks.keys[0].alg, set.jwks.keys[0].d], ["PS256", undefined]);
});

test("names_the_command_for_a_key_in_3des_and_reads_what_it_writes", { skip }, async (t) => {
  const cwd = folder(t);
  openssl(cwd, "genrsa", "-traditional", "-des3", "-passout", `pass:${passphrase}`, "-out", "old.pem", "2048");
  const { privateKey } = generateKeyPairSync("ec", {
    namedCurve: "P-256",
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
  writeFileSync(join(cwd, "plain.pem"), privateKey);
  openssl(
    cwd,
    "pkcs8",
    "-topk8",
    "-v2",
    "des3",
    "-in",
    "plain.pem",
    "-passout",
    `pass:${passphrase}`,
    "-out",
    "old8.pem",
  );
  for (const name of ["old.pem", "old8.pem"]) {
    const { exitCode, error } = await answered(["convert", name, "--to", "jwk", ...PASS], { cwd, env });
    assert.equal(exitCode, 2);
    const [, command] = error.message.match(/: run "openssl ([^"]+)", for DES/);
    openssl(cwd, ...command.split(" "), "-passin", `pass:${passphrase}`, "-passout", `pass:${passphrase}`);
    const converted = await answered(["convert", `${name}.new`, "--to", "jwk", ...PASS], { cwd, env });
    assert.equal(converted.exitCode, 0, converted.error?.message);
  }
});

test("exchanges_tokens_and_keys_with_jose", async (t) => {
  const cwd = folder(t);
  await countersign(["keygen", "ES256", "--out", "key.json", "--public-out", "public.json", ...PASS], { cwd, env });
  const { token } = await answered(["sign", "--key", "key.json", "--issuer", "i", "--audience", "a", ...PASS], {
    cwd,
    env,
  });
  const publicKey = await jose.importJWK(JSON.parse(readFileSync(join(cwd, "public.json"), "utf8")));
  const { payload } = await jose.jwtVerify(token, publicKey, { issuer: "i", audience: "a" });
  assert.equal(payload.iss, "i");

  // An encrypted JWK is a JWE as RFC 7517 §7 has it.
  const text = readFileSync(join(cwd, "key.json"), "utf8").trim();
  const opened = await jose.compactDecrypt(text, new TextEncoder().encode(passphrase), {
    keyManagementAlgorithms: ["PBES2-HS512+A256KW"],
    maxPBES2Count: 1_000_000,
  });
  assert.equal(opened.protectedHeader.cty, "jwk+json");
  const jwk = JSON.parse(new TextDecoder().decode(opened.plaintext));
  createPrivateKey({ key: jwk, format: "jwk" });
  const theirs = await new jose.CompactEncrypt(new TextEncoder().encode(JSON.stringify(jwk)))
    .setProtectedHeader({ alg: "PBES2-HS256+A128KW", enc: "A128CBC-HS256", cty: "jwk+json" })
    .encrypt(new TextEncoder().encode(passphrase));
  writeFileSync(join(cwd, "theirs.json"), theirs);
  const back = await answered(["convert", "theirs.json", "--to", "jwk", ...PASS], { cwd, env });
  assert.deepEqual(back.key, jwk);

  const signed = await new jose.SignJWT({ sub: "al" })
    .setProtectedHeader({ alg: "ES256" })
    .setIssuer("i")
    .setAudience("a")
    .setExpirationTime("5m")
    .sign(await jose.importJWK(jwk));
  const verified = await answered(["verify", "--key", "public.json", "--issuer", "i", "--audience", "a"], {
    cwd,
    input: signed,
  });
  assert.deepEqual([verified.exitCode, verified.claims.sub], [0, "al"]);
});

test("verifies_a_signed_token_in_an_encrypted_one", async (t) => {
  const cwd = folder(t);
  await countersign(["keygen", "EdDSA", "--out", "key.json", "--no-passphrase"], { cwd });
  await countersign(
    ["keygen", "ECDH-ES+A256KW", "--out", "enc.json", "--public-out", "enc-public.json", "--no-passphrase"],
    { cwd },
  );
  const { token } = await answered(["sign", "--key", "key.json", "--subject", "al"], { cwd });
  const recipient = await jose.importJWK(JSON.parse(readFileSync(join(cwd, "enc-public.json"), "utf8")));
  const nested = await new jose.CompactEncrypt(new TextEncoder().encode(token))
    .setProtectedHeader({ alg: "ECDH-ES+A256KW", enc: "A256GCM", cty: "JWT" })
    .encrypt(recipient);
  const verify = ["verify", "--key", "key.json", "--any"];
  const { exitCode, outerHeader, claims } = await answered([...verify, "--decryption-key", "enc.json"], {
    cwd,
    input: nested,
  });
  assert.deepEqual([exitCode, outerHeader?.enc, claims?.sub], [0, "A256GCM", "al"]);
  const closed = await answered(verify, { cwd, input: nested });
  assert.deepEqual([closed.exitCode, closed.error.message], [2, "the token is encrypted: give --decryption-key"]);
  await countersign(["keygen", "ECDH-ES+A256KW", "--out", "other.json", "--no-passphrase"], { cwd });
  const other = await answered([...verify, "--decryption-key", "other.json"], { cwd, input: nested });
  assert.deepEqual([other.exitCode, other.error.code], [1, "DECRYPTION_FAILED"]);
});
