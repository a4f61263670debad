// No secret stays in wasm memory: everything is used and freed, then the whole linear memory of both modules is searched
// for every form a secret may have had in it. Controls prove that the search finds what is there.

import assert from "node:assert/strict";
import { createHash, createHmac, randomBytes } from "node:crypto";
import { test } from "node:test";
import { makeKeyPair } from "../interop/key-pair.mjs";
import { importEntry, importFile, makeConsumer } from "./consumer.mjs";
import { assertGone, traces } from "./memory.mjs";

const consumer = makeConsumer();
const countersign = await importEntry(consumer, ".");
// The same module instances that the entry has loaded; `initSync` answers with their exports.
const tokens = (await importFile(consumer, "dist/glue/jwt.js")).initSync();
const jwe = await importEntry(consumer, "./jwe");
const encryption = (await importFile(consumer, "dist/glue/jwe.js")).initSync();
const passwordGlue = await importFile(consumer, "dist/glue/password.js");
// Loaded by the first call.
new countersign.PasswordHasher();
const passwordMemory = () => passwordGlue.initSync().memory;

/** Every shape of an HMAC secret that a computation or an export may have left behind. */
function hmacForms(secret, alg) {
  const block = alg === "HS256" ? 64 : 128;
  const padded = Buffer.concat([secret, Buffer.alloc(block)]).subarray(0, block);
  return {
    bytes: secret,
    base64url: secret.toString("base64url"),
    "key with inner padding": padded.subarray(0, secret.length).map((byte) => byte ^ 0x36),
    "key with outer padding": padded.subarray(0, secret.length).map((byte) => byte ^ 0x5c),
  };
}

/** Every shape of an Ed25519 seed. */
function ed25519Forms(key) {
  const { d } = key.toJwk({ private: true });
  const seed = Buffer.from(d, "base64url");
  const expanded = createHash("sha512").update(seed).digest();
  const scalar = Buffer.from(expanded.subarray(0, 32));
  scalar[0] &= 248;
  scalar[31] = (scalar[31] & 127) | 64;
  const pem = key.toPem({ private: true });
  const body = pem.split("\n")[1];
  return {
    seed,
    "seed as base64url": d,
    "expanded key": expanded,
    scalar,
    // The first characters of a PKCS#8 body are the same for every key.
    "PEM body": body.slice(24),
  };
}

for (const alg of ["HS256", "HS384", "HS512"]) {
  test(`finds_a_live_${alg}_secret_and_no_freed_one`, () => {
    const secret = randomBytes(64);
    const key = countersign.Key.fromSecret(secret, { alg });
    assert.notDeepEqual(traces(tokens.memory, secret), [], "the search is blind");
    useAndFree(key);
    assertGone(tokens.memory, hmacForms(secret, alg));
  });
}

test("leaves_no_text_secret", () => {
  const secret = `${randomBytes(32).toString("base64")}é`;
  useAndFree(countersign.Key.fromSecret(secret, { alg: "HS256" }));
  assertGone(tokens.memory, hmacForms(Buffer.from(secret), "HS256"));
  assertGone(tokens.memory, { "UTF-16": Buffer.from(secret, "utf16le") });
});

test("leaves_no_secret_that_was_refused", () => {
  const short = randomBytes(31);
  assert.throws(() => countersign.Key.fromSecret(short, { alg: "HS256" }), { code: "KEY_TOO_WEAK" });
  const text = `-----BEGIN PRIVATE KEY-----\n${randomBytes(48).toString("base64")}`;
  assert.throws(() => countersign.Key.fromSecret(text, { alg: "HS256" }), { code: "KEY_INVALID" });
  assert.throws(() => countersign.Key.fromPem(text, { alg: "EdDSA" }), { code: "KEY_INVALID" });
  const k = randomBytes(64).toString("base64url");
  assert.throws(() => countersign.Key.fromJwk({ kty: "oct", k, alg: "RS256" }), countersign.CountersignError);
  assert.throws(() => countersign.Key.fromJwk({ kty: "oct", k, alg: "HS256", use: 42 }), countersign.CountersignError);
  const d = randomBytes(32).toString("base64url");
  const x = randomBytes(32).toString("base64url");
  assert.throws(() => countersign.Key.fromJwk({ kty: "OKP", crv: "Ed25519", d, x }), { code: "KEY_INVALID" });
  assertGone(tokens.memory, {
    "short secret": short,
    "PEM text": text.slice(30),
    "PEM bytes": Buffer.from(text.slice(28), "base64"),
    "oct text": k,
    "oct bytes": Buffer.from(k, "base64url"),
    "OKP text": d,
    "OKP bytes": Buffer.from(d, "base64url"),
  });
});

