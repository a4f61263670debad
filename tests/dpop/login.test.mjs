// Tokens that are bound to a key: issued by tokenEndpoint, refreshed by Sessions, demanded by bearerGuard.

import assert from "node:assert/strict";
import { test } from "node:test";
import { DpopSigner, DpopVerifier } from "countersign/dpop";
import {
  authorizationServerMetadata,
  bearerGuard,
  cookieSession,
  protectedResourceMetadata,
  tokenEndpoint,
} from "countersign/http";
import { Key, Signer, Verifier } from "countersign/jwt";
import { invalid } from "../http/errors.mjs";
import { form, LOG_IN, makeSystem, SECRET } from "./system.mjs";

const ORIGIN = "https://api.example";
const ALGS = "ES256 ES384 ES512 EdDSA Ed25519 PS256 PS384 PS512 RS256 RS384 RS512";
const signer = await DpopSigner.create();
const other = await DpopSigner.create();

/** A request with a proof of its own; `proof: null` for none. */
async function asking(path, { by = signer, accessToken, scheme = "DPoP", nonce, proof, ...init } = {}) {
  const url = ORIGIN + path;
  const { method = "GET" } = init;
  const made = proof === undefined ? await by.proof({ method, url, accessToken, nonce }) : proof;
  const headers = new Headers(init.headers);
  if (made !== null) headers.set("DPoP", made);
  if (accessToken !== undefined) headers.set("Authorization", `${scheme} ${accessToken}`);
  return new Request(url, { ...init, headers });
}

const posting = (fields, more = {}) => asking("/token", { ...form(fields), ...more });
const refreshing = (refresh_token, more = {}) => posting({ grant_type: "refresh_token", refresh_token }, more);

async function granted(response) {
  assert.equal(response.status, 200, await response.clone().text());
  return response.json();
}

async function refused(response, status, error, description) {
  assert.equal(response.status, status);
  assert.deepEqual(await response.json(), { error, error_description: description });
  return response;
}

test("binds the tokens of a client with a proof, and lets them pass with another proof", async () => {
  const { serve, sessions, verifier } = makeSystem();
  const { access_token, refresh_token, ...rest } = await granted(await serve(await posting(LOG_IN)));
  assert.deepEqual(rest, { token_type: "DPoP", expires_in: 900, scope: "read" });
  const { cnf, org, sub } = verifier.verify(access_token).claims;
  assert.deepEqual([cnf, org, sub], [{ jkt: signer.thumbprint }, 7, "alice"]);
  assert.deepEqual(await granted(await serve(await asking("/me", { accessToken: access_token }))), { user: "alice" });

  const next = await granted(await serve(await refreshing(refresh_token)));
  assert.equal(next.token_type, "DPoP");
  assert.deepEqual(verifier.verify(next.access_token).claims.cnf, { jkt: signer.thumbprint });
  assert.deepEqual(await granted(await serve(await asking("/me", { accessToken: next.access_token }))), {
    user: "alice",
  });
  assert.equal((await sessions.list("alice")).length, 1);
});

test("binds access tokens without sessions", async () => {
  const key = Key.generate("EdDSA");
  const verifier = new Verifier(key.publicKey());
  const signing = { sessions: undefined, signer: new Signer(key) };
  const { dpop, serve } = makeSystem({ token: signing });
  const proof = await signer.proof({ method: "POST", url: `${ORIGIN}/token` });
  const { access_token: accessToken, ...rest } = await granted(await serve(await posting(LOG_IN, { proof })));
  assert.deepEqual(rest, { token_type: "DPoP", expires_in: 900, scope: "read" });
  const again = await serve(await posting(LOG_IN, { proof }));
  await refused(again, 400, "invalid_dpop_proof", "the DPoP proof was used before");
  assert.deepEqual(verifier.verify(accessToken).claims.cnf, { jkt: signer.thumbprint });
  const guard = bearerGuard(verifier, { dpop });
  assert.equal((await guard(await asking("/me", { accessToken }))).claims.sub, "alice");
  assert.equal((await guard(await asking("/me", { accessToken, by: other }))).status, 401);
});

