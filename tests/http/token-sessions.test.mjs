// tokenEndpoint with sessions, and revocationEndpoint: RFC 6749 §6 and RFC 7009.

import assert from "node:assert/strict";
import { test } from "node:test";
import { bearerGuard, revocationEndpoint, tokenEndpoint } from "countersign/http";
import { CountersignError, Key, Signer, Verifier } from "countersign/jwt";
import { memoryStore, Sessions } from "countersign/session";
import { invalid } from "./errors.mjs";

const URL = "https://login.example/token";
const key = Key.generate("EdDSA");
const signer = new Signer(key);
const verifier = new Verifier(key.publicKey());

const post = (parameters) => new Request(URL, { method: "POST", body: new URLSearchParams(parameters) });
const HEADERS = { "cache-control": "no-store", "content-type": "application/json", pragma: "no-cache" };

function make({ grant = {}, store = memoryStore(), ...more } = {}) {
  const sessions = new Sessions({ signer, store, secret: "a secret of 32 bytes, or a few more", grace: 0 });
  const token = tokenEndpoint({
    sessions,
    authenticate: (username, password) =>
      password === "right" && { subject: username, scopes: ["read", "write"], client: "Firefox", ...grant },
    defaultScope: "read",
    ...more,
  });
  return { revoke: revocationEndpoint(sessions), sessions, token };
}

async function granted(response) {
  assert.equal(response.status, 200);
  assert.deepEqual(Object.fromEntries(response.headers), HEADERS);
  return response.json();
}

async function refused(response, status, error, description) {
  assert.equal(response.status, status);
  assert.deepEqual(await response.json(), { error, error_description: description });
}

const logIn = async (token, more = {}) => granted(await token(post({ username: "alice", password: "right", ...more })));
const refresh = (token, refresh_token, more = {}) =>
  token(post({ grant_type: "refresh_token", refresh_token, ...more }));

test("a log-in starts a session, which a refresh token goes on with", async () => {
  const { sessions, token } = make({ grant: { claims: { org: 7 } } });
  const first = await logIn(token, { scope: "read write" });
  const { access_token, refresh_token, ...rest } = first;
  assert.deepEqual(rest, { token_type: "bearer", expires_in: 900, scope: "read write" });
  const [{ client, scopes }] = await sessions.list("alice");
  assert.deepEqual([client, scopes], ["Firefox", ["read", "write"]]);
  const { sub, org, sid, scope } = verifier.verify(access_token).claims;
  assert.deepEqual([sub, org, scope], ["alice", 7, "read write"]);

  const second = await granted(await refresh(token, refresh_token));
  assert.deepEqual(Object.keys(second), ["access_token", "token_type", "expires_in", "refresh_token", "scope"]);
  assert.notEqual(second.refresh_token, refresh_token);
  const { claims } = verifier.verify(second.access_token);
  assert.deepEqual([claims.sub, claims.org, claims.sid, claims.scope], ["alice", 7, sid, "read write"]);

  const less = await granted(await refresh(token, second.refresh_token, { scope: "write" }));
  assert.deepEqual([less.scope, verifier.verify(less.access_token).claims.scope], ["write", "write"]);
  const none = await granted(await refresh(token, less.refresh_token, { scope: "", client_id: "x" }));
  assert.equal(none.scope, "read write");
});

test("a refresh asks for no password, and a log-in for no refresh token", async () => {
  let asked = 0;
  const { token } = make({
    authenticate: (username) => {
      asked += 1;
      return { subject: username };
    },
  });
  const { refresh_token } = await logIn(token);
  await granted(await refresh(token, refresh_token));
  assert.equal(asked, 1);
  // Without a grant type, it is a log-in.
  await refused(await token(post({ refresh_token })), 400, "invalid_request", "missing parameter username");
});

