// What messages say to people who come from other libraries: that nothing calls a callback, what their options are called here,
// how their keys are read, and that a time is no duration.

import assert from "node:assert/strict";
import { createSecretKey } from "node:crypto";
import { test } from "node:test";
import { promisify } from "node:util";
import { bearerGuard, jwksEndpoint, loginThrottle } from "countersign/http";
import { verifyIdToken } from "countersign/issuers";
import * as jwe from "countersign/jwe";
import * as jws from "countersign/jws";
import * as jwt from "countersign/jwt";
import * as lite from "countersign/lite";
import * as password from "countersign/password";
import { memoryStore, oneTimeTokens, Sessions } from "countersign/session";
import { makeKeyPair } from "../interop/key-pair.mjs";

const { Key, KeySet, RemoteKeySet, Signer, Verifier, sign, verify } = jwt;
const key = Key.generate("HS256");
const token = sign({ sub: "alice" }, key);
const bytes = new Uint8Array(3);
const now = Math.floor(Date.now() / 1000);

const option = (message) => ({ code: "OPTION_INVALID", message });

test("refuses_a_callback_that_nothing_would_call", async () => {
  const refusal = option("this function takes no callback: it returns the result, or a promise, and throws errors");
  const callback = () => assert.fail("it was called");
  const secret = jwe.EncryptionKey.generate("dir", { enc: "A256GCM" });
  const encrypted = jwe.encrypt(bytes, secret);
  const signed = jws.signJws(bytes, key);
  const hasher = new password.PasswordHasher({ params: { memoryKib: 8, passes: 1, lanes: 1 } });
  const stored = hasher.hash("password");
  const [signer, verifier] = [new Signer(key), new Verifier(key)];
  for (const call of [
    (...more) => sign({}, key, ...more),
    (...more) => jwt.signAsync({}, key, ...more),
    (...more) => verify(token, key, ...more),
    (...more) => jwt.verifyAsync(token, key, ...more),
    (...more) => jwt.decodeUnverified(token, ...more),
    (...more) => jwt.judgeClaims({ exp: now + 60 }, ...more),
    (...more) => signer.sign({}, ...more),
    (...more) => signer.signAsync({}, ...more),
    (...more) => verifier.verify(token, ...more),
    (...more) => verifier.verifyAsync(token, ...more),
    (...more) => jws.signJws(bytes, key, ...more),
    (...more) => jws.verifyJws(signed, key, ...more),
    (...more) => jwe.encrypt(bytes, secret, ...more),
    (...more) => jwe.decrypt(encrypted, secret, ...more),
    (...more) => hasher.hash("password", ...more),
    (...more) => hasher.verify("password", stored, ...more),
    (...more) => hasher.verifyAndUpdate("password", stored, ...more),
    (...more) => hasher.hashAsync("password", ...more),
    (...more) => hasher.verifyAsync("password", stored, ...more),
    (...more) => hasher.verifyAndUpdateAsync("password", stored, ...more),
    (...more) => password.hashPassword("password", ...more),
    (...more) => password.hashPassword("password", undefined, ...more),
    (...more) => password.verifyPassword("password", stored, ...more),
    (...more) => password.verifyPassword("password", stored, undefined, ...more),
    (...more) => password.hashPasswordAsync("password", ...more),
    (...more) => password.verifyPasswordAsync("password", stored, ...more),
  ]) {
    await assert.rejects(async () => call(callback), refusal, String(call));
    await assert.rejects(async () => call(undefined, callback), refusal, String(call));
    await call();
    await call(undefined, undefined);
  }
  const small = lite.Key.fromSecret(new Uint8Array(32), { alg: "HS256" });
  await assert.rejects(lite.verifyAsync(token, small, {}, callback), refusal);
  // As a function with a callback, it would never answer.
  await assert.rejects(async () => promisify(verify)(token, key, {}), refusal);
  // Arguments that are no functions stay without meaning, as in `tokens.map(decodeUnverified)`.
  assert.equal([token].map(jwt.decodeUnverified).length, 1);
});