test("issues bearer tokens to clients without a proof, unless proofs are required", async () => {
  const { serve, verifier } = makeSystem();
  const plain = await granted(await serve(await posting(LOG_IN, { proof: null })));
  assert.equal(plain.token_type, "bearer");
  assert.equal(verifier.verify(plain.access_token).claims.cnf, undefined);
  const request = await asking("/me", { accessToken: plain.access_token, scheme: "Bearer", proof: null });
  assert.equal((await serve(request)).status, 200);

  const strict = makeSystem({ token: { requireDpop: true }, guard: { requireDpop: true } });
  const missing = "the DPoP proof is missing from the request";
  await refused(await strict.serve(await posting(LOG_IN, { proof: null })), 400, "invalid_dpop_proof", missing);
  await granted(await strict.serve(await posting(LOG_IN)));
  const { accessToken } = await strict.sessions.start("alice");
  const answer = await strict.serve(await asking("/me", { accessToken, scheme: "Bearer", proof: null }));
  assert.equal(
    answer.headers.get("www-authenticate"),
    `DPoP algs="${ALGS}", error="invalid_token", error_description="the token did not come with the scheme DPoP"`,
  );
  await refused(answer, 401, "invalid_token", "the token did not come with the scheme DPoP");
  const { access_token: bound } = await granted(await strict.serve(await posting(LOG_IN)));
  assert.deepEqual(await granted(await strict.serve(await asking("/me", { accessToken: bound }))), { user: "alice" });
});

test("does not take the scheme DPoP for Bearer where no proofs are checked", async () => {
  const { serve, verifier } = makeSystem();
  const { access_token: accessToken } = await granted(await serve(await posting(LOG_IN)));
  const guard = bearerGuard(verifier);
  const answer = await guard(await asking("/me", { accessToken }));
  assert.deepEqual([answer.status, answer.headers.get("www-authenticate")], [401, "Bearer"]);
  // As the documentation says: this guard does not look at what a token is bound to.
  const caller = await guard(await asking("/me", { accessToken, scheme: "Bearer", proof: null }));
  assert.deepEqual(caller.claims.cnf, { jkt: signer.thumbprint });
});

test("refuses wrong proofs at the token endpoint, and asks nobody for a password", async () => {
  let asked = 0;
  const authenticate = () => {
    asked += 1;
    return { subject: "alice" };
  };
  const { serve } = makeSystem({ token: { authenticate } });
  const wrong = async (proof, description) =>
    refused(await serve(await posting(LOG_IN, { proof })), 400, "invalid_dpop_proof", description);
  await wrong("", "DPoP proof: token is not three segments separated by dots");
  await wrong("a.b.c", "DPoP proof: header is not canonical base64url");
  const at = (method, path) => signer.proof({ method, url: ORIGIN + path });
  await wrong(await at("GET", "/token"), "DPoP proof: 'htm' claim is not the method of the request");
  await wrong(await at("POST", "/me"), "DPoP proof: 'htu' claim is not the URL of the request");
  const two = `${await at("POST", "/token")}, ${await at("POST", "/token")}`;
  await wrong(two, "the DPoP proof is not the only one");
  assert.equal(asked, 0);
  const proof = await at("POST", "/token");
  await granted(await serve(await posting(LOG_IN, { proof })));
  await wrong(proof, "the DPoP proof was used before");
  assert.equal(asked, 2);
});

test("does not use up the proof of a log-in that fails", async () => {
  const { serve } = makeSystem();
  const proof = await signer.proof({ method: "POST", url: `${ORIGIN}/token` });
  const wrong = await serve(await posting({ ...LOG_IN, password: "wrong" }, { proof }));
  await refused(wrong, 400, "invalid_grant", "the user name or the password is wrong");
  await granted(await serve(await posting(LOG_IN, { proof })));
});

