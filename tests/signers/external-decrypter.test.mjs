// A decrypter elsewhere: what it is asked, what it may answer, and that all failures look alike.

import assert from "node:assert/strict";
import { constants, createPublicKey, diffieHellman, privateDecrypt } from "node:crypto";
import { createRequire } from "node:module";
import { test } from "node:test";
import {
  CountersignError,
  decrypt,
  decryptAndVerifyAsync,
  decryptAsync,
  decryptClaimsAsync,
  decryptJsonAsync,
  EncryptionKey,
  encrypt,
  encryptJson,
  signAndEncryptAsync,
} from "countersign/jwe";
import { Key, Signer, Verifier } from "countersign/jwt";
import * as jose from "jose";
import { makeKeyPair } from "../interop/key-pair.mjs";

const HASHES = { "RSA-OAEP": "sha1", "RSA-OAEP-256": "sha256", "RSA-OAEP-384": "sha384", "RSA-OAEP-512": "sha512" };
const rsa = makeKeyPair("rsa", { modulusLength: 2048 });
const ec = makeKeyPair("ec", { namedCurve: "P-256" });
const pemOf = ({ publicKey }) => publicKey.export({ type: "spki", format: "pem" });

const unwrapWith = (alg) => (encryptedKey) =>
  privateDecrypt(
    { key: rsa.privateKey, oaepHash: HASHES[alg], padding: constants.RSA_PKCS1_OAEP_PADDING },
    encryptedKey,
  );
const kms = (alg = "RSA-OAEP-256", more = {}) => ({
  alg,
  kid: "kms",
  unwrap: async (encryptedKey) => unwrapWith(alg)(encryptedKey),
  ...more,
});
const recipient = (alg = "RSA-OAEP-256") => EncryptionKey.fromPem(pemOf(rsa), { alg, kid: "kms" });
const bytes = (text) => new TextEncoder().encode(text);
const text = (plaintext) => new TextDecoder().decode(plaintext);
const FAILED = {
  name: "CountersignError",
  code: "DECRYPTION_FAILED",
  message: "token cannot be decrypted with this key",
};

for (const alg of Object.keys(HASHES)) {
  test(`decrypts_with_${alg}_also_what_jose_has_encrypted`, async () => {
    assert.equal(text((await decryptAsync(encrypt(bytes("x"), recipient(alg)), kms(alg))).plaintext), "x");
    const theirs = await new jose.CompactEncrypt(bytes("theirs"))
      .setProtectedHeader({ alg, enc: "A256GCM" })
      .encrypt(await jose.importSPKI(pemOf(rsa), alg));
    assert.equal(text((await decryptAsync(theirs, kms(alg))).plaintext), "theirs");
  });
}

test("agrees_on_a_secret_elsewhere", async () => {
  const asked = [];
  const hsm = {
    alg: "ECDH-ES+A128KW",
    crv: "P-256",
    deriveBits: async (jwk) => {
      asked.push(jwk);
      return diffieHellman({ privateKey: ec.privateKey, publicKey: createPublicKey({ key: jwk, format: "jwk" }) });
    },
  };
  const theirs = EncryptionKey.fromPem(pemOf(ec), { alg: "ECDH-ES+A128KW" });
  assert.equal(text((await decryptAsync(encrypt(bytes("x"), theirs), hsm)).plaintext), "x");
  assert.deepEqual(Object.keys(asked[0]), ["kty", "crv", "x", "y"]);
  for (const answer of [new Uint8Array(31), new Uint8Array(33), new Uint8Array(0), null, undefined]) {
    const wrong = { ...hsm, deriveBits: async () => answer };
    await assert.rejects(decryptAsync(encrypt(bytes("x"), theirs), wrong), FAILED);
  }
  const other = { ...hsm, crv: "P-384" };
  await assert.rejects(decryptAsync(encrypt(bytes("x"), theirs), other), {
    code: "TOKEN_HEADER_INVALID",
    message: '"epk" header is not a public key on the key\'s curve',
  });
  for (const crv of [undefined, "P-999"]) {
    await assert.rejects(decryptAsync(encrypt(bytes("x"), theirs), { ...hsm, crv }), (error) => {
      return error instanceof CountersignError && /^(KEY|OPTION)_INVALID$/.test(error.code);
    });
  }
});

test("makes_every_failure_of_the_service_look_like_an_altered_token", async () => {
  const token = encrypt(bytes("x"), recipient());
  const parts = token.split(".");
  const altered = [...parts.slice(0, 4), parts[4][0] === "A" ? `B${parts[4].slice(1)}` : `A${parts[4].slice(1)}`].join(
    ".",
  );
  const failure = await decryptAsync(altered, kms()).catch((error) => error);
  const answers = [
    () => Promise.reject(new Error("InvalidCiphertext")),
    () => {
      throw new Error("at once");
    },
    async () => undefined,
    async () => null,
    async () => new Uint8Array(32),
    async () => new Uint8Array(31),
    async () => new Uint8Array(0),
    async () => new Uint8Array(64),
  ];
  for (const unwrap of answers) {
    const error = await decryptAsync(token, kms("RSA-OAEP-256", { unwrap })).catch((thrown) => thrown);
    assert.deepEqual({ ...error, message: error.message }, { ...failure, message: failure.message });
    assert.equal(error.cause, undefined);
  }
  assert.equal(failure.code, "DECRYPTION_FAILED");
});

