/**
 * Guards and endpoints for {@link https://svelte.dev/docs/kit | SvelteKit}.
 *
 * @module
 */

import type { BearerGuardOptions } from "../http/bearer.js";
import type { Claims } from "../types.js";
import { type Auth, type AuthSource, answerOf, type Guard, type Handler, readGuard, withHeaders } from "./guard.js";

export type { BearerGuardOptions, Caller } from "../http/bearer.js";
export type { TokenVerifier } from "../http/verify-token.js";
export type { Auth, AuthSource, Guard, Handler } from "./guard.js";

/** The part of SvelteKit's request event that is used. */
export interface SvelteKitEvent {
  readonly request: Request;
  readonly locals: object;
}

/** SvelteKit's `handle`. */
export type SvelteKitHandle = <E extends SvelteKitEvent>(input: {
  event: E;
  resolve: (event: E) => Response | Promise<Response>;
}) => Promise<Response>;

/**
 * Makes a `handle` that lets only callers with a valid token pass. It sets `event.locals.auth`, the {@link Caller}. It answers
 * everybody else with the response of {@link bearerGuard}: status, JSON body, `WWW-Authenticate`.
 *
 * `handle` gets every request, also those for pages. With `optional: true`, visitors pass with `locals.auth` `null`. To guard only
 * some routes, list the public ones and guard all others: tests of the URL or of `route.id` for what to guard leave routes open.
 *
 * @param source A verifier with the required issuer and audience, or `cookieSession`, or a guard that you have.
 * @param options As those of {@link bearerGuard}; with `cookieSession`, `scope` and `optional`. A guard that you pass has its own.
 * @returns The function. It rejects if the guard does.
 * @throws {CountersignError} `OPTION_INVALID`: as {@link bearerGuard}.
 *
 * @example
 * ```ts
 * // src/hooks.server.ts; src/app.d.ts declares `interface Locals { auth: Caller | null }`
 * export const handle = guard(verifier, { optional: true });
 * ```
 */
export function guard<C extends object = Claims>(
  source: Guard | AuthSource<C>,
  options?: BearerGuardOptions<C>,
): SvelteKitHandle {
  const check = readGuard(source, options);
  return async ({ event, resolve }) => {
    const found = await check(event.request);
    if (found.refusal !== undefined) return found.refusal;
    (event.locals as { auth?: Auth<object> }).auth = found.auth;
    return withHeaders(await resolve(event), found.headers);
  };
}

/**
 * Makes a handler of a standard request, such as `tokenEndpoint`, one for `+server.ts`.
 *
 * @example
 * ```ts
 * export const POST = endpoint(token);
 * ```
 */
export function endpoint(handler: Handler): (event: { readonly request: Request }) => Promise<Response> {
  return async ({ request }) => answerOf(handler, request);
}
