/** The guard that checks bearer tokens (RFC 6750). */

import { CountersignError } from "../errors.js";
import { checkMethod, invalid, optionalFunction, readOptions } from "../options.js";
import type { Claims, Verified } from "../types.js";
import { errorDescription, quotedString, reply, replyWithoutBody } from "./reply.js";
import { scopeOption, scopesOf } from "./scope.js";

/** Checks tokens: a `Verifier`, or an object of the same shape. If it has `verifyAsync`, the guard uses that. */
export type TokenVerifier =
  | { verify(token: string): Verified<object> | Promise<Verified<object>> }
  | { verifyAsync(token: string): Promise<Verified<object>> };

/** The caller of a request: the checked token's header and claims, and its scopes. */
export interface Caller<C extends object = Claims> extends Verified<C> {
  /** The words of the `scope` claim. Empty without such a claim. */
  readonly scopes: readonly string[];
}

/** Options of {@link bearerGuard}. */
export interface BearerGuardOptions<C extends object = Claims> {
  /**
   * The scopes that the token must have, all of them: `"admin"`, `"read write"` or `["read", "write"]`. Default: none.
   */
  scope?: string | readonly string[];
  /** The name of the protected area, which `WWW-Authenticate` shows. Printable ASCII. Default: none. */
  realm?: string;
  /**
   * Your own check of a valid token that has the scopes. If it returns `false`, the guard answers `invalid_token`. Use it to
   * find out whether the user still exists, or whether the `jti` was revoked. Default: accept.
   */
  accept?: (caller: Caller<C>) => boolean | Promise<boolean>;
}

/**
 * Makes a guard: a function that takes a request and returns the {@link Caller}, or a `Response` that refuses the request.
 *
 * It reads the token only from the header `Authorization: Bearer …`, never from the URL or the body.
 *
 * | request | response |
 * |---|---|
 * | no `Authorization`, or another scheme | 401, `WWW-Authenticate: Bearer`, no error, no body |
 * | several tokens, one of them perhaps in the URL; an unreadable URL; something that cannot be a token | 400, `error="invalid_request"` |
 * | the verifier or `accept` refuses the token | 401, `error="invalid_token"` |
 * | the token does not have the scopes | 403, `error="insufficient_scope", scope="…"` |
 *
 * `error_description` is the verifier's message, which names the field at fault and never contains a value. The JSON body
 * repeats `error` and `error_description`.
 *
 * @typeParam C The claims that you expect beside the registered ones. Nothing checks that they are there.
 * @param verifier Checks the token: a `Verifier` with the required issuer and audience.
 * @param options See {@link BearerGuardOptions}.
 * @returns The guard. It rejects (answer 500) if `accept` throws, or if the verifier fails for a reason that is not the
 *   token's: `OPTION_INVALID`, `KEY_USAGE`, `JWKS_UNAVAILABLE`, `OUT_OF_MEMORY`, `INTERNAL`.
 * @throws {CountersignError} `OPTION_INVALID`: an unknown option, a `scope` that is not a scope, a `realm` that is not
 *   printable ASCII, or a verifier with neither `verify` nor `verifyAsync`.
 *
 * @example
 * ```ts
 * const guard = bearerGuard(verifier, { scope: "admin", realm: "api" });
 *
 * const caller = await guard(request);
 * if (caller instanceof Response) return caller;
 * return Response.json({ hello: caller.claims.sub });
 * ```
 */