test("refuses refresh tokens that are not valid, each in the same words", async () => {
  const { sessions, token } = make();
  const { access_token, refresh_token } = await logIn(token);
  const ended = await sessions.start("bob");
  await sessions.end(ended.sessionId);
  const bad = ["x", access_token, `${refresh_token} `, refresh_token.slice(0, -1), ended.refreshToken, ended.sessionId];
  const message = "the refresh token is not valid";
  for (const each of bad) await refused(await refresh(token, each), 400, "invalid_grant", message);
  await granted(await refresh(token, refresh_token));
  await refused(await refresh(token, refresh_token), 400, "invalid_grant", message);
  assert.deepEqual(await sessions.list("alice"), [], "it was used twice");
});

test("refuses malformed requests for a refresh", async () => {
  const { token } = make();
  const { refresh_token } = await logIn(token);
  const noScope = "the scope is not a list of words with one space between";
  await refused(
    await token(post({ grant_type: "refresh_token" })),
    400,
    "invalid_request",
    "missing parameter refresh_token",
  );
  await refused(await refresh(token, ""), 400, "invalid_request", "missing parameter refresh_token");
  await refused(await refresh(token, refresh_token, { scope: "a  b" }), 400, "invalid_scope", noScope);
  for (const scope of ["admin", "read admin"]) {
    const more = "the session does not have the requested scope";
    await refused(await refresh(token, refresh_token, { scope }), 400, "invalid_scope", more);
  }
  const known = "the grant_type is not 'password' or 'refresh_token'";
  await refused(await token(post({ grant_type: "client_credentials" })), 400, "unsupported_grant_type", known);
  const twice = new Request(URL, {
    method: "POST",
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
    body: `grant_type=refresh_token&refresh_token=${refresh_token}&refresh_token=x`,
  });
  await refused(await token(twice), 400, "invalid_request", "a parameter is repeated");
  await granted(await refresh(token, refresh_token));
});

test("without sessions, there is nothing to refresh", async () => {
  const token = tokenEndpoint({ signer, authenticate: () => ({ subject: "alice", client: "ignored" }) });
  const message = "the grant_type is not 'password'";
  await refused(await refresh(token, "x"), 400, "unsupported_grant_type", message);
  const answer = await (await token(post({ username: "a", password: "b" }))).json();
  assert.deepEqual(Object.keys(answer), ["access_token", "token_type", "expires_in"]);
});

test("answers 503 while the store fails, and loses nothing", async () => {
  const inner = memoryStore();
  let isDown = false;
  const down =
    (name) =>
    (...all) => {
      if (isDown) throw new Error("x");
      return inner[name](...all);
    };
  const store = { get: down("get"), replace: down("replace"), list: down("list") };
  const { revoke, token } = make({ store });
  const { refresh_token } = await logIn(token);
  isDown = true;
  for (const answer of [
    await token(post({ username: "alice", password: "right" })),
    await refresh(token, refresh_token),
    await revoke(post({ token: refresh_token })),
  ]) {
    assert.deepEqual([answer.status, answer.headers.get("Retry-After")], [503, "3"]);
    assert.equal((await answer.json()).error, "temporarily_unavailable");
  }
  isDown = false;
  await granted(await refresh(token, refresh_token));
});

test("speaks as FastAPI if it is told to", async () => {
  const { token } = make({ errors: "fastapi" });
  const wrong = await refresh(token, "x");
  assert.deepEqual([wrong.status, (await wrong.json()).detail], [401, "Could not validate credentials"]);
  const other = await token(post({ grant_type: "x" }));
  assert.equal(other.status, 422);
  const pattern = "^password|refresh_token$";
  const msg = `String should match pattern '${pattern}'`;
  assert.deepEqual((await other.json()).detail, [
    { type: "string_pattern_mismatch", loc: ["body", "grant_type"], msg, input: null, ctx: { pattern } },
  ]);
});