for (const [form, make] of Object.entries({
  generate: () => countersign.Key.generate("EdDSA"),
  fromJwk: () => countersign.Key.fromJwk(privateKey().export({ format: "jwk" })),
  fromPem: () => countersign.Key.fromPem(privateKey().export({ format: "pem", type: "pkcs8" }), { alg: "EdDSA" }),
  fromDer: () => countersign.Key.fromDer(privateKey().export({ format: "der", type: "pkcs8" }), { alg: "EdDSA" }),
})) {
  test(`finds_a_live_ed25519_key_of_${form}_and_no_freed_one`, () => {
    const key = make();
    const forms = ed25519Forms(key);
    assert.notDeepEqual(traces(tokens.memory, forms.seed), [], "the search is blind");
    useAndFree(key);
    assertGone(tokens.memory, forms);
  });
}

test("leaves_no_key_of_what_could_not_be_made", () => {
  const secret = randomBytes(64);
  const key = countersign.Key.fromSecret(secret, { alg: "HS256", kid: "a" });
  const other = countersign.Key.generate("EdDSA");
  assert.throws(() => new countersign.KeySet([key, other]), { code: "KEY_INVALID" });
  new countersign.KeySet([key, key]).free();
  assert.throws(() => new countersign.KeySet([key, {}]), { code: "KEY_INVALID" });
  assert.throws(() => new countersign.Signer(key, { audiance: "api" }), { code: "OPTION_INVALID" });
  assert.throws(() => new countersign.Verifier(key, { audiance: "api" }), { code: "OPTION_INVALID" });
  assert.throws(() => countersign.sign({ value: 1n }, key), { code: "CLAIMS_NOT_SERIALIZABLE" });
  assert.throws(() => countersign.verify("a.b.c", key), { code: "TOKEN_MALFORMED" });
  key.free();
  assertGone(tokens.memory, hmacForms(secret, "HS256"));
});

test("leaves_no_key_of_a_set", () => {
  const secrets = [randomBytes(32), randomBytes(32)];
  const keys = secrets.map((secret, index) => ({
    kty: "oct",
    alg: "HS256",
    kid: String(index),
    k: secret.toString("base64url"),
  }));
  const set = countersign.KeySet.fromJwks({ keys });
  const verifier = new countersign.Verifier(set);
  assert.notDeepEqual(traces(tokens.memory, secrets[0]), [], "the search is blind");
  set.free();
  verifier.free();
  for (const secret of secrets) assertGone(tokens.memory, hmacForms(secret, "HS256"));
});

/** Does with a key everything that can be done with it, and frees it and all that was made of it. */
function useAndFree(key) {
  const signer = new countersign.Signer(key);
  const verifier = new countersign.Verifier(key);
  const set = new countersign.KeySet([key]);
  const token = countersign.sign({ sub: "alice" }, key);
  verifier.verify(signer.sign({ sub: "alice" }));
  countersign.verify(token, set);
  assert.throws(() => verifier.verify(`${token}A`), countersign.CountersignError);
  countersign.Key.fromJwk(key.toJwk({ private: true })).free();
  key.thumbprint();
  const handles = [set, verifier, signer, key];
  if (key.type === "private") {
    key.toPem({ private: true });
    handles.push(key.publicKey());
  }
  for (const handle of handles) handle.free();
}

function privateKey() {
  return makeKeyPair("ed25519").privateKey;
}

const CONTENT = randomBytes(200);
const CONTENT_TEXT = CONTENT.toString("base64url");
const passphrase = "correct horse battery staple";
const locked = { cipher: "aes-256-cbc", passphrase };

/** A new private key as PEM, under the passphrase where `lock` says so. */
function pemOf(type, options, lock = {}) {
  return makeKeyPair(type, options).privateKey.export({ format: "pem", type: "pkcs8", ...lock });
}

