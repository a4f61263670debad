// Keys of WebCrypto that decrypt where the platform keeps them, and what looks the same when they cannot.

import { holds, rejects, same, thrownBy } from "./assertions.mjs";
import { now, rsaJwk } from "./materials.mjs";

const rsa = (hash) => ({ name: "RSA-OAEP", hash });

/** A pair of WebCrypto for each `alg`, in which only the core can encrypt. */
const PAIRS = {
  "RSA-OAEP": [rsa("SHA-1"), ["encrypt", "decrypt"]],
  "RSA-OAEP-256": [rsa("SHA-256"), ["encrypt", "decrypt"]],
  "RSA-OAEP-384": [rsa("SHA-384"), ["wrapKey", "unwrapKey"]],
  "RSA-OAEP-512": [rsa("SHA-512"), ["encrypt", "decrypt", "wrapKey", "unwrapKey"]],
  "ECDH-ES": [{ name: "ECDH", namedCurve: "P-256" }, ["deriveBits"]],
  "ECDH-ES+A128KW": [{ name: "ECDH", namedCurve: "P-384" }, ["deriveBits"]],
  "ECDH-ES+A192KW": [{ name: "ECDH", namedCurve: "P-521" }, ["deriveBits", "deriveKey"]],
  "ECDH-ES+A256KW": [{ name: "X25519" }, ["deriveBits"]],
};
const SECRETS = { A128KW: 16, A192KW: 24, A256KW: 32 };

/** An RSA key takes seconds to find, so that one is fixed. */
async function makePair(alg) {
  const [parameters, usages] = PAIRS[alg];
  if (parameters.hash === undefined) return crypto.subtle.generateKey(parameters, false, usages);
  const { kty, n, e } = rsaJwk;
  const isFor = (pattern) => usages.filter((usage) => pattern.test(usage));
  return {
    privateKey: await crypto.subtle.importKey("jwk", rsaJwk, parameters, false, isFor(/^(?:decrypt|unwrapKey)$/)),
    publicKey: await crypto.subtle.importKey("jwk", { kty, n, e }, parameters, true, isFor(/^(?:encrypt|wrapKey)$/)),
  };
}

const made = new Map();
const pairFor = (alg) => {
  if (!made.has(alg)) made.set(alg, makePair(alg));
  return made.get(alg);
};
const bytes = (text) => new TextEncoder().encode(text);
const text = (plaintext) => new TextDecoder().decode(plaintext);
const ENCRYPTIONS = ["A128GCM", "A192GCM", "A256GCM", "A128CBC-HS256", "A192CBC-HS384", "A256CBC-HS512"];
const FAILED = ["DECRYPTION_FAILED", "token cannot be decrypted with this key"];
const KEPT = ["KEY_USAGE", "this key is kept elsewhere: use the function that ends in Async"];
const NO_HALF = 'the public half of this key is not known: pass it as "publicKey" with the key';

