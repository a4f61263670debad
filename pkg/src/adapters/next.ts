/**
 * A guard for route handlers of {@link https://nextjs.org | Next.js}. Endpoints need no adapter there:
 * `export const POST = token`.
 *
 * @module
 */

import type { BearerGuardOptions, Caller } from "../http/bearer.js";
import type { Claims } from "../types.js";
import { type Auth, type AuthSource, type Guard, type RequiredOptions, readGuard, withHeaders } from "./guard.js";

export type { BearerGuardOptions, Caller } from "../http/bearer.js";
export type { TokenVerifier } from "../http/verify-token.js";
export type { Auth, AuthSource, Guard, RequiredOptions } from "./guard.js";

/** Wraps a route handler, which gets the caller as `auth` beside what Next passes, such as `params`. */
export type WithAuth<A> = <R extends Request, Context extends { auth: A }>(
  handler: (request: R, context: Context) => Response | Promise<Response>,
) => (request: R, context: Omit<Context, "auth">) => Promise<Response>;

/**
 * Makes a function that wraps route handlers. A handler runs only for callers with a valid token, and gets the {@link Caller}
 * as `auth`. Everybody else gets the response of {@link bearerGuard}: status, JSON body, `WWW-Authenticate`.
 *
 * Check in the route and not in `proxy.ts`. A proxy runs apart from the route, and each change of its `matcher`, or of a path,
 * can leave a route without it.
 *
 * With `cookieSession`, the answers to `redirect()` and `notFound()` have the refreshed cookies, too. If the handler throws anything
 * else, Next answers 500 without them.
 *
 * @param source A verifier with the required issuer and audience, or `cookieSession`, or a guard that you have.
 * @param options As those of {@link bearerGuard}; with `cookieSession`, `scope` and `optional`. A guard that you pass has its own.
 * @returns The function. The wrapped handler rejects if the guard or the handler does.
 * @throws {CountersignError} `OPTION_INVALID`: as {@link bearerGuard}.
 *
 * @example
 * ```ts
 * const withAuth = guard(verifier, { scope: "profile" });
 *
 * export const GET = withAuth((request, { auth }) => Response.json({ hello: auth.claims.sub }));
 * ```
 */
export function guard<A extends Auth<object>>(source: Guard<A>): WithAuth<A>;
export function guard<C extends object = Claims>(
  source: AuthSource<C>,
  options?: RequiredOptions<C>,
): WithAuth<Caller<C>>;
export function guard<C extends object = Claims>(
  source: AuthSource<C>,
  options: BearerGuardOptions<C>,
): WithAuth<Auth<C>>;
export function guard(source: Guard | AuthSource, options?: BearerGuardOptions<never>): WithAuth<Auth<object>> {
  const check = readGuard(source, options);
  return (handler) => async (request, context) => {
    const found = await check(request);
    if (found.refusal !== undefined) return found.refusal;
    const withAuth = { ...context, auth: found.auth } as Parameters<typeof handler>[1];
    try {
      return withHeaders(await handler(request, withAuth), found.headers);
    } catch (error) {
      // Next would answer without the headers.
      const response = found.headers.length > 0 ? answerOf(error) : null;
      if (response === null) throw error;
      return withHeaders(response, found.headers);
    }
  };
}

/** What Next answers when a handler calls `redirect()`, `notFound()` or the like, which throw. `null` for any other error. */
function answerOf(error: unknown): Response | null {
  const { digest } = (error ?? {}) as { digest?: unknown };
  if (typeof digest !== "string") return null;
  const [, location, redirect] = digest.match(/^NEXT_REDIRECT;(?:push|replace);(.*);(30[378]);$/s) ?? [];
  if (location) return new Response(null, { status: Number(redirect), headers: { Location: location } });
  const [, refusal] = digest.match(/^NEXT_HTTP_ERROR_FALLBACK;(40[134])$/) ?? [];
  return refusal === undefined ? null : new Response(null, { status: Number(refusal) });
}
