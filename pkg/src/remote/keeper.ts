/**
 * Keeps a key set current: when the set that is held is used, when the server is asked, and who waits for it.
 *
 * Each span of a set's life has its rule. While it is fresh, nobody waits; in the last fifth of that time it is fetched
 * again beside the calls. After its time the next call waits for a new one. If the server fails, the old one goes on
 * being used for `staleIfError`, and again nobody waits.
 */

import { CountersignError } from "../errors.js";
import type { KeySet } from "../key-set.js";
import type { JwksCacheEntry } from "./cache.js";
import { download } from "./download.js";
import { SingleFlight } from "./flight.js";
import { keysOf } from "./keys.js";
import type { Settings } from "./options.js";
import { CACHE_MS, SharedSets } from "./shared.js";
import { type Unavailable, unavailable } from "./unavailable.js";

/** A set that is held. Times are milliseconds since 1970. */
interface Held {
  readonly keySet: KeySet;
  readonly fetchedAt: number;
  readonly expiresAt: number;
}

/** Whether a set that was found in the cache makes asking the server needless. */
type Enough = (found: Held) => boolean;

/** What is known of a set and its server. */
export interface Condition {
  readonly held: Held | undefined;
  readonly phase: "empty" | "fresh" | "ending" | "stale";
  readonly failures: number;
  readonly error: Unavailable | undefined;
}