/** Everything that decrypts gives what was encrypted for the key; everything that does not wait refuses it. */
async function decryptsWith(countersign, key, encryptor, another) {
  const { jwe } = countersign;
  for (const enc of ENCRYPTIONS) {
    const token = jwe.encrypt(bytes(enc), encryptor, { enc });
    same(text((await jwe.decryptAsync(token, key)).plaintext), enc);
  }
  const token = jwe.encrypt(bytes("secret"), encryptor);
  same((await jwe.decryptAsync(token, [another, key])).header.alg, key.alg);
  const claims = { sub: "alice", exp: Math.floor(now.getTime() / 1000) + 60 };
  const sealed = jwe.encrypt(bytes(JSON.stringify(claims)), encryptor);
  same((await jwe.decryptClaimsAsync(sealed, key, { now })).claims, claims);
  const json = jwe.encryptJson(bytes("json"), encryptor);
  same(text((await jwe.decryptJsonAsync(json, key)).plaintext), "json");
  const signingKey = countersign.Key.generate("EdDSA");
  const nested = await jwe.signAndEncryptAsync({ sub: "alice" }, new countersign.Signer(signingKey), encryptor);
  const verifier = new countersign.Verifier(signingKey.publicKey());
  same((await jwe.decryptAndVerifyAsync(nested, key, verifier)).verified.claims.sub, "alice");
  for (const refused of [
    () => jwe.decrypt(token, key),
    () => jwe.decrypt(token, [another, key]),
    () => jwe.decryptClaims(sealed, key),
    () => jwe.decryptJson(json, key),
    () => jwe.decryptAndVerify(nested, key, verifier),
  ]) {
    const { code, message } = thrownBy(refused);
    same([code, message], KEPT);
  }
  // Altered in each part: the tag, the content, the encrypted key.
  const parts = token.split(".");
  for (const index of [4, 3, 1].filter((each) => parts[each] !== "")) {
    const changed = [...parts];
    changed[index] = (changed[index][0] === "A" ? "B" : "A") + changed[index].slice(1);
    await rejects(countersign, () => jwe.decryptAsync(changed.join("."), key), FAILED);
  }
  // Nobody is asked about these.
  await rejects(countersign, () => jwe.decryptAsync(token, key, { maxLength: 10 }), [
    "TOKEN_TOO_LONG",
    "token is longer than 10 bytes",
  ]);
  await rejects(countersign, () => jwe.decryptAsync(token, key, { enc: "A128CBC-HS256" }), [
    "TOKEN_HEADER_INVALID",
    '"enc" header is not an accepted content encryption',
  ]);
  await rejects(countersign, () => jwe.decryptAsync(7, key), ["TOKEN_MALFORMED", "token is not a string"]);
  holds(key.toString() !== undefined, "it is an object");
}

async function decryptsWithPair(countersign, alg) {
  const { jwe } = countersign;
  const { privateKey, publicKey } = await pairFor(alg);
  const key = await jwe.EncryptionKey.fromCryptoKey(privateKey, { alg, kid: "k", publicKey });
  const half = await jwe.EncryptionKey.fromCryptoKey(publicKey, { alg, kid: "k" });
  same([key.type, key.alg, key.kid, half.type], ["private", alg, "k", "public"]);
  same([key.curve, key.modulusLength], [half.curve, half.modulusLength]);
  same([key.toJwk(), key.thumbprint(), key.toPem()], [half.toJwk(), half.thumbprint(), half.toPem()]);
  same(key.publicKey().toJwk(), half.toJwk());
  const another = jwe.EncryptionKey.generate("A256KW", { kid: "another" });
  await decryptsWith(countersign, key, half, another);
  await decryptsWith(countersign, key, key, another);
  await decryptsWith(countersign, await jwe.EncryptionKey.fromCryptoKey(privateKey, { alg, kid: "k" }), half, another);
  const unknown = await jwe.EncryptionKey.fromCryptoKey(privateKey, { alg });
  same(unknown.curve, half.curve);
  const refusals = [
    ...["toJwk", "toPem", "toDer", "thumbprint", "publicKey"].map((method) => [() => unknown[method](), NO_HALF]),
    [() => jwe.encrypt(bytes("x"), unknown), NO_HALF],
    ...["toJwk", "toPem", "toDer"].map((method) => [
      () => key[method]({ private: true }),
      "this key is kept elsewhere and cannot be exported",
    ]),
  ];
  for (const [refused, message] of refusals) {
    const { code, message: told } = thrownBy(refused);
    same([code, told], ["KEY_USAGE", message]);
  }
  // An RSA key takes seconds to find. One that nobody has the private half of does here.
  const n = `${rsaJwk.n.slice(0, 99)}${rsaJwk.n[99] === "A" ? "B" : "A"}${rsaJwk.n.slice(100)}`;
  const other =
    half.curve === undefined
      ? jwe.EncryptionKey.fromJwk({ kty: "RSA", n, e: rsaJwk.e, alg })
      : jwe.EncryptionKey.generate(alg, { crv: half.curve });
  await rejects(countersign, () => jwe.decryptAsync(jwe.encrypt(bytes("x"), other), unknown), FAILED);
  await rejects(countersign, () => jwe.EncryptionKey.fromCryptoKey(privateKey, { alg, publicKey: other.publicKey() }), [
    "KEY_INVALID",
    "private and public key do not belong together",
  ]);
}

