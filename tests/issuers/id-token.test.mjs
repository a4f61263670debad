// ID tokens (OpenID Connect Core 1.0 §3.1.3.7): each rule, with a token that breaks only that one.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { Issuers, verifyIdToken } from "countersign/issuers";
import { Key, RemoteKeySet, sign, Verifier } from "countersign/jwt";
import { enablePostQuantum } from "countersign/post-quantum";
import { TestIssuer } from "countersign/testing";

const issuer = new TestIssuer("https://login.example");
const issuers = new Issuers({ issuer: issuer.issuer, jwksUrl: issuer.jwksUrl, remote: { fetch: issuer.fetch } });
const verifier = new Verifier(issuers);
const now = Math.floor(Date.now() / 1000);
const claims = { sub: "alice", aud: "client", iat: now };
const check = (given, options, fault) =>
  verifyIdToken(issuer.token(given, { fault }), verifier, { clientId: "client", ...options });

const half = (value, hash, length) => createHash(hash).update(value).digest().subarray(0, length).toString("base64url");

test("accepts_an_id_token", async () => {
  const { claims: read } = await check({ ...claims, nonce: "n-0S6_WzA2Mj" }, { nonce: "n-0S6_WzA2Mj" });
  assert.equal(read.sub, "alice");
  await check(claims);
  await check({ ...claims, azp: "client" });
  await check({ ...claims, aud: ["client"] });
  await check({ ...claims, aud: ["client", "api"], azp: "client" }, { otherAudiences: ["api"] });
});

test("refuses_each_fault", async () => {
  const at = { now: new Date(now * 1000) };
  const differs = "is not the expected value";
  const beside = "names an audience beside the client";
  for (const [given, options, code, claim, clause] of [
    [{ ...claims, sub: undefined }, {}, "CLAIM_MISSING", "sub"],
    [{ ...claims, aud: undefined }, {}, "CLAIM_MISSING", "aud"],
    [{ ...claims, iss: undefined }, {}, "CLAIM_MISSING", "iss"],
    [{ ...claims, aud: "another" }, {}, "CLAIM_INVALID", "aud", "names no accepted audience"],
    [{ ...claims, aud: ["client", "api"], azp: "client" }, {}, "CLAIM_INVALID", "aud", beside],
    [{ ...claims, aud: ["api", "client"], azp: "client" }, { otherAudiences: ["b"] }, "CLAIM_INVALID", "aud", beside],
    [{ ...claims, aud: ["client", "api"] }, { otherAudiences: ["api"] }, "CLAIM_MISSING", "azp"],
    [{ ...claims, azp: "another" }, {}, "CLAIM_INVALID", "azp", differs],
    [{ ...claims, azp: null }, {}, "CLAIM_INVALID", "azp", differs],
    [{ ...claims, nonce: "a" }, { nonce: "b" }, "CLAIM_INVALID", "nonce", differs],
    [claims, { nonce: "b" }, "CLAIM_MISSING", "nonce"],
    ...["a", "", null].map((nonce) => [
      { ...claims, nonce },
      {},
      "CLAIM_INVALID",
      "nonce",
      "is present but no nonce is expected",
    ]),
    [{ ...claims, nonce: ["a"] }, { nonce: "a" }, "CLAIM_INVALID", "nonce", differs],
    [claims, { accessToken: "x" }, "CLAIM_MISSING", "at_hash"],
    [{ ...claims, at_hash: half("y", "sha256", 16) }, { accessToken: "x" }, "CLAIM_INVALID", "at_hash", differs],
    [claims, { code: "x" }, "CLAIM_MISSING", "c_hash"],
    [{ ...claims, c_hash: half("x", "sha256", 32) }, { code: "x" }, "CLAIM_INVALID", "c_hash", differs],
    [claims, { maxAge: 60 }, "CLAIM_MISSING", "auth_time"],
    [{ ...claims, auth_time: "now" }, { maxAge: 60 }, "CLAIM_INVALID", "auth_time", "is not a number"],
    ...[
      [61, undefined, 60],
      [71, 10, 60],
      [1, undefined, 0],
    ].map(([seconds, clockTolerance, maxAge]) => [
      { ...claims, auth_time: now - seconds },
      { maxAge, clockTolerance, ...at },
      "TOKEN_TOO_OLD",
      "auth_time",
    ]),
    ...[
      [61, undefined],
      [71, 10],
      [31_536_000, 3600],
    ].map(([seconds, clockTolerance]) => [
      { ...claims, auth_time: now + seconds },
      { maxAge: 60, clockTolerance, ...at },
      "CLAIM_INVALID",
      "auth_time",
      "is in the future",
    ]),
    [{ ...claims, iss: "https://evil.example" }, {}, "CLAIM_INVALID", "iss", "is not an accepted issuer"],
  ]) {
    const message = {
      CLAIM_MISSING: `missing "${claim}" claim`,
      CLAIM_INVALID: `"${claim}" claim ${clause}`,
      TOKEN_TOO_OLD: "the user has logged in longer ago than the maximum age",
    }[code];
    await assert.rejects(check(given, options), { code, claim, message }, JSON.stringify([given, options]));
  }
  const key = Key.generate("ES256", { kid: "k" });
  const own = new Verifier(new Issuers({ issuer: "https://a.example", keys: key.publicKey() }));
  const withoutIat = sign({ iss: "https://a.example", sub: "a", aud: "client" }, key, { issuedAt: false });
  await assert.rejects(verifyIdToken(withoutIat, own, { clientId: "client" }), { code: "CLAIM_MISSING", claim: "iat" });
  const lenient = new Verifier(key.publicKey(), { issuer: "https://a.example", allowMissingExpiry: true });
  const withoutExp = sign({ ...claims, iss: "https://a.example" }, key, { expiresIn: null });
  await assert.rejects(verifyIdToken(withoutExp, lenient, { clientId: "client" }), {
    code: "CLAIM_MISSING",
    claim: "exp",
  });
  for (const fault of [
    "altered",
    "expired",
    "not-yet-valid",
    "unknown-key",
    "unsigned",
    "without-expiry",
    "wrong-key",
  ]) {
    await assert.rejects(check(claims, {}, fault), /^CountersignError/, fault);
  }
});

