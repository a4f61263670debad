/**
 * Guards and endpoints for {@link https://fastify.dev | Fastify} 5.
 *
 * @module
 */

import type { BearerGuardOptions } from "../http/bearer.js";
import { standardRequest } from "../http/node.js";
import type { NodeRequest } from "../http/node-body.js";
import type { NodeResponse } from "../http/node-response.js";
import type { RequestLike } from "../http/request.js";
import type { Claims } from "../types.js";
import { type Auth, type AuthSource, answerOf, type Guard, type Handler, readGuard } from "./guard.js";

export type { BearerGuardOptions, Caller } from "../http/bearer.js";
export type { NodeRequest } from "../http/node-body.js";
export type { NodeResponse } from "../http/node-response.js";
export type { TokenVerifier } from "../http/verify-token.js";
export type { Auth, AuthSource, Guard, Handler } from "./guard.js";

/** The part of Fastify's reply that is used. */
export interface FastifyReplyLike {
  readonly raw: NodeResponse;
  header(name: string, value: string): unknown;
  send(payload: Response): unknown;
}

/** The part of a Fastify instance that {@link endpoints} uses. */
interface FastifyLike {
  removeAllContentTypeParsers(): unknown;
  addContentTypeParser(
    type: string,
    parser: (request: never, payload: never, done: (error: null, body?: undefined) => void) => void,
  ): unknown;
  all(path: string, handler: (request: { raw: NodeRequest }, reply: FastifyReplyLike) => unknown): unknown;
}

/**
 * Makes a hook that lets only callers with a valid token pass. It sets `request.auth`, the {@link Caller}. It answers
 * everybody else with the response of {@link bearerGuard}: status, JSON body, `WWW-Authenticate`.
 *
 * Use it as `onRequest`, before a body is read.
 *
 * @param source A verifier with the required issuer and audience, or `cookieSession`, or a guard that you have.
 * @param options As those of {@link bearerGuard}; with `cookieSession`, `scope` and `optional`. A guard that you pass has its own.
 * @returns The hook. If the guard rejects, Fastify's error handler gets the error.
 * @throws {CountersignError} `OPTION_INVALID`: as {@link bearerGuard}.
 *
 * @example
 * ```ts
 * declare module "fastify" { interface FastifyRequest { auth: Caller | null } } // once
 *
 * app.decorateRequest("auth", null);
 * app.get("/me", { onRequest: guard(verifier, { scope: "profile" }) }, (request) => ({ hello: request.auth?.claims.sub }));
 * ```
 */
export function guard<C extends object = Claims>(
  source: Guard | AuthSource<C>,
  options?: BearerGuardOptions<C>,
): (request: RequestLike, reply: Pick<FastifyReplyLike, "header" | "send">) => Promise<unknown> {
  const check = readGuard(source, options);
  return async (request, reply) => {
    const found = await check(request);
    // Fastify stops when a hook returns the reply.
    if (found.refusal !== undefined) return reply.send(found.refusal);
    (request as { auth?: Auth<object> }).auth = found.auth;
    for (const [name, value] of found.headers) reply.header(name, value);
  };
}

/**
 * Makes a plugin that mounts handlers of standard requests, such as `tokenEndpoint`. They read bodies on their own, so the
 * plugin removes Fastify's parsers, for these paths only.
 *
 * @param handlers The handler of each path. It gets every method, and answers 405 to those that it does not know.
 *
 * @example
 * ```ts
 * app.register(endpoints({ "/token": token, "/revoke": revoke, "/.well-known/jwks.json": jwks }));
 * ```
 */
export function endpoints(
  handlers: Readonly<Record<string, Handler>>,
): (app: object, options: unknown, done: () => void) => void {
  return (instance, _options, done) => {
    const app = instance as FastifyLike;
    app.removeAllContentTypeParsers();
    app.addContentTypeParser("*", (_request, _payload, parsed) => parsed(null));
    for (const [path, handler] of Object.entries(handlers)) {
      app.all(path, async ({ raw }, reply) => {
        const { body, request } = standardRequest(raw, reply.raw);
        const response = request instanceof Response ? request : await answerOf(handler, request);
        body.discardRest();
        return reply.send(response);
      });
    }
    done();
  };
}