/** An `alg`, a `CryptoKey` that is not for it, and what that is for. */
const WRONG = [
  ["RSA-OAEP-256", "RSA-OAEP", "RSA-OAEP with SHA-1", "RSA-OAEP with SHA-256"],
  ["RSA-OAEP", "RSA-OAEP-512", "RSA-OAEP with SHA-512", "RSA-OAEP with SHA-1"],
  ["ECDH-ES", "RSA-OAEP", "RSA-OAEP with SHA-1", "ECDH or X25519"],
  ["RSA-OAEP-256", "ECDH-ES", "ECDH with P-256", "RSA-OAEP with SHA-256"],
  ["A128KW", "ECDH-ES+A256KW", "X25519", "AES-KW with 128 bits"],
];

/** Every function that waits gives the same with every engine, and the key says which one it was. */
async function decryptsAlike(countersign, jwk, alg) {
  const { EncryptionKey, ...jwe } = countersign.jwe;
  const key = EncryptionKey.fromJwk(jwk, { alg, kid: "k" });
  const token = jwe.encrypt(bytes("secret"), key);
  const json = jwe.encryptJson(bytes("secret"), key);
  const claims = { sub: "alice", exp: now.getTime() / 1000 + 60 };
  const sealed = jwe.encrypt(bytes(JSON.stringify(claims)), key);
  const signer = countersign.Key.generate("HS256");
  const nested = jwe.signAndEncrypt({ sub: "alice" }, new countersign.Signer(signer, { now }), key);
  const verifier = new countersign.Verifier(signer, { now });
  const parts = token.split(".");
  const other = jwe.encrypt(bytes("other"), key).split(".");
  const withKey = (encrypted) => [parts[0], encrypted, ...parts.slice(2)].join(".");
  const wrong = [[...parts.slice(0, 4), "A".repeat(22)].join("."), [...other.slice(0, 2), ...parts.slice(2)].join(".")];
  if (jwk.kty === "RSA") wrong.push(withKey(other[1]), withKey("A".repeat(342)), withKey(`${"_".repeat(341)}w`));
  for (const engine of ["auto", "wasm", "platform", undefined]) {
    const fresh = key.withKid("k");
    const options = { engine };
    same(fresh.engine, undefined);
    const used = engine === "wasm" || ["P-521", "X25519"].includes(jwk.crv) ? "wasm" : "webcrypto";
    // With a key that has not decrypted yet, and later with one that has. If another engine tried again, the time would tell what is
    // wrong.
    for (const altered of wrong) {
      const untried = key.withKid("k");
      await rejects(countersign, () => jwe.decryptAsync(altered, untried, options), FAILED);
      same(untried.engine, used);
      untried.free();
    }
    same(text((await jwe.decryptAsync(token, fresh, options)).plaintext), "secret");
    same(fresh.engine, used);
    for (const altered of wrong) await rejects(countersign, () => jwe.decryptAsync(altered, fresh, options), FAILED);
    const { code, message } = thrownBy(() => jwe.decrypt(withKey("AAAA"), fresh));
    await rejects(countersign, () => jwe.decryptAsync(withKey("AAAA"), fresh, options), [code, message]);
    same(text((await jwe.decryptJsonAsync(json, fresh, options)).plaintext), "secret");
    same((await jwe.decryptClaimsAsync(sealed, fresh, { now, engine })).claims, claims);
    same((await jwe.decryptAndVerifyAsync(nested, fresh, verifier, options)).verified.claims.sub, "alice");
    same(fresh.engine, used);
    const pending = jwe.decryptAsync(token, fresh, options);
    fresh.free();
    same(text((await pending).plaintext), "secret");
    await rejects(countersign, () => jwe.decryptAsync(token, fresh, options), ["KEY_INVALID", "key has been freed"]);
  }
  if (jwk.kty === "RSA") {
    // Its JWK allows encrypting only.
    const encryptor = EncryptionKey.fromJwk({ ...jwk, key_ops: ["wrapKey"] }, { alg });
    const { code, message } = thrownBy(() => jwe.decrypt(token, encryptor));
    for (const engine of ["auto", "wasm", "platform"])
      await rejects(countersign, () => jwe.decryptAsync(token, encryptor, { engine }), [code, message]);
  }
  await rejects(countersign, () => jwe.decryptAsync(token, key, { engine: "node" }), [
    "OPTION_INVALID",
    'option "engine" is not "auto", "wasm" or "platform"',
  ]);
}

