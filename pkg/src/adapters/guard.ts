/** What the adapters to frameworks share: a guard, made from a verifier or from sessions in cookies, or passed in. */

import { answered, hasOwn, inKind, isHeaders, isResponse, ownResponse } from "../http/answer.js";
import { type BearerGuardOptions, bearerGuard, type Caller } from "../http/bearer.js";
import type { CookieSession } from "../http/cookie-session.js";
import type { RequestLike } from "../http/request.js";
import { problemOf, type TokenVerifier } from "../http/verify-token.js";
import { invalid } from "../options.js";
import type { Claims } from "../types.js";

/** The caller of a request; `null` for a visitor without a token, if the guard lets those pass. */
export type Auth<C extends object = Claims> = Caller<C> | null;

/**
 * A guard: it gives the caller, or the `Response` that refuses the request. `bearerGuard` makes one. Your own may also return
 * `null`, which lets the request in as that of a visitor. Anything else, such as `undefined` or `false`, is `OPTION_INVALID`, and
 * nobody passes.
 */
export type Guard<A extends Auth<object> = Auth<object>> = (request: RequestLike) => Promise<A | Response>;

/** What knows callers: a `Verifier` for bearer tokens, or `cookieSession` for pages. */
// biome-ignore lint/suspicious/noExplicitAny: as for `TokenVerifier`.
export type AuthSource<C extends object = any> = TokenVerifier<C> | CookieSession;

/** The claims of a caller; `null` for a visitor. */
export type ClaimsOf<A extends Auth<object>> = A extends Caller<infer C> ? C : null;

/** Options of a guard that refuses requests without a token. */
export type RequiredOptions<C extends object> = BearerGuardOptions<C> & { optional?: false };

/** Handles a standard request: `tokenEndpoint`, `revocationEndpoint`, `jwksEndpoint`, or your own function. */
export type Handler = (request: Request) => Response | Promise<Response>;

/** What a guard says: the response that refuses the request, or the caller and the headers that the answer must have. */
export type Verdict =
  | { readonly refusal: Response }
  | {
      readonly refusal?: undefined;
      readonly auth: Auth<object>;
      readonly headers: readonly (readonly [name: string, value: string])[];
    };

/**
 * The check that an adapter makes: with the guard that was passed, or with one for a verifier or for sessions in cookies.
 *
 * @throws {CountersignError} `OPTION_INVALID`: as {@link bearerGuard}, or options beside a guard, which has its own.
 */
export function readGuard(
  source: Guard | AuthSource,
  options: BearerGuardOptions<never> | undefined,
): (request: RequestLike) => Promise<Verdict> {
  const [guard, isPersonal] = guardOf(source, options);
  return async (request) => {
    const answer: unknown = await guard(request);
    if (isResponse(answer)) return { refusal: await ownResponse(answer) };
    const auth = answer === null ? null : readCaller(answer);
    const headers = auth?.headers;
    // As `protect`: no cache may keep what the owner of a cookie gets, nor its refreshed value.
    const isOpen = (isPersonal || headers !== undefined) && !headers?.has("Cache-Control");
    return { auth, headers: [...(isOpen ? [BY_DEFAULT] : []), ...(headers ?? [])] };
  };
}

/**
 * What a guard let in. A function of the application may return anything, and only a caller may pass.
 *
 * @throws {CountersignError} `OPTION_INVALID`.
 */
function readCaller(answer: unknown): Caller<object> {
  const problem = problemOf(answer) ?? problemOfScopes(answer as object);
  if (problem === undefined) return answer as Caller<object>;
  throw invalid(
    `the guard returned ${problem}: it must return a caller { header, claims, scopes } as bearerGuard gives it, a Response that ` +
      "refuses the request, or null for a visitor who may pass",
  );
}