test("says_what_options_of_other_libraries_are_called", () => {
  const kid = 'give "kid" where the key is made';
  const alg = 'a key has one algorithm, the "alg" that is given where it is made';
  const remote = (options) => new RemoteKeySet("https://login.example/keys", options);
  for (const [call, name, advice] of [
    [(options) => sign({}, key, options), "algorithm", alg],
    [(options) => sign({}, key, options), "keyid", kid],
    [(options) => sign({}, key, options), "noTimestamp", 'use "issuedAt": false'],
    [(options) => sign({}, key, options), "jwtid", 'sign has "jwtId"; otherwise compare the claim'],
    [(options) => verify(token, key, options), "algorithms", alg],
    [(options) => new Verifier(key, options), "clockTimestamp", 'use "now", a Date'],
    [(options) => new Verifier(key, options), "currentDate", 'use "now", a Date'],
    [(options) => new Verifier(key, options), "maxTokenAge", 'use "maxAge"'],
    [
      (options) => new Verifier(key, options),
      "ignoreExpiration",
      'use "clockTolerance", or decodeUnverified, which checks nothing',
    ],
    [(options) => new Verifier(key, options), "issuedAt", 'it is for signing: use "maxAge"'],
    [(options) => Key.fromSecret("x".repeat(32), { alg: "HS256", ...options }), "keyid", kid],
    [remote, "cooldownDuration", 'use "cooldown", in seconds'],
    [remote, "cacheMaxAge", 'use "maxAge", in seconds'],
    [remote, "timeoutDuration", 'use "timeoutMs"'],
    [(options) => bearerGuard(new Verifier(key), options), "credentialsRequired", 'use "optional"'],
    [(options) => bearerGuard(new Verifier(key), options), "getToken", 'use "from"'],
    [(options) => bearerGuard(new Verifier(key), options), "isRevoked", 'use "accept"'],
    [
      (options) => bearerGuard(new Verifier(key), options),
      "requestProperty",
      "the documentation of the guard says where it puts the caller",
    ],
    [(options) => new password.PasswordHasher(options), "memoryCost", 'use "memoryKib" in "params"'],
    [(options) => password.hashPassword("x", options), "timeCost", 'use "passes" in "params"'],
    [(options) => password.hashPassword("x", options), "saltRounds", 'use "scheme": "bcrypt", and "cost" in "params"'],
    [(options) => password.hashPassword("x", options), "hashLength", "the length is fixed"],
  ]) {
    const expected = { ...option(`unknown option "${name}": ${advice}`), reason: "unknown", parameter: name };
    assert.throws(() => call({ [name]: 7 }), expected);
    assert.throws(() => call({ [`${name}s_`]: 7 }), option(`unknown option "${name}s_"`));
  }
  const inParams = (params) => new password.PasswordHasher({ params });
  assert.throws(
    () => inParams({ memoryCost: 8 }),
    option('unknown option "params.memoryCost": use "memoryKib" in "params"'),
  );
  // Of an object that inherits, nothing is taken for advice.
  for (const name of ["constructor", "toString", "__proto__"])
    assert.throws(() => sign({}, key, JSON.parse(`{"${name}":1}`)), option(`unknown option "${name}"`));
});

