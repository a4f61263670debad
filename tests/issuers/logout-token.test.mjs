// Logout tokens (OpenID Connect Back-Channel Logout 1.0): each rule, with a token that breaks only that one.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Issuers, keycloak, verifyIdToken, verifyLogoutToken } from "countersign/issuers";
import { Key, sign, Verifier } from "countersign/jwt";
import { memoryStore, Sessions } from "countersign/session";
import { TestIssuer } from "countersign/testing";

const EVENT = "http://schemas.openid.net/event/backchannel-logout";
const issuer = new TestIssuer("https://login.example");
const issuers = new Issuers({ issuer: issuer.issuer, jwksUrl: issuer.jwksUrl, remote: { fetch: issuer.fetch } });
const verifier = new Verifier(issuers);
const now = Math.floor(Date.now() / 1000);
const claims = { sub: "alice", aud: "client" };
const clientId = "client";
const check = (token, options) => verifyLogoutToken(token, verifier, { clientId, ...options });

/** A token without `exp`, as older servers issue. */
const endless = (more) => issuer.logoutToken({ ...claims, iat: now, ...more }, { sign: { expiresIn: null } });

test("accepts_a_logout_token", async () => {
  const { header, claims: read } = await check(issuer.logoutToken({ ...claims, sid: "s1" }));
  assert.equal(header.typ, "logout+jwt");
  assert.deepEqual([read.sub, read.sid, read.iss, read.exp - read.iat], ["alice", "s1", issuer.issuer, 120]);
  assert.deepEqual(read.events, { [EVENT]: {} });
  for (const more of [
    { sub: undefined, sid: "s1" },
    { sub: "", sid: "s1" },
    { aud: ["other", "client"] },
    { events: { [EVENT]: {}, "urn:x": {} } },
  ])
    await check(issuer.logoutToken({ ...claims, ...more }));
  // Keycloak before version 25 wrote JWT, others write none.
  for (const typ of ["JWT", "jwt", null, "application/logout+jwt", "LOGOUT+JWT"])
    await check(issuer.logoutToken(claims, { sign: { typ } }));
});

test("refuses_each_fault", async () => {
  const refused = [
    [{ jti: undefined }, "CLAIM_MISSING", "jti", 'missing "jti" claim'],
    [{ sub: undefined, sid: "" }, "CLAIM_INVALID", "sid", '"sid" claim is empty'],
    [{ sid: "" }, "CLAIM_INVALID", "sid", '"sid" claim is empty'],
    [{ sub: "" }, "CLAIM_INVALID", "sub", '"sub" claim is empty'],
    [{ events: undefined }, "CLAIM_MISSING", "events", 'missing "events" claim'],
    [{ events: {} }, "CLAIM_INVALID", "events", '"events" claim is not a non-empty object of objects'],
    [{ events: [EVENT] }, "CLAIM_INVALID", "events"],
    [{ events: EVENT }, "CLAIM_INVALID", "events"],
    [{ events: { [EVENT]: null } }, "CLAIM_INVALID", "events"],
    [{ events: { [EVENT]: "x" } }, "CLAIM_INVALID", "events"],
    [
      { events: { "http://schemas.openid.net/event/other": {} } },
      "CLAIM_INVALID",
      "events",
      '"events" claim does not have the event that the profile requires',
    ],
    [{ events: JSON.parse(`{"__proto__":{"${EVENT}":{}}}`) }, "CLAIM_INVALID", "events"],
    [{ sub: undefined }, "CLAIM_MISSING", "sub", 'missing "sub" or "sid" claim'],
    [{ sub: undefined, sid: 7 }, "CLAIM_INVALID", "sid"],
    [{ sid: null }, "CLAIM_INVALID", "sid"],
    [{ nonce: "n" }, "CLAIM_INVALID", "nonce", '"nonce" claim must not be present'],
    [{ nonce: null }, "CLAIM_INVALID", "nonce"],
    [{ aud: undefined }, "CLAIM_MISSING", "aud"],
    [{ aud: "another" }, "CLAIM_INVALID", "aud"],
    [{ aud: [] }, "CLAIM_INVALID", "aud"],
    [{ iss: undefined }, "CLAIM_MISSING", "iss"],
    [{ iss: "https://evil.example" }, "CLAIM_INVALID", "iss"],
    [{ iat: now + 3600, exp: now + 3700 }, "TOKEN_ISSUED_IN_FUTURE", "iat"],
    [{ iat: now - 300, exp: now - 180 }, "TOKEN_EXPIRED", "exp"],
    [{ nbf: now + 3600 }, "TOKEN_NOT_YET_VALID", "nbf"],
  ];
  for (const [more, code, claim, message] of refused) {
    const expected = { code, claim, ...(message && { message }) };
    await assert.rejects(check(issuer.logoutToken({ ...claims, ...more })), expected, JSON.stringify(more));
  }
  for (const [fault, code] of [
    ["altered", "TOKEN_SIGNATURE_INVALID"],
    ["expired", "TOKEN_EXPIRED"],
    ["unknown-key", "KEY_NOT_FOUND"],
    ["unsigned", "TOKEN_ALGORITHM_MISMATCH"],
    ["without-expiry", "CLAIM_MISSING"],
    ["wrong-audience", "CLAIM_INVALID"],
    ["wrong-key", "TOKEN_SIGNATURE_INVALID"],
  ]) {
    await assert.rejects(check(issuer.logoutToken(claims, { fault })), { code }, fault);
  }
  const typ = { code: "TOKEN_HEADER_INVALID", message: 'header "typ" is not that of a logout token', parameter: "typ" };
  for (const kind of ["at+jwt", "secevent+jwt", "id+jwt", "logout", "x", "", "japplication/wt"])
    await assert.rejects(check(issuer.logoutToken(claims, { sign: { typ: kind } })), typ, kind);
});

