// What the declarations must accept and refuse. This file is compiled but never run. If the line below a `@ts-expect-error`
// compiles, the compiler reports it.

import {
  type Claims,
  CountersignError,
  type decodeHeaderUnverified,
  decodeUnverified,
  type ErrorCode,
  type JsonWebKey,
  type JwksCache,
  type JwksFetch,
  judgeClaims,
  Key,
  KeySet,
  RemoteKeySet,
  type RemoteKeySetState,
  Signer,
  sign,
  usePlatformCryptography,
  type VerificationKeys,
  type Verified,
  Verifier,
  verify,
  verifyAsync,
  webCache,
} from "countersign";
import type { decodeUnverified as shown } from "countersign/decode";
import { bearerGuard, cookieSession, jwksEndpoint, type SessionCaller, tokenEndpoint } from "countersign/http";
import * as jwe from "countersign/jwe";
import * as jws from "countersign/jws";
import * as jwt from "countersign/jwt";
import { KeyRing, type KeyRingEvent, type RingKeyInfo, type Rotation } from "countersign/key-ring";
import * as password from "countersign/password";
import { memoryStore, oneTimeTokens, Sessions } from "countersign/session";
import { init, initSync } from "countersign/slim";
import { proven, type Same } from "./same.js";

// Keys ---------------------------------------------------------------------------------------------------------------
const key: Key = Key.fromSecret(new Uint8Array(32), { alg: "HS256", kid: "a", allowShort: true });
const pair: Key = Key.generate("EdDSA", { kid: "b" });
Key.fromPem("", { alg: "Ed25519" });
Key.fromDer(new Uint8Array(), { alg: "EdDSA" });
Key.fromJwk({ kty: "oct", k: "" }, { alg: "HS512" });
proven<Same<typeof key.type, "secret" | "private" | "public">>();
proven<Same<typeof key.kid, string | undefined>>();
proven<Same<ReturnType<Key["thumbprint"]>, string>>();
proven<Same<ReturnType<Key["toJwk"]>, JsonWebKey>>();
key.thumbprint("sha384");
Key.fromJwk({ kty: "oct", k: "" }, { alg: "HS256", allowShort: true });
proven<Same<ReturnType<Key["withKid"]>, Key>>();
key.withKid("a").withKid().withAlg("HS512");
proven<Same<typeof key.curve, string | undefined>>();
proven<Same<typeof key.modulusLength, number | undefined>>();
proven<Same<ReturnType<typeof usePlatformCryptography>, boolean>>();
proven<Same<Verifier["engine"], "wasm" | "node:crypto" | "webcrypto" | undefined>>();
proven<Same<Signer["engine"], "wasm" | "node:crypto" | "webcrypto" | undefined>>();
// @ts-expect-error the argument is required
usePlatformCryptography();
// @ts-expect-error `alg` is required
Key.fromSecret(new Uint8Array(32));
// @ts-expect-error an HMAC secret has an HMAC algorithm
Key.fromSecret(new Uint8Array(32), { alg: "EdDSA" });
// @ts-expect-error a PEM key has an asymmetric algorithm
Key.fromPem("", { alg: "HS256" });
// @ts-expect-error there is no algorithm "none"
Key.generate("none");
// @ts-expect-error not a digest
key.thumbprint("md5");
// @ts-expect-error keys are made by `from…` and `generate`
new Key();
// @ts-expect-error the algorithm of a key does not change
key.alg = "HS512";
// @ts-expect-error internal methods are not declared
key.raw();

const set: KeySet = new KeySet([pair.publicKey()]);
const published: { keys: JsonWebKey[] } = KeySet.fromJwks({ keys: [] }).toJwks();
// @ts-expect-error a set is made of an array
new KeySet(key);

// Tokens -------------------------------------------------------------------------------------------------------------
const token: string = sign({ sub: "alice" }, key, {
  expiresIn: "15m",
  audience: ["a", "b"],
  jwtId: true,
  now: new Date(),
});
sign({ exp: 1 }, key, { expiresIn: null });
new Signer(key, { issuer: "i" }).sign({}, { subject: "s" });
// @ts-expect-error a misspelled option
sign({}, key, { audiance: "x" });
// @ts-expect-error claims are an object
sign("alice", key);
sign({}, key, { typ: null });
// @ts-expect-error only `expiresIn` and `typ` may be `null`
sign({}, key, { issuer: null });