test("refuses to refresh with another key, and the session goes on", async () => {
  const { events, serve } = makeSystem({ session: { grace: 0 } });
  const { refresh_token } = await granted(await serve(await posting(LOG_IN)));
  const bound = "the session is bound to another key";
  await refused(await serve(await refreshing(refresh_token, { by: other })), 400, "invalid_grant", bound);
  await refused(await serve(await refreshing(refresh_token, { proof: null })), 400, "invalid_grant", bound);
  const next = await granted(await serve(await refreshing(refresh_token)));
  // An old token, without the key: it cannot end the session. With the key, it does.
  await refused(await serve(await refreshing(refresh_token, { by: other })), 400, "invalid_grant", bound);
  const last = await granted(await serve(await refreshing(next.refresh_token)));
  const reused = "the refresh token is not valid";
  await refused(await serve(await refreshing(refresh_token)), 400, "invalid_grant", reused);
  await refused(await serve(await refreshing(last.refresh_token)), 400, "invalid_grant", reused);
  assert.deepEqual(events, ["login", "wrong-key", "wrong-key", "refresh", "wrong-key", "refresh", "reuse"]);
});

test("refuses a proof for a session that is not bound, and the session goes on without one", async () => {
  const { serve } = makeSystem();
  const { refresh_token } = await granted(await serve(await posting(LOG_IN, { proof: null })));
  const description = "the session is not bound to a key";
  await refused(await serve(await refreshing(refresh_token)), 400, "invalid_grant", description);
  assert.equal((await granted(await serve(await refreshing(refresh_token, { proof: null })))).token_type, "bearer");
});

test("refreshes once for one proof, and gives the same answer to another proof of the key within grace", async () => {
  const { serve } = makeSystem();
  const { refresh_token } = await granted(await serve(await posting(LOG_IN)));
  const proof = await signer.proof({ method: "POST", url: `${ORIGIN}/token` });
  const answers = await Promise.all([1, 2].map(async () => serve(await refreshing(refresh_token, { proof }))));
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 400]);
  const right = await granted(answers.find(({ status }) => status === 200));
  const again = await granted(await serve(await refreshing(refresh_token)));
  assert.deepEqual([again.refresh_token, again.access_token], [right.refresh_token, right.access_token]);
});

test("a refresh token that nobody issued uses no proof up", async () => {
  const { serve } = makeSystem();
  const proof = await signer.proof({ method: "POST", url: `${ORIGIN}/token` });
  for (const _ of [1, 2]) {
    const answer = await serve(await refreshing("r1.made.up", { proof }));
    await refused(answer, 400, "invalid_grant", "the refresh token is not valid");
  }
});

/** What the guard answers to a request, and its challenge. */
const GUARD = [
  ["no token", {}, 401, undefined, `Bearer, DPoP algs="${ALGS}"`],
  ["no token and a proof", { proof: "x" }, 401, undefined, `Bearer, DPoP algs="${ALGS}"`],
  [
    "a bound token as Bearer",
    { scheme: "Bearer" },
    401,
    "invalid_token",
    "the token is bound to a key: it needs the scheme DPoP",
  ],
  [
    "a bound token as Bearer, without a proof",
    { scheme: "Bearer", proof: null },
    401,
    "invalid_token",
    "the token is bound to a key: it needs the scheme DPoP",
  ],
  ["no proof", { proof: null }, 401, "invalid_dpop_proof", "the DPoP proof is missing from the request"],
  [
    "a proof that is none",
    { proof: "x" },
    401,
    "invalid_dpop_proof",
    "DPoP proof: token is not three segments separated by dots",
  ],
  ["a proof of another key", { by: other }, 401, "invalid_token", "DPoP proof: 'cnf' claim names another key"],
  ["another scheme", { scheme: "Basic" }, 401, undefined, `Bearer, DPoP algs="${ALGS}"`],
];

for (const [name, more, status, error, text] of GUARD) {
  test(`the guard refuses ${name}, and lets the neighbor pass`, async () => {
    const { serve, sessions } = makeSystem();
    const { accessToken } = await sessions.start("alice", { proof: { thumbprint: signer.thumbprint } });
    for (const scheme of ["DPoP", "dpop", "DPOP "]) {
      assert.equal((await serve(await asking("/me", { accessToken, scheme }))).status, 200);
    }
    const needsToken = !name.startsWith("no token");
    const answer = await serve(await asking("/me", { ...(needsToken && { accessToken }), ...more }));
    assert.equal(answer.status, status);
    if (error === undefined) {
      assert.equal(answer.headers.get("www-authenticate"), text);
      assert.equal(await answer.text(), "");
      return;
    }
    const said = `error="${error}", error_description="${text}"`;
    const challenge =
      more.scheme === "Bearer" ? `Bearer ${said}, DPoP algs="${ALGS}"` : `Bearer, DPoP algs="${ALGS}", ${said}`;
    assert.equal(answer.headers.get("www-authenticate"), challenge);
    await refused(answer, status, error, text);
  });
}