test("tells_logout_tokens_from_id_tokens", async () => {
  await assert.rejects(check(issuer.token(claims)), { code: "CLAIM_MISSING", claim: "jti" });
  await assert.rejects(check(issuer.token({ ...claims, jti: "j", nonce: "n" })), {
    code: "CLAIM_MISSING",
    claim: "events",
  });
  for (const typ of ["logout+jwt", null])
    await assert.rejects(verifyIdToken(issuer.logoutToken(claims, { sign: { typ } }), verifier, { clientId }), {
      code: typ === null ? "CLAIM_INVALID" : "TOKEN_HEADER_INVALID",
    });
});

test("demands_iat", async () => {
  const key = Key.generate("ES256", { kid: "k" });
  const own = new Verifier(new Issuers({ issuer: "https://a.example", keys: key.publicKey() }));
  const all = { iss: "https://a.example", ...claims, jti: "j", events: { [EVENT]: {} } };
  await verifyLogoutToken(sign(all, key), own, { clientId });
  await assert.rejects(verifyLogoutToken(sign(all, key, { issuedAt: false }), own, { clientId }), {
    code: "CLAIM_MISSING",
    claim: "iat",
  });
});

test("bounds_the_age_of_a_token_without_exp", async () => {
  const missing = {
    code: "CLAIM_MISSING",
    claim: "exp",
    message: 'missing "exp" claim: see option "allowMissingExpiry"',
  };
  await assert.rejects(check(endless()), missing);
  const allowMissingExpiry = true;
  await check(endless(), { allowMissingExpiry });
  await check(endless({ iat: now - 100 }), { allowMissingExpiry });
  const old = { code: "TOKEN_TOO_OLD", claim: "iat", message: "token is older than the maximum age" };
  await assert.rejects(check(endless({ iat: now - 200 }), { allowMissingExpiry }), old);
  await check(endless({ iat: now - 200 }), { allowMissingExpiry, clockTolerance: 120 });
  for (const [seconds, clockTolerance, maxAge] of [
    [120, 0],
    [130, 10],
    [60, 0, 60],
    [0, 0, 0],
  ]) {
    const options = { allowMissingExpiry, clockTolerance, maxAge, now: new Date(now * 1000) };
    await check(endless({ iat: now - seconds }), options);
    await assert.rejects(check(endless({ iat: now - seconds - 1 }), options), old);
  }
  await check(endless({ iat: now - 200 }), { allowMissingExpiry, maxAge: 600 });
  await assert.rejects(
    check(endless({ iat: undefined }), { allowMissingExpiry }).then(() => check("x")),
    {
      code: "TOKEN_MALFORMED",
    },
  );
  // With `exp`, the age is bounded only if asked.
  const long = issuer.logoutToken({ ...claims, iat: now - 200, exp: now + 200 });
  await check(long, { allowMissingExpiry });
  await assert.rejects(check(long, { maxAge: 60 }), old);
  const at = (seconds) => ({ now: new Date((now + seconds) * 1000) });
  const token = issuer.logoutToken({ ...claims, iat: now, exp: now + 120 });
  await check(token, at(119));
  await assert.rejects(check(token, at(120)), { code: "TOKEN_EXPIRED" });
  // An issuer that may leave out `exp` elsewhere still needs it here.
  const lenient = new Issuers({
    issuer: issuer.issuer,
    jwksUrl: issuer.jwksUrl,
    remote: { fetch: issuer.fetch },
    rules: { allowMissingExpiry: true },
  });
  await assert.rejects(verifyLogoutToken(endless(), new Verifier(lenient), { clientId }), {
    ...missing,
    message: 'missing "exp" claim',
  });
  // The tolerance of the verifier counts for `exp`.
  const tolerant = new Verifier(issuers, { clockTolerance: "10m" });
  await verifyLogoutToken(token, tolerant, { clientId, ...at(300) });
  await assert.rejects(verifyLogoutToken(token, tolerant, { clientId, ...at(900) }), { code: "TOKEN_EXPIRED" });
});