export class Keeper {
  readonly #settings: Settings;
  readonly #shared: SharedSets;
  readonly #flight: SingleFlight;
  #held: Held | undefined;
  /** When the server was last asked, by us or, as the cache tells, by another. */
  #askedAt = Number.NEGATIVE_INFINITY;
  #failedAt = Number.NEGATIVE_INFINITY;
  #failures = 0;
  #error: Unavailable | undefined;

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#shared = new SharedSets(settings, (error) => this.#report(error));
    // A little more than the cache and the server have, so that usually it is their time that ends first.
    this.#flight = new SingleFlight(CACHE_MS + settings.timeoutMs + 500, (work) => this.#keepAlive(work));
  }

  get condition(): Condition {
    return { held: this.#held, phase: this.#phase(Date.now()), failures: this.#failures, error: this.#error };
  }

  /**
   * What `attempt` gives or throws with the current set. It is called without a set first, to throw what is wrong
   * whatever the keys are, before anybody waits for the server; and once more with a newer set, if the key was unknown.
   */
  async use<T>(attempt: (keySet: KeySet | undefined) => T): Promise<T> {
    const held = this.#atHand() ?? (await this.#waitedFor(attempt));
    try {
      return attempt(held.keySet);
    } catch (thrown) {
      if (!isUnknownKey(thrown)) throw thrown;
      const newer = await this.#newerThan(held);
      if (newer === undefined) throw thrown;
      return attempt(newer.keySet);
    }
  }

  /** Asks the server now. Rejects with what went wrong. */
  async refresh(): Promise<KeySet> {
    const landed = await this.#flight.settle(this.#bringing(() => false));
    if (landed && this.#failures === 0 && this.#held !== undefined) return this.#held.keySet;
    throw this.#failure();
  }

  /** The set to use if nobody has to wait for it, which may have it fetched again beside the calls. */
  #atHand(): Held | undefined {
    const now = Date.now();
    const phase = this.#phase(now);
    if (phase === "empty" || (phase === "stale" && this.#failures === 0)) return undefined;
    if (phase !== "fresh" && !this.#justFailed(now)) this.#flight.begin(this.#bringing(notYetEnding));
    return this.#held;
  }

  /** The set to use once it has come, for a token that may be worth it. */
  async #waitedFor(attempt: (keySet: undefined) => unknown): Promise<Held> {
    judge(attempt);
    if (this.#flight.isUnderWay || !this.#justFailed(Date.now())) {
      await this.#flight.settle(this.#bringing(notYetEnding));
    }
    if (this.#held === undefined || this.#phase(Date.now()) === "empty") throw this.#failure();
    return this.#held;
  }

  /** A set other than this one, if the server may be asked for it and has one. */
  async #newerThan(held: Held): Promise<Held | undefined> {
    const isRecent = (time: number) => isWithin(this.#settings.cooldownMs, time, Date.now());
    if (!this.#flight.isUnderWay && isRecent(this.#askedAt)) return undefined;
    await this.#flight.settle(this.#bringing(({ fetchedAt }) => isRecent(fetchedAt)));
    return this.#held === held || this.#phase(Date.now()) === "empty" ? undefined : this.#held;
  }

  #phase(now: number): Condition["phase"] {
    if (this.#held === undefined) return "empty";
    const { fetchedAt, expiresAt } = this.#held;
    if (expiresAt + this.#settings.staleIfErrorMs <= now) return "empty";
    // A clock that was put back must not make a set live longer.
    if (now < fetchedAt || expiresAt <= now) return "stale";
    return now < endingAt(this.#held) ? "fresh" : "ending";
  }

  /**
   * Whether the server failed so recently that it is left alone: a second, twice as long after each further failure.
   */
  #justFailed(now: number): boolean {
    if (this.#failures === 0) return false;
    return isWithin(Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (this.#failures - 1)), this.#failedAt, now);
  }

  /** The work of bringing a set, and of noting how that went. */
  #bringing(enough: Enough): (isCurrent: () => boolean) => Promise<void> {
    return async (isCurrent) => {
      try {
        await this.#bring(enough);
        this.#failures = 0;
        this.#error = undefined;
      } catch (thrown) {
        const error = unavailable("the key set cannot be fetched", thrown);
        this.#report(error);
        // Another request may have been begun in the place of this one, and be the one that counts.
        if (!isCurrent()) return;
        this.#failures += 1;
        this.#failedAt = Date.now();
        this.#error = error;
      }
    };
  }

  /** From the cache if that is enough, else from the server and into the cache. */
  async #bring(enough: Enough): Promise<void> {
    const found = await this.#shared.read();
    if (found !== undefined && this.#takeShared(found) && enough(this.#held as Held)) return;
    this.#askedAt = Date.now();
    const { jwks, fetchedAt, expiresAt, store } = await download(this.#settings);
    this.#take({ keySet: keysOf(jwks, this.#settings.alg), fetchedAt, expiresAt });
    if (store && this.#settings.cache !== undefined)
      this.#keepAlive(this.#shared.write({ jwks, fetchedAt, expiresAt }));
  }

  /** Whether the set that was found in the cache is now the one that is held. */
  #takeShared({ jwks, fetchedAt, expiresAt }: JwksCacheEntry): boolean {
    if (this.#held?.fetchedAt === fetchedAt) return true;
    try {
      this.#take({ keySet: keysOf(jwks, this.#settings.alg), fetchedAt, expiresAt });
    } catch (thrown) {
      this.#report(unavailable("the cache has no key set", thrown));
      return false;
    }
    this.#askedAt = Math.max(this.#askedAt, fetchedAt);
    return this.#held?.fetchedAt === fetchedAt;
  }

  /** Holds a set, unless the one that is held is newer. */
  #take(found: Held): void {
    const heldAt = this.#held?.fetchedAt ?? Number.NEGATIVE_INFINITY;
    if (heldAt < found.fetchedAt || Date.now() < heldAt) this.#held = found;
  }

  #keepAlive(work: Promise<unknown>): void {
    const { waitUntil } = this.#settings;
    try {
      waitUntil?.(work);
    } catch (thrown) {
      this.#report(unavailable('option "waitUntil" failed', thrown));
    }
  }

  #report(error: Unavailable): void {
    const { onRefreshError } = this.#settings;
    try {
      onRefreshError?.(...error.parts);
    } catch {
      // Who is told of a failure must not make one.
    }
  }

  #failure(): CountersignError {
    return this.#error?.parts[0] ?? new CountersignError("JWKS_UNAVAILABLE", "the key set's server took too long");
  }
}

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;

/** The last fifth of a set's life begins. */
function endingAt({ fetchedAt, expiresAt }: Held): number {
  return expiresAt - (expiresAt - fetchedAt) / 5;
}

function notYetEnding(found: Held): boolean {
  return Date.now() < endingAt(found);
}

/** Whether `now` is less than `ms` after `start`, and not before it: then the clock was put back. */
function isWithin(ms: number, start: number, now: number): boolean {
  return start <= now && now < start + ms;
}

/** Throws what is wrong with a token whatever the keys are. */
function judge(attempt: (keySet: undefined) => unknown): void {
  try {
    attempt(undefined);
  } catch (thrown) {
    if (!isUnknownKey(thrown)) throw thrown;
  }
}

function isUnknownKey(thrown: unknown): boolean {
  return thrown instanceof CountersignError && thrown.code === "KEY_NOT_FOUND";
}
