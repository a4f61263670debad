/**
 * A middleware for {@link https://trpc.io | tRPC} 11.
 *
 * @module
 */

import type { TRPCMiddlewareFunction } from "@trpc/server";
import type { BearerGuardOptions, Caller } from "../http/bearer.js";
import type { RequestLike } from "../http/request.js";
import type { Claims } from "../types.js";
import {
  type Auth,
  type AuthSource,
  bodyOf,
  type Guard,
  type HeaderTarget,
  type RequiredOptions,
  readGuard,
  setHeaders,
} from "./guard.js";

export type { BearerGuardOptions, Caller } from "../http/bearer.js";
export type { RequestLike } from "../http/request.js";
export type { TokenVerifier } from "../http/verify-token.js";
export type { Auth, AuthSource, Guard, RequiredOptions } from "./guard.js";

/** The context that the middleware needs: what tRPC passes to `createContext`, which may also have `resHeaders` or `res`. */
export interface TrpcContext {
  req: RequestLike;
}

// biome-ignore lint/suspicious/noExplicitAny: any meta, whatever the application's is
type Middleware<A> = TRPCMiddlewareFunction<TrpcContext, any, object, { auth: A }, unknown>;

/**
 * Makes a middleware that lets only callers with a valid token pass. It adds `ctx.auth`, the {@link Caller}. For everybody
 * else, it throws a `TRPCError` with the code for the status and the description of {@link bearerGuard}, and sets
 * `WWW-Authenticate` or `Retry-After` if the context has `resHeaders` or `res`.
 *
 * `createContext` must return at least `req`: `createContext: (options) => options` gives all that is needed.
 *
 * With `cookieSession`, do not stream answers, as for `httpBatchStreamLink`: the headers are sent before the middleware runs, and
 * refreshed cookies are lost. Refresh the session in `createContext` then, as in docs/frameworks.md.
 *
 * @param source A verifier with the required issuer and audience, or `cookieSession`, or a guard that you have.
 * @param options As those of {@link bearerGuard}; with `cookieSession`, `scope` and `optional`. A guard that you pass has its own.
 * @returns The middleware. It rejects if the guard does.
 * @throws {CountersignError} `OPTION_INVALID`: as {@link bearerGuard}.
 *
 * @example
 * ```ts
 * const signedIn = t.procedure.use(guard(verifier, { scope: "profile" }));
 * const router = t.router({ me: signedIn.query(({ ctx }) => ({ hello: ctx.auth.claims.sub })) });
 * ```
 */
export function guard<A extends Auth<object>>(source: Guard<A>): Middleware<A>;
export function guard<C extends object = Claims>(
  source: AuthSource<C>,
  options?: RequiredOptions<C>,
): Middleware<Caller<C>>;
export function guard<C extends object = Claims>(
  source: AuthSource<C>,
  options: BearerGuardOptions<C>,
): Middleware<Auth<C>>;
export function guard(source: Guard | AuthSource, options?: BearerGuardOptions<never>): Middleware<Auth<object>> {
  const check = readGuard(source, options);
  return async ({ ctx, next }) => {
    const found = await check(ctx.req);
    const target = targetOf(ctx);
    if (found.refusal !== undefined) {
      setHeaders(
        target,
        [...found.refusal.headers].filter(([name]) => PASSED_ON.includes(name)),
      );
      throw await errorOf(found.refusal);
    }
    setHeaders(target, found.headers);
    return next({ ctx: { auth: found.auth } });
  };
}

/** The headers of a refusal that tRPC's own answer gets. */
const PASSED_ON = ["cache-control", "dpop-nonce", "retry-after", "set-cookie", "www-authenticate"];

/** The headers of tRPC's answer: those of its fetch adapter, of Node, or of a call without HTTP, which has none. */
function targetOf(context: TrpcContext): HeaderTarget {
  const { res, resHeaders } = context as { res?: unknown; resHeaders?: Headers };
  const { setHeader } = (res ?? {}) as Partial<HeaderTarget>;
  if (typeof setHeader === "function") return res as HeaderTarget;
  return {
    getHeader: () => undefined,
    setHeader(name, value) {
      if (name.toLowerCase() !== "set-cookie") resHeaders?.set(name, String(value));
      else for (const each of [value].flat()) resHeaders?.append(name, each);
    },
  };
}

/** tRPC's codes for the statuses of a guard. */
const CODES: Readonly<Record<number, string>> = {
  400: "BAD_REQUEST",
  401: "UNAUTHORIZED",
  403: "FORBIDDEN",
  503: "SERVICE_UNAVAILABLE",
};

/** A `TRPCError` for tRPC, which knows its errors by their name. */
async function errorOf(response: Response): Promise<Error> {
  const body = (await bodyOf(response)) ?? {};
  const description = typeof body === "string" ? body : body.error_description;
  const error = new Error(typeof description === "string" ? description : "the request has no token");
  return Object.assign(error, { name: "TRPCError", code: CODES[response.status] ?? "UNAUTHORIZED" });
}
