// The routes that every framework serves in the tests: guarded ones, and endpoints. This file also runs in Workers, Bun and Deno.

import { DpopVerifier } from "countersign/dpop";
import { bearerGuard, cookieSession, jwksEndpoint, revocationEndpoint, tokenEndpoint } from "countersign/http";
import { CountersignError, Key, KeySet, Signer, Verifier } from "countersign/jwt";
import { memoryStore, Sessions } from "countersign/session";
import { ForeignResponse } from "./foreign-response.mjs";

/** The key of RFC 8037, appendix A. A server in another process must have the same. */
const key = Key.fromJwk({
  kty: "OKP",
  crv: "Ed25519",
  d: "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
  x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
  kid: "one",
  alg: "EdDSA",
});
const audience = "https://api.example";
export const signer = new Signer(key, { audience });

export const verifier = new Verifier(key.publicKey(), { audience });

/** A verifier whose key server does not answer. */
const down = {
  async verifyAsync() {
    throw new CountersignError("JWKS_UNAVAILABLE", "the keys are not available");
  },
};

const fail = () => {
  throw new Error("a fault of ours");
};

/** Sessions in cookies. */
const secret = "a secret of 32 bytes, or a few more";
const cookies = cookieSession(new Sessions({ signer, store: memoryStore(), secret }), {
  verifier,
  authenticate: (username, password) => (password === "right" ? { subject: username, scopes: ["read"] } : null),
});

const caller = { header: { alg: "EdDSA" }, claims: { sub: "alice" }, scopes: [] };

/** What a guard of the application may return: nobody passes, unless it is a caller or `null`. */
export const WRONG_ANSWERS = {
  undefined: undefined,
  false: false,
  true: true,
  text: "alice",
  number: 7,
  list: [caller],
  function: () => caller,
  error: new Error("not logged in"),
  object: {},
  payload: { sub: "alice" },
  claims: { claims: { sub: "alice" } },
  inherited: Object.create(caller),
  "no-scopes": { ...caller, scopes: undefined },
  "text-scopes": { ...caller, scopes: "read" },
  "no-header": { ...caller, header: null },
  "text-claims": { ...caller, claims: "alice" },
  "plain-headers": { ...caller, headers: { a: "b" } },
  "like-a-response": { status: 401, headers: new Headers(), body: null },
};
const REFUSAL = { error: "invalid_token", error_description: "mine" };
const refused = { status: 401, headers: { "Content-Type": "application/json", "WWW-Authenticate": "Mine" } };

/** Proofs of DPoP. Clients know the server by this name. */
export const dpop = new DpopVerifier({ publicUrl: "https://api.example", nonceSecret: secret, nonceExpiresIn: 3600 });

/** What each guarded route passes to the framework's `guard`. The route answers with the caller's `sub`, or with "nobody". */
export const GUARDS = {
  "/me": [verifier],
  "/admin": [verifier, { scope: "admin", realm: "api" }],
  "/visitor": [verifier, { optional: true }],
  "/cookie": [verifier, { from: { cookie: "__Host-token" } }],
  "/down": [down],
  "/broken": [verifier, { accept: fail }],
  // A guard that somebody already has.
  "/made": [bearerGuard(verifier, { scope: "read" })],
  ...Object.fromEntries(
    Object.entries(WRONG_ANSWERS).map(([name, answer]) => [`/wrong/${name}`, [async () => answer]]),
  ),
  "/own/caller": [() => caller],
  "/own/null": [async () => null],
  "/own/refusal": [async () => Response.json(REFUSAL, refused)],
  "/own/foreign": [async () => new ForeignResponse(JSON.stringify(REFUSAL), refused)],
  "/bound": [verifier, { dpop }],
  "/page": [cookies],
  // The handler sets a cookie of its own.
  "/page/own": [cookies],
  "/page/scope": [cookies, { scope: "admin" }],
  "/page/visitor": [cookies, { optional: true }],
};

/** What `routes` answer with. */
export const nameOf = (auth) => auth?.claims.sub ?? "nobody";

const ended = [];

/** The endpoints, for every method. */
export const ENDPOINTS = {
  "/token": tokenEndpoint({
    signer,
    authenticate: (username, password) => (password === "right" ? { subject: username } : null),
  }),
  "/revoke": revocationEndpoint({ end: async (token) => ended.push(token) }),
  "/login": cookies.login,
  "/jwks": jwksEndpoint(new KeySet([key])),
  "/cookies": async () => {
    const headers = new Headers({ Location: "/elsewhere" });
    headers.append("Set-Cookie", "a=1; Path=/");
    headers.append("Set-Cookie", "b=2; Path=/");
    return new Response(null, { status: 303, headers });
  },
};

/** A token, and the header with it. */
export const tokenFor = (claims = {}, options = {}) =>
  new Signer(key).sign({ sub: "alice", aud: audience, ...claims }, options);
export const withToken = (...args) => ({ Authorization: `Bearer ${tokenFor(...args)}` });