/** Private JWKs of each kind, by what is in the name of a case. */
const OWN = (countersign) => ({
  ...Object.fromEntries(
    Object.keys(PAIRS)
      .filter((alg) => alg.startsWith("RSA"))
      .map((alg) => [inName(alg), [rsaJwk, alg]]),
  ),
  ...Object.fromEntries(
    ["P-256", "P-384", "P-521", "X25519"].map((crv) => [
      `ECDH_ES_on_${inName(crv)}`,
      [countersign?.jwe.EncryptionKey.generate("ECDH-ES+A256KW", { crv }).toJwk({ private: true }), "ECDH-ES+A256KW"],
    ]),
  ),
});

/** The name of an algorithm in the name of a case, which has no hyphens. */
const inName = (alg) => alg.replace(/\W/g, "_");

export const cases = [
  ...Object.keys(OWN()).map((what) => ({
    name: `decrypts_with_${what}_alike_with_every_engine`,
    check: (countersign) => decryptsAlike(countersign, ...OWN(countersign)[what]),
  })),
  ...Object.keys(PAIRS).map((alg) => ({
    name: `decrypts_with_a_CryptoKey_for_${inName(alg)}_that_cannot_be_exported`,
    check: (countersign) => decryptsWithPair(countersign, alg),
  })),
  ...Object.entries(SECRETS).map(([alg, length]) => ({
    name: `decrypts_with_a_secret_CryptoKey_for_${inName(alg)}`,
    check: async (countersign) => {
      const { EncryptionKey } = countersign.jwe;
      const secret = new Uint8Array(length).fill(7);
      const kept = await crypto.subtle.importKey("raw", secret, "AES-KW", false, ["unwrapKey"]).catch(() => undefined);
      if (kept === undefined)
        return holds(alg === "A192KW", "there are no such keys. Only Chromium lacks some: those of 192 bits");
      const key = await EncryptionKey.fromCryptoKey(kept, { alg, kid: "k" });
      same([key.type, key.alg, key.kid], ["secret", alg, "k"]);
      const own = EncryptionKey.fromSecret(secret, { alg, kid: "k" });
      await decryptsWith(countersign, key, own, EncryptionKey.generate("A256GCMKW", { kid: "another" }));
      const wrap = await crypto.subtle.importKey("raw", secret, "AES-KW", false, ["wrapKey"]);
      await rejects(countersign, () => EncryptionKey.fromCryptoKey(wrap, { alg }), [
        "KEY_USAGE",
        'the CryptoKey does not have the usage "unwrapKey"',
      ]);
    },
  })),
  ...WRONG.map(([alg, other, purpose, needed]) => ({
    name: `refuses_a_CryptoKey_for_${inName(other)}_as_${inName(alg)}`,
    check: async (countersign) => {
      const { privateKey, publicKey } = await pairFor(other);
      for (const key of [privateKey, publicKey]) {
        await rejects(countersign, () => countersign.jwe.EncryptionKey.fromCryptoKey(key, { alg }), [
          "KEY_INVALID",
          `this CryptoKey is for ${purpose}; alg "${alg}" needs ${needed}`,
        ]);
      }
    },
  })),
  {
    name: "refuses_algorithms_that_no_CryptoKey_can_have",
    check: async (countersign) => {
      const { privateKey } = await pairFor("ECDH-ES");
      for (const alg of ["dir", "A128GCMKW", "PBES2-HS256+A128KW", "RSA1_5", "none", "ES256"]) {
        await rejects(countersign, () => countersign.jwe.EncryptionKey.fromCryptoKey(privateKey, { alg }), [
          "OPTION_INVALID",
          `option "alg" is not RSA-OAEP, AES key wrap or ECDH-ES, which a CryptoKey can have${
            alg === "ES256" ? ": keys for signatures are those of Key, in countersign/jwt" : ""
          }`,
        ]);
      }
      const signing = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, [
        "sign",
        "verify",
      ]);
      const read = () => countersign.jwe.EncryptionKey.fromCryptoKey(signing.privateKey, { alg: "ECDH-ES" });
      const message = 'this CryptoKey is for ECDSA with P-256; alg "ECDH-ES" needs ECDH or X25519';
      await rejects(countersign, read, ["KEY_INVALID", message]);
    },
  },
];
