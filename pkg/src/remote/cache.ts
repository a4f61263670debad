/** Key sets shared between instances: what a cache has to be, and what is believed of one. */

import { utf8 } from "../bytes.js";
import type { Settings } from "./options.js";

/** A key set as a cache keeps it. Times are milliseconds since 1970. */
export interface JwksCacheEntry {
  /** The text of the JWKS, as the server sent it. */
  readonly jwks: string;
  /** When the server was asked for it. */
  readonly fetchedAt: number;
  /** When it is to be fetched again. */
  readonly expiresAt: number;
}

/**
 * Where key sets are shared between the isolates of a Worker, or between processes. Who can write to it chooses the
 * keys, as who runs the server does; beyond that nothing of it is believed: entries that are too long, ill-formed,
 * older than allowed or from the future are passed over.
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
   * @param key A name of printable ASCII, at most 100 characters; it tells nothing of the URL.
   * @param maxBytes No entry with a longer text will be used, so none has to be read.
   * @returns The entry; `null` or `undefined` if there is none.
   */
  get(key: string, maxBytes: number): Promise<JwksCacheEntry | null | undefined>;
  /**
   * @param key As for `get`.
   * @param entry What to keep.
   * @param seconds After this long the entry is of no use any more.
   */
  put(key: string, entry: JwksCacheEntry, seconds: number): Promise<unknown>;
}

/**
 * The name of a set in a cache: a digest of where it comes from, as a URL and header fields may hold secrets. The
 * fields belong to it, or those who are shown different sets would see each other's.
 */
export async function cacheKey({ url, headers }: Settings): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify([url, Object.entries(headers).sort()]));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return `countersign-jwks-1-${[...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

/**
 * The entry with its times within the bounds of today's options; nothing if it cannot be one of ours, or has no use.
 */
export function believed(found: unknown, settings: Settings, now: number): JwksCacheEntry | undefined {
  const { jwks, fetchedAt, expiresAt } = (found ?? {}) as Partial<Record<keyof JwksCacheEntry, unknown>>;
  if (typeof jwks !== "string" || !isTime(fetchedAt) || !isTime(expiresAt)) return undefined;
  if (now < fetchedAt || expiresAt < fetchedAt) return undefined;
  const end = Math.min(expiresAt, fetchedAt + settings.maxAgeMs);
  if (end + settings.staleIfErrorMs <= now) return undefined;
  const { maxResponseBytes } = settings;
  // UTF-8 is never shorter than a string's length.
  if (maxResponseBytes < jwks.length || maxResponseBytes < (utf8(jwks)?.byteLength ?? Number.POSITIVE_INFINITY)) {
    return undefined;
  }
  return { jwks, fetchedAt, expiresAt: end };
}

function isTime(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}
