/** Key sets in Workers KV. */

import type { JwksCache } from "./cache.js";
import { readText } from "./text.js";

/** The part of a `KVNamespace` that is used. */
export interface KvNamespace {
  getWithMetadata(key: string, type: "stream"): Promise<{ value: ReadableStream | null; metadata: unknown }>;
  put(key: string, value: string, options: { expirationTtl: number; metadata: object }): Promise<void>;
}

/**
 * Keeps key sets in a KV namespace, where all isolates of a Worker find them, all over the world and some seconds to a
 * minute later. The value is the JWKS, the times are its metadata.
 *
 * @param namespace The binding, such as `env.KEYS`.
 * @returns What the option `cache` of a `RemoteKeySet` takes.
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
        expirationTtl: Math.max(LEAST_KV_SECONDS, seconds),
        metadata: { fetchedAt, expiresAt },
      });
    },
  };
}

/** KV refuses to keep anything for less. */
const LEAST_KV_SECONDS = 60;
