/** Key sets in the Cache API of Workers and browsers. */

import type { JwksCache } from "./cache.js";
import { readText } from "./text.js";

/** The part of a `Cache` that is used. */
export interface WebCache {
  match(url: string): Promise<Response | undefined>;
  put(url: string, response: Response): Promise<void>;
}

/**
 * Keeps key sets in a cache of the Cache API: on Workers `caches.default`, which the isolates of one data centre share.
 * It costs nothing, needs no binding, and does nothing on `workers.dev`, where that cache keeps nothing.
 *
 * @param cache The cache, or a function that opens it: there is none before a Worker's first request.
 * @param base Where the names of the entries begin: on Workers best a URL of your own domain. Nothing is ever fetched
 * from it. Default `"https://countersign.invalid/"`.
 * @returns What the option `cache` of a `RemoteKeySet` takes.
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
  const opened = async () => (typeof cache === "function" ? cache() : cache);
  const named = (key: string) => new URL(key, base).href;
  return {
    async get(key, maxBytes) {
      const response = await (await opened()).match(named(key));
      if (response === undefined) return null;
      const [fetchedAt, expiresAt] = TIMES.map((name) => Number(response.headers.get(name) ?? Number.NaN));
      return { jwks: await readText(response.body, maxBytes), fetchedAt, expiresAt } as Kept;
    },
    async put(key, { jwks, fetchedAt, expiresAt }, seconds) {
      const [fetched, expires] = TIMES;
      const headers = {
        "Cache-Control": `max-age=${seconds}`,
        "Content-Type": "application/jwk-set+json",
        [fetched]: String(fetchedAt),
        [expires]: String(expiresAt),
      };
      await (await opened()).put(named(key), new Response(jwks, { headers }));
    },
  };
}

type Kept = { jwks: string; fetchedAt: number; expiresAt: number };

/** The fields that carry an entry's times, in milliseconds since 1970. */
const TIMES = ["Countersign-Fetched-At", "Countersign-Expires-At"] as const;
