/**
 * Guards for servers of the {@link https://modelcontextprotocol.io | Model Context Protocol}, with its TypeScript SDK.
 *
 * @module
 */

import { type BearerGuardOptions, bearerGuard, type Caller } from "../http/bearer.js";
import type { RequestLike } from "../http/request.js";
import { checkVerified, checkVerifier, type TokenVerifier } from "../http/verify-token.js";
import { checkFunction, invalid, type OptionReader, readOptions, unchecked } from "../options.js";
import { parseUrl } from "../parse-url.js";
import { signedClaims } from "../schema.js";
import type { Claims } from "../types.js";

export type { BearerGuardOptions, Caller } from "../http/bearer.js";
export type { RequestLike } from "../http/request.js";
export type { TokenVerifier } from "../http/verify-token.js";

/** The SDK's `AuthInfo`. */
export interface McpAuthInfo {
  token: string;
  /** The claim `client_id` (RFC 9068), or else `azp`, or else an empty text. */
  clientId: string;
  scopes: string[];
  /** The claim `exp`. */
  expiresAt?: number;
  /** Which of the token's audiences is this server: see the option `resource`. */
  resource?: URL;
  /** The header and the claims of the token. */
  extra: { header: Caller["header"]; claims: Claims };
}

/** Options of {@link tokenVerifier}. */
export interface TokenVerifierOptions {
  /** The SDK's error class, from `@modelcontextprotocol/sdk/server/auth/errors.js`. Other errors would make it answer 500. */
  InvalidTokenError: new (
    message: string,
  ) => Error;
  /** The URL that identifies this server. `AuthInfo.resource` has it if the token's `aud` names it. */
  resource?: string;
  /** As that of {@link bearerGuard}. */
  scopeClaim?: string | readonly string[];
}

/** Options of {@link guard}. */
export interface McpGuardOptions extends Omit<BearerGuardOptions, "optional"> {
  /** The URL that identifies this server. `AuthInfo.resource` has it if the token's `aud` names it. */
  resource?: string;
}

/**
 * Makes the `OAuthTokenVerifier` that the SDK's `requireBearerAuth` takes.
 *
 * @param verifier A verifier with the required issuer and audience.
 * @param options See {@link TokenVerifierOptions}.
 * @returns The verifier. It rejects with `InvalidTokenError` for a token that is refused, and the SDK answers 401. If the key
 *   server gives no keys (`JWKS_UNAVAILABLE`), the SDK answers 500; {@link guard} answers 503.
 * @throws {CountersignError} `OPTION_INVALID`: an option is missing, unknown or of the wrong type.
 *
 * @example
 * ```ts
 * import { InvalidTokenError } from "@modelcontextprotocol/sdk/server/auth/errors.js";
 * import { requireBearerAuth } from "@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js";
 *
 * app.use("/mcp", requireBearerAuth({ verifier: tokenVerifier(verifier, { InvalidTokenError }) }));
 * ```
 */
export function tokenVerifier(
  verifier: TokenVerifier,
  options: TokenVerifierOptions,
): { verifyAccessToken(token: string): Promise<McpAuthInfo> } {
  const { InvalidTokenError, resource, scopeClaim } = readOptions(options, {
    InvalidTokenError: requiredClass,
    resource: urlOption,
    scopeClaim: unchecked<string | readonly string[]>(),
  });
  const check = bearerGuard(verifier, scopeClaim === undefined ? {} : { scopeClaim });
  return {
    async verifyAccessToken(token) {
      const caller = await check({ headers: { authorization: `Bearer ${token}` }, url: "/" });
      if (!(caller instanceof Response)) return authInfo(caller, token, resource);
      const text = await caller.text();
      const description = text === "" ? "the token is malformed" : JSON.parse(text).error_description;
      throw caller.status === 503 ? new Error(description) : new InvalidTokenError(description);
    },
  };
}

/**
 * Makes a guard that gives the SDK's `AuthInfo`, for transports with standard requests and for handlers of your own.
 *
 * @param verifier A verifier with the required issuer and audience.
 * @param options As those of {@link bearerGuard}, and `resource`.
 * @returns The guard. It gives the `AuthInfo`, or the `Response` that refuses the request.
 * @throws {CountersignError} `OPTION_INVALID`: as {@link bearerGuard}.
 *
 * @example
 * ```ts
 * const authInfo = await check(request);
 * return authInfo instanceof Response ? authInfo : transport.handleRequest(request, { authInfo });
 * ```
 */
export function guard(
  verifier: TokenVerifier,
  options: McpGuardOptions = {},
): (request: RequestLike) => Promise<McpAuthInfo | Response> {
  const { resource: url, ...others } = options;
  const resource = urlOption("resource", url);
  // A caller does not have its token, and `from` may name other places than `Authorization`.
  const tokens = new WeakMap<object, string>();
  const check = bearerGuard(remembering(verifier, tokens), others);
  return async (request) => {
    const caller = await check(request);
    return caller instanceof Response ? caller : authInfo(caller, tokens.get(signedClaims(caller)) ?? "", resource);
  };
}

function remembering(verifier: TokenVerifier, tokens: WeakMap<object, string>): TokenVerifier {
  checkVerifier(verifier);
  const { verify, verifyAsync } = verifier as Partial<Record<"verify" | "verifyAsync", unknown>>;
  const [name, method] = typeof verifyAsync === "function" ? ["verifyAsync", verifyAsync] : ["verify", verify];
  return {
    async verify(token) {
      const verified: unknown = await (method as (token: string) => Promise<Caller>).call(verifier, token);
      checkVerified(name as string, verified);
      tokens.set(signedClaims(verified), token);
      return verified;
    },
  };
}

function authInfo(caller: Caller, token: string, expected: URL | undefined): McpAuthInfo {
  const { claims, header, scopes } = caller;
  const signed = signedClaims(caller) as Claims & { azp?: unknown; client_id?: unknown };
  const { aud, azp, client_id: client, exp } = signed;
  const isForUs = expected !== undefined && [aud].flat().some((text) => isSame(text, expected));
  return {
    token,
    clientId: [client, azp].find((id) => typeof id === "string") ?? "",
    scopes: [...scopes],
    ...(exp === undefined ? {} : { expiresAt: exp }),
    ...(isForUs ? { resource: expected } : {}),
    extra: { header, claims },
  };
}

function isSame(text: unknown, url: URL): boolean {
  return typeof text === "string" && parseUrl(text)?.href === url.href;
}

const requiredClass: OptionReader<TokenVerifierOptions["InvalidTokenError"]> = (name, value) => {
  checkFunction(name, value);
  return value as TokenVerifierOptions["InvalidTokenError"];
};

const urlOption: OptionReader<URL | undefined> = (name, value) => {
  if (value === undefined) return undefined;
  const url = typeof value === "string" ? parseUrl(value) : null;
  if (url === null) throw invalid(`option "${name}" is not a URL`);
  return url;
};