test("a mistake of the application is no answer to the client", async () => {
  const broken = {
    start: () => Promise.reject(new Error("x")),
    refresh: () => Promise.reject(new CountersignError("INTERNAL", "x")),
  };
  const token = tokenEndpoint({ sessions: broken, authenticate: () => ({ subject: "alice" }) });
  await assert.rejects(token(post({ username: "a", password: "b" })), { message: "x" });
  await assert.rejects(refresh(token, "x"), { code: "INTERNAL" });
  for (const [grant, message] of [
    [{ client: 7 }, 'option "client" is not a string of at most 256 characters'],
    [{ client: "x".repeat(257) }, 'option "client" is not a string of at most 256 characters'],
    [{ claims: { sid: "x" } }, 'option "claims" must not set "sid"'],
    [{ fields: { refresh_token: "x" } }, 'option "fields" must not set "refresh_token"'],
  ]) {
    await assert.rejects(make({ grant }).token(post({ username: "alice", password: "right" })), invalid(message));
  }
});

test("an error of the sessions is passed on, unless the client should come again", async () => {
  const logIn = { username: "a", password: "b" };
  const refreshing = { grant_type: "refresh_token", refresh_token: "x" };
  const narrowing = { ...refreshing, scope: "read" };
  const failing = (error) => {
    const sessions = { start: () => Promise.reject(error), refresh: () => Promise.reject(error) };
    return tokenEndpoint({ sessions, authenticate: () => ({ subject: "alice" }) });
  };
  for (const fields of [logIn, refreshing, narrowing]) {
    for (const code of ["STORE_UNAVAILABLE", "KEY_UNAVAILABLE"]) {
      const answer = await failing(new CountersignError(code, "x"))(post(fields));
      assert.deepEqual([answer.status, (await answer.json()).error], [503, "temporarily_unavailable"], code);
    }
    for (const error of [undefined, null, new Error("x"), new CountersignError("INTERNAL", "x")]) {
      await assert.rejects(failing(error)(post(fields)), (thrown) => thrown === error);
    }
  }
  const wrong = new CountersignError("OPTION_INVALID", "x");
  for (const fields of [logIn, refreshing]) {
    await assert.rejects(failing(wrong)(post(fields)), (thrown) => thrown === wrong);
  }
  const used = new CountersignError("TOKEN_USED", "the DPoP proof was used before");
  await refused(await failing(used)(post(refreshing)), 400, "invalid_dpop_proof", used.message);
  // Of a log-in without a proof, nothing was used before.
  await assert.rejects(failing(used)(post(logIn)), (thrown) => thrown === used);
});

test("what is wrong with the sessions is no answer to somebody who logs out", async () => {
  for (const error of [new Error("x"), null]) {
    const revoke = revocationEndpoint({ end: () => Promise.reject(error) });
    await assert.rejects(revoke(post({ token: "r1.x.0.x" })), (thrown) => thrown === error);
  }
});

test("options that contradict sessions are refused", () => {
  const { sessions } = make();
  const authenticate = () => null;
  for (const [options, message] of [
    [
      { authenticate, sessions, signer },
      'option "signer" is not for an endpoint with "sessions", which have their own',
    ],
    [
      { authenticate, sessions, expiresIn: 60 },
      'option "expiresIn" is not for an endpoint with "sessions": use "accessExpiresIn"',
    ],
    [{ authenticate, sessions: {} }, 'option "sessions" has no method "start"'],
    [{ authenticate, sessions: { start() {} } }, 'option "sessions" has no method "refresh"'],
    [{ authenticate, sessions: null }, 'option "sessions" has no method "start"'],
    [{ authenticate }, 'pass the option "signer" or "sessions"'],
    [
      { authenticate, signer: {} },
      'option "signer" has no method "sign": make one with new Signer(key, { issuer, audience })',
    ],
  ]) {
    assert.throws(() => tokenEndpoint(options), invalid(message));
  }
  assert.throws(() => revocationEndpoint({}), invalid('option "sessions" has no method "end"'));
  assert.throws(() => revocationEndpoint(sessions, { max: 7 }), invalid('unknown option "max"'));
  for (const maxBodyBytes of [0, 1_048_577, "7"]) {
    const message = 'option "maxBodyBytes" is not a whole number from 1 to 1048576';
    assert.throws(() => revocationEndpoint(sessions, { maxBodyBytes }), invalid(message));
  }
});

