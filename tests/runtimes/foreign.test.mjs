// Keys of another copy of the package: the ES modules and the CommonJS modules are two, as are the bundles of an app.

import assert from "node:assert/strict";
import { createSecretKey } from "node:crypto";
import { createRequire } from "node:module";
import { test } from "node:test";
import { runInNewContext } from "node:vm";
import { bearerGuard, jwksEndpoint, tokenEndpoint } from "countersign/http";
import * as jwe from "countersign/jwe";
import * as jws from "countersign/jws";
import * as jwt from "countersign/jwt";
import { RemoteKeySet } from "countersign/jwt";
import { PasswordHasher } from "countersign/password";
import { makeKeyPair } from "../interop/key-pair.mjs";

const require = createRequire(import.meta.url);
const theirs = require("countersign/jwt");
const theirJwe = require("countersign/jwe");

const bytes = new Uint8Array(1);
const foreign = (kind) => ({
  name: "CountersignError",
  code: "KEY_INVALID",
  reason: "copy",
  message:
    `this ${kind} is from another copy of countersign: let the whole program load one copy, only with import or only ` +
    "with require, in Next.js with serverExternalPackages; countersign/lite and countersign/verify are copies of their own",
});

test("says_that_a_key_is_from_another_copy", async () => {
  const key = theirs.Key.generate("EdDSA");
  const set = new theirs.KeySet([key]);
  for (const use of [
    () => jwt.sign({}, key),
    () => new jwt.Signer(key),
    () => jwt.verify("a.b.c", key),
    () => new jwt.Verifier(key),
    () => new jwt.KeySet([key]),
    () => new jwt.KeySet([{ key, until: new Date() }]),
    () => jws.signJws(bytes, key),
    () => jws.verifyJws("a.b.c", key),
    () => jws.signJwsJson(bytes, [{ key }]),
    () => jws.verifyJwsJson("{}", key),
  ]) {
    assert.throws(use, foreign("Key"));
  }
  assert.throws(() => jwt.verify("a.b.c", set), foreign("KeySet"));
  assert.throws(() => jws.verifyJws("a.b.c", set), foreign("KeySet"));
  const remote = new theirs.RemoteKeySet("https://login.example/jwks");
  assert.throws(() => new jwt.Verifier(remote), foreign("RemoteKeySet"));
  await assert.rejects(jwt.verifyAsync("a.b.c", remote), foreign("RemoteKeySet"));
  const encryptionKey = theirJwe.EncryptionKey.generate("A256KW");
  assert.throws(() => jwe.encrypt(bytes, encryptionKey), foreign("EncryptionKey"));
  assert.throws(() => jwe.decrypt("a.b.c.d.e", [encryptionKey]), foreign("EncryptionKey"));
});

test("tells_another_kind_of_key_from_a_key_of_another_copy", () => {
  const message =
    "not a Key or KeySet from this copy of the package: make one with Key.fromSecret, Key.fromPem or Key.fromJwk";
  for (const value of [jwe.EncryptionKey, class Key {}, { alg: "HS256" }, runInNewContext("({ kid: 1 })"), null, 7]) {
    assert.throws(() => jwt.sign({}, value), { code: "KEY_INVALID", message });
  }
});

test("says_what_to_make_of_a_value_in_the_place_of_an_encryption_key", () => {
  const { privateKey } = makeKeyPair("x25519");
  for (const [value, said] of [
    ["https://them.example/key.json", "a URL: fetch the key, and read it with EncryptionKey.fromJwk"],
    [privateKey.export({ format: "jwk" }), "a JWK: read it with EncryptionKey.fromJwk"],
    [{ keys: [] }, "a JWK Set: read one of its keys with EncryptionKey.fromJwk"],
    [privateKey.export({ format: "pem", type: "pkcs8" }), "a PEM: read it with EncryptionKey.fromPem"],
    [privateKey, 'a KeyObject: pass key.export({ type: "pkcs8", format: "pem" }) to EncryptionKey.fromPem'],
    [Promise.resolve(), "a promise: await it"],
    [new Response("{}"), "a Response: read what its json() resolves to with EncryptionKey.fromJwk"],
  ]) {
    const refusal = { code: "KEY_INVALID", message: `not an EncryptionKey, but ${said}` };
    assert.throws(() => jwe.encrypt(bytes, value), refusal);
    assert.throws(() => jwe.decrypt("a.b.c.d.e", value), refusal);
    assert.throws(() => jwe.decrypt("a.b.c.d.e", [value]), refusal);
    const signer = { code: "KEY_INVALID", message: /^not a Key, but / };
    assert.throws(() => new jwt.Signer(value), signer);
  }
});