test("the guard refuses the proof of another request, of another token, and one that was used", async () => {
  const { serve, sessions } = makeSystem();
  const { accessToken } = await sessions.start("alice", { proof: { thumbprint: signer.thumbprint } });
  const { accessToken: another } = await sessions.start("bob", { proof: { thumbprint: signer.thumbprint } });
  const proof = (more) => signer.proof({ method: "GET", url: `${ORIGIN}/me`, accessToken, ...more });
  const wrong = async (made, description) => {
    const answer = await serve(await asking("/me", { accessToken, proof: await made }));
    await refused(answer, 401, "invalid_dpop_proof", description);
  };
  await wrong(proof({ method: "POST" }), "DPoP proof: 'htm' claim is not the method of the request");
  await wrong(proof({ url: `${ORIGIN}/you` }), "DPoP proof: 'htu' claim is not the URL of the request");
  await wrong(proof({ accessToken: another }), "DPoP proof: 'ath' claim is not the hash of the token");
  await wrong(proof({ accessToken: undefined }), "DPoP proof: missing 'ath' claim");
  const right = await proof({});
  const answers = await Promise.all(
    Array.from({ length: 10 }, async () => serve(await asking("/me", { accessToken, proof: right }))),
  );
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, ...Array(9).fill(401)]);
  await wrong(right, "the DPoP proof was used before");
});

test("the guard refuses a token that is not bound with the scheme DPoP", async () => {
  const { key, serve, sessions } = makeSystem();
  const { accessToken } = await sessions.start("alice");
  const description = "the token is not bound to a key";
  await refused(await serve(await asking("/me", { accessToken })), 401, "invalid_token", description);
  const jwt = new Signer(key);
  // Bound in a way that nobody can read, it is not a bearer token either. Bound to a certificate alone, it is as before.
  for (const [cnf, status] of [
    [{ jkt: 7 }, 401],
    [{ jkt: null }, 401],
    [{ "x5t#S256": "a" }, 200],
    [{}, 200],
    [null, 200],
    ["text", 401],
    ["", 401],
    [7, 401],
    [false, 401],
    [[], 401],
    [[{ jkt: signer.thumbprint }], 401],
  ]) {
    const token = jwt.sign({ sub: "alice", cnf });
    const bearer = await asking("/me", { accessToken: token, scheme: "Bearer", proof: null });
    assert.equal((await serve(bearer)).status, status, JSON.stringify(cnf));
    assert.equal((await serve(await asking("/me", { accessToken: token }))).status, 401);
  }
});

/** Where a guard keeps the claims as they were signed, for adapters. */
const signedClaimsOf = (caller) => caller[Symbol.for("countersign.signed")];

test("the guard finds the key of a token whose schema leaves it out", async () => {
  const { dpop, key, serve, sessions } = makeSystem();
  const { accessToken } = await sessions.start("alice", { proof: { thumbprint: signer.thumbprint } });
  const validate = ({ sub }) => ({ value: { sub } });
  const schema = { "~standard": { version: 1, vendor: "ours", validate } };
  const guard = bearerGuard(new Verifier(key.publicKey(), { schema }), { dpop });
  const caller = await guard(await asking("/me", { accessToken }));
  assert.deepEqual(caller.claims, { sub: "alice" });
  assert.equal(signedClaimsOf(caller).cnf.jkt, signer.thumbprint);
  assert.equal((await guard(await asking("/me", { accessToken, by: other }))).status, 401);
  const bearer = await guard(await asking("/me", { accessToken, scheme: "Bearer" }));
  await refused(bearer, 401, "invalid_token", "the token is bound to a key: it needs the scheme DPoP");
  assert.equal(bearer.headers.has("dpop-nonce"), false);
  assert.equal((await serve(await asking("/me", { accessToken }))).status, 200);
});

