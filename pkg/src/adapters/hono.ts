/**
 * Guards and endpoints for {@link https://hono.dev | Hono}, in every runtime that it supports.
 *
 * @module
 */

import type { MiddlewareHandler } from "hono";
import type { BearerGuardOptions, Caller } from "../http/bearer.js";
import type { Claims } from "../types.js";
import {
  type Auth,
  type AuthSource,
  answerOf,
  type ClaimsOf,
  type Guard,
  type Handler,
  type RequiredOptions,
  readGuard,
} from "./guard.js";

export type { BearerGuardOptions, Caller } from "../http/bearer.js";
export type { TokenVerifier } from "../http/verify-token.js";
export type { Auth, AuthSource, ClaimsOf, Guard, Handler, RequiredOptions } from "./guard.js";

/** What the middleware sets: `c.var.auth` and `c.var.claims`. Both are `null` for a visitor, if the guard lets those pass. */
export interface AuthVariables<A extends Auth<object> = Caller> {
  /** The caller: header, claims and scopes. */
  auth: A;
  /** The caller's claims. */
  claims: ClaimsOf<A>;
}

/** The part of Hono's context that {@link endpoint} reads. */
export interface HonoContext {
  readonly req: { readonly raw: Request };
}

/**
 * Makes a middleware that lets only callers with a valid token pass. It sets `c.var.auth`, the {@link Caller}, and
 * `c.var.claims`. It answers everybody else with the response of {@link bearerGuard}: status, JSON body, `WWW-Authenticate`.
 *
 * @param source A verifier with the required issuer and audience, or `cookieSession`, or a guard that you have.
 * @param options As those of {@link bearerGuard}; with `cookieSession`, `scope` and `optional`. A guard that you pass has its own.
 * @returns The middleware. It rejects if the guard does, and Hono's `onError` then gets the error.
 * @throws {CountersignError} `OPTION_INVALID`: as {@link bearerGuard}.
 *
 * @example
 * ```ts
 * app.get("/me", guard(verifier, { scope: "profile" }), (c) => c.json({ hello: c.var.claims.sub }));
 * ```
 */
export function guard<A extends Auth<object>>(source: Guard<A>): MiddlewareHandler<{ Variables: AuthVariables<A> }>;
export function guard<C extends object = Claims>(
  source: AuthSource<C>,
  options?: RequiredOptions<C>,
): MiddlewareHandler<{ Variables: AuthVariables<Caller<C>> }>;
export function guard<C extends object = Claims>(
  source: AuthSource<C>,
  options: BearerGuardOptions<C>,
): MiddlewareHandler<{ Variables: AuthVariables<Auth<C>> }>;
export function guard(source: Guard | AuthSource, options?: BearerGuardOptions<never>): MiddlewareHandler {
  const check = readGuard(source, options);
  return async (c, next) => {
    const found = await check(c.req.raw);
    if (found.refusal !== undefined) return found.refusal;
    c.set("auth", found.auth);
    c.set("claims", found.auth?.claims ?? null);
    await next();
    for (const [name, value] of found.headers) {
      // To set `c.res` would lose the cookies of either the handler or the guard.
      const isCookie = name.toLowerCase() === "set-cookie";
      if (isCookie || name === "cache-control" || !c.res.headers.has(name)) c.header(name, value, { append: isCookie });
    }
  };
}

/**
 * Makes a handler of a standard request, such as `tokenEndpoint`, one for Hono.
 *
 * @example
 * ```ts
 * app.all("/token", endpoint(token));
 * ```
 */
export function endpoint(handler: Handler): (c: HonoContext) => Response | Promise<Response> {
  return (c) => answerOf(handler, c.req.raw);
}