export function bearerGuard<C extends object = Claims>(
  verifier: TokenVerifier,
  options: BearerGuardOptions<C> = {},
): (request: Pick<Request, "headers" | "url">) => Promise<Caller<C> | Response> {
  const { accept, realm, scope } = readOptions(options, {
    accept: optionalFunction<NonNullable<BearerGuardOptions<C>["accept"]>>(),
    realm: readRealm,
    scope: scopeOption,
  });
  if (!hasVerifyAsync(verifier)) checkMethod("verifier", verifier, "verify");
  const challenge = challengeWith(realm);

  return async (request) => {
    const found = bearerToken(request);
    if (found === null) return replyWithoutBody(401, { "WWW-Authenticate": challenge({}) });
    if ("problem" in found) return refusal(400, challenge, "invalid_request", found.problem);

    const checked = await check(verifier, found.token);
    if (checked instanceof CountersignError) return refusal(401, challenge, "invalid_token", checked.message);

    const caller = { header: checked.header, claims: checked.claims as C, scopes: scopesOf(checked.claims) };
    if (!scope.every((word) => caller.scopes.includes(word))) {
      return refusal(403, challenge, "insufficient_scope", "the token does not have the required scope", {
        scope: scope.join(" "),
      });
    }
    if (accept !== undefined && !(await accept(caller))) {
      return refusal(401, challenge, "invalid_token", "the token is no longer accepted");
    }
    return caller;
  };
}

type Challenge = (parameters: Record<string, string>) => string;

/** RFC 6750 §3: the scheme, then parameters as quoted strings. */
function challengeWith(realm: string | undefined): Challenge {
  const fixed: Record<string, string> = realm === undefined ? {} : { realm };
  return (parameters) => {
    const all = Object.entries({ ...fixed, ...parameters }).map(([name, value]) => `${name}=${quotedString(value)}`);
    return all.length === 0 ? "Bearer" : `Bearer ${all.join(", ")}`;
  };
}

function refusal(
  status: number,
  challenge: Challenge,
  error: string,
  description: string,
  more: Record<string, string> = {},
): Response {
  const body = { error, error_description: errorDescription(description) };
  return reply(status, { ...body, ...more }, { "WWW-Authenticate": challenge({ ...body, ...more }) });
}

function readRealm(name: string, realm: unknown): string | undefined {
  if (realm === undefined) return undefined;
  if (typeof realm === "string" && /^[\x20-\x7e]*$/.test(realm)) return realm;
  throw invalid(`option "${name}" is not printable ASCII`);
}

/** RFC 6750 §2.1: the characters of a token in the header. */
const B64TOKEN = /^[A-Za-z0-9._~+/-]+=*$/;

/** The token of a request; `null` if it has none. */
function bearerToken(request: Pick<Request, "headers" | "url">): { token: string } | { problem: string } | null {
  const authorization = request.headers.get("Authorization");
  const [scheme = "", ...rest] = (authorization ?? "").split(" ");
  if (scheme.toLowerCase() !== "bearer") return null;
  const token = rest.join(" ").trim();
  // Two headers arrive as one with a comma, which a token cannot contain.
  if (!B64TOKEN.test(token)) return { problem: "the Authorization header does not hold one token" };
  // RFC 6750 §2: a client must not send a token in more than one way.
  const url = parseUrl(request.url);
  if (url === null) return { problem: "the request's URL cannot be read" };
  if (url.searchParams.has("access_token")) return { problem: "more than one token" };
  return { token };
}

/** Some frameworks give a URL without its origin. `null` for a URL such as `//`, which anybody can send. */
function parseUrl(text: string): URL | null {
  try {
    return new URL(text, "http://relative.invalid");
  } catch {
    return null;
  }
}

/** The codes that blame the token. With any other code, the fault is on the server's side. */
const TOKEN_CODES = /^(TOKEN_|CLAIM_|DECRYPTION_FAILED$|KEY_NOT_FOUND$|KEY_AMBIGUOUS$)/;

async function check(verifier: TokenVerifier, token: string): Promise<Verified<object> | CountersignError> {
  try {
    return await (hasVerifyAsync(verifier) ? verifier.verifyAsync(token) : verifier.verify(token));
  } catch (error) {
    // Recognized by the code, not the class: verifier and guard may be of different builds, ES modules and CommonJS.
    const { code, message } = (error ?? {}) as Partial<CountersignError>;
    if (code === undefined || message === undefined || !TOKEN_CODES.test(code)) throw error;
    return new CountersignError(code, message);
  }
}

function hasVerifyAsync(verifier: TokenVerifier): verifier is Extract<TokenVerifier, { verifyAsync: unknown }> {
  return typeof (verifier as { verifyAsync?: unknown } | null)?.verifyAsync === "function";
}
