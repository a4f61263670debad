/** The endpoint that publishes the keys tokens are checked with (RFC 7517). */

import { CountersignError } from "../errors.js";
import { checkMethod, readOptions, wholeNumber } from "../options.js";
import { methodNotAllowed } from "./reply.js";

/** What has public keys to show: a `KeySet`. */
export interface PublicKeys {
  toJwks(): { keys: object[] };
}

/** Options of {@link jwksEndpoint}. */
export interface JwksEndpointOptions {
  /**
   * How long a cache may keep the answer, in seconds. Default: 300. A key that is added is unknown to some for that
   * long, so publish a new key this long before signing with it.
   */
  maxAge?: number;
}

/**
 * Makes the handler of `GET /.well-known/jwks.json`: the public parts of a key set, cacheable, with an `ETag`.
 *
 * Answers `GET` and `HEAD` with 200 and `application/jwk-set+json`, or with 304 to an `If-None-Match` that still holds;
 * any other method with 405.
 *
 * @param keySet The keys. They are written out once, here.
 * @param options See {@link JwksEndpointOptions}.
 * @returns The handler.
 * @throws {@link CountersignError} `OPTION_INVALID`: an unknown option, a `maxAge` that is not a whole number, an
 *   object without `toJwks`; `KEY_USAGE`: a key with a private or secret part, which no `KeySet` gives out.
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
  const o = readOptions(options, ["maxAge"]);
  checkMethod("keySet", keySet, "toJwks");
  const maxAge = wholeNumber("maxAge", o.maxAge, 0, 300);
  const jwks = keySet.toJwks();
  // RFC 7518 §6: "d" is private in every key type, "k" is the whole secret.
  if (jwks.keys.some((key) => Object.hasOwn(key, "d") || Object.hasOwn(key, "k"))) {
    throw new CountersignError("KEY_USAGE", "a key set that is published has a private or secret key");
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

/** A strong tag: the body's own digest. */
async function entityTag(body: string): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(body)));
  return `"${[...digest.subarray(0, 16)].map((byte) => byte.toString(16).padStart(2, "0")).join("")}"`;
}

/** RFC 9110 §13.1.2: a list of tags, compared weakly, or `*`. */
function matches(ifNoneMatch: string | null, tag: string): boolean {
  const tags = (ifNoneMatch ?? "").split(",").map((text) => text.trim().replace(/^W\//, ""));
  return tags.includes(tag) || tags.includes("*");
}