test("names_the_kind_of_key_that_a_call_needs", () => {
  const [key, encryptionKey] = [jwt.Key.generate("HS256"), jwe.EncryptionKey.generate("A256KW")];
  const [signer, verifier, set] = [new jwt.Signer(key), new jwt.Verifier(key), new jwt.KeySet([key])];
  const remote = new RemoteKeySet("https://login.example/jwks");
  for (const [message, use] of [
    ["expected an EncryptionKey, not a Key", () => jwe.encrypt(bytes, key)],
    ["expected an EncryptionKey, not a Key", () => jwe.decrypt("a.b.c.d.e", [key])],
    ["expected an EncryptionKey, not a KeySet", () => jwe.decrypt("a.b.c.d.e", set)],
    ["expected a Key or KeySet, not an EncryptionKey", () => jwt.sign({}, encryptionKey)],
    ["expected a Key or KeySet, not an EncryptionKey", () => jws.verifyJws("a.b.c", encryptionKey)],
    ["expected a Key or KeySet, not a Signer", () => jwt.verify("a.b.c", signer)],
    ["expected a Key or KeySet, not a Verifier", () => new jwt.Verifier(verifier)],
    ["expected a Key or KeySet, not a RemoteKeySet", () => new jwt.Signer(remote)],
  ]) {
    assert.throws(use, { code: "KEY_INVALID", message, reason: "kind" });
  }
});

test("lets_the_guard_of_one_copy_use_a_verifier_of_another", async () => {
  const key = theirs.Key.generate("HS256");
  const guard = bearerGuard(new theirs.Verifier(key));
  const headers = new Headers({ Authorization: `Bearer ${theirs.sign({ sub: "alice" }, key)}` });
  const caller = await guard({ headers, url: "https://api.example/" });
  assert.equal(caller.claims.sub, "alice");
});

test("says_that_a_remote_set_or_verifier_is_wrapped_in_a_proxy", async () => {
  const wrapped = { code: "KEY_INVALID", reason: "proxy" };
  const remote = new Proxy(new RemoteKeySet("https://login.example/jwks"), {});
  assert.throws(() => new jwt.Verifier(remote), wrapped);
  assert.throws(() => remote.keySet, wrapped);
  assert.throws(() => remote.state, wrapped);
  assert.throws(() => remote.refresh(), wrapped);
  const verifier = new Proxy(new jwt.Verifier(jwt.Key.generate("HS256")), {});
  await assert.rejects(verifier.verifyAsync("a.b.c"), wrapped);
  // The caller's program is at fault, and not the bearer.
  const headers = new Headers({ Authorization: "Bearer a.b.c" });
  await assert.rejects(bearerGuard(verifier)({ headers, url: "https://api.example/" }), wrapped);
});

test("says_that_a_hasher_is_a_copy_or_wrapped_in_a_proxy", async () => {
  const hasher = new PasswordHasher({ params: { memoryKib: 64, passes: 1, lanes: 1 } });
  const message =
    "this PasswordHasher is a copy, or wrapped in a Proxy: pass the PasswordHasher itself, in Vue with markRaw or toRaw";
  const refused = { code: "OPTION_INVALID", reason: "proxy", message };
  for (const other of [new Proxy(hasher, {}), Object.create(hasher)]) {
    for (const use of [
      () => other.hash("right"),
      () => other.checkHashable("right"),
      () => other.verify("right", null),
      () => other.verifyAndUpdate("right", null),
      () => other.needsRehash("$argon2id$"),
    ]) {
      assert.throws(use, refused);
    }
    await assert.rejects(other.hashAsync("right"), refused);
    await assert.rejects(other.verifyAsync("right", null), refused);
    await assert.rejects(other.verifyAndUpdateAsync("right", null), refused);
  }
});