test("names_the_other_class_for_an_algorithm_of_its_keys", async () => {
  const { EncryptionKey } = jwe;
  const { privateKey, publicKey } = makeKeyPair("rsa", { modulusLength: 2048 });
  const pem = publicKey.export({ type: "spki", format: "pem" });
  const der = new Uint8Array(publicKey.export({ type: "spki", format: "der" }));
  const jwk = privateKey.export({ format: "jwk" });
  const refused = 'option "alg" is not a supported algorithm';
  const encryption = "it is for encryption: make an EncryptionKey of countersign/jwe";
  for (const alg of ["RSA-OAEP", "RSA-OAEP-256", "RSA1_5", "ECDH-ES", "ECDH-ES+A256KW", "A128KW", "A256GCMKW", "dir"]) {
    for (const make of [
      () => Key.fromPem(pem, { alg }),
      () => Key.fromDer(der, { alg }),
      () => Key.fromJwk(jwk, { alg }),
      () => Key.fromSecret(new Uint8Array(64), { alg }),
      () => Key.generate(alg),
      () => key.withAlg(alg),
    ])
      assert.throws(make, option(`${refused}: ${encryption}`));
    await assert.rejects(Key.generateAsync(alg), option(`${refused}: ${encryption}`));
    const message = `JWK member "alg" is not a supported algorithm: ${encryption}`;
    assert.throws(() => Key.fromJwk({ ...jwk, alg }), { code: "KEY_INVALID", message });
  }
  const content = 'it is for encryption: make an EncryptionKey of countersign/jwe with alg "dir" and this "enc"';
  assert.throws(() => Key.generate("A256GCM"), option(`${refused}: ${content}`));
  for (const alg of ["RS512K", "ES256K", "none", "rsa-oaep"]) assert.throws(() => Key.generate(alg), option(refused));

  const other = 'option "alg" is not a supported key management algorithm';
  const signatures = "keys for signatures are those of Key, in countersign/jwt";
  for (const alg of ["RS256", "PS512", "ES256", "EdDSA", "HS256", "ML-DSA-44"])
    for (const make of [
      () => EncryptionKey.fromPem(pem, { alg }),
      () => EncryptionKey.fromDer(der, { alg }),
      () => EncryptionKey.fromJwk(jwk, { alg }),
      () => EncryptionKey.fromSecret(new Uint8Array(32), { alg }),
      () => EncryptionKey.generate(alg),
    ])
      assert.throws(make, option(`${other}: ${signatures}`));
  assert.throws(() => EncryptionKey.generate("ES256K"), option(other));

  const rsa = {
    name: "RSASSA-PKCS1-v1_5",
    hash: "SHA-256",
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
  };
  const pair = await crypto.subtle.generateKey(rsa, false, ["sign", "verify"]);
  await assert.rejects(Key.fromCryptoKey(pair.privateKey, { alg: "RSA-OAEP" }), option(`${refused}: ${encryption}`));
  const own = `option "alg" is not RSA-OAEP, AES key wrap or ECDH-ES, which a CryptoKey can have: ${signatures}`;
  await assert.rejects(EncryptionKey.fromCryptoKey(pair.privateKey, { alg: "RS256" }), option(own));
});

test("says_how_the_algorithm_is_passed", () => {
  const pem = makeKeyPair("ed25519").publicKey.export({ type: "spki", format: "pem" });
  assert.throws(
    () => Key.fromPem(pem, "EdDSA"),
    (error) => {
      assert.equal(error.message, 'options are not an object: pass { alg: "EdDSA" }');
      // Words of an example are no parameter.
      return error.code === "OPTION_INVALID" && !("parameter" in error) && !("reason" in error);
    },
  );
  assert.throws(
    () => Key.fromSecret("x".repeat(32), "HS256"),
    option('options are not an object: pass { alg: "HS256" }'),
  );
  // It may be a passphrase.
  assert.throws(() => Key.fromPem(pem, "another text"), option("options are not an object"));
});

test("says_how_keys_of_node_are_read", async () => {
  const { EncryptionKey } = jwe;
  const pss = makeKeyPair("rsa-pss", { modulusLength: 2048 });
  const spki = 'a KeyObject: pass key.export({ type: "spki", format: "pem" }) to Key.fromPem';
  const pkcs8 = 'a KeyObject: pass key.export({ type: "pkcs8", format: "pem" }) to Key.fromPem';
  const pair = "a pair of keys: pass its privateKey or its publicKey";
  const secret = "a KeyObject: pass key.export() to Key.fromSecret";
  for (const [value, said] of [
    [pss.publicKey, spki],
    [pss.privateKey, pkcs8],
    [pss, pair],
    [createSecretKey(new Uint8Array(32)), secret],
  ]) {
    const refused = (before) => ({ code: "KEY_INVALID", message: `${before}, but ${said}` });
    assert.throws(() => Key.fromPem(value, { alg: "PS256" }), refused("PEM is not a string"));
    assert.throws(() => Key.fromDer(value, { alg: "PS256" }), refused("DER is not a Uint8Array"));
    assert.throws(() => Key.fromSecret(value, { alg: "HS256" }), refused("secret is not a string or a Uint8Array"));
    await assert.rejects(Key.fromCryptoKey(value, { alg: "PS256" }), refused("not a CryptoKey"));
    assert.throws(() => Key.fromJwk(value, { alg: "PS256" }), {
      code: "KEY_INVALID",
      message: `JWK is ${said.replace("Key.f", "f")}`,
    });
    const other = said.replace("Key.f", "EncryptionKey.f");
    const message = `PEM is not a string, but ${other}`;
    assert.throws(() => EncryptionKey.fromPem(value, { alg: "RSA-OAEP" }), { code: "KEY_INVALID", message });
    await assert.rejects(EncryptionKey.fromCryptoKey(value, { alg: "RSA-OAEP" }), {
      code: "KEY_INVALID",
      message: `not a CryptoKey, but ${other}`,
    });
  }
  // What the messages say works, also where the format "jwk" does not exist.
  const own = Key.fromPem(pss.privateKey.export({ type: "pkcs8", format: "pem" }), { alg: "PS256" });
  const theirs = Key.fromPem(pss.publicKey.export({ type: "spki", format: "pem" }), { alg: "PS256" });
  assert.equal(verify(sign({ sub: "alice" }, own), theirs).claims.sub, "alice");
  const object = createSecretKey(new Uint8Array(32).fill(7));
  assert.equal(Key.fromSecret(object.export(), { alg: "HS256" }).type, "secret");
});

