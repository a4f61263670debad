// Keys of another copy of the package: the ES modules and the CommonJS modules are two, as are the bundles of an app.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { runInNewContext } from "node:vm";
import { bearerGuard } from "countersign/http";
import * as jwe from "countersign/jwe";
import * as jws from "countersign/jws";
import * as jwt from "countersign/jwt";
import { RemoteKeySet } from "countersign/jwt";
import { PasswordHasher } from "countersign/password";

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
    "with require, in Next.js with serverExternalPackages",
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
