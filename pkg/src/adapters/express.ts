/**
 * Guards and endpoints for {@link https://expressjs.com | Express} 5 and 4, and for Connect.
 *
 * @module
 */

import type { BearerGuardOptions, Caller } from "../http/bearer.js";
import { type NodeResponse, writeResponse } from "../http/node-response.js";
import type { RequestLike } from "../http/request.js";
import type { Claims } from "../types.js";
import { type Auth, type AuthSource, type Guard, readGuard, setHeaders, wholeRequest } from "./guard.js";

export type { BearerGuardOptions, Caller } from "../http/bearer.js";
export { type OnNodeOptions, onNode as endpoint } from "../http/node.js";
export type { NodeRequest } from "../http/node-body.js";
export type { NodeResponse } from "../http/node-response.js";
export type { TokenVerifier } from "../http/verify-token.js";
export type { Auth, AuthSource, Guard } from "./guard.js";

/** The request after the middleware. */
export interface Authenticated<A extends Auth<object> = Caller> {
  /** The caller; `null` for a visitor, if the guard lets those pass. */
  auth?: A;
}

/** A middleware for Express. */
export type ExpressMiddleware = (
  request: RequestLike,
  response: NodeResponse,
  next: (error?: unknown) => void,
) => Promise<void>;

/**
 * Makes a middleware that lets only callers with a valid token pass. It sets `req.auth`, the {@link Caller}. It answers
 * everybody else with the response of {@link bearerGuard}: status, JSON body, `WWW-Authenticate`.
 *
 * @param source A verifier with the required issuer and audience, or `cookieSession`, or a guard that you have.
 * @param options As those of {@link bearerGuard}; with `cookieSession`, `scope` and `optional`. A guard that you pass has its own.
 * @returns The middleware. If the guard rejects, the next error handler gets the error.
 * @throws {CountersignError} `OPTION_INVALID`: as {@link bearerGuard}.
 *
 * @example
 * ```ts
 * declare global { namespace Express { interface Request { auth?: Caller } } } // once
 *
 * app.get("/me", guard(verifier, { scope: "profile" }), (req, res) => res.json({ hello: req.auth?.claims.sub }));
 * ```
 */
export function guard<C extends object = Claims>(
  source: Guard | AuthSource<C>,
  options?: BearerGuardOptions<C>,
): ExpressMiddleware {
  const check = readGuard(source, options);
  return async (request, response, next) => {
    try {
      const found = await check(wholeRequest(request));
      if (found.refusal !== undefined) return await writeResponse(found.refusal, response);
      (request as Authenticated<Auth<object>>).auth = found.auth;
      setHeaders(response, found.headers);
    } catch (error) {
      // Express 4 and Connect do not look at the promise.
      next(error);
      return;
    }
    next();
  };
}