test("tells_the_way_out_of_two_secrets_without_kid", () => {
  const [one, other] = [Key.generate("HS256"), Key.generate("HS256")];
  const overlap =
    'two keys or key sets are for the same algorithm: put the keys into one set, or check with one after the other if they have no "kid"';
  assert.throws(() => new Verifier([one, other]), { code: "KEY_INVALID", message: overlap });
  const signed = sign({ sub: "alice" }, other);
  assert.throws(() => verify(signed, new KeySet([one, other])), {
    code: "KEY_AMBIGUOUS",
    message: 'token has no "kid" and several keys fit its "alg": try each key alone',
  });
  const accepted = [one, other].flatMap((each) => {
    try {
      return [verify(signed, each)];
    } catch {
      return [];
    }
  });
  assert.equal(accepted.length, 1);
});

test("takes_no_time_for_a_duration", async () => {
  const signer = new Signer(key);
  const store = memoryStore();
  const secret = new Uint8Array(32);
  const idToken = (maxAge) => verifyIdToken(token, new Verifier(key), { clientId: "app", maxAge });
  for (const [name, use] of [
    ["expiresIn", (expiresIn) => sign({}, key, { expiresIn })],
    ["notBefore", (notBefore) => signer.sign({}, { notBefore, expiresIn: null })],
    ["maxAge", (maxAge) => new Verifier(key, { maxAge })],
    ["clockTolerance", (clockTolerance) => jwt.judgeClaims({ exp: now + 9 }, { clockTolerance })],
    ["accessExpiresIn", (accessExpiresIn) => new Sessions({ signer, store, secret, accessExpiresIn })],
    ["idleExpiresIn", (idleExpiresIn) => new Sessions({ signer, store, secret, idleExpiresIn })],
    ["absoluteExpiresIn", (absoluteExpiresIn) => new Sessions({ signer, store, secret, absoluteExpiresIn })],
    ["grace", (grace) => new Sessions({ signer, store, secret, grace })],
    ["expiresIn", (expiresIn) => oneTimeTokens({ store, secret, purpose: "reset", expiresIn })],
    ["maxAge", (maxAge) => jwksEndpoint(new KeySet([]), { maxAge })],
    ["maxAge", idToken],
  ]) {
    const refusal = option(`option "${name}" is not a duration in seconds, but a time: subtract now`);
    for (const time of [1e9, now + 3600, Date.now() + 3_600_000])
      await assert.rejects(async () => use(time), refusal, `${name}: ${use}`);
  }
  assert.throws(() => loginThrottle({ store, perAccount: { firstWait: now + 60 } }), /but a time: subtract now$/);
  // The same with a unit is meant.
  assert.equal(
    verify(sign({}, key, { expiresIn: "1000000000s", now: new Date(now * 1000) }), key).claims.exp,
    now + 1e9,
  );
  assert.equal(
    verify(sign({}, key, { expiresIn: 999_999_999, now: new Date(now * 1000) }), key).claims.exp,
    now + 1e9 - 1,
  );
});
