// tokenEndpoint in the profile of RFC 9068: client_id, jti and aud, and resource indicators (RFC 8707).

import assert from "node:assert/strict";
import { test } from "node:test";
import { bearerGuard, revocationEndpoint, tokenEndpoint } from "countersign/http";
import { decodeUnverified, Key, Signer, Verifier } from "countersign/jwt";
import { memoryStore, Sessions } from "countersign/session";
import { invalid } from "./errors.mjs";

const issuer = "https://login.example";
const API = "https://api.example/";
const OTHER = "urn:example:other";
const key = Key.generate("EdDSA", { kid: "one" });
const signer = new Signer(key, { issuer, profile: "at+jwt" });
const authenticate = (username, password) => password === "right" && { subject: username, scopes: ["read"] };
const post = (fields) => new Request(issuer, { method: "POST", body: new URLSearchParams(fields) });
const RIGHT = { username: "alice", password: "right" };
const guardOf = (audience) => bearerGuard(new Verifier(key.publicKey(), { issuer, audience, profile: "at+jwt" }));
const statusOf = async (guard, token) => {
  const caller = await guard(new Request(API, { headers: { Authorization: `Bearer ${token}` } }));
  return caller instanceof Response ? caller.status : 200;
};
async function claimsOf(handler, fields = {}) {
  const response = await handler(post({ ...RIGHT, ...fields }));
  assert.equal(response.status, 200);
  const { access_token } = await response.json();
  return { token: access_token, ...decodeUnverified(access_token) };
}

test("an access token has the type and the claims of RFC 9068 §2.2", async () => {
  const handler = tokenEndpoint({ signer, authenticate, clientId: "app", resource: API });
  const { claims, header, token } = await claimsOf(handler, { scope: "read" });
  assert.equal(header.typ, "at+jwt");
  const { exp, iat, jti, ...rest } = claims;
  assert.deepEqual(rest, { sub: "alice", client_id: "app", aud: API, scope: "read", iss: issuer });
  assert.equal(exp - iat, 900);
  assert.match(jti, /^[\w-]{22}$/);
  assert.notEqual((await claimsOf(handler)).claims.jti, jti);
  assert.equal(await statusOf(guardOf(API), token), 200);
  assert.equal(await statusOf(guardOf(OTHER), token), 401);
});

test("a verifier of the profile refuses every other kind of token", async () => {
  const claims = { sub: "alice", client_id: "app", jti: "1" };
  const more = { issuer, audience: API };
  const kinds = [{}, { typ: "JWT" }, { typ: null }, { typ: "id+jwt" }, { typ: "at+jwt+x" }, { profile: "JWT" }];
  for (const kind of kinds) {
    assert.equal(await statusOf(guardOf(API), new Signer(key, { ...more, ...kind }).sign(claims)), 401);
  }
  for (const typ of ["at+jwt", "AT+JWT", "application/at+jwt"]) {
    assert.equal(await statusOf(guardOf(API), new Signer(key, { ...more, typ }).sign(claims)), 200, typ);
  }
  for (const missing of ["client_id", "jti", "sub"]) {
    const { [missing]: _, ...rest } = claims;
    assert.equal(await statusOf(guardOf(API), new Signer(key, { ...more, typ: "at+jwt" }).sign(rest)), 401, missing);
  }
});

test("the form chooses among several resources, and no others", async () => {
  const handler = tokenEndpoint({ signer, authenticate, clientId: "app", resource: [API, OTHER] });
  assert.equal((await claimsOf(handler)).claims.aud, API);
  assert.equal((await claimsOf(handler, { resource: "" })).claims.aud, API);
  assert.equal((await claimsOf(handler, { resource: OTHER })).claims.aud, OTHER);
  for (const resource of [
    "https://api.example",
    "https://evil.example/",
    `${API} ${OTHER}`,
    `${API}#x`,
    "urn:EXAMPLE:other",
  ]) {
    const response = await handler(post({ ...RIGHT, resource }));
    assert.equal(response.status, 400);
    const error_description = "no tokens are issued for the requested resource";
    assert.deepEqual(await response.json(), { error: "invalid_target", error_description });
  }
  const twice = new URLSearchParams([...Object.entries(RIGHT), ["resource", API], ["resource", OTHER]]);
  assert.equal((await handler(new Request(issuer, { method: "POST", body: twice }))).status, 400);
  const plain = tokenEndpoint({ signer: new Signer(key), authenticate });
  assert.equal((await claimsOf(plain, { resource: "anything" })).claims.aud, undefined);
  const fastapi = tokenEndpoint({ signer, authenticate, clientId: "app", resource: API, errors: "fastapi" });
  const refused = await fastapi(post({ ...RIGHT, resource: OTHER }));
  assert.equal((await refused.json()).detail, "Unknown resource");
});

