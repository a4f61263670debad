/** The interface of a cache for JWK Sets, with two implementations: Workers KV, and the Cache API. */

import { readText } from "./limits.js";

/** A JWK Set as a cache stores it. Times are milliseconds since 1970. */
export interface JwksCacheEntry {
  /** The text of the JWK Set, as the server sent it. */
  readonly jwks: string;
  /** When the server was asked. */
  readonly fetchedAt: number;
  /** When the set has to be fetched again. */
  readonly expiresAt: number;
}

/**
 * A store in which the isolates of a Worker, or several processes, share JWK Sets.
 *
 * Anyone who can write to the cache chooses the keys, like the operator of the server. Everything else about an entry is
 * checked: entries that are too long, malformed, older than allowed or dated in the future are ignored.
 *
 * @example
 * ```ts
 * const cache: JwksCache = {
 *   get: async (key) => JSON.parse((await redis.get(key)) ?? "null"),
 *   put: async (key, entry, seconds) => redis.set(key, JSON.stringify(entry), { EX: seconds }),
 * };
 * ```
 */
export interface JwksCache {
  /**
   * Reads an entry.
   *
   * @param key At most 100 characters of printable ASCII. It does not reveal the URL.
   * @param maxBytes Entries with a longer `jwks` are not used, so the cache need not read them.
   * @returns The entry, or `null` or `undefined` if there is none.
   */
  get(key: string, maxBytes: number): Promise<JwksCacheEntry | null | undefined>;
  /**
   * Stores an entry.
   *
   * @param key As for `get`.
   * @param entry The entry.
   * @param seconds How long the entry is useful. The cache may drop it afterwards.
   */
  put(key: string, entry: JwksCacheEntry, seconds: number): Promise<unknown>;
}

/** The part of a `KVNamespace` that `kvCache` uses. */
export interface KvNamespace {
  getWithMetadata(key: string, type: "stream"): Promise<{ value: ReadableStream | null; metadata: unknown }>;
  put(key: string, value: string, options: { expirationTtl: number; metadata: object }): Promise<void>;
}

/**
 * Keeps JWK Sets in a Workers KV namespace. All isolates of a Worker share it worldwide; a write reaches other locations
 * after up to about a minute. The value is the text of the set, and the metadata holds its times.
 *
 * @param namespace The binding, such as `env.KEYS`.
 * @returns A cache for the option `cache` of `RemoteKeySet`.
 * @example
 * ```ts
 * import { env, waitUntil } from "cloudflare:workers";
 *
 * const url = "https://login.example/.well-known/jwks.json";
 * const keys = new RemoteKeySet(url, { cache: kvCache(env.KEYS), waitUntil });
 * ```
 */
export function kvCache(namespace: KvNamespace): JwksCache {
  return {
    async get(key, maxBytes) {
      const { value, metadata } = await namespace.getWithMetadata(key, "stream");
      if (value === null) return null;
      const jwks = await readText(value, maxBytes);
      const { fetchedAt, expiresAt } = (metadata ?? {}) as { fetchedAt: number; expiresAt: number };
      return { jwks, fetchedAt, expiresAt };
    },
    put(key, { jwks, fetchedAt, expiresAt }, seconds) {
      return namespace.put(key, jwks, {
        expirationTtl: Math.max(KV_LEAST_SECONDS, seconds),
        metadata: { fetchedAt, expiresAt },
      });
    },
  };
}

/** KV refuses a shorter `expirationTtl`. */
const KV_LEAST_SECONDS = 60;

/** The part of a `Cache` that `webCache` uses. */
export interface WebCache {
  match(url: string): Promise<Response | undefined>;
  put(url: string, response: Response): Promise<void>;
}

/**
 * Keeps JWK Sets in a cache of the Cache API. On Workers this is `caches.default`, which the isolates of one data center
 * share. It is free and needs no binding. On `workers.dev` it has no effect, because that cache stores nothing there.
 *
 * @param cache The cache, or a function that opens it. Use a function on Workers: no cache exists before the first request.
 * @param base The URL that entry names start with. On Workers, use a URL of your own domain. Nothing is fetched from it.
 * Default `"https://countersign.invalid/"`.
 * @returns A cache for the option `cache` of `RemoteKeySet`.
 * @example
 * ```ts
 * const cache = webCache(() => caches.open("keys"), "https://api.example/");
 * const keys = new RemoteKeySet("https://login.example/.well-known/jwks.json", { cache, waitUntil });
 * ```
 */
export function webCache(
  cache: WebCache | (() => WebCache | Promise<WebCache>),
  base: string | URL = "https://countersign.invalid/",
): JwksCache {
  const open = async () => (typeof cache === "function" ? cache() : cache);
  const urlOf = (key: string) => new URL(key, base).href;
  return {
    async get(key, maxBytes) {
      const response = await (await open()).match(urlOf(key));
      if (response === undefined) return null;
      const [fetchedAt, expiresAt] = TIME_FIELDS.map((name) => Number(response.headers.get(name) ?? Number.NaN));
      return { jwks: await readText(response.body, maxBytes), fetchedAt, expiresAt } as JwksCacheEntry;
    },
    async put(key, { jwks, fetchedAt, expiresAt }, seconds) {
      const [fetchedField, expiresField] = TIME_FIELDS;
      const headers = {
        "Cache-Control": `max-age=${seconds}`,
        "Content-Type": "application/jwk-set+json",
        [fetchedField]: String(fetchedAt),
        [expiresField]: String(expiresAt),
      };
      await (await open()).put(urlOf(key), new Response(jwks, { headers }));
    },
  };
}

/** Header fields with an entry's times, in milliseconds since 1970. */
const TIME_FIELDS = ["Countersign-Fetched-At", "Countersign-Expires-At"] as const;