test("binds_the_access_token_and_the_code_by_the_hash_of_the_algorithm", async () => {
  // The token of OpenID Connect Core 1.0, Appendix A.3, and its at_hash.
  const accessToken = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";
  await check({ ...claims, at_hash: "77QmUPtjPfzWtF2AnpK9RQ" }, { accessToken });
  await check({ ...claims, c_hash: half("code", "sha256", 16) }, { code: "code" });
  enablePostQuantum();
  for (const [alg, hash, length] of [
    ["ES384", "sha384", 24],
    ["EdDSA", "sha512", 32],
    ["Ed25519", "sha512", 32],
    ["PS256", "sha256", 16],
    // No specification says which hash goes with these.
    ["ML-DSA-44", "sha256", 16],
    ["HS512", "sha512", 32],
  ]) {
    const key = Key.generate(alg, { kid: "k" });
    const own = new Verifier(key, { issuer: "https://a.example" });
    const token = sign({ ...claims, iss: "https://a.example", at_hash: half("x", hash, length) }, key);
    await verifyIdToken(token, own, { clientId: "client", accessToken: "x" });
    await assert.rejects(verifyIdToken(token, own, { clientId: "client", accessToken: "y" }), {
      code: "CLAIM_INVALID",
      claim: "at_hash",
    });
  }
});

test("judges_a_token_at_the_time_that_is_given", async () => {
  const token = issuer.token({ ...claims, exp: now + 60 });
  const at = (seconds) => ({ clientId: "client", now: new Date((now + seconds) * 1000) });
  await verifyIdToken(token, verifier, at(59));
  await assert.rejects(verifyIdToken(token, verifier, at(60)), { code: "TOKEN_EXPIRED" });
});

