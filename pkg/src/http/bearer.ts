/** The guard in front of what needs a token (RFC 6750). */

import { CountersignError } from "../errors.js";
import { checkFunction, checkMethod, readOptions } from "../options.js";
import type { Claims, Verified } from "../types.js";
import { bare, described, quoted, reply } from "./reply.js";
import { scopeOption, scopesOf } from "./scope.js";

/**
 * What checks tokens: a `Verifier`, whatever its keys are, or anything that answers as one does. If it has
 * `verifyAsync`, that is asked.
 */
export type TokenVerifier =
  | { verify(token: string): Verified<object> | Promise<Verified<object>> }
  | { verifyAsync(token: string): Promise<Verified<object>> };

/** Who calls: the token's header and claims, checked, and the scopes that the token carries. */
export interface Caller<C extends object = Claims> extends Verified<C> {
  /** The words of the `scope` claim; none where there is no such claim. */
  readonly scopes: readonly string[];
}

/** Options of {@link bearerGuard}. */
export interface BearerGuardOptions<C extends object = Claims> {
  /**
   * What the token must allow: `"admin"`, `"read write"` or `["read", "write"]`, all of them demanded. Default: a valid
   * token is enough.
   */
  scope?: string | readonly string[];
  /** The name of the protected area, shown in the challenge. Printable ASCII. Default: none. */
  realm?: string;
  /**
   * The application's last word on a token that is valid and allows enough: `false` refuses it as `invalid_token`. The
   * place to ask whether the user still exists or the token's `jti` was revoked. Default: every such token is accepted.
   */
  accept?: (caller: Caller<C>) => boolean | Promise<boolean>;
}

/**
 * Makes a guard: a function that takes a request and gives the {@link Caller}, or the `Response` that refuses it.
 *
 * The token is taken from the `Authorization: Bearer …` header and from nowhere else, never from a URL or a body.
 *
 * | request | answer |
 * |---|---|
 * | no `Authorization`, or another scheme's | 401, `WWW-Authenticate: Bearer`, no error and no body |
 * | more than one token, a second one in the URL, a URL that cannot be read, or anything that cannot be a token | 400, `error="invalid_request"` |
 * | a token that the verifier, or `accept`, refuses | 401, `error="invalid_token"` |
 * | a good token without the scope | 403, `error="insufficient_scope", scope="…"` |
 *
 * `error_description` is the verifier's message, which names the field at fault and never holds a value. The JSON body
 * repeats `error` and `error_description`.
 *
 * @param verifier Checks the token: a `Verifier` with the issuer and audience it demands.
 * @param options See {@link BearerGuardOptions}.
 * @returns The guard. It rejects (answer 500) when the verifier fails for a reason that is not the token's:
 *   `OPTION_INVALID`, `KEY_USAGE`, `JWKS_UNAVAILABLE`, `OUT_OF_MEMORY`, `INTERNAL`, or anything `accept` throws.
 * @throws {@link CountersignError} `OPTION_INVALID`: an unknown option, a scope that is not one, a realm that is not
 *   printable ASCII, a verifier with neither `verify` nor `verifyAsync`.
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
  const o = readOptions(options, ["accept", "realm", "scope"]);
  if (!hasVerifyAsync(verifier)) checkMethod("verifier", verifier, "verify");
  if (o.accept !== undefined) checkFunction("accept", o.accept);
  const { accept } = o;
  const challenge = challengeWith(realmOption(o.realm));
  const demanded = scopeOption("scope", o.scope);

  return async (request) => {
    const found = bearerToken(request);
    if (found === null) return bare(401, { "WWW-Authenticate": challenge({}) });
    if ("fault" in found) return refusal(400, challenge, "invalid_request", found.fault);

    const checked = await check(verifier, found.token);
    if (checked instanceof CountersignError) return refusal(401, challenge, "invalid_token", checked.message);

    const caller = { header: checked.header, claims: checked.claims as C, scopes: scopesOf(checked.claims) };
    if (!demanded.every((scope) => caller.scopes.includes(scope))) {
      const scope = demanded.join(" ");
      return refusal(403, challenge, "insufficient_scope", "the token does not allow this", { scope });
    }
    if (accept !== undefined && !(await accept(caller))) {
      return refusal(401, challenge, "invalid_token", "the token is no longer accepted");
    }
    return caller;
  };
}

type Challenge = (parameters: Record<string, string>) => string;

/** RFC 6750 §3: the scheme, and parameters as quoted strings. */
function challengeWith(realm: string | undefined): Challenge {
  const fixed: Record<string, string> = realm === undefined ? {} : { realm };
  return (parameters) => {
    const written = Object.entries({ ...fixed, ...parameters }).map(([name, value]) => `${name}=${quoted(value)}`);
    return written.length === 0 ? "Bearer" : `Bearer ${written.join(", ")}`;
  };
}

function refusal(
  status: number,
  challenge: Challenge,
  error: string,
  description: string,
  more: Record<string, string> = {},
): Response {
  const body = { error, error_description: described(description) };
  return reply(status, { ...body, ...more }, { "WWW-Authenticate": challenge({ ...body, ...more }) });
}

function realmOption(realm: unknown): string | undefined {
  if (realm === undefined) return undefined;
  if (typeof realm === "string" && /^[\x20-\x7e]*$/.test(realm)) return realm;
  throw new CountersignError("OPTION_INVALID", 'option "realm" is not printable ASCII');
}

/** RFC 6750 §2.1: the characters of a token in the header. */
const B68TOKEN = /^[A-Za-z0-9._~+/-]+=*$/;

/** The one token of a request; `null` if it presents none. */
function bearerToken(request: Pick<Request, "headers" | "url">): { token: string } | { fault: string } | null {
  const authorization = request.headers.get("Authorization");
  const [scheme = "", ...rest] = (authorization ?? "").split(" ");
  if (scheme.toLowerCase() !== "bearer") return null;
  const token = rest.join(" ").trim();
  // Two headers arrive as one with a comma, which no token has.
  if (!B68TOKEN.test(token)) return { fault: "the Authorization header does not hold one token" };
  // RFC 6750 §2: a client must not present a token in more than one way.
  const url = readUrl(request.url);
  if (url === null) return { fault: "the request's URL cannot be read" };
  if (url.searchParams.has("access_token")) return { fault: "more than one token" };
  return { token };
}

/** A request's URL, which frameworks give without its origin; `null` for one like `//`, which anyone may send. */
function readUrl(text: string): URL | null {
  try {
    return new URL(text, "http://relative.invalid");
  } catch {
    return null;
  }
}

/** Codes by which a verifier says that the token is at fault; with any other, the fault is on our side. */
const OF_THE_TOKEN = /^(TOKEN_|CLAIM_|DECRYPTION_FAILED$|KEY_NOT_FOUND$|KEY_AMBIGUOUS$)/;

async function check(verifier: TokenVerifier, token: string): Promise<Verified<object> | CountersignError> {
  try {
    return await (hasVerifyAsync(verifier) ? verifier.verifyAsync(token) : verifier.verify(token));
  } catch (error) {
    // By its code, not its class: the verifier may come from the CommonJS build and this from the ESM one.
    const { code, message } = (error ?? {}) as Partial<CountersignError>;
    if (code === undefined || message === undefined || !OF_THE_TOKEN.test(code)) throw error;
    return new CountersignError(code, message);
  }
}

function hasVerifyAsync(verifier: TokenVerifier): verifier is Extract<TokenVerifier, { verifyAsync: unknown }> {
  return typeof (verifier as { verifyAsync?: unknown } | null)?.verifyAsync === "function";
}