test("tells_when_the_service_cannot_be_reached", async () => {
  const token = encrypt(bytes("x"), recipient());
  const outage = new CountersignError("KEY_UNAVAILABLE", "the service did not answer");
  const commonJs = createRequire(import.meta.url)("countersign/jwe");
  const ofCommonJs = new commonJs.CountersignError("KEY_UNAVAILABLE", "the service did not answer");
  assert.notEqual(commonJs.CountersignError, CountersignError);
  const older = Object.assign(new Error("no answer"), { name: "CountersignError", code: "KEY_UNAVAILABLE" });
  const cases = [
    [() => Promise.reject(outage), { message: "the service did not answer" }],
    [async () => "text", { message: "the decrypter did not return bytes", reason: "answer" }],
    [async () => new Uint8Array(16_385), { message: "the decrypter returned more than 16384 bytes", reason: "answer" }],
    [() => Promise.reject(ofCommonJs), { message: "the service did not answer" }],
    // It says the same, but is of another class.
    [() => Promise.reject(older), { message: "the decrypter failed", reason: "failed", cause: older }],
    [async () => ({}), { message: "the decrypter did not return bytes", reason: "answer" }],
    [() => new Promise(() => {}), { message: "the decrypter took too long", reason: "timeout" }],
  ];
  for (const [unwrap, expected] of cases) {
    const slow = kms("RSA-OAEP-256", { unwrap, timeoutMs: 20 });
    await assert.rejects(decryptAsync(token, slow), { code: "KEY_UNAVAILABLE", ...expected });
  }
  const reason = new Error("the user left");
  const hanging = kms("RSA-OAEP-256", { unwrap: () => new Promise(() => {}) });
  const controller = new AbortController();
  const call = assert.rejects(decryptAsync(token, hanging, { signal: controller.signal }), (error) => error === reason);
  setTimeout(() => controller.abort(reason), 5);
  await call;
  await assert.rejects(decryptAsync(token, hanging, { signal: controller.signal }), (error) => error === reason);
});

test("lets_a_decrypter_work_in_place", async () => {
  const token = encrypt(bytes("x"), recipient());
  const unwrap = async (encryptedKey) => {
    const key = unwrapWith("RSA-OAEP-256")(encryptedKey);
    encryptedKey.fill(0);
    return key;
  };
  assert.equal(text((await decryptAsync(token, kms("RSA-OAEP-256", { unwrap }))).plaintext), "x");
  const detached = async (encryptedKey) => {
    const key = unwrapWith("RSA-OAEP-256")(encryptedKey);
    structuredClone(encryptedKey, { transfer: [encryptedKey.buffer] });
    return key;
  };
  assert.equal(text((await decryptAsync(token, kms("RSA-OAEP-256", { unwrap: detached }))).plaintext), "x");
});

test("counts_what_a_proxy_throws_as_another_key", async () => {
  const trap = () => {
    throw 2;
  };
  const proxy = new Proxy({}, { get: trap, getPrototypeOf: trap });
  const unwrap = () => Promise.reject(proxy);
  await assert.rejects(decryptAsync(encrypt(bytes("x"), recipient()), kms("RSA-OAEP-256", { unwrap })), FAILED);
});

test("asks_nobody_about_a_token_that_is_wrong_anyhow", async () => {
  let asked = 0;
  const counting = kms("RSA-OAEP-256", {
    unwrap: async () => {
      asked += 1;
    },
  });
  const token = encrypt(bytes("x"), recipient());
  const [header, , ...rest] = token.split(".");
  const other = encrypt(bytes("x"), EncryptionKey.generate("A256KW"));
  for (const [bad, code, options] of [
    ["a.b.c.d.e", "TOKEN_MALFORMED"],
    [`${header}..${rest.join(".")}`, "TOKEN_MALFORMED"],
    [`${header}.AAAA.${rest.join(".")}`, "TOKEN_MALFORMED"],
    [other, "TOKEN_ALGORITHM_MISMATCH"],
    [token, "TOKEN_HEADER_INVALID", { enc: "A128GCM" }],
    [token, "TOKEN_HEADER_INVALID", { typ: "JWT" }],
    [token, "TOKEN_TOO_LONG", { maxLength: 9 }],
    [token, "OPTION_INVALID", { maxlength: 9 }],
  ]) {
    await assert.rejects(decryptAsync(bad, counting, options), { code });
  }
  await assert.rejects(decryptAsync(encrypt(bytes("x"), recipient().withKid("other")), [counting]), {
    code: "KEY_NOT_FOUND",
  });
  assert.equal(asked, 0);
  await assert.rejects(decryptAsync(token, counting), FAILED);
  assert.equal(asked, 1);
});

