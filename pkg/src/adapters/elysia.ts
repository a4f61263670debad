/**
 * A guard for {@link https://elysiajs.com | Elysia}. Endpoints need no adapter there: `app.mount("/token", token)`.
 *
 * @module
 */

import type { BearerGuardOptions, Caller } from "../http/bearer.js";
import type { Claims } from "../types.js";
import { type Auth, type AuthSource, type Guard, type RequiredOptions, readGuard } from "./guard.js";

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
  source: AuthSource<C>,
  options?: RequiredOptions<C>,
): ElysiaResolve<Caller<C>>;
export function guard<C extends object = Claims>(
  source: AuthSource<C>,
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
    for (const [name, value] of found.headers) setHeader(set, name, value);
    return { auth: found.auth };
  };
}

/** What the answer gets: headers, with names in lower case, and cookies, which overwrite a header of that name. */
interface ElysiaSet {
  headers?: Record<string, unknown>;
  cookie?: Record<string, Record<string, unknown>>;
}

function setHeader(set: ElysiaSet, name: string, value: string): void {
  if (name.toLowerCase() === "set-cookie") set.cookie = { ...set.cookie, ...readCookie(value) };
  else set.headers = { ...set.headers, [name.toLowerCase()]: value };
}

/** The attributes of Elysia, by those of a `Set-Cookie` of ours. */
const ATTRIBUTES: Readonly<Record<string, string>> = {
  httponly: "httpOnly",
  "max-age": "maxAge",
  path: "path",
  samesite: "sameSite",
  secure: "secure",
};

function readCookie(text: string): Record<string, Record<string, unknown>> {
  const [[name = "", value = ""] = [], ...attributes] = text.split("; ").map((part) => split(part));
  const read = attributes.map(([key = "", given]) => {
    return [ATTRIBUTES[key.toLowerCase()], key.toLowerCase() === "max-age" ? Number(given) : (given ?? true)];
  });
  return { [name]: { value, ...Object.fromEntries(read) } };
}

/** A value may contain `=`. */
function split(part: string): [name: string, value?: string] {
  const at = part.indexOf("=");
  return at < 0 ? [part] : [part.slice(0, at), part.slice(at + 1)];
}
