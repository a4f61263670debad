/** The endpoint that publishes public keys (RFC 7517). */

import { CountersignError } from "../errors.js";
import { checkMethod, hasMethod, readOptions, wholeSeconds } from "../options.js";
import { isPrivateJwk } from "../private-jwk.js";
import { methodNotAllowed, RETRY_AFTER, reply } from "./reply.js";
import { checkHeaders, headerOf, type RequestLike } from "./request.js";

/** Provides public keys: a `KeySet`. */
export interface PublicKeys {
  /** The keys to publish now. Called for each request. */
  toJwks(): { keys: object[] };
  /** When these keys change next, if that is known. Caches keep the response until then at most. */
  readonly nextEnd?: Date | undefined;
}

/** Provides public keys that change: a `KeyRing`. */
export interface ChangingPublicKeys {
  /** The keys to publish now, and for how many seconds caches may keep them at most. Called for each request. */
  toJwksAsync(): Promise<{ keys: object[]; maxAge?: number }>;
}

/** Options of {@link jwksEndpoint}. */
export interface JwksEndpointOptions {
  /**
   * How many seconds caches may keep the response. Default 300. Some clients do not know a new key for this long, so publish
   * it this long before you sign with it. If a key ends sooner, caches may keep the response only until then. With a `KeyRing`,
   * caches may keep it for half of `publishedAhead` at most.
   */
  maxAge?: number;
}

/**
 * Makes a handler for `GET /.well-known/jwks.json`, which publishes the public halves of a key set.
 *
 * It answers `GET` and `HEAD` with 200, `application/jwk-set+json` and an `ETag`, or with 304 if `If-None-Match` has that
 * tag. It answers other methods with 405, and 503 if the store of a `KeyRing` has failed for too long.
 *
 * @param keySet The keys. Each response has those that are in the set at that time, so a key whose `until` has passed is no
 * longer published. A `KeyRing` is asked with the first request.
 * @param options See {@link JwksEndpointOptions}.
 * @returns The handler. It rejects if `toJwks` throws, for example because the set has been freed, and with `OPTION_INVALID` if
 * it is given something that is not a request.
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
  keySet: PublicKeys | ChangingPublicKeys,
  options: JwksEndpointOptions = {},
): (request: Pick<RequestLike, "headers" | "method">) => Promise<Response> {
  const { maxAge } = readOptions(options, { maxAge: wholeSeconds(300) });
  const isChanging = hasMethod(keySet, "toJwksAsync");
  if (!isChanging) checkMethod("keySet", keySet, "toJwks");
  // A set that cannot be published shows at start-up. A ring asks its store, which is not there at start-up.
  let current = { body: isChanging ? "" : publicJwks((keySet as PublicKeys).toJwks()), tag: "" };

  const read = async (): Promise<{ body: string; seconds: number }> => {
    if (!isChanging) {
      const { nextEnd } = keySet as PublicKeys;
      return { body: publicJwks((keySet as PublicKeys).toJwks()), seconds: Math.min(maxAge, secondsUntil(nextEnd)) };
    }
    const { keys, maxAge: most = maxAge } = await (keySet as ChangingPublicKeys).toJwksAsync();
    return { body: publicJwks({ keys }), seconds: Math.min(maxAge, most) };
  };

  return async (request) => {
    checkHeaders(request);
    if (request.method !== "GET" && request.method !== "HEAD") return methodNotAllowed("GET, HEAD");
    const published = await read().catch(unavailableOrThrow);
    if (published instanceof Response) return published;
    const { body, seconds } = published;
    if (current.body !== body || current.tag === "") current = { body, tag: await entityTag(body) };
    const { tag } = current;
    const headers = { "Cache-Control": `public, max-age=${seconds}`, ETag: tag };
    if (matches(headerOf(request, "If-None-Match"), tag)) return new Response(null, { status: 304, headers });
    return new Response(request.method === "HEAD" ? null : body, {
      headers: { ...headers, "Content-Type": "application/jwk-set+json" },
    });
  };
}

function publicJwks(jwks: { keys: object[] }): string {
  if (jwks.keys.some(isPrivateJwk)) {
    throw new CountersignError("KEY_USAGE", "a key set to publish has a private key or a secret");
  }
  return JSON.stringify(jwks);
}

/** 503 if the store fails. */
function unavailableOrThrow(error: unknown): Response {
  if ((error as Partial<CountersignError> | null)?.code !== "STORE_UNAVAILABLE") throw error;
  const body = { error: "temporarily_unavailable", error_description: "the keys are not available" };
  return reply(503, body, { "Retry-After": RETRY_AFTER });
}

function secondsUntil(end: Date | undefined): number {
  return end === undefined ? Number.POSITIVE_INFINITY : Math.max(0, Math.floor((end.getTime() - Date.now()) / 1000));
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