/** Does with a key for encryption everything that can be done with it, and frees it. */
function encryptAndFree(key) {
  const token = jwe.encrypt(CONTENT, key);
  jwe.decrypt(token, key);
  jwe.decrypt(token, [key]);
  jwe.decryptJson(jwe.encryptJson(CONTENT, key, { aad: new Uint8Array(8) }), key);
  const claims = { exp: 9e9, content: CONTENT_TEXT };
  jwe.decryptClaims(jwe.encrypt(Buffer.from(JSON.stringify(claims)), key), key);
  assert.throws(() => jwe.decryptClaims(token, key), { code: "TOKEN_MALFORMED" });
  assert.throws(() => jwe.decrypt(`${token.slice(0, -4)}AAAA`, key), { code: "DECRYPTION_FAILED" });
  assert.throws(() => jwe.encrypt(CONTENT, key, { enc: "A1GCM" }), { code: "OPTION_INVALID" });
  const inner = { sign: () => "a.b.c", verify: (text) => text };
  assert.equal(jwe.decryptAndVerify(jwe.signAndEncrypt({}, inner, key), key, inner).verified, "a.b.c");
  if (key.type === "private") {
    key.toPem({ private: true });
    key.toDer({ private: true, passphrase });
    key.publicKey().free();
  }
  if (!key.alg.startsWith("PBES2")) jwe.EncryptionKey.fromJwk(key.toJwk({ private: true })).free();
  key.free();
}

for (const [what, length, options] of [
  ["a128kw", 16, { alg: "A128KW" }],
  ["a256kw", 32, { alg: "A256KW" }],
  ["a192gcmkw", 24, { alg: "A192GCMKW" }],
  ["dir_gcm", 32, { alg: "dir", enc: "A256GCM" }],
  ["dir_cbc", 64, { alg: "dir", enc: "A256CBC-HS512" }],
]) {
  test(`finds_a_live_secret_of_${what}_and_no_freed_one_nor_its_content`, () => {
    const secret = randomBytes(length);
    const key = jwe.EncryptionKey.fromSecret(secret, options);
    assert.notDeepEqual(traces(encryption.memory, secret), [], "the search is blind");
    encryptAndFree(key);
    assertGone(encryption.memory, {
      secret,
      "secret as text": secret.toString("base64url"),
      content: CONTENT,
      "content as text": CONTENT_TEXT,
    });
  });
}

for (const [what, make] of Object.entries({
  x25519: () => jwe.EncryptionKey.generate("ECDH-ES"),
  p_256: () => jwe.EncryptionKey.generate("ECDH-ES+A128KW", { crv: "P-256" }),
  p_384: () => jwe.EncryptionKey.generate("ECDH-ES+A256KW", { crv: "P-384" }),
  p_521: () => jwe.EncryptionKey.generate("ECDH-ES+A192KW", { crv: "P-521" }),
  rsa: () => jwe.EncryptionKey.fromPem(pemOf("rsa", { modulusLength: 2048 }), { alg: "RSA-OAEP-256" }),
  encrypted_x25519: () => jwe.EncryptionKey.fromPem(pemOf("x25519", {}, locked), { alg: "ECDH-ES", passphrase }),
  encrypted_p_256: () =>
    jwe.EncryptionKey.fromPem(pemOf("ec", { namedCurve: "P-256" }, locked), { alg: "ECDH-ES", passphrase }),
  encrypted_rsa: () =>
    jwe.EncryptionKey.fromPem(pemOf("rsa", { modulusLength: 2048 }, locked), { alg: "RSA-OAEP-256", passphrase }),
})) {
  test(`leaves_no_private_key_for_encryption_of_${what}`, () => {
    const key = make();
    const jwk = key.toJwk({ private: true });
    const forms = {};
    for (const name of ["d", "p", "q", "dp", "dq", "qi"].filter((name) => Object.hasOwn(jwk, name))) {
      const number = Buffer.from(jwk[name], "base64url");
      Object.assign(forms, { [name]: number, [`${name} as text`]: jwk[name] });
      forms[`${name} reversed`] = number.toReversed();
    }
    encryptAndFree(key);
    assertGone(encryption.memory, { ...forms, content: CONTENT, "content as text": CONTENT_TEXT });
  });
}

test("leaves_no_password_that_encrypted", () => {
  const password = randomBytes(30).toString("base64");
  encryptAndFree(jwe.EncryptionKey.fromPassword(password, { alg: "PBES2-HS256+A128KW", iterations: 1000 }));
  assertGone(encryption.memory, { password, content: CONTENT, "content as text": CONTENT_TEXT });
});