test("the guard refuses two tokens, and a bound token anywhere but in its scheme", async () => {
  const { serve, sessions } = makeSystem({
    guard: { from: ["authorization", { cookie: "token" }, { header: "X-Token" }] },
  });
  const { accessToken } = await sessions.start("alice", { proof: { thumbprint: signer.thumbprint } });
  const proof = await signer.proof({ method: "GET", url: `${ORIGIN}/me`, accessToken });
  const send = (headers) => serve(new Request(`${ORIGIN}/me`, { headers: { DPoP: proof, ...headers } }));
  const needs = "the token is bound to a key: it needs the scheme DPoP";
  await refused(await send({ Cookie: `token=${accessToken}` }), 401, "invalid_token", needs);
  await refused(await send({ "X-Token": accessToken }), 401, "invalid_token", needs);
  const both = { Authorization: `DPoP ${accessToken}`, "X-Token": accessToken };
  await refused(await send(both), 400, "invalid_request", "more than one token");
  const two = { Authorization: `Bearer ${accessToken}, DPoP ${accessToken}` };
  await refused(await send(two), 400, "invalid_request", "the Authorization header does not hold one token");
  assert.equal((await send({ Authorization: `DPoP ${accessToken}` })).status, 200);
});

test("a token that is bound to a key is none for pages with cookies", async () => {
  const { sessions, verifier } = makeSystem();
  const cookies = cookieSession(sessions, { verifier, authenticate: () => null });
  const ask = (accessToken) =>
    cookies.guard(new Request(`${ORIGIN}/`, { headers: { Cookie: `__Host-Http-session=${accessToken}` } }));
  const { accessToken } = await sessions.start("alice");
  assert.equal((await ask(accessToken)).claims.sub, "alice");
  const bound = await sessions.start("alice", { proof: { thumbprint: signer.thumbprint } });
  assert.equal((await ask(bound.accessToken)).status, 401);
});

test("the guard checks the scope before it uses a proof up, and visitors need none", async () => {
  const { serve, sessions } = makeSystem({ guard: { scope: "admin", optional: true, realm: "api" } });
  const { accessToken } = await sessions.start("alice", { proof: { thumbprint: signer.thumbprint }, scopes: ["read"] });
  const proof = await signer.proof({ method: "GET", url: `${ORIGIN}/me`, accessToken });
  for (const _ of [1, 2]) {
    const answer = await serve(await asking("/me", { accessToken, proof }));
    assert.equal(answer.status, 403);
    const challenge = `Bearer realm="api", DPoP realm="api", algs="${ALGS}", error="insufficient_scope", error_description="the token does not have the required scope", scope="admin"`;
    assert.equal(answer.headers.get("www-authenticate"), challenge);
  }
  assert.deepEqual(await granted(await serve(await asking("/me", { proof: null }))), { user: null });
});

test("demands nonces at both ends, and gives them in DPoP-Nonce", async () => {
  const { dpop, serve } = makeSystem({ dpop: { nonceSecret: SECRET } });
  const first = await serve(await posting(LOG_IN));
  const nonce = first.headers.get("dpop-nonce");
  assert.equal(nonce, await dpop.nonce());
  await refused(first, 400, "use_dpop_nonce", "DPoP proof: missing 'nonce' claim");
  const right = await serve(await posting(LOG_IN, { nonce }));
  assert.equal(right.headers.get("dpop-nonce"), null);
  const { access_token: accessToken } = await granted(right);

  const without = await serve(await asking("/me", { accessToken }));
  assert.equal(without.headers.get("dpop-nonce"), nonce);
  const said = `error="use_dpop_nonce", error_description="DPoP proof: missing 'nonce' claim"`;
  assert.equal(without.headers.get("www-authenticate"), `Bearer, DPoP algs="${ALGS}", ${said}`);
  await refused(without, 401, "use_dpop_nonce", "DPoP proof: missing 'nonce' claim");
  assert.equal((await serve(await asking("/me", { accessToken, nonce }))).status, 200);
  const stale = await serve(await asking("/me", { accessToken, nonce: `1.${nonce.split(".")[1]}` }));
  assert.equal(stale.headers.get("dpop-nonce"), nonce);
  await refused(stale, 401, "use_dpop_nonce", "DPoP proof: 'nonce' claim is not a recent nonce of this server");
});

