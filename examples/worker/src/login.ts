/** The login system: the endpoints that issue and end tokens, and the guards of the routes that need one. */

import {
  type Authenticate,
  bearerGuard,
  type Caller,
  type CookieSession,
  cookieSession,
  type Grant,
  jwksEndpoint,
  type LoginThrottle,
  loginThrottle,
  revocationEndpoint,
  tokenEndpoint,
} from "countersign/http";
import { Key, KeySet, Signer, Verifier } from "countersign/jwt";
import { durableObjectStore, Sessions } from "countersign/session";
import { shardOf } from "./accounts.js";
import { clientOf } from "./client.js";
import type { Env } from "./env.js";
import { hasher } from "./hasher.js";
import { failure } from "./json.js";
import { type KeyPair, publishedPairs, signingPair } from "./key-schedule.js";
import { scheduleOf } from "./keys.js";
import { isPossiblePassword } from "./rules.js";

type Handler = (request: Request) => Promise<Response>;

/** The claims that every token of the system has. */
export interface Claims {
  sub: string;
  sid: string;
}

/** A user of a live session. From a cookie, with headers that the answer must have. */
export type User = Caller<Claims> & { readonly headers?: Headers };

/** Lets a user pass, or refuses the request. */
type Guard = (request: Request) => Promise<User | Response>;

export interface Login {
  /** For programs, which keep their tokens themselves. */
  readonly token: Handler;
  readonly revoke: Handler;
  readonly jwks: Handler;
  /** For pages: browsers keep the tokens in cookies that no script can read. */
  readonly cookies: CookieSession;
  readonly sessions: Sessions;
  readonly throttle: LoginThrottle;
  readonly anyone: Guard;
  readonly admins: Guard;
  /** The token that a user's claims were read from. */
  tokenOf(user: User): string | undefined;
  /** The keys, the oldest first. */
  readonly pairs: readonly KeyPair[];
}

/** Makes the login system for these keys. */
export function makeLogin(env: Env, pairs: readonly KeyPair[]): Login {
  const published = publishedPairs(pairs, Date.now(), scheduleOf(env));
  const keys = new KeySet(published.map(({ privateJwk }) => Key.fromJwk(privateJwk).publicKey()));
  const verifier = new Verifier(keys, { issuer: env.ISSUER, audience: env.AUDIENCE });
  const throttle = loginThrottle({
    store: durableObjectStore(env.ATTEMPTS),
    // A locked account would need somebody to unlock it.
    perAccount: { unlockAfter: "1d" },
    ...(env.ADDRESS_HEADER === "" ? {} : { perAddress: { header: env.ADDRESS_HEADER } }),
  });
  const sessions = new Sessions({
    signer: signerOf(env, pairs),
    store: durableObjectStore(env.SESSIONS),
    // The first makes new refresh tokens. Those of the others stay valid.
    secret: secretsOf(pairs),
    accessExpiresIn: Number(env.ACCESS_TOKEN_SECONDS),
    onEvent: (event) => console.log(JSON.stringify(event)),
  });
  const check: Authenticate = (username, password, request) => authenticate(env, username, password, request);
  const seen = new WeakMap<object, string>();
  const cookies = cookieSession(sessions, {
    authenticate: check,
    throttle,
    verifier: {
      verify(token: string) {
        const verified = verifier.verify(token);
        seen.set(verified.claims, token);
        return verified;
      },
    },
  });

  const guard = (options: { scope?: string }): Guard => {
    const accept = ({ claims }: { claims: Claims }) => sessions.isLive(claims);
    const bearer = bearerGuard<Claims>(verifier, { ...options, realm: "countersign", accept });
    return (request) => {
      const isPage = request.headers.get("Cookie")?.includes("__Host-Http-session") ?? false;
      const hasCookies = isPage && !request.headers.has("Authorization");
      return hasCookies ? cookies.guard<Claims>(request, options) : bearer(request);
    };
  };
  const admins = guard({ scope: "admin" });

  return {
    token: tokenEndpoint({ authenticate: check, sessions, throttle, defaultScope: "profile" }),
    revoke: revocationEndpoint(sessions),
    jwks: jwksEndpoint(keys),
    cookies,
    sessions,
    throttle,
    anyone: guard({}),
    async admins(request) {
      const user = await admins(request);
      // A session keeps its scopes, but the user may have ceased to be an administrator.
      if (user instanceof Response || isAdmin(env, user.claims.sub)) return user;
      return failure(403, "insufficient_scope", "the user is no longer an administrator");
    },
    tokenOf: ({ claims }) => seen.get(claims),
    pairs,
  };
}

/** Signs with the key whose time it is. */
function signerOf(env: Env, pairs: readonly KeyPair[]) {
  const signers = new Map<KeyPair, Signer>();
  return {
    sign(claims: object, options: { expiresIn: number; now: Date }): string {
      const pair = signingPair(pairs, Date.now());
      if (pair === undefined) throw new Error("there is no key");
      let signer = signers.get(pair);
      if (signer === undefined) {
        signer = new Signer(Key.fromJwk(pair.privateJwk), { issuer: env.ISSUER, audience: env.AUDIENCE, jwtId: true });
        signers.set(pair, signer);
      }
      return signer.sign(claims, options);
    },
  };
}

/** `Sessions` takes no more. */
const MOST_SECRETS = 8;

/** The secrets of refresh tokens, that of the signing key first. */
function secretsOf(pairs: readonly KeyPair[]): Uint8Array[] {
  const signing = signingPair(pairs, Date.now());
  const newestFirst = [...pairs].reverse();
  const ordered = [
    ...newestFirst.filter((pair) => pair === signing),
    ...newestFirst.filter((pair) => pair !== signing),
  ];
  return ordered
    .slice(0, MOST_SECRETS)
    .map(({ sessionSecret }) => Uint8Array.from(atob(sessionSecret), (character) => character.charCodeAt(0)));
}

/** The user and the scopes they may have; `null` if the name or the password is wrong. */
async function authenticate(env: Env, name: string, password: string, request: Request): Promise<Grant | null> {
  if (!isPossiblePassword(password)) return null;
  // Any text is looked up, and something is hashed in any case: neither the answer nor its time tells which names exist.
  const username = name.toLowerCase();
  const shard = await shardOf(env, username);
  const account = await shard.find(username);
  const { ok, newHash } = hasher.verifyAndUpdate(password, account?.hash ?? null);
  if (!ok || account === null) return null;
  // The policy has become stricter since the hash was made, and the password is available only now.
  const isCurrent =
    newHash === undefined
      ? (await shard.find(username))?.hash === account.hash
      : await shard.replaceHash(username, account.hash, newHash);
  // If the hash was changed meanwhile, the password may have been: then all sessions were ended, and none may start with it.
  if (!isCurrent) return authenticate(env, name, password, request);
  const scopes = isAdmin(env, username) ? ["profile", "admin"] : ["profile"];
  return { subject: username, scopes, client: clientOf(request) };
}

/** Whether the deployment names this user. Register the name first and list it afterwards, so that nobody else can take it. */
function isAdmin(env: Env, username: string): boolean {
  return env.ADMIN_USERS.split(",").some((name) => name.trim() === username);
}