test("chooses_among_keys_here_and_elsewhere", async () => {
  const here = EncryptionKey.generate("A256KW", { kid: "here" });
  const keys = [here, kms(), EncryptionKey.generate("ECDH-ES", { kid: "agreed" })];
  for (const key of [here, recipient()]) {
    assert.equal(text((await decryptAsync(encrypt(bytes(key.kid), key), keys)).plaintext), key.kid);
  }
  // One recipient after the other, of which two are elsewhere.
  const stranger = EncryptionKey.fromPem(
    makeKeyPair("rsa", { modulusLength: 2048 }).publicKey.export({ type: "spki", format: "pem" }),
    {
      alg: "RSA-OAEP",
      kid: "second",
    },
  );
  const refusing = { alg: "RSA-OAEP", kid: "second", unwrap: async () => undefined };
  const token = encryptJson(bytes("for both"), [stranger, recipient()]);
  const { plaintext, recipient: position } = await decryptJsonAsync(token, [refusing, kms()]);
  assert.deepEqual([text(plaintext), position], ["for both", 1]);
  assert.equal((await decryptJsonAsync(token, kms())).recipient, 1);
});

test("decrypts_claims_and_signed_tokens", async () => {
  const claims = { sub: "alice", exp: Math.floor(Date.now() / 1000) + 60 };
  const token = encrypt(bytes(JSON.stringify(claims)), recipient());
  assert.deepEqual((await decryptClaimsAsync(token, kms())).claims, claims);
  await assert.rejects(decryptClaimsAsync(token, kms(), { now: new Date(Date.now() + 3600_000) }), {
    code: "TOKEN_EXPIRED",
  });
  const key = Key.generate("EdDSA");
  const nested = await signAndEncryptAsync({ sub: "alice" }, new Signer(key), recipient());
  const verifier = new Verifier(key.publicKey());
  for (const each of [
    verifier,
    { verify: (inner) => verifier.verify(inner) },
    { verifyAsync: (inner) => verifier.verifyAsync(inner) },
  ]) {
    const { outerHeader, verified } = await decryptAndVerifyAsync(nested, kms(), each);
    assert.deepEqual([outerHeader.cty, verified.claims.sub], ["JWT", "alice"]);
  }
  const ours = new Signer(key);
  for (const signer of [
    ours,
    { sign: (claims) => ours.sign(claims) },
    { signAsync: (claims) => ours.signAsync(claims) },
  ]) {
    const { signal } = new AbortController();
    const token = await signAndEncryptAsync({ sub: "bob" }, signer, recipient(), { signal, enc: "A128GCM" });
    assert.equal((await decryptAndVerifyAsync(token, kms(), verifier)).verified.claims.sub, "bob");
  }
  await assert.rejects(decryptAndVerifyAsync(nested, kms(), {}), {
    code: "OPTION_INVALID",
    message: 'option "verifier" has no method "verify": make one with new Verifier(key, { issuer, audience })',
  });
  const wrong = new Verifier(Key.generate("EdDSA").publicKey());
  await assert.rejects(decryptAndVerifyAsync(nested, kms(), wrong), { code: "TOKEN_SIGNATURE_INVALID" });
});

test("refuses_what_is_no_decrypter", async () => {
  const token = encrypt(bytes("x"), recipient());
  const unwrap = async () => new Uint8Array(32);
  for (const [decrypter, code, message] of [
    [{ unwrap }, "OPTION_INVALID", 'missing option "alg"'],
    [{ alg: "RSA1_5", unwrap }, "OPTION_INVALID", /.*/],
    [{ alg: "none", unwrap }, "OPTION_INVALID", /.*/],
    [{ alg: "A256GCMKW", unwrap }, "KEY_INVALID", /.*/],
    [{ alg: "RSA-OAEP-256", kid: 7, unwrap }, "OPTION_INVALID", 'option "kid" is not a string'],
    [{ alg: "RSA-OAEP-256", kid: "a\ud800", unwrap }, "OPTION_INVALID", 'option "kid" is not a string'],
    [{ alg: "RSA-OAEP-256", deriveBits: unwrap }, "OPTION_INVALID", 'option "decrypter" has no method "unwrap"'],
    [{ alg: "ECDH-ES", crv: "P-256", unwrap }, "OPTION_INVALID", 'option "decrypter" has no method "deriveBits"'],
    [
      { alg: "RSA-OAEP-256", timeoutMs: 0, unwrap },
      "OPTION_INVALID",
      'option "timeoutMs" is not a whole number from 1 to 60000',
    ],
    [{ alg: "RSA-OAEP-256" }, "KEY_INVALID", /not an EncryptionKey/],
    [Key.generate("ES256"), "KEY_INVALID", "expected an EncryptionKey, not a Key"],
    [undefined, "KEY_INVALID", /not an EncryptionKey/],
  ]) {
    await assert.rejects(decryptAsync(token, decrypter), { code, message });
  }
  assert.throws(() => decrypt(token, kms()), { code: "KEY_INVALID" });
});
