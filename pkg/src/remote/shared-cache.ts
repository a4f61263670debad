/** Reads from and writes to the cache that several instances share, and validates its entries. */

import { utf8 } from "../bytes.js";
import { withTimeout } from "../deadline.js";
import type { JwksCacheEntry } from "./cache.js";
import type { Settings } from "./options.js";
import { asJwksUnavailable, JwksUnavailable } from "./unavailable.js";

/** How long the cache may take. A cache is there to be faster than the server. */
export const CACHE_TIMEOUT_MS = 1000;

/** Reads from and writes to the configured cache, if there is one. Reports failures and never throws. */
export class SharedCache {
  readonly #settings: Settings;
  readonly #report: (error: JwksUnavailable) => void;
  #key: string | undefined;

  constructor(settings: Settings, report: (error: JwksUnavailable) => void) {
    this.#settings = settings;
    this.#report = report;
  }

  /** The valid entry for these settings, or `undefined`. */
  async read(): Promise<JwksCacheEntry | undefined> {
    const { cache, maxResponseBytes } = this.#settings;
    if (cache === undefined) return undefined;
    const found = await this.#withKey("the key set cannot be read from the cache", CACHE_TIMEOUT_MS, (key) =>
      cache.get(key, maxResponseBytes),
    );
    if (found === undefined || found === null) return undefined;
    const entry = validCacheEntry(found, this.#settings);
    if (entry === undefined)
      this.#report(new JwksUnavailable("cache", "the cache entry is malformed, too long or too old"));
    return entry;
  }

  /** Stores an entry for as long as other instances may use it. */
  async write({ jwks, fetchedAt, expiresAt }: JwksCacheEntry): Promise<void> {
    const { cache, staleIfErrorMs, timeoutMs } = this.#settings;
    if (cache === undefined) return;
    const seconds = Math.ceil((expiresAt + staleIfErrorMs - Date.now()) / 1000);
    await this.#withKey("the key set cannot be written to the cache", timeoutMs, (key) =>
      cache.put(key, { jwks, fetchedAt, expiresAt }, seconds),
    );
  }

  async #withKey<T>(message: string, timeoutMs: number, use: (key: string) => Promise<T>): Promise<T | undefined> {
    try {
      return await withTimeout(
        timeoutMs,
        () => new JwksUnavailable("cache", message),
        async () => {
          // The text is kept, not the promise: on Workers a promise belongs to the request that made it.
          this.#key ??= await cacheKey(this.#settings);
          return use(this.#key);
        },
      );
    } catch (thrown) {
      this.#report(asJwksUnavailable("cache", message, thrown));
      return undefined;
    }
  }
}

/**
 * The name of a set in a cache: a digest, because a URL and header fields may hold secrets. Header fields are part of it,
 * because a server may return different sets for different credentials.
 */
async function cacheKey({ url, headers }: Settings): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify([url, Object.entries(headers).sort()]));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return `countersign-jwks-1-${[...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

/** Like `validateCacheEntry`, also for an entry that cannot be read, such as one with a getter that throws. */
function validCacheEntry(found: unknown, settings: Settings): JwksCacheEntry | undefined {
  try {
    return validateCacheEntry(found, settings, Date.now());
  } catch {
    return undefined;
  }
}

/**
 * Checks what a cache returned. Returns the entry with `expiresAt` limited by the current `maxAge`, or `undefined` if the
 * entry is malformed, too long, from the future, or past `staleIfError`.
 */
function validateCacheEntry(found: unknown, settings: Settings, now: number): JwksCacheEntry | undefined {
  const { jwks, fetchedAt, expiresAt } = (found ?? {}) as Partial<Record<keyof JwksCacheEntry, unknown>>;
  if (typeof jwks !== "string" || !isTime(fetchedAt) || !isTime(expiresAt)) return undefined;
  if (now < fetchedAt || expiresAt < fetchedAt) return undefined;
  const end = Math.min(expiresAt, fetchedAt + settings.maxAgeMs);
  if (end + settings.staleIfErrorMs <= now) return undefined;
  const { maxResponseBytes } = settings;
  // UTF-8 never has fewer bytes than a string has units, so most long texts need not be encoded.
  if (maxResponseBytes < jwks.length || maxResponseBytes < (utf8(jwks)?.byteLength ?? Number.POSITIVE_INFINITY)) {
    return undefined;
  }
  return { jwks, fetchedAt, expiresAt: end };
}

function isTime(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}