const read = decodeUnverified(token);
proven<Same<ReturnType<typeof shown>, ReturnType<typeof decodeUnverified>>>();
proven<Same<ReturnType<typeof decodeHeaderUnverified>["alg"], string>>();
judgeClaims({ sub: 7 }, { allowNumericSubject: true, now: new Date() });
const verified = verify(token, key, {
  issuer: ["i"],
  audience: "a",
  clockTolerance: "30s",
  maxAge: 60,
  requiredClaims: ["sub"],
});
proven<Same<typeof verified, Verified<Claims>>>();
proven<Same<typeof verified.claims.exp, number | undefined>>();
const beside: VerificationKeys = [key, set];
new Verifier(beside, { audience: "api" }).verify(token);
verify(token, [key, set]);
proven<Same<typeof set.nextEnd, Date | undefined>>();
const own = new Verifier(set).verify<{ role: "admin" | "user" }>(token);
proven<Same<typeof own.claims.role, "admin" | "user">>();
proven<Same<typeof own.claims.sub, string | undefined>>();
proven<Same<typeof own.header.alg, string>>();
// @ts-expect-error a claim that was not declared
own.claims.scope;
// @ts-expect-error there is no option for algorithms: the key has one
verify(token, key, { algorithms: ["HS256"] });
// @ts-expect-error the option is called `allowMissingExpiry`
verify(token, key, { ignoreExpiration: true });
// @ts-expect-error a secret is not a key
verify(token, "secret");
proven<Same<typeof read.header.alg, string>>();

// JWE ----------------------------------------------------------------------------------------------------------------
const sealing = jwe.EncryptionKey.generate("A192GCMKW");
jwe.EncryptionKey.generate("ECDH-ES+A192KW", { crv: "P-521" });
const direct: jwe.EncryptionKey = sealing.withAlg("dir", { enc: "A192GCM" }).withKid("a");
proven<Same<typeof direct.curve, jwe.EncryptionCurve | undefined>>();
proven<Same<typeof direct.modulusLength, number | undefined>>();
proven<Same<ReturnType<typeof direct.thumbprint>, string>>();
jwe.EncryptionKey.fromUnverifiedCertificate(new Uint8Array(), { alg: "RSA-OAEP-256", kid: "a" });
// @ts-expect-error a certificate has no secret
jwe.EncryptionKey.fromUnverifiedCertificate("", { alg: "A256KW" });
// @ts-expect-error RSA1_5 is not offered
jwe.EncryptionKey.generate("RSA1_5");
const flat: jwe.FlattenedJwe = jwe.encryptJson(new Uint8Array(), sealing, {
  aad: new Uint8Array(),
  enc: "A192CBC-HS384",
});
proven<Same<ReturnType<typeof jwe.encryptJson<readonly jwe.EncryptionKey[]>>, jwe.FlattenedJwe | jwe.GeneralJwe>>();
const inJson = jwe.decryptJson(flat, [sealing], { maxDecompressedLength: 0 });
proven<Same<typeof inJson.recipient, number>>();
const sealedClaims = jwe.decryptClaims<{ scope: string }>(token, sealing, { audience: "a", now: new Date() });
proven<Same<typeof sealedClaims.claims.scope, string>>();
proven<Same<typeof sealedClaims.claims.exp, number | undefined>>();
jwe.decryptAndVerify(token, sealing, new Verifier(key), { allowMissingCty: true });
// @ts-expect-error the `cty` of a nested token is fixed
jwe.decryptAndVerify(token, sealing, new Verifier(key), { cty: "JWT" });