test("gives the next nonce with a right answer", async (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: 1_800_000_000_000 });
  const { dpop, serve } = makeSystem({ dpop: { nonceSecret: SECRET, nonceExpiresIn: 60 } });
  const nonce = await dpop.nonce();
  const { access_token: accessToken } = await granted(await serve(await posting(LOG_IN, { nonce })));
  t.mock.timers.setTime(1_800_000_031_000);
  const next = await dpop.nonce();
  assert.notEqual(next, nonce);
  for (const request of [asking("/me", { accessToken, nonce }), posting(LOG_IN, { nonce })]) {
    const answer = await serve(await request);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get("dpop-nonce"), next);
    assert.equal(answer.headers.get("cache-control"), "no-store");
  }
});

test("answers 503 when the store of used proofs fails", async () => {
  const replace = () => Promise.reject(new Error("down"));
  const failing = { get: () => undefined, list: () => [], replace };
  const { serve, sessions } = makeSystem({ dpop: { store: failing } });
  const { accessToken } = await sessions.start("alice", { proof: { thumbprint: signer.thumbprint } });
  const answer = await serve(await asking("/me", { accessToken }));
  assert.equal(answer.headers.get("retry-after"), "3");
  await refused(answer, 503, "temporarily_unavailable", "the used proofs are not available");
  await refused(await serve(await posting(LOG_IN)), 503, "temporarily_unavailable", "nobody can log in at the moment");
});

test("speaks FastAPI's words if asked", async () => {
  const { serve, sessions } = makeSystem({ guard: { errors: "fastapi" }, token: { errors: "fastapi" } });
  const { accessToken } = await sessions.start("alice", { proof: { thumbprint: signer.thumbprint } });
  const said = "DPoP proof: token is not three segments separated by dots";
  for (const [request, status, detail] of [
    [await asking("/me", { accessToken, proof: "x" }), 401, "Could not validate credentials"],
    [await posting(LOG_IN, { proof: "x" }), 400, said],
  ]) {
    const answer = await serve(request);
    assert.equal(answer.status, status);
    assert.deepEqual(await answer.json(), { detail, error: "invalid_dpop_proof", error_description: said });
  }
});

test("passes on what a verifier of proofs throws that is no fault of the proof", async () => {
  const { serve, verifier } = makeSystem();
  const { access_token: accessToken } = await granted(await serve(await posting(LOG_IN)));
  for (const thrown of [undefined, new TypeError("x"), { code: "NO_TOKEN_SERVER", message: "x" }]) {
    const dpop = { algorithms: [], check: () => Promise.reject(thrown), nonce: async () => undefined };
    const request = await asking("/me", { accessToken });
    await assert.rejects(bearerGuard(verifier, { dpop })(request), (error) => error === thrown);
  }
  const noNonce = { algorithms: [], check() {} };
  assert.throws(() => bearerGuard(verifier, { dpop: noNonce }), invalid('option "dpop" has no method "nonce"'));
});