test("a session keeps client and resource over refreshes", async () => {
  const sessions = new Sessions({ signer, store: memoryStore(), secret: "a secret of 32 bytes, or a few more" });
  const handler = tokenEndpoint({ sessions, authenticate, clientId: "app", resource: API, defaultScope: "read" });
  let { refresh_token } = await (await handler(post(RIGHT))).json();
  const ids = new Set();
  for (const more of [{}, { resource: API }]) {
    const response = await handler(post({ grant_type: "refresh_token", refresh_token, ...more }));
    const answer = await response.json();
    refresh_token = answer.refresh_token;
    const { claims, header } = decodeUnverified(answer.access_token);
    assert.deepEqual([header.typ, claims.aud, claims.client_id, claims.scope], ["at+jwt", API, "app", "read"]);
    ids.add(claims.jti);
    assert.equal(await statusOf(guardOf(API), answer.access_token), 200);
  }
  assert.equal(ids.size, 2);
  const refused = await handler(post({ grant_type: "refresh_token", refresh_token, resource: OTHER }));
  assert.equal((await refused.json()).error, "invalid_target");
  // Refused before the token was used up.
  assert.equal((await handler(post({ grant_type: "refresh_token", refresh_token }))).status, 200);
});

test("only the holder of a refresh token can revoke it", async () => {
  const sessions = new Sessions({ signer, store: memoryStore(), secret: "a secret of 32 bytes, or a few more" });
  const start = (subject) => sessions.start(subject, { claims: { client_id: "app", aud: API } });
  const [alice, bob] = [await start("alice"), await start("bob")];
  const revoke = revocationEndpoint(sessions);
  const mixed = [alice, bob].map(({ refreshToken }) => refreshToken.split("."));
  const forged = [
    // The id of a session is in every access token: it is no proof.
    alice.sessionId,
    `r1.${alice.sessionId}.0.${mixed[1][3]}`,
    [...mixed[0].slice(0, 2), "1", mixed[0][3]].join("."),
    `session:${alice.sessionId}`,
    "alice",
  ];
  for (const token of forged) assert.equal((await revoke(post({ token }))).status, 200);
  assert.equal((await revoke(post({ token: alice.accessToken }))).status, 400);
  assert.equal((await sessions.list("alice")).length, 1);
  assert.equal((await revoke(post({ token: bob.refreshToken, client_id: "app" }))).status, 200);
  assert.deepEqual([(await sessions.list("alice")).length, (await sessions.list("bob")).length], [1, 0]);
});

test("no endpoint answers pages of other origins (CORS)", async () => {
  const sessions = new Sessions({ signer, store: memoryStore(), secret: "a secret of 32 bytes, or a few more" });
  const handlers = [
    tokenEndpoint({ sessions, authenticate, clientId: "app", resource: API }),
    revocationEndpoint(sessions),
  ];
  for (const handler of handlers) {
    for (const method of ["POST", "OPTIONS"]) {
      const body = method === "POST" ? new URLSearchParams({ ...RIGHT, token: "x" }) : undefined;
      const headers = { Origin: "https://evil.example", "Access-Control-Request-Method": "POST" };
      const response = await handler(new Request(issuer, { method, body, headers }));
      assert.deepEqual(
        [...response.headers.keys()].filter((name) => name.startsWith("access-control-")),
        [],
      );
    }
  }
});

test("reads the options strictly", async () => {
  const build = (more) => tokenEndpoint({ signer, authenticate, ...more });
  const resource = 'option "resource" is not an absolute URI without a fragment, or a list of them';
  for (const value of ["api", "", "/api", "https://a/#f", [], [""], "https:", 7, "https://a b"]) {
    assert.throws(() => build({ resource: value }), invalid(resource));
  }
  for (const clientId of ["", 7])
    assert.throws(() => build({ clientId }), invalid('option "clientId" is not a non-empty string'));
  const sessions = new Sessions({ signer, store: memoryStore(), secret: "a secret of 32 bytes, or a few more" });
  const list = { sessions, authenticate, resource: [API, OTHER] };
  assert.throws(() => tokenEndpoint(list), invalid('option "resource" is a list, which is not for "sessions"'));
  for (const [name, claims] of [
    ["aud", { aud: API }],
    ["client_id", { client_id: "x" }],
  ]) {
    const handler = build({ authenticate: () => ({ subject: "alice", claims }), clientId: "app", resource: API });
    await assert.rejects(handler(post(RIGHT)), invalid(`option "claims" must not set "${name}"`));
  }
  // A signer with an audience of its own would contradict the resource.
  const both = tokenEndpoint({ signer: new Signer(key, { audience: API }), authenticate, resource: API });
  await assert.rejects(both(post(RIGHT)), invalid('"aud" is given both as a claim and by an option'));
});