// JWS ----------------------------------------------------------------------------------------------------------------
const bytes = new Uint8Array();
const signed: string = jws.signJws(bytes, key, { typ: "t", cty: "c", header: { x: 1 }, crit: ["x"], b64: false });
const checked = jws.verifyJws(signed, set, {
  detached: bytes,
  crit: ["x"],
  allowPadding: true,
  maxLength: 1,
  now: new Date(),
});
proven<Same<typeof checked.payload, Uint8Array<ArrayBuffer>>>();
proven<Same<typeof checked.header.alg, string>>();
const flattened: jws.FlattenedJws = jws.signJwsJson(bytes, { key: pair, unprotected: {} }, { detached: true });
const general: jws.GeneralJws = jws.signJwsJson(bytes, [{ key: pair, typ: "t" }]);
const held = jws.verifyJwsJson(general, set, { require: "all" }).signatures[0];
jws.verifyJwsJson(JSON.stringify(flattened), pair);
jws.verifyJwsJson(JSON.stringify(flattened), [pair, set]);
jws.verifyJws(signed, [set, pair]);
proven<Same<typeof held.index, number>>();
proven<Same<typeof held.kid, string | undefined>>();
// @ts-expect-error a payload is bytes
jws.signJws("text", key);
// @ts-expect-error unprotected headers are not returned
held.unprotected;
// @ts-expect-error a compact JWS has one signature
jws.verifyJws(signed, key, { require: "any" });
// @ts-expect-error tokens have no critical extensions
verify(token, key, { crit: ["b64"] });
// @ts-expect-error tokens are not detached
verify(token, key, { detached: bytes });
// @ts-expect-error tokens are not unencoded
sign({}, key, { b64: false });
verify(token, key, { profile: "at+jwt", issuer: "i", audience: "a" });
// @ts-expect-error not a profile
sign({}, key, { profile: "id+jwt" });
// Keys from a server -------------------------------------------------------------------------------------------------
const ownCache: JwksCache = { get: async () => null, put: async () => {} };
const remote = new RemoteKeySet(new URL("https://login.example/keys"), {
  alg: "RS256",
  allowInsecureLoopback: true,
  cache: ownCache,
  cooldown: 30,
  fetch,
  headers: { Authorization: "Bearer x" },
  maxAge: 600,
  maxResponseBytes: 1000,
  minAge: 60,
  onRefreshError: (failed, under) => proven<Same<[typeof failed, typeof under], [CountersignError, unknown]>>(),
  staleIfError: 0,
  timeoutMs: 1000,
  waitUntil: (work) => void work,
});
const later = new Verifier(remote, { issuer: "i" }).verifyAsync<{ role: "admin" }>(token);
proven<Same<Awaited<typeof later>["claims"]["role"], "admin">>();
proven<Same<typeof remote.state, RemoteKeySetState>>();
proven<Same<typeof remote.keySet, KeySet | undefined>>();
const fetched: Promise<KeySet> = remote.refresh();
const both: Promise<Verified>[] = [verifyAsync(token, key), verifyAsync(token, set, { audience: "a" })];
new RemoteKeySet("https://login.example/keys", { cache: webCache(() => caches.open("keys"), "https://api.example/") });
// The function of node-fetch: its own `Headers`, and a Node stream.
declare function nodeFetch(
  url: string | URL,
  init?: {
    agent?: object;
    headers?: Record<string, string>;
    redirect?: "error" | "follow" | "manual";
    signal?: object;
  },
): Promise<{
  body: AsyncIterable<string | Uint8Array> | null;
  bodyUsed: boolean;
  headers: { get(name: string): string | null; raw(): object };
  redirected: boolean;
  status: number;
}>;
const proxied: JwksFetch = (url, init) => nodeFetch(url, { ...init, agent: {} });
new RemoteKeySet("https://login.example/keys", { fetch: nodeFetch });
new RemoteKeySet("https://login.example/keys", { fetch: proxied });
new RemoteKeySet("https://login.example/keys", { fetch: (url, init) => fetch(url, init) });
new RemoteKeySet("https://login.example/keys", { fetch: async (_: string, __: RequestInit) => new Response() });
// @ts-expect-error parsed JSON
new RemoteKeySet("https://login.example/keys", { fetch: async () => ({ keys: [] }) });
// @ts-expect-error a `RemoteKeySet` needs `verifyAsync`
verify(token, remote);
// @ts-expect-error a misspelled option
new RemoteKeySet("https://login.example/keys", { coolDown: 30 });
// @ts-expect-error internal methods are not declared
remote.verifier();

