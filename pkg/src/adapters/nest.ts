/**
 * Guards and decorators for {@link https://nestjs.com | NestJS}, on Express and on Fastify.
 *
 * @module
 */

import type { BearerGuardOptions } from "../http/bearer.js";
import type { RequestLike } from "../http/request.js";
import { checkFunction } from "../options.js";
import type { Claims } from "../types.js";
import {
  type Auth,
  type AuthSource,
  bodyOf,
  type Guard,
  type HeaderTarget,
  readGuard,
  setHeaders,
  wholeRequest,
} from "./guard.js";

export type { BearerGuardOptions, Caller } from "../http/bearer.js";
export { type OnNodeOptions, onNode as endpoint } from "../http/node.js";
export type { NodeRequest } from "../http/node-body.js";
export type { NodeResponse } from "../http/node-response.js";
export type { TokenVerifier } from "../http/verify-token.js";
export type { Auth, AuthSource, Guard } from "./guard.js";

/** The part of Nest's `ExecutionContext` that is used. */
export interface NestContext {
  switchToHttp(): { getRequest(): RequestLike; getResponse(): object };
}

/** What the guards take from `@nestjs/common`, which this entry does not import. */
export interface NestCommon {
  HttpException: new (body: Record<string, unknown>, status: number) => Error;
  createParamDecorator(
    factory: (data: never, context: NestContext) => unknown,
  ): () => (target: object, name: string | symbol | undefined, index: number) => void;
}

/** Guards and decorators for an application. */
export interface NestAuth {
  /**
   * Makes a guard for `@UseGuards(…)` or `useGlobalGuards(…)`. It sets `request.auth`, the {@link Caller}. For everybody
   * without a valid token, it throws an `HttpException` with the status and the JSON body of {@link bearerGuard}, and sets
   * `WWW-Authenticate`.
   */
  guard<C extends object = Claims>(
    source: Guard | AuthSource<C>,
    options?: BearerGuardOptions<C>,
  ): { canActivate(context: NestContext): Promise<true> };
  /** A parameter that gets the {@link Caller}: `@Auth() auth`. */
  Auth: ReturnType<NestCommon["createParamDecorator"]>;
  /** A parameter that gets the claims: `@Claims() claims`. */
  Claims: ReturnType<NestCommon["createParamDecorator"]>;
}

/**
 * Makes guards and decorators with the classes of your copy of Nest.
 *
 * @param nest All of `@nestjs/common`.
 * @throws {CountersignError} `OPTION_INVALID`: this is not `@nestjs/common`.
 *
 * @example
 * ```ts
 * // auth.ts
 * import * as nest from "@nestjs/common";
 * export const { guard, Auth, Claims } = withNest(nest);
 *
 * @Controller()
 * class Me {
 *   @Get("me")
 *   @UseGuards(guard(verifier, { scope: "profile" }))
 *   me(@Claims() claims: { sub: string }) { return { hello: claims.sub }; }
 * }
 * ```
 */
export function withNest(nest: NestCommon): NestAuth {
  checkFunction("HttpException", nest?.HttpException);
  checkFunction("createParamDecorator", nest.createParamDecorator);
  const authOf = (_: unknown, context: NestContext) => {
    return (context.switchToHttp().getRequest() as { auth?: Auth<object> }).auth ?? null;
  };
  return {
    guard(source, options) {
      const check = readGuard(source, options);
      return { canActivate: (context) => activate(check, context.switchToHttp(), nest) };
    },
    Auth: nest.createParamDecorator(authOf),
    Claims: nest.createParamDecorator((_, context) => authOf(_, context)?.claims ?? null),
  };
}

async function activate(
  check: ReturnType<typeof readGuard>,
  http: ReturnType<NestContext["switchToHttp"]>,
  nest: NestCommon,
): Promise<true> {
  const request = http.getRequest();
  const found = await check(wholeRequest(request));
  const target = targetOf(http.getResponse() as HeaderTarget | FastifyReply);
  if (found.refusal !== undefined) {
    // Nest's filters write the status and the body, but no headers.
    setHeaders(
      target,
      [...found.refusal.headers].filter(([name]) => !OF_THE_BODY.includes(name)),
    );
    const { status } = found.refusal;
    const body = (await bodyOf(found.refusal)) ?? {};
    // As Nest writes a text.
    throw new nest.HttpException(typeof body === "string" ? { statusCode: status, message: body } : body, status);
  }
  (request as { auth?: Auth<object> }).auth = found.auth;
  setHeaders(target, found.headers);
  return true;
}

/** Headers about a body that Nest writes anew. */
const OF_THE_BODY = ["content-encoding", "content-length", "content-type", "transfer-encoding"];

/** Fastify's reply, which joins cookies on its own. */
interface FastifyReply {
  header(name: string, value: string | string[]): unknown;
}

function targetOf(response: HeaderTarget | FastifyReply): HeaderTarget {
  if ("setHeader" in response) return response;
  return { getHeader: () => undefined, setHeader: (name, value) => response.header(name, value) };
}
