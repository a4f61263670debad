/** A cache in use: its answers are checked, its failures are reported and stop nobody. */

import { believed, cacheKey, type JwksCacheEntry } from "./cache.js";
import type { Settings } from "./options.js";
import { Unavailable, unavailable } from "./unavailable.js";
import { within } from "./within.js";

/** How many milliseconds a cache has to answer: it is there to be faster than the server. */
export const CACHE_MS = 1000;

/** The cache of the settings, if there is one. */
export class SharedSets {
  readonly #settings: Settings;
  readonly #report: (error: Unavailable) => void;
  #key: string | undefined;

  constructor(settings: Settings, report: (error: Unavailable) => void) {
    this.#settings = settings;
    this.#report = report;
  }

  /** What the cache has and we believe; nothing in every other case. */
  async read(): Promise<JwksCacheEntry | undefined> {
    const { cache, maxResponseBytes } = this.#settings;
    if (cache === undefined) return undefined;
    const found = await this.#withKey("the key set cannot be read from the cache", CACHE_MS, (key) =>
      cache.get(key, maxResponseBytes),
    );
    if (found === undefined || found === null) return undefined;
    const entry = believed(found, this.#settings, Date.now());
    if (entry === undefined) this.#report(new Unavailable("the cache has an entry that is not a key set of today"));
    return entry;
  }

  /** Puts a set there for others, for as long as it may be of use to them. */
  async write({ jwks, fetchedAt, expiresAt }: JwksCacheEntry): Promise<void> {
    const { cache, staleIfErrorMs, timeoutMs } = this.#settings;
    if (cache === undefined) return;
    const seconds = Math.ceil((expiresAt + staleIfErrorMs - Date.now()) / 1000);
    await this.#withKey("the key set cannot be put into the cache", timeoutMs, (key) =>
      cache.put(key, { jwks, fetchedAt, expiresAt }, seconds),
    );
  }

  async #withKey<T>(message: string, ms: number, use: (key: string) => Promise<T>): Promise<T | undefined> {
    try {
      return await within(
        ms,
        () => new Unavailable(message),
        async () => {
          // The text is kept and not the promise, which on Workers would belong to the request that made it.
          this.#key ??= await cacheKey(this.#settings);
          return use(this.#key);
        },
      );
    } catch (thrown) {
      this.#report(unavailable(message, thrown));
      return undefined;
    }
  }
}