test("a revocation tells access tokens from refresh tokens by their form", async () => {
  const ended = [];
  const revoke = revocationEndpoint({ end: async (token) => ended.push(token) }, { maxBodyBytes: 1_048_576 });
  for (const token of ["a.b.c", "a.b.", "-._.0"]) assert.equal((await revoke(post({ token }))).status, 400, token);
  const others = ["r1.a.0.b", "a.b", "a..c", ".b.c", " a.b.c", "a.b.c ", "a.b.c.d", "ä.b.c"];
  for (const token of [...others, "no dot"]) assert.equal((await revoke(post({ token }))).status, 200, token);
  assert.deepEqual(ended, others);
  const short = revocationEndpoint({ end: () => assert.fail("it is asked") }, { maxBodyBytes: 1 });
  assert.equal((await short(post({ token: "r1.a.0.b" }))).status, 413);
});

test("revoking a refresh token ends its session, and nothing else does", async () => {
  const { revoke, sessions, token } = make();
  const guard = bearerGuard(verifier, { accept: ({ claims }) => sessions.isLive(claims) });
  const [alice, bob] = [await logIn(token), await logIn(token)];
  const isLive = async ({ access_token }) => {
    const caller = await guard({ headers: { authorization: `Bearer ${access_token}` }, url: "/" });
    return !(caller instanceof Response);
  };
  const next = await granted(await refresh(token, alice.refresh_token));
  const { sid } = verifier.verify(next.access_token).claims;
  // The id of a session is no secret.
  for (const nothing of ["x", sid, "r1.x.0.y", next.refresh_token.slice(0, -1), `${next.refresh_token}.`]) {
    const answer = await revoke(post({ token: nothing }));
    assert.deepEqual([answer.status, await answer.text()], [200, ""], nothing);
  }
  assert.equal(await isLive(next), true);
  for (let times = 0; times < 2; times += 1) {
    const answer = await revoke(post({ token: alice.refresh_token, token_type_hint: "refresh_token" }));
    assert.deepEqual([answer.status, answer.headers.get("Cache-Control")], [200, "no-store"]);
    assert.equal(await isLive(next), false);
  }
  assert.equal(await isLive(bob), true);
});

test("revocation refuses malformed requests", async () => {
  const { revoke, token } = make();
  const { access_token } = await logIn(token);
  const only = "only refresh tokens can be revoked";
  await refused(await revoke(post({ token: access_token })), 400, "unsupported_token_type", only);
  await refused(await revoke(post({})), 400, "invalid_request", "missing parameter token");
  await refused(await revoke(post({ token: "" })), 400, "invalid_request", "missing parameter token");
  await refused(
    await revoke(
      post([
        ["token", "a"],
        ["token", "b"],
      ]),
    ),
    400,
    "invalid_request",
    "a parameter is repeated",
  );
  await refused(
    await revoke(post({ token: "x".repeat(20_000) })),
    413,
    "invalid_request",
    "the body is longer than 16384 bytes",
  );
  const json = new Request(URL, { method: "POST", body: "{}", headers: { "Content-Type": "application/json" } });
  const form = "the body is not application/x-www-form-urlencoded or multipart/form-data in UTF-8";
  await refused(await revoke(json), 400, "invalid_request", form);
  for (const method of ["GET", "PUT", "DELETE", "HEAD"]) {
    const answer = await revoke(new Request(URL, { method }));
    assert.deepEqual([answer.status, answer.headers.get("Allow")], [405, "POST"]);
  }
  const read = post({ token: "x" });
  await read.text();
  await assert.rejects(revoke(read), { code: "OPTION_INVALID" });
  await assert.rejects(revoke({ method: "POST", headers: {}, url: "/", body: {} }), { code: "OPTION_INVALID" });
});