function problemOfScopes(caller: { headers?: unknown; scopes?: unknown }): string | undefined {
  const { headers, scopes } = caller;
  if (!hasOwn(caller, "scopes")) return `${inKind(caller)} without "scopes"`;
  const isList = Array.isArray(scopes) && scopes.every((scope) => typeof scope === "string");
  if (!isList) return `${inKind(caller)} whose "scopes" is not a list of strings`;
  return headers === undefined || isHeaders(headers) ? undefined : `${inKind(caller)} whose "headers" is not a Headers`;
}

/**
 * The answer of a handler for standard requests, as a `Response` of this realm: frameworks would send another one as JSON.
 *
 * @throws {CountersignError} `OPTION_INVALID`: it is no response.
 */
export async function answerOf(handler: Handler, request: Request): Promise<Response> {
  return answered(await handler(request));
}

/** Only for answers without a `Cache-Control`. That of a refreshed session, whose name is in lower case, replaces any other. */
const BY_DEFAULT = ["Cache-Control", "no-store"] as const;

function guardOf(
  source: Guard | AuthSource,
  options: BearerGuardOptions<never> | undefined,
): [guard: Guard, isPersonal: boolean] {
  if (typeof source === "function") {
    if (options !== undefined) throw invalid("options are for a verifier: pass those of a guard to bearerGuard");
    return [source, false];
  }
  if (!isCookieSession(source)) return [bearerGuard(source as TokenVerifier<never>, options ?? {}), false];
  // It checks the options now, and `guard` with each request.
  const pageOptions = options ?? {};
  source.protect(() => new Response(), pageOptions);
  return [(request) => source.guard(request, pageOptions), true];
}

function isCookieSession(source: AuthSource): source is CookieSession {
  const { guard, protect } = (source ?? {}) as Partial<CookieSession>;
  return typeof guard === "function" && typeof protect === "function";
}

/** A response with more headers. */
export function withHeaders(
  response: Response,
  headers: readonly (readonly [name: string, value: string])[],
): Response {
  const more = headers.filter(([name]) => name !== BY_DEFAULT[0] || !response.headers.has(name));
  if (more.length === 0) return response;
  // Those of a redirect or of `fetch` cannot be changed.
  const changed = new Response(response.body, response);
  for (const [name, value] of more) {
    if (name === "cache-control") changed.headers.set(name, value);
    else changed.headers.append(name, value);
  }
  return changed;
}

/** The body of a refusal: its JSON, or the text. `undefined` without a body. Not every guard answers in JSON. */
export async function bodyOf(refusal: Response): Promise<Record<string, unknown> | string | undefined> {
  const text = await refusal.text();
  if (text === "") return undefined;
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === "object" && body !== null && !Array.isArray(body) ? (body as Record<string, unknown>) : text;
  } catch {
    return text;
  }
}

/** The part of Node's response, or of a framework's, that takes headers. */
export interface HeaderTarget {
  getHeader(name: string): number | string | readonly string[] | undefined;
  setHeader(name: string, value: string | string[]): unknown;
}

/** Sets headers on a response of Node. Cookies that others have set stay. */
export function setHeaders(target: HeaderTarget, headers: Iterable<readonly [name: string, value: string]>): void {
  for (const [name, value] of headers) {
    const isCookie = name.toLowerCase() === "set-cookie";
    const old = isCookie ? target.getHeader(name) : undefined;
    target.setHeader(name, old === undefined ? value : [old, value].flat().map(String));
  }
}

/** What a guard reads of a request of Node, Express or Fastify, which has the headers as they were sent under `raw`. */
interface FrameworkRequest extends RequestLike {
  readonly originalUrl?: string;
  readonly raw?: unknown;
  readonly rawHeaders?: unknown;
  readonly socket?: unknown;
}

/** With the URL that the client sent. A router shortens `url`, and the way back after a log-in would be wrong. */
export function wholeRequest(request: FrameworkRequest): RequestLike {
  const { headers, method, originalUrl, raw, rawHeaders, socket, url } = request;
  const whole: FrameworkRequest = { headers, method, raw, rawHeaders, socket, url: originalUrl ?? url };
  return whole;
}