const quick = { params: { memoryKib: 64, passes: 1, lanes: 1 } };

test("finds_a_password_that_was_put_in_memory", () => {
  const bytes = randomBytes(40);
  const memory = passwordMemory();
  const at = passwordGlue.initSync().__wbindgen_malloc(bytes.length, 1);
  new Uint8Array(memory.buffer).set(bytes, at);
  assert.notDeepEqual(traces(memory, bytes), [], "the search is blind");
  new Uint8Array(memory.buffer).fill(0, at, at + bytes.length);
  assert.deepEqual(traces(memory, bytes), []);
  passwordGlue.initSync().__wbindgen_free(at, bytes.length, 1);
});

for (const [what, password] of [
  ["ascii", randomBytes(30).toString("base64")],
  ["non_ascii", `é${randomBytes(30).toString("base64")}ß🦀${randomBytes(30).toString("base64")}`],
  ["decomposed", `e\u0301${randomBytes(30).toString("base64")}a\u0308${randomBytes(30).toString("base64")}`],
  ["long", randomBytes(700).toString("base64")],
]) {
  test(`leaves_no_${what}_password`, () => {
    // The module starts over when its memory has grown: the memory it leaves behind is searched as well.
    const memories = new Set([passwordMemory()]);
    const hasher = new countersign.PasswordHasher(quick);
    const stored = hasher.hash(password);
    hasher.verify(password, stored);
    hasher.verify(`${password}!`, stored);
    hasher.verify(password, null);
    hasher.verifyAndUpdate(password, stored);
    countersign.verifyPassword(password, countersign.hashPassword(password, quick), quick);
    assert.throws(() => hasher.hash(`${password}\ud800`), { code: "PASSWORD_INVALID" });
    assert.throws(() => hasher.verify(password, "$argon2id$v=19$m=1"), { code: "HASH_MALFORMED" });
    assert.throws(() => hasher.hash(password.repeat(200)), { code: "PASSWORD_TOO_LONG" });
    memories.add(passwordMemory());
    for (const memory of memories) {
      assertGone(memory, {
        "UTF-8": password,
        "UTF-8, composed": password.normalize("NFC"),
        "UTF-16": Buffer.from(password, "utf16le"),
      });
    }
  });
}

const PEPPER = randomBytes(32);
for (const [what, policy] of Object.entries({
  argon2id: quick,
  scrypt: { scheme: "scrypt", params: { cost: 8 } },
  bcrypt: { scheme: "bcrypt", params: { cost: 10 } },
  pbkdf2_sha256: { scheme: "pbkdf2-sha256", params: { iterations: 1000 } },
  pbkdf2_sha512: { scheme: "pbkdf2-sha512", params: { iterations: 1000 } },
})) {
  test(`leaves_no_password_and_no_pepper_of_${what}`, () => {
    const password = randomBytes(30).toString("base64");
    const memories = new Set([passwordMemory()]);
    const older = { current: { id: "old", key: PEPPER.toString("base64") } };
    const pepper = { current: { id: "new", key: PEPPER }, previous: [older.current] };
    const stored = [policy, { ...policy, pepper: older }].map((own) => countersign.hashPassword(password, own));
    const hasher = new countersign.PasswordHasher({ ...policy, pepper });
    for (const text of [...stored, hasher.hash(password), null]) {
      hasher.verifyAndUpdate(password, text);
      hasher.verify(`${password}!`, text);
    }
    assert.throws(() => new countersign.PasswordHasher({ pepper: { ...pepper, next: 1 } }), { code: "OPTION_INVALID" });
    memories.add(passwordMemory());
    const code = createHmac("sha256", PEPPER).update(password).digest();
    for (const memory of memories) {
      assertGone(memory, {
        password,
        pepper: PEPPER,
        "pepper as text": PEPPER.toString("base64"),
        "code of the password": code,
        "code of the password as text": code.toString("base64"),
        "pepper with inner padding": PEPPER.map((byte) => byte ^ 0x36),
        "pepper with outer padding": PEPPER.map((byte) => byte ^ 0x5c),
        "password with inner padding": Buffer.from(password).map((byte) => byte ^ 0x36),
        "password with outer padding": Buffer.from(password).map((byte) => byte ^ 0x5c),
      });
    }
  });
}