test("says_that_a_method_has_lost_its_object", async () => {
  const key = jwt.Key.generate("HS256");
  const message = "method called without its object: call it as verifier.verify(token), or bind it";
  const lost = { name: "CountersignError", code: "KEY_INVALID", message };
  const { sign } = new jwt.Signer(key);
  const { verify, verifyAsync } = new jwt.Verifier(key);
  const { refresh } = new RemoteKeySet("https://login.example/jwks");
  const { hash, hashAsync } = new PasswordHasher();
  for (const object of [undefined, null, 7, {}, []]) {
    assert.throws(() => sign.call(object, {}), lost);
    assert.throws(() => verify.call(object, "a.b.c"), lost);
    await assert.rejects(verifyAsync.call(object, "a.b.c"), lost);
    assert.throws(() => refresh.call(object), lost);
    assert.throws(() => hash.call(object, "right"), { ...lost, code: "OPTION_INVALID" });
    await assert.rejects(hashAsync.call(object, "right"), { ...lost, code: "OPTION_INVALID" });
  }
});

test("says_that_a_method_of_a_key_or_a_set_has_lost_its_object", () => {
  const key = jwt.Key.generate("EdDSA");
  const encryptionKey = jwe.EncryptionKey.generate("ECDH-ES");
  const keys = new jwt.KeySet([key]);
  const called = (call) => ({
    name: "CountersignError",
    code: "KEY_INVALID",
    message: `method called without its object: call it as ${call}, or bind it`,
  });
  const methods = ["withKid", "withAlg", "publicKey", "toJwk", "toPem", "toDer", "thumbprint", "free", "raw"];
  for (const object of [undefined, null, 7, {}, []]) {
    for (const method of methods) {
      assert.throws(() => key[method].call(object, "EdDSA"), called("key.toJwk()"), method);
      assert.throws(() => encryptionKey[method].call(object, "ECDH-ES"), called("key.toJwk()"), method);
    }
    for (const method of ["toJwks", "free", "raw"]) {
      assert.throws(() => keys[method].call(object), called("keys.toJwks()"), method);
    }
    for (const getter of ["rejected", "nextEnd"]) {
      const { get } = Object.getOwnPropertyDescriptor(jwt.KeySet.prototype, getter);
      assert.throws(() => get.call(object), called("keys.toJwks()"), getter);
    }
    const { withKeys } = new jwt.Verifier(key);
    assert.throws(() => withKeys.call(object, keys), called("verifier.verify(token)"));
  }
  for (const [method, object, message] of [
    [key.toJwk, keys, "expected a Key, not a KeySet"],
    [key.toJwk, encryptionKey, "expected a Key, not an EncryptionKey"],
    [encryptionKey.toJwk, key, "expected an EncryptionKey, not a Key"],
    [keys.toJwks, key, "expected a KeySet, not a Key"],
  ]) {
    assert.throws(() => method.call(object), { code: "KEY_INVALID", message, reason: "kind" });
  }
});

