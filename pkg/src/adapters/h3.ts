/**
 * Guards and endpoints for {@link https://h3.dev | h3} 2 and 1, and so for Nitro and Nuxt.
 *
 * @module
 */

import type { BearerGuardOptions } from "../http/bearer.js";
import { requestWithBody, standardRequest } from "../http/node.js";
import type { NodeRequest } from "../http/node-body.js";
import type { NodeResponse } from "../http/node-response.js";
import type { RequestLike } from "../http/request.js";
import type { Claims } from "../types.js";
import { type Auth, type AuthSource, answerOf, type Guard, type Handler, readGuard, setHeaders } from "./guard.js";

export type { BearerGuardOptions, Caller } from "../http/bearer.js";
export type { TokenVerifier } from "../http/verify-token.js";
export type { Auth, AuthSource, Guard, Handler } from "./guard.js";

/** The part of h3's event that is used. In h3 1, `req` is Node's request. */
export interface H3EventLike {
  readonly req: RequestLike;
  readonly context: object;
}

/** The response that refuses the request, or `undefined`. h3 1 declares that its hooks return nothing. */
// biome-ignore lint/suspicious/noExplicitAny: it must fit both
export type H3MiddlewareAnswer = Promise<any>;

/**
 * Makes a middleware that lets only callers with a valid token pass. It sets `event.context.auth`, the {@link Caller}. It
 * answers everybody else with the response of {@link bearerGuard}: status, JSON body, `WWW-Authenticate`.
 *
 * In h3 1 and Nuxt, use it as `onRequest` of `defineEventHandler`.
 *
 * @param source A verifier with the required issuer and audience, or `cookieSession`, or a guard that you have.
 * @param options As those of {@link bearerGuard}; with `cookieSession`, `scope` and `optional`. A guard that you pass has its own.
 * @returns The middleware. It rejects if the guard does.
 * @throws {CountersignError} `OPTION_INVALID`: as {@link bearerGuard}.
 *
 * @example
 * ```ts
 * app.get("/me", (event) => ({ hello: event.context.auth.claims.sub }), { middleware: [guard(verifier)] });
 * ```
 *
 * @example Nuxt
 * ```ts
 * // server/api/me.get.ts
 * export default defineEventHandler({ onRequest: guard(verifier), handler: (event) => event.context.auth.claims.sub });
 * ```
 */
export function guard<C extends object = Claims>(
  source: Guard | AuthSource<C>,
  options?: BearerGuardOptions<C>,
): (event: H3EventLike) => H3MiddlewareAnswer {
  const check = readGuard(source, options);
  return async (event) => {
    const found = await check(event.req);
    const { node, respondWith, res } = event as object as OldEvent & NewEvent;
    if (found.refusal !== undefined) {
      if (typeof respondWith !== "function") return found.refusal;
      // h3 1 ignores what `onRequest` returns, and would go on to the handler.
      await respondWith.call(event, found.refusal);
      return undefined;
    }
    (event.context as { auth?: Auth<object> }).auth = found.auth;
    if (typeof respondWith === "function" && node !== undefined) setHeaders(node.res, found.headers);
    else setNewHeaders(res, found.headers);
    return undefined;
  };
}

/**
 * Makes a handler of a standard request, such as `tokenEndpoint`, one for h3.
 *
 * @example
 * ```ts
 * app.all("/token", endpoint(token));
 * ```
 *
 * @example Nuxt
 * ```ts
 * // server/routes/token.ts
 * export default defineEventHandler(endpoint(token));
 * ```
 */
export function endpoint(handler: Handler): (event: H3EventLike) => Promise<Response> {
  return async (event) => {
    const request = requestOf(event);
    return request instanceof Response ? request : answerOf(handler, request);
  };
}

/** What an event has in h3 2: what the response gets. */
interface NewEvent {
  readonly res: { readonly headers: Headers; readonly errHeaders?: Headers };
}

/** For every answer: h3 2 keeps those apart that the answer to an error gets. */
function setNewHeaders({ errHeaders, headers }: NewEvent["res"], all: Iterable<readonly [string, string]>): void {
  for (const [name, value] of all) {
    for (const target of [headers, errHeaders]) {
      if (name.toLowerCase() === "set-cookie") target?.append(name, value);
      else target?.set(name, value);
    }
  }
}

/** What an event has in h3 1. */
interface OldEvent {
  readonly respondWith?: (response: Response) => Promise<void>;
  readonly web?: { readonly request?: Request };
  readonly node?: { readonly req: NodeRequest; readonly res: NodeResponse };
  readonly headers: Headers;
  readonly method: string;
  readonly path: string;
  /** The body, where the platform has read it. */
  readonly _requestBody?: BodyInit | null;
}

/** The standard request, or the response to one that cannot be made into it. */
function requestOf(event: H3EventLike): Request | Response {
  const old = event as object as OldEvent;
  if (typeof old.respondWith !== "function" || old.node === undefined) return event.req as Request;
  if (old.web?.request !== undefined) return old.web.request;
  const { req, res } = old.node;
  // Nitro imitates Node's request on other platforms, and passes the body beside it.
  const body = old._requestBody ?? (req as { rawBody?: BodyInit }).rawBody ?? (req as { body?: BodyInit }).body;
  const isRead = typeof body === "string" || ArrayBuffer.isView(body) || body instanceof ReadableStream;
  return isRead ? requestWithBody(old, body) : standardRequest(req, res).request;
}