test("accepts_a_token_once_with_a_store", async () => {
  const store = memoryStore();
  const token = issuer.logoutToken({ ...claims, jti: "one" });
  const used = { code: "TOKEN_USED", claim: "jti", message: "the logout token was used before" };
  const all = await Promise.allSettled([0, 1, 2].map(() => check(token, { store })));
  assert.deepEqual(all.map(({ status }) => status).sort(), ["fulfilled", "rejected", "rejected"]);
  await assert.rejects(check(token, { store }), used);
  await check(issuer.logoutToken({ ...claims, jti: "two" }), { store });
  await check(token);
  // A token that is refused is not remembered.
  await assert.rejects(check(issuer.logoutToken({ ...claims, jti: "three", nonce: "n" }), { store }));
  await check(issuer.logoutToken({ ...claims, jti: "three" }), { store });
  // The key of the row is short, whatever the issuer writes. The row lasts as long as the token, with any verifier's tolerance.
  const rows = [];
  const seen = { ...memoryStore(), replace: (key, _before, row) => rows.push([key, row]) > 0 };
  const at = { store: seen, now: new Date(now * 1000) };
  const long = issuer.logoutToken({ ...claims, jti: "x".repeat(5000), iat: now, exp: now + 120 });
  for (const [given, options, seconds] of [
    [long, {}, 120],
    [long, { maxAge: 60 }, 120],
    [long, { maxAge: 600, clockTolerance: 30 }, 630],
    [endless(), { allowMissingExpiry: true }, 120],
    [endless(), { allowMissingExpiry: true, maxAge: 60, clockTolerance: 30 }, 90],
  ]) {
    await check(given, { ...at, ...options });
    const [key, row] = rows.pop();
    assert.match(key, /^logout:[\w-]{43}$/);
    assert.deepEqual(row, { value: "used", owner: "", expiresAt: (now + seconds + 3600) * 1000 });
  }
  // Another issuer may use the same `jti`.
  const other = new TestIssuer("https://other.example");
  const known = new Verifier(new Issuers({ issuer: other.issuer, keys: other.keySet() }));
  await verifyLogoutToken(other.logoutToken({ ...claims, jti: "one" }), known, { clientId, store });
  const failing = { ...memoryStore(), replace: () => Promise.reject(new Error("down")) };
  await assert.rejects(check(token, { store: failing }), { code: "STORE_UNAVAILABLE" });
  await assert.rejects(check(token, { store: {} }), {
    code: "OPTION_INVALID",
    message: 'option "store" has no method "get"',
  });
});