test("demands_the_client_in_aud_also_of_an_issuer_with_another_claim_for_the_audience", async () => {
  const key = Key.generate("EdDSA");
  const own = new Verifier(
    new Issuers({ issuer: "https://a.example", keys: key.publicKey(), audienceClaim: "client_id" }),
  );
  const judge = (more) =>
    verifyIdToken(sign({ iss: "https://a.example", sub: "a", client_id: "client", ...more }, key), own, {
      clientId: "client",
    });
  await judge({ aud: "client" });
  await assert.rejects(judge({ aud: "another" }), { message: '"aud" claim names no accepted audience' });
  await assert.rejects(judge({}), { code: "CLAIM_MISSING", message: 'missing "aud" claim' });
});

test("takes_no_other_kind_of_token_for_an_id_token", async () => {
  const events = { "http://schemas.openid.net/event/backchannel-logout": {} };
  const typed = (typ, given) =>
    verifyIdToken(issuer.token({ ...claims, ...given }, { sign: { typ } }), verifier, { clientId: "client" });
  for (const typ of [
    "at+jwt",
    "application/at+jwt",
    "logout+jwt",
    "secevent+jwt",
    "dpop+jwt",
    "JWE",
    "",
    "japplication/wt",
  ]) {
    await assert.rejects(typed(typ), { code: "TOKEN_HEADER_INVALID", parameter: "typ" }, typ);
  }
  await assert.rejects(typed("JWT", { events }), { code: "CLAIM_INVALID", claim: "events" });
  for (const typ of ["JWT", "jwt", "application/jwt", null]) await typed(typ);
});

test("accepts_a_login_that_is_just_recent_enough", async () => {
  const at = new Date(now * 1000);
  await check({ ...claims, auth_time: now - 60 }, { maxAge: 60, now: at });
  await check({ ...claims, auth_time: now }, { maxAge: 60 });
  await check({ ...claims, auth_time: now - 70 }, { maxAge: 60, clockTolerance: 10, now: at });
  await check({ ...claims, auth_time: now + 60 }, { maxAge: 60, now: at });
  await check({ ...claims, auth_time: now + 70 }, { maxAge: 60, clockTolerance: 10, now: at });
});

test("demands_a_verifier_that_names_its_issuer", async () => {
  const keys = new RemoteKeySet(issuer.jwksUrl, { fetch: issuer.fetch });
  const token = issuer.token(claims);
  const options = { clientId: "client" };
  await assert.rejects(verifyIdToken(token, new Verifier(keys), options), { code: "OPTION_INVALID" });
  await verifyIdToken(token, new Verifier(keys, { issuer: issuer.issuer }), options);
  await assert.rejects(verifyIdToken(token, {}, options), { code: "KEY_INVALID" });
  await assert.rejects(verifyIdToken(token, new Proxy(verifier, {}), options), { code: "KEY_INVALID" });
  for (const [more, message] of [
    [{ nonse: "x" }, 'unknown option "nonse"'],
    ...["clientId", "nonce", "accessToken", "code"].flatMap((name) =>
      ["", 7, null].map((value) => [{ [name]: value }, `option "${name}" is not a string`]),
    ),
    [{ clientId: undefined }, 'option "clientId" is not a string'],
    ...[-1, 1.5, "1h", null].map((maxAge) => [{ maxAge }, 'option "maxAge" is not a whole number of at least 0']),
    ...[-1, 3601, "1m"].map((clockTolerance) => [
      { clockTolerance },
      'option "clockTolerance" is not a whole number from 0 to 3600',
    ]),
    ...["api", [7], ["api", 7], null].map((otherAudiences) => [
      { otherAudiences },
      'option "otherAudiences" is not an array of strings',
    ]),
  ]) {
    const given = { ...options, ...more };
    await assert.rejects(verifyIdToken(token, verifier, given), { code: "OPTION_INVALID", message });
  }
  const missing = { code: "OPTION_INVALID", message: 'option "clientId" is not a string' };
  await assert.rejects(verifyIdToken(token, verifier), missing);
  const schema = { "~standard": { version: 1, vendor: "own", validate: (value) => ({ value }) } };
  await assert.rejects(verifyIdToken(token, verifier, { schema }), missing);
});