/** A proxy that was revoked, as the drafts of Immer are afterwards. Even `Array.isArray` and `typeof x.y` throw for it. */
function revoked(target) {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

const throwing = (target) =>
  new Proxy(
    target,
    Object.fromEntries(
      ["get", "getOwnPropertyDescriptor", "getPrototypeOf", "has", "ownKeys"].map((trap) => [
        trap,
        () => {
          throw new TypeError("a trap");
        },
      ]),
    ),
  );

test("refuses_values_that_throw_wherever_they_are_looked_at", () => {
  const key = jwt.Key.generate("HS256");
  const pair = jwt.Key.generate("EdDSA");
  const encryptionKey = jwe.EncryptionKey.generate("A256KW");
  const signer = new jwt.Signer(key);
  const nested = jwe.signAndEncrypt({}, signer, encryptionKey);
  const getter = {
    get key() {
      throw 1;
    },
  };
  const usesOf = (value) => [
    ["OPTION_INVALID", () => new jwt.KeySet([{ key: pair, until: value }])],
    ["KEY_INVALID", () => new jwt.KeySet(value)],
    ["KEY_INVALID", () => new jwt.KeySet([value])],
    ["KEY_INVALID", () => new jwt.KeySet([{ key: value, until: new Date() }])],
    ["KEY_INVALID", () => new jwt.Verifier(value)],
    ["KEY_INVALID", () => new jwt.Verifier([value])],
    ["KEY_INVALID", () => new jwt.Signer(value)],
    ["KEY_INVALID", () => jwt.verify("a.b.c", value)],
    ["KEY_INVALID", () => jwt.verify("a.b.c", [value])],
    ["KEY_INVALID", () => jws.verifyJws("a.b.c", value)],
    ["KEY_INVALID", () => jws.verifyJwsJson("{}", value)],
    ["KEY_INVALID", () => jws.signJws(bytes, value)],
    ["OPTION_INVALID", () => jws.signJwsJson(bytes, [value])],
    ["KEY_INVALID", () => jwe.encrypt(bytes, value)],
    ["KEY_INVALID", () => jwe.encryptJson(bytes, value)],
    ["KEY_INVALID", () => jwe.encryptJson(bytes, [value])],
    ["KEY_INVALID", () => jwe.decrypt("a.b.c.d.e", value)],
    ["KEY_INVALID", () => jwe.decrypt("a.b.c.d.e", [value])],
    ["KEY_INVALID", () => jwe.decryptClaims("a.b.c.d.e", value)],
    ["KEY_INVALID", () => jwe.decryptJson("{}", value)],
    ["KEY_INVALID", () => jwe.signAndEncrypt({}, signer, value)],
    ["OPTION_INVALID", () => jwe.signAndEncrypt({}, value, encryptionKey)],
    ["OPTION_INVALID", () => jwe.decryptAndVerify(nested, encryptionKey, value)],
    ["OPTION_INVALID", () => bearerGuard(value)],
    ["OPTION_INVALID", () => jwksEndpoint(value)],
    ["OPTION_INVALID", () => tokenEndpoint({ signer: value, authenticate: () => null })],
    ["OPTION_INVALID", () => new RemoteKeySet("https://login.example/jwks", { cache: value })],
  ];
  for (const make of [revoked, throwing]) {
    for (const target of [{}, [], () => 1]) {
      for (const [code, use] of usesOf(make(target))) {
        assert.throws(use, (error) => {
          const own = error instanceof jwt.CountersignError && ["KEY_INVALID", "OPTION_INVALID"].includes(error.code);
          assert.ok(own, `${make.name} ${use}: ${error}`);
          // What might be a list is read first, as a list of keys.
          if (error.message !== "keys cannot be read") assert.equal(error.code, code, `${make.name} ${use}`);
          return true;
        });
      }
      for (const use of [
        () => jwt.sign(make(target), key),
        () => jwt.judgeClaims(make(target)),
        () => jwe.signAndEncrypt(make(target), signer, encryptionKey),
      ]) {
        assert.throws(use, { name: "CountersignError", code: "CLAIMS_NOT_SERIALIZABLE" });
      }
      assert.throws(() => jws.signJwsJson(bytes, make(target)), { name: "CountersignError" });
    }
  }
  assert.throws(() => new jwt.KeySet([{ ...{ until: new Date() }, __proto__: getter }]), {
    code: "OPTION_INVALID",
    message: "a key with an end cannot be read",
  });
  assert.throws(() => jws.signJwsJson(bytes, getter), { code: "OPTION_INVALID", message: "options cannot be read" });
  // An object that only says that it is a date.
  assert.throws(() => new jwt.KeySet([{ key: pair, until: { [Symbol.toStringTag]: "Date" } }]), {
    code: "OPTION_INVALID",
    message: 'option "until" is not a Date',
  });
  assert.equal(new jwt.KeySet([{ key: pair, until: runInNewContext("new Date(9e12)") }]).nextEnd.getTime(), 9e12);
});

test("says_what_is_wrong_with_a_list_of_keys", () => {
  const key = jwt.Key.generate("EdDSA");
  const set = new jwt.KeySet([key]);
  for (const [use, message] of [
    [() => new jwt.KeySet([set]), "expected one Key, not a KeySet"],
    [() => new jwt.KeySet([{ key: set, until: new Date() }]), "expected one Key, not a KeySet"],
    [() => new jwt.Verifier([]), "the array of keys is empty"],
    [() => jwt.verify("a.b.c", []), "the array of keys is empty"],
    [() => jws.verifyJws("a.b.c", []), "the array of keys is empty"],
    [
      () => new jwt.KeySet([new RemoteKeySet("https://login.example/jwks")]),
      "expected a Key or KeySet, not a RemoteKeySet",
    ],
  ]) {
    assert.throws(use, { code: "KEY_INVALID", message });
  }
});

test("says_what_is_no_jwk_but_holds_one", async () => {
  const hmac = { name: "HMAC", hash: "SHA-256" };
  const webKey = await crypto.subtle.importKey("raw", new Uint8Array(32), hmac, true, ["sign"]);
  const object = createSecretKey(new Uint8Array(32));
  const set = { keys: [{ kty: "oct" }] };
  const certified =
    'JWK has only a certificate, in "x5c": decode its first element from base64 and pass it to fromUnverifiedCertificate';
  const exported = "JWK is a CryptoKey: read it with fromCryptoKey";
  for (const [value, message, other = message] of [
    [webKey, exported],
    [object, "JWK is a KeyObject: pass key.export() to fromSecret"],
    [set, "JWK is a JWK Set: read it with KeySet.fromJwks", 'JWK is a JWK Set: pass one of its "keys"'],
    [{ kty: "RSA", kid: "a", x5c: ["MIIB"] }, certified],
    [{ x5c: ["MIIB"], x5t: "abc" }, certified],
    [{ kty: "RSA", x5c: ["MIIB"], n: 7 }, 'JWK member "n" is not a string'],
    [{ keys: 7 }, 'JWK has no "kty"'],
    [{ kty: "OKP", keys: [] }, 'JWK has no "crv"'],
  ]) {
    assert.throws(() => jwt.Key.fromJwk(value, { alg: "EdDSA" }), { code: "KEY_INVALID", message });
    assert.throws(() => jwe.EncryptionKey.fromJwk(value, { alg: "ECDH-ES" }), { code: "KEY_INVALID", message: other });
  }
});

test("names_what_is_at_fault_in_errors_that_share_a_code", () => {
  const key = jwt.Key.generate("HS256");
  const token = (header) => `${Buffer.from(JSON.stringify(header)).toString("base64url")}.e30.AA`;
  for (const [use, code, reason, parameter] of [
    [() => new jwt.Verifier(key, { audiance: "x" }), "OPTION_INVALID", "unknown", "audiance"],
    [() => new jwt.Verifier(key, { audience: 7 }), "OPTION_INVALID", "invalid", "audience"],
    [() => jwt.Key.fromPem("", {}), "OPTION_INVALID", "missing", "alg"],
    [() => jwt.verify(token({}), key), "TOKEN_HEADER_INVALID", "missing", "alg"],
    [() => jwt.verify(token({ alg: "HS256", typ: 7 }), key), "TOKEN_HEADER_INVALID", "invalid", "typ"],
    [() => jwt.verify(token({ alg: "HS256", crit: [] }), key), "TOKEN_HEADER_INVALID", "invalid", "crit"],
    [() => jwt.Key.fromJwk({ kty: "OKP", crv: "Ed25519", x: 7 }), "KEY_INVALID", undefined, "x"],
    [() => jwt.verify("a", key), "TOKEN_MALFORMED", undefined, undefined],
  ]) {
    assert.throws(use, (error) => {
      assert.deepEqual([error.code, error.reason, error.parameter], [code, reason, parameter], error.message);
      return true;
    });
  }
});