test("accepts_a_token_once_also_within_the_clock_tolerance_of_the_verifier", async (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: now * 1000 });
  // The greatest that a verifier takes.
  const tolerant = new Verifier(new Issuers({ issuer: issuer.issuer, keys: issuer.keySet() }), {
    clockTolerance: "1h",
  });
  const store = memoryStore();
  const verify = (token) => verifyLogoutToken(token, tolerant, { clientId, store });
  const token = issuer.logoutToken({ ...claims, jti: "late", iat: now, exp: now + 120 });
  await verify(token);
  for (const [seconds, code] of [
    [300, "TOKEN_USED"],
    [3719, "TOKEN_USED"],
    [3720, "TOKEN_EXPIRED"],
  ]) {
    t.mock.timers.setTime((now + seconds) * 1000);
    // A write lets the store drop what has ended.
    await verify(issuer.logoutToken({ ...claims, jti: String(seconds), iat: now, exp: now + 7200 }));
    await assert.rejects(verify(token), { code }, String(seconds));
  }
});

test("refuses_options_and_verifiers_that_do_not_fit", async () => {
  const token = issuer.logoutToken(claims);
  for (const [options, message] of [
    ...[undefined, "", 7, null].map((value) => [{ clientId: value }, 'option "clientId" is not a string']),
    [{ clientId, nonce: "n" }, /^unknown option "nonce": compare the claim/],
    ...[-1, 1.5, "1h", null].map((maxAge) => [
      { clientId, maxAge },
      'option "maxAge" is not a whole number of at least 0',
    ]),
    ...[-1, 3601, "1m"].map((clockTolerance) => [
      { clientId, clockTolerance },
      'option "clockTolerance" is not a whole number from 0 to 3600',
    ]),
    [{ clientId, allowMissingExpiry: 1 }, 'option "allowMissingExpiry" is not a boolean'],
  ]) {
    await assert.rejects(verifyLogoutToken(token, verifier, options), { code: "OPTION_INVALID", message });
  }
  await check(issuer.logoutToken({ ...claims, iat: now }), {
    maxAge: 0,
    clockTolerance: 3600,
    now: new Date(now * 1000),
  });
  await assert.rejects(verifyLogoutToken(token, new Verifier(issuer.keySet()), { clientId }), {
    code: "OPTION_INVALID",
    message: 'the verifier names no issuer: make it with Issuers or the option "issuer"',
  });
  await assert.rejects(verifyLogoutToken(token, issuers, { clientId }), { code: "KEY_INVALID" });
  // A verifier with a set and the option `issuer` will do.
  await verifyLogoutToken(token, new Verifier(issuer.keySet(), { issuer: issuer.issuer }), { clientId });
});

test("accepts_the_logout_tokens_of_keycloak", async () => {
  const server = new TestIssuer("https://login.example/realms/main", {
    jwksUrl: "https://login.example/realms/main/protocol/openid-connect/certs",
  });
  const of = (tokenUse) =>
    new Verifier(
      new Issuers(keycloak("https://login.example", "main", { tokenUse }, { remote: { fetch: server.fetch } })),
    );
  // As version 26 writes them.
  const token = server.logoutToken({ ...claims, typ: "Logout", sid: "4b1b6c1e", revoke_offline_access: undefined });
  await verifyLogoutToken(token, of("logout"), { clientId });
  for (const tokenUse of ["id", "access"])
    await assert.rejects(verifyLogoutToken(token, of(tokenUse), { clientId }), { code: "CLAIM_INVALID", claim: "typ" });
  await assert.rejects(verifyLogoutToken(server.logoutToken({ ...claims, typ: "ID" }), of("logout"), { clientId }), {
    code: "CLAIM_INVALID",
    claim: "typ",
  });
  assert.throws(() => of("refresh"), {
    code: "OPTION_INVALID",
    message: 'option "tokenUse" is not "access", "id" or "logout"',
  });
  assert.throws(() => of("toString"), { code: "OPTION_INVALID" });
});

test("ends_the_sessions_of_the_application", async () => {
  const key = Key.generate("HS256");
  const sessions = new Sessions({
    signer: { sign: (c, o) => sign(c, key, o) },
    store: memoryStore(),
    secret: "x".repeat(32),
  });
  await sessions.start("alice");
  await sessions.start("alice");
  await sessions.start("bob");
  const { claims: read } = await check(issuer.logoutToken(claims));
  assert.equal(await sessions.endAll(read.sub), 2);
  assert.equal((await sessions.list("bob")).length, 1);
});