test("a verifier of proofs of another make must return a proof, and must not say no without an error", async () => {
  const { serve, sessions, verifier } = makeSystem();
  const { access_token: accessToken } = await granted(await serve(await posting(LOG_IN)));
  const authenticate = (username) => ({ subject: username });
  const { thumbprint } = signer;
  const made = (proof) => ({ algorithms: [], check: async () => proof, nonce: async () => undefined });
  const needed = (kind) => `option "dpop" returned ${kind} that is no proof: it must return { thumbprint, use }`;
  const used = (kind) => `"use" of the proof returned ${kind}: it must return nothing, and throw if it was used before`;
  const using = (answer) => ({ thumbprint, use: async () => answer });
  for (const [proof, message] of [
    [undefined, needed("undefined")],
    [false, needed("a boolean")],
    [true, needed("a boolean")],
    [{}, needed("an object")],
    [{ thumbprint }, needed("an object")],
    [{ thumbprint: "", use() {} }, needed("an object")],
    [Object.create(using(undefined)), needed("an instance of a class")],
    [using(false), used("a boolean")],
    [using(true), used("a boolean")],
    [using(null), used("null")],
    [using("OK"), used("a string")],
  ]) {
    const dpop = made(proof);
    await assert.rejects(bearerGuard(verifier, { dpop })(await asking("/me", { accessToken })), invalid(message));
    for (const more of [{ sessions }, { signer: new Signer(Key.generate("EdDSA")) }]) {
      await assert.rejects(tokenEndpoint({ authenticate, dpop, ...more })(await posting(LOG_IN)), invalid(message));
    }
  }
  const wrongKey = made({ thumbprint: other.thumbprint, async use() {} });
  const otherKey = invalid('option "dpop" accepted the proof of another key');
  await assert.rejects(bearerGuard(verifier, { dpop: wrongKey })(await asking("/me", { accessToken })), otherKey);
  const right = bearerGuard(verifier, { dpop: made(using(undefined)) });
  assert.equal((await right(await asking("/me", { accessToken }))).claims.sub, "alice");

  // The same where a proof is passed to the sessions.
  const told = invalid('"use" of option "proof" must return nothing, and throw if the proof was used before');
  await assert.rejects(sessions.start("alice", { proof: using(false) }), told);
  const { refreshToken } = await sessions.start("alice", { proof: using(undefined) });
  await assert.rejects(sessions.refresh(refreshToken, { proof: using(false) }), told);
  await sessions.refresh(refreshToken, { proof: { thumbprint } });
});

test("refuses options that are wrong", async () => {
  const { sessions, verifier } = makeSystem();
  const authenticate = () => null;
  for (const make of [
    (options) => bearerGuard(verifier, options),
    (options) => tokenEndpoint({ sessions, authenticate, ...options }),
  ]) {
    assert.throws(() => make({ requireDpop: true }), invalid('option "requireDpop" needs "dpop"'));
    assert.throws(() => make({ dpop: true }), invalid('option "dpop" has no method "check"'));
    assert.throws(() => make({ dpop: { check() {}, nonce() {} } }), invalid('option "dpop" has no list "algorithms"'));
    make({ dpop: new DpopVerifier(), requireDpop: false });
  }
  const proof = { thumbprint: signer.thumbprint };
  const cnf = invalid('option "claims" must not set "cnf"');
  await assert.rejects(sessions.start("alice", { proof, claims: { cnf: {} } }), cnf);
  await sessions.start("alice", { claims: { cnf: {} } });
  for (const wrong of [{}, { thumbprint: "" }, null, "x"]) {
    await assert.rejects(sessions.start("alice", { proof: wrong }), invalid('option "proof" has no "thumbprint"'));
  }
  const { serve } = makeSystem({ token: { authenticate: () => ({ subject: "alice", claims: { cnf: {} } }) } });
  await assert.rejects(serve(await posting(LOG_IN)), cnf);
  // An object of the shape of Sessions that binds nothing.
  const plain = { start: async () => sessions.start("alice"), refresh: async () => sessions.start("alice") };
  const blind = makeSystem({ token: { sessions: plain } });
  const notBound = invalid('option "sessions" has not bound the tokens to the key');
  await assert.rejects(blind.serve(await posting(LOG_IN)), notBound);
  await assert.rejects(blind.serve(await refreshing("r")), notBound);
  await granted(await blind.serve(await posting(LOG_IN, { proof: null })));
});

test("tells clients about it in the metadata", () => {
  const dpop = new DpopVerifier({ algorithms: ["ES256", "EdDSA"] });
  const server = authorizationServerMetadata({ issuer: "https://login.example", tokenEndpoint: "/token", dpop });
  assert.deepEqual(server.document.dpop_signing_alg_values_supported, ["ES256", "EdDSA"]);
  const resource = protectedResourceMetadata({ resource: ORIGIN, dpop, requireDpop: true });
  assert.deepEqual(resource.document.dpop_signing_alg_values_supported, ["ES256", "EdDSA"]);
  assert.equal(resource.document.dpop_bound_access_tokens_required, true);
  const without = protectedResourceMetadata({ resource: ORIGIN, dpop });
  assert.equal("dpop_bound_access_tokens_required" in without.document, false);
  assert.throws(
    () => protectedResourceMetadata({ resource: ORIGIN, requireDpop: true }),
    invalid('option "requireDpop" needs "dpop"'),
  );
});
