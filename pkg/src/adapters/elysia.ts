/**
 * A guard for {@link https://elysiajs.com | Elysia}. Endpoints need no adapter there: `app.mount("/token", token)`.
 *
 * @module
 */

import type { BearerGuardOptions, Caller } from "../http/bearer.js";
import type { Claims } from "../types.js";
import {
  type Auth,
  type AuthSource,
  type Guard,
  type HeaderTarget,
  type RequiredOptions,
  readGuard,
  setHeaders,
} from "./guard.js";

export type { BearerGuardOptions, Caller } from "../http/bearer.js";
export type { TokenVerifier } from "../http/verify-token.js";
export type { Auth, AuthSource, Guard, RequiredOptions } from "./guard.js";

/** A function for `resolve`, of an instance or of a macro. */
export type ElysiaResolve<A> = (context: {
  readonly request: Request;
  readonly set: object;
  readonly status: unknown;
}) => Promise<{ auth: A }>;

/**
 * Makes a function for Elysia's `resolve`, which lets only callers with a valid token pass. The handlers get `auth`, the
 * {@link Caller}. Everybody else gets the response of {@link bearerGuard}: status, JSON body, `WWW-Authenticate`.
 *
 * @param source A verifier with the required issuer and audience, or `cookieSession`, or a guard that you have.
 * @param options As those of {@link bearerGuard}; with `cookieSession`, `scope` and `optional`. A guard that you pass has its own.
 * @returns The function. If the guard rejects, Elysia's `onError` gets the error.
 * @throws {CountersignError} `OPTION_INVALID`: as {@link bearerGuard}.
 *
 * @example
 * ```ts
 * new Elysia().resolve(guard(verifier)).get("/me", ({ auth }) => ({ hello: auth.claims.sub }));
 *
 * // For single routes:
 * new Elysia()
 *   .macro({ signedIn: { resolve: guard(verifier) } })
 *   .get("/me", ({ auth }) => ({ hello: auth.claims.sub }), { signedIn: true });
 * ```
 */
export function guard<A extends Auth<object>>(source: Guard<A>): ElysiaResolve<A>;
export function guard<C extends object = Claims>(
  source: AuthSource,
  options?: RequiredOptions<C>,
): ElysiaResolve<Caller<C>>;
export function guard<C extends object = Claims>(
  source: AuthSource,
  options: BearerGuardOptions<C>,
): ElysiaResolve<Auth<C>>;
export function guard(source: Guard | AuthSource, options?: BearerGuardOptions<never>): ElysiaResolve<Auth<object>> {
  const check = readGuard(source, options);
  return async ({ request, set, status }) => {
    const found = await check(request);
    if (found.refusal !== undefined) {
      // Elysia ignores a `Response` from `resolve`, and would go on to the handler.
      return (status as (code: number, body: Response) => never)(found.refusal.status, found.refusal);
    }
    setHeaders(targetOf(set), found.headers);
    return { auth: found.auth };
  };
}

/** Elysia keeps the headers of the answer in a plain object, with names in lower case. */
function targetOf(set: { headers?: Record<string, string | string[] | undefined> }): HeaderTarget {
  return {
    getHeader: (name) => set.headers?.[name.toLowerCase()],
    setHeader(name, value) {
      set.headers = { ...set.headers, [name.toLowerCase()]: value };
    },
  };
}
