/** The endpoint that publishes public keys (RFC 7517). */

import { CountersignError } from "../errors.js";
import { checkMethod, readOptions, wholeNumber } from "../options.js";
import { methodNotAllowed } from "./reply.js";

/** Provides public keys: a `KeySet`. */
export interface PublicKeys {
  toJwks(): { keys: object[] };
}

/** Options of {@link jwksEndpoint}. */
export interface JwksEndpointOptions {
  /**
   * How many seconds caches may keep the response. Default 300. Some clients do not know a new key for this long, so publish
   * it this long before you sign with it.
   */
  maxAge?: number;
}

/**
 * Makes a handler for `GET /.well-known/jwks.json`, which publishes the public halves of a key set.
 *
 * It answers `GET` and `HEAD` with 200, `application/jwk-set+json` and an `ETag`, or with 304 if `If-None-Match` has that
 * tag. It answers other methods with 405.
 *
 * @param keySet The keys. They are written out once, when this is called.
 * @param options See {@link JwksEndpointOptions}.
 * @returns The handler.
 * @throws {CountersignError} `OPTION_INVALID`: an unknown option, a `maxAge` that is not a whole number, or an object without
 * `toJwks`. `KEY_USAGE`: a private key or a secret, which a `KeySet` never returns.
 *
 * @example
 * ```ts
 * const jwks = jwksEndpoint(new KeySet([Key.fromPem(pem, { alg: "EdDSA", kid: "2026" })]));
 * if (new URL(request.url).pathname === "/.well-known/jwks.json") return jwks(request);
 * ```
 */
export function jwksEndpoint(
  keySet: PublicKeys,
  options: JwksEndpointOptions = {},
): (request: Pick<Request, "headers" | "method">) => Promise<Response> {
  const { maxAge } = readOptions(options, { maxAge: wholeNumber(0, 300) });
  checkMethod("keySet", keySet, "toJwks");
  const jwks = keySet.toJwks();
  // RFC 7518 §6: only private keys have "d", and only secrets have "k".
  if (jwks.keys.some((key) => Object.hasOwn(key, "d") || Object.hasOwn(key, "k"))) {
    throw new CountersignError("KEY_USAGE", "a key set to publish has a private key or a secret");
  }
  const body = JSON.stringify(jwks);
  let tag: string | undefined;

  return async (request) => {
    if (request.method !== "GET" && request.method !== "HEAD") return methodNotAllowed("GET, HEAD");
    tag ??= await entityTag(body);
    const headers = { "Cache-Control": `public, max-age=${maxAge}`, ETag: tag };
    if (matches(request.headers.get("If-None-Match"), tag)) return new Response(null, { status: 304, headers });
    return new Response(request.method === "HEAD" ? null : body, {
      headers: { ...headers, "Content-Type": "application/jwk-set+json" },
    });
  };
}

/** A strong entity tag: a digest of the body. */
async function entityTag(body: string): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(body)));
  return `"${[...digest.subarray(0, 16)].map((byte) => byte.toString(16).padStart(2, "0")).join("")}"`;
}

/** RFC 9110 §13.1.2: a list of tags, compared weakly, or `*`. */
function matches(ifNoneMatch: string | null, tag: string): boolean {
  const tags = (ifNoneMatch ?? "").split(",").map((text) => text.trim().replace(/^W\//, ""));
  return tags.includes(tag) || tags.includes("*");
}
