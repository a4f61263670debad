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
import { Verifier } from "countersign/jwt";
import { KeyRing } from "countersign/key-ring";
import { durableObjectStore, Sessions, type Store } from "countersign/session";
import { shardOf } from "./accounts.js";
import { clientOf } from "./client.js";
import type { Env } from "./env.js";
import { hasher } from "./hasher.js";
import { failure } from "./json.js";
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
  /** Limits attempts to log in. */
  readonly throttle: LoginThrottle;
  /** Limits registrations from an address. */
  readonly registrations: LoginThrottle;
  readonly anyone: Guard;
  readonly admins: Guard;
  /** The token that a user's claims were read from. */
  tokenOf(user: User): string | undefined;
  /** The signing keys, which change on their own. */
  readonly ring: KeyRing;
}

/** Makes the login system of an isolate. It asks nobody before the first request. */
export function makeLogin(env: Env): Login {
  const names = { issuer: env.ISSUER, audience: env.AUDIENCE };
  // New tokens are made with the first. Those of the other stay valid.
  const secret = env.OLD_SECRET === "" ? env.SECRET : [env.SECRET, env.OLD_SECRET];
  const store = durableObjectStore(env.SESSIONS);
  const log = (event: object) => console.log(JSON.stringify(event));
  const ring = new KeyRing({
    alg: "EdDSA",
    store,
    secret,
    rotateEvery: "30d",
    tokensLiveFor: Number(env.ACCESS_TOKEN_SECONDS),
    publishedAhead: Number(env.KEYS_PUBLISHED_AHEAD),
    // The clocks of Cloudflare's machines agree.
    clockTolerance: 1,
    onEvent: ({ error, ...event }) => log({ ...event, ...(error instanceof Error && { error: error.message }) }),
  });
  const verifier = new Verifier(ring.keySet(), names);
  const attempts = durableObjectStore(env.ATTEMPTS);
  const perAddress = env.ADDRESS_HEADER === "" ? {} : { perAddress: { header: env.ADDRESS_HEADER } };
  // A locked account would need somebody to unlock it.
  const throttle = loginThrottle({ store: attempts, perAccount: { unlockAfter: "1d" }, ...perAddress });
  const registrations = loginThrottle({ store: under("register ", attempts), perAccount: { free: 20 }, ...perAddress });
  const sessions = new Sessions({
    signer: ring.signer({ ...names, jwtId: true }),
    store,
    secret,
    accessExpiresIn: Number(env.ACCESS_TOKEN_SECONDS),
    onEvent: log,
  });
  const check: Authenticate = (username, password, request) => authenticate(env, username, password, request);
  const seen = new WeakMap<object, string>();
  const cookies = cookieSession(sessions, {
    authenticate: check,
    throttle,
    verifier: {
      async verifyAsync(token: string) {
        const verified = await verifier.verifyAsync(token);
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
    jwks: jwksEndpoint(ring),
    cookies,
    sessions,
    throttle,
    registrations,
    anyone: guard({}),
    async admins(request) {
      const user = await admins(request);
      // A session keeps its scopes, but the user may have ceased to be an administrator.
      if (user instanceof Response || isAdmin(env, user.claims.sub)) return user;
      return failure(403, "insufficient_scope", "the user is no longer an administrator");
    },
    tokenOf: ({ claims }) => seen.get(claims),
    ring,
  };
}

/** A part of a store, whose rows are not those of the others. */
function under(prefix: string, store: Store): Store {
  return {
    get: (key) => store.get(prefix + key),
    list: (owner) => store.list(prefix + owner),
    replace: (key, before, after) => store.replace(prefix + key, before, after),
  };
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
