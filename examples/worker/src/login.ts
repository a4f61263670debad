/** The login system: the endpoint that issues tokens, and the guards of the routes that need one. */

import { bearerGuard, type Grant, jwksEndpoint, tokenEndpoint } from "countersign/http";
import { KeySet, Verifier } from "countersign/jwt";
import type { Env } from "./env.js";
import { hasher } from "./hasher.js";
import { failure, json } from "./json.js";
import { isPossiblePassword, readUsername } from "./rules.js";

type Handler = (request: Request) => Promise<Response>;

export interface Login {
  readonly token: Handler;
  readonly me: Handler;
  readonly admin: Handler;
  readonly jwks: Handler;
}

/** Creates the login system for a public signing key. */
export async function login(env: Env): Promise<Login> {
  const { jwks, kid, made } = await signingKey(env).publicPart();
  const keys = KeySet.fromJwks(JSON.parse(jwks));
  const verifier = new Verifier(keys, { issuer: env.ISSUER, audience: env.AUDIENCE });
  const account = (username: string) => env.ACCOUNTS.getByName(username);

  const anyone = bearerGuard<{ sub: string }>(verifier, {
    realm: "countersign",
    // A token of a deleted account is refused.
    accept: async ({ claims }) => (await account(claims.sub).profile()) !== null,
  });
  const admins = bearerGuard<{ sub: string }>(verifier, { realm: "countersign", scope: "admin" });

  return {
    token: tokenEndpoint({
      authenticate: (username, password) => authenticate(env, username, password),
      signer: { sign: (claims, o) => signingKey(env).sign(claims, o) },
      defaultScope: "profile",
    }),

    async me(request) {
      const caller = await anyone(request);
      if (caller instanceof Response) return caller;
      const username = caller.claims.sub;
      const profile = caller.scopes.includes("profile") ? await account(username).profile() : null;
      return json(200, { username, scopes: caller.scopes, ...profile });
    },

    async admin(request) {
      const caller = await admins(request);
      if (caller instanceof Response) return caller;
      return json(200, { username: caller.claims.sub, signing_key: { kid, made } });
    },

    jwks: jwksEndpoint(keys),
  };
}

/** The user and the scopes they may have; `null` if the name or the password is wrong. */
async function authenticate(env: Env, name: string, password: string): Promise<Grant | Response | null> {
  const username = readUsername(name);
  if (!isPossiblePassword(password)) return null;
  if (username === null) {
    // No account can have this name, so no object is made for it. The check takes as long as for a possible name.
    hasher.verify(password, null);
    return null;
  }
  const within = (await env.LOGIN_ATTEMPTS?.limit({ key: username })) ?? { success: true };
  if (!within.success) {
    return failure(429, "slow_down", "too many attempts for this user name", { "Retry-After": "60" });
  }
  const profile = await env.ACCOUNTS.getByName(username).logIn(password);
  return profile && { subject: profile.username, scopes: scopesOf(env, profile.username) };
}

/**
 * The scopes that a user may ask for: "profile", everyone; "admin", the users that the deployment names. It is decided at log-in
 * and not at registration: register the name first and list it afterwards, so that nobody else can take it.
 */
function scopesOf(env: Env, username: string): string[] {
  const admins = env.ADMIN_USERS.split(",").map((name) => name.trim());
  return admins.includes(username) ? ["profile", "admin"] : ["profile"];
}

/** A new stub for each request, because a stub of an earlier request cannot be used. */
function signingKey(env: Env) {
  return env.SIGNING_KEY.getByName("current");
}