test("wipes_every_copy_of_a_pepper_that_a_call_takes", () => {
  const key = randomBytes(48);
  const hasher = new countersign.PasswordHasher({ ...quick, pepper: { current: { id: "a", key } } });
  const Original = globalThis.Uint8Array;
  const made = [];
  globalThis.Uint8Array = class extends Original {
    constructor(...given) {
      super(...given);
      made.push(this);
    }
  };
  try {
    hasher.verify("correct horse", hasher.hash("correct horse"));
  } finally {
    globalThis.Uint8Array = Original;
  }
  // Not those that look into the memory of the module.
  const copies = made.filter((bytes) => bytes.length === key.length && bytes.byteLength === bytes.buffer.byteLength);
  // `hash` and `verify` read the policy twice each: for the memory that they need, and for the work.
  assert.equal(copies.length, 4, "the search is blind");
  for (const copy of copies) assert.deepEqual(Buffer.from(copy), Buffer.alloc(key.length));
});

test("wipes_the_table_that_scrypt_worked_in", () => {
  const used = () => new Uint8Array(passwordMemory().buffer).reduce((count, byte) => count + (byte === 0 ? 0 : 1), 0);
  const hasher = new countersign.PasswordHasher({ scheme: "scrypt", params: { cost: 12 } });
  const before = used();
  hasher.hash("correct horse");
  assert.ok(4096 * 1024 < passwordMemory().buffer.byteLength, "it worked elsewhere");
  assert.ok(used() - before < 4096, `${used() - before} bytes more are not zero`);
});

test("gives_back_the_memory_of_64_mib", () => {
  for (const policy of [{ preset: "rfc9106-low-memory" }, { scheme: "scrypt", params: { cost: 16, parallelism: 2 } }]) {
    new countersign.PasswordHasher(policy).hash("correct horse");
    const bytes = passwordMemory().buffer.byteLength;
    assert.ok(bytes < 2 * 1024 * 1024, `${bytes} bytes are held`);
  }
});

test("leaves_no_characters_of_a_password_that_was_normalized", () => {
  const password = `é${randomBytes(30).toString("base64")}`;
  const hasher = new countersign.PasswordHasher(quick);
  hasher.verify(password, hasher.hash(password));
  const points = [...password].slice(1).map((character) => character.codePointAt(0));
  const memory = Buffer.from(passwordMemory().buffer);
  for (const [form, needle] of Object.entries({
    "UTF-32": Buffer.from(Uint32Array.from(points).buffer),
    "UTF-32 with classes": Buffer.from(Uint32Array.from(points.flatMap((point) => [point, 0])).buffer),
  })) {
    for (let start = 0; start + 24 <= needle.length; start += 4) {
      assert.equal(memory.indexOf(needle.subarray(start, start + 24)), -1, form);
    }
  }
});

// In this order: what a hash finds has been kept since an earlier one, smaller or larger.
for (const memoryKib of [4096, 19_456, 1024]) {
  test(`wipes_the_${memoryKib}_kib_a_hash_worked_in`, () => {
    const used = () => new Uint8Array(passwordMemory().buffer).reduce((count, byte) => count + (byte === 0 ? 0 : 1), 0);
    const hasher = new countersign.PasswordHasher({ params: { memoryKib, passes: 1 } });
    const before = used();
    hasher.hash("correct horse");
    assert.ok(memoryKib * 1024 < passwordMemory().buffer.byteLength, "it worked elsewhere");
    assert.ok(used() - before < 4096, `${used() - before} bytes more are not zero`);
  });
}

test("keeps_the_memory_of_a_default_hash_and_gives_back_that_of_a_large_one", () => {
  const small = new countersign.PasswordHasher();
  small.hash("correct horse");
  const kept = passwordMemory();
  small.hash("correct horse");
  assert.equal(passwordMemory(), kept, "the module started over");
  new countersign.PasswordHasher({ params: { memoryKib: 40_000, passes: 1 } }).hash("correct horse");
  assert.ok(
    passwordMemory().buffer.byteLength < 4 * 1024 * 1024,
    `${passwordMemory().buffer.byteLength} bytes are held`,
  );
  assert.throws(() => small.verify("correct horse", ""), countersign.CountersignError, "another error class");
});