// Errors -------------------------------------------------------------------------------------------------------------
const error = new CountersignError("TOKEN_EXPIRED", "token has expired", "exp");
proven<Same<typeof error.code, ErrorCode>>();
proven<Same<typeof error.claim, string | undefined>>();
proven<Same<typeof error.reason, string | undefined>>();
proven<Same<typeof error.parameter, string | undefined>>();
// @ts-expect-error not a code
const misspelled: ErrorCode = "TOKEN_EXPIRD";

// Entries ------------------------------------------------------------------------------------------------------------
const same: [typeof Key, typeof Key, typeof CountersignError] = [jwt.Key, jws.Key, password.CountersignError];
const loading: Promise<void> = init({ jwt: fetch("/jwt.wasm"), password: new Uint8Array() });
initSync({ jwt: new Uint8Array() });
// @ts-expect-error the token entry does not export passwords
jwt.hashPassword;
// @ts-expect-error the password entry does not export tokens
password.verify("", key);
// @ts-expect-error only the slim entries have `init`
jwt.init();

const guard = bearerGuard(new Verifier(set), { scope: "admin", realm: "api" });
const passed: Promise<Response | (Verified & { scopes: readonly string[] })> = guard(
  new Request("https://api.example"),
);
const remoteGuard = bearerGuard(new Verifier(remote));
bearerGuard({ verifyAsync: async () => verified });
const keys: (request: Request) => unknown = jwksEndpoint(set);

const store = memoryStore();
const sessions = new Sessions({ signer: new Signer(key), store, secret: "a secret of 32 bytes, or a few more" });
const cookies = cookieSession(sessions, { verifier: new Verifier(key), authenticate: () => null });

const ring = new KeyRing({
  alg: "ES256",
  store,
  secret: ["a secret of 32 bytes, or a few more"],
  rotateEvery: "30d",
  tokensLiveFor: 900,
  onEvent: ({ kid, signsFrom, type }: KeyRingEvent) => console.log(type, kid?.length, signsFrom?.getTime()),
});
const ringSessions: Sessions = new Sessions({
  signer: ring.signer(),
  store,
  secret: "a secret of 32 bytes, or a few more",
});
tokenEndpoint({ signer: ring.signer({ issuer: "i" }), authenticate: () => null });
const ofRing: Verifier = new Verifier(ring.keySet(), { issuer: "i" });
jwksEndpoint(ring);
jwksEndpoint(ring.keySet());
const rotation: Promise<Rotation> = ring.rotate({ withdraw: true });
const infos: Promise<RingKeyInfo[]> = ring.keys();
// @ts-expect-error: secrets cannot be published
new KeyRing({ alg: "HS256", store, secret: "", rotateEvery: 1, tokensLiveFor: 1 });
// @ts-expect-error: misspelled
ring.rotate({ withdrawn: true });
void [ringSessions, ofRing, rotation, infos];
const visitor: Promise<SessionCaller<{ org: string }> | Response> = cookies.guard<{ org: string }>(
  new Request("https://app.example"),
);
const perhaps: Promise<SessionCaller | Response | null> = cookies.guard({ url: "/", headers: {} }, { optional: true });
const route: (request: Request) => Promise<Response> = cookies.protect(
  (_, caller) => Response.json(caller.claims.sub),
  { scope: ["read"] },
);
// @ts-expect-error with `optional`, there may be no caller
cookies.protect((_, caller) => Response.json(caller.claims), { optional: true });
// @ts-expect-error the verifier is required
cookieSession(sessions, { authenticate: () => null });
const once = oneTimeTokens({ purpose: "email", store, secret: new Uint8Array(32), state: async () => null });
const owner: Promise<{ subject: string }> = once.use("token", { subject: "alice" });

export {
  both,
  cookies,
  fetched,
  guard,
  keys,
  later,
  loading,
  misspelled,
  owner,
  passed,
  perhaps,
  published,
  remoteGuard,
  route,
  same,
  tokenEndpoint,
  visitor,
};
