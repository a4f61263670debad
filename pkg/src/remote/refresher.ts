/**
 * Keeps a JWK Set current. Decides when to ask the server and which callers wait for it.
 *
 * | age of the set | what happens |
 * |---|---|
 * | fresh, first four fifths | it is used at once |
 * | fresh, last fifth ("ending") | it is used at once, and fetched again in the background |
 * | expired | the next call waits for a new set |
 * | expired, and the server fails | the old set is used for `staleIfError`, and nobody waits |
 */

import { CountersignError } from "../errors.js";
import { type KeySet, setOfJwks } from "../key-set.js";
import { HOLDS_PRIVATE_JWK, holdsPrivateJwk } from "../private-jwk.js";
import type { Algorithm } from "../types.js";
import type { JwksCacheEntry } from "./cache.js";
import { download } from "./download.js";
import type { Settings } from "./options.js";
import { CACHE_TIMEOUT_MS, SharedCache } from "./shared-cache.js";
import { SingleFlight } from "./single-flight.js";
import { asJwksUnavailable, JwksUnavailable } from "./unavailable.js";

/** A parsed set. Times are milliseconds since 1970. */
interface FetchedSet {
  readonly keySet: KeySet;
  readonly fetchedAt: number;
  readonly expiresAt: number;
  /** When it was fetched, on the monotonic clock. */
  readonly startedAt: number;
}

/** Whether a set from the cache is good enough, so that the server need not be asked. */
type IsSufficient = (found: FetchedSet) => boolean;

/** What is known about the set and its server. */
export interface RefresherState {
  readonly current: FetchedSet | undefined;
  readonly phase: "empty" | "fresh" | "ending" | "stale";
  readonly failures: number;
  readonly error: JwksUnavailable | undefined;
}

export class JwksRefresher {
  readonly #settings: Settings;
  readonly #cache: SharedCache;
  readonly #flight: SingleFlight;
  #current: FetchedSet | undefined;
  /** When the server was last asked, by this instance or, according to the cache, by another. */
  #askedAt = Number.NEGATIVE_INFINITY;
  #failedAt = Number.NEGATIVE_INFINITY;
  #failures = 0;
  #error: JwksUnavailable | undefined;

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#cache = new SharedCache(settings, (error) => this.#report(error));
    // A little longer than the timeouts of cache and server together, so that usually those end a run.
    this.#flight = new SingleFlight(CACHE_TIMEOUT_MS + settings.timeoutMs + 500, (work) => this.#keepAlive(work));
  }

  get state(): RefresherState {
    return { current: this.#current, phase: this.#phase(Date.now()), failures: this.#failures, error: this.#error };
  }

  /**
   * Returns or throws what `attempt` does with the current set.
   *
   * If the call would have to wait, `attempt` first runs without a set. A token of a key that is not in the set, or whose
   * error does not depend on the set, then causes no request. If `attempt` throws `KEY_NOT_FOUND`, it runs once more with a
   * newer set. It may return a promise, which must not reject with `KEY_NOT_FOUND`.
   */
  async use<T>(attempt: (keySet: KeySet | undefined) => T | Promise<T>): Promise<T> {
    let current = this.#withoutWaiting();
    if (current === undefined) {
      try {
        return attempt(undefined);
      } catch (thrown) {
        if (!isUnknownKey(thrown)) throw thrown;
      }
      current = await this.#afterFetch();
    }
    try {
      const given = attempt(current.keySet);
      // To wait costs time even where there is nothing to wait for.
      const answer = given instanceof Promise ? await given : given;
      this.#fetchInBackground();
      return answer;
    } catch (thrown) {
      if (!mayDependOnKeys(thrown)) throw thrown;
      this.#fetchInBackground();
      if (!isUnknownKey(thrown)) throw thrown;
      const newer = await this.#newerThan(current);
      if (newer === undefined) throw blamed(thrown, current);
      try {
        return attempt(newer.keySet);
      } catch (again) {
        throw blamed(again, newer);
      }
    }
  }

  /** Asks the server now. Rejects if that fails. */
  async refresh(): Promise<KeySet> {
    const ended = await this.#flight.wait(this.#fetchTask(() => false));
    if (ended && this.#failures === 0 && this.#current !== undefined) return this.#current.keySet;
    throw this.#failure();
  }

  /** The set to use if nobody has to wait. */
  #withoutWaiting(): FetchedSet | undefined {
    const phase = this.#phase(Date.now());
    return phase === "empty" || (phase === "stale" && this.#failures === 0) ? undefined : this.#current;
  }

  /** Fetches the set while the old one is still used. A token that no key would make valid does not get here. */
  #fetchInBackground(): void {
    const now = Date.now();
    if (this.#phase(now) !== "fresh" && !this.#isBackingOff(now)) this.#flight.start(this.#fetchTask(isNotEnding));
  }

  /** The set to use after waiting for a fetch. */
  async #afterFetch(): Promise<FetchedSet> {
    if (this.#flight.isRunning || !this.#isBackingOff(Date.now())) {
      await this.#flight.wait(this.#fetchTask(isNotEnding));
    }
    if (this.#current === undefined || this.#phase(Date.now()) === "empty") throw this.#failure();
    return this.#current;
  }

  /** A set newer than `known`, if the server may be asked and has one. */
  async #newerThan(known: FetchedSet): Promise<FetchedSet | undefined> {
    const isRecent = (time: number) => isWithin(this.#settings.cooldownMs, time, Date.now());
    if (!this.#flight.isRunning && isRecent(this.#askedAt)) return undefined;
    await this.#flight.wait(this.#fetchTask(({ fetchedAt }) => isRecent(fetchedAt)));
    return this.#current === known || this.#phase(Date.now()) === "empty" ? undefined : this.#current;
  }

  #phase(now: number): RefresherState["phase"] {
    if (this.#current === undefined) return "empty";
    const { fetchedAt, expiresAt } = this.#current;
    const [age, lifetime] = [ageOf(this.#current, now), expiresAt - fetchedAt];
    if (lifetime + this.#settings.staleIfErrorMs <= age) return "empty";
    // A set from the future means that the clock was set back.
    if (now < fetchedAt || lifetime <= age) return "stale";
    return age < lifetime * FRESH_PART ? "fresh" : "ending";
  }

  /** Whether the server failed so recently that it is not asked yet. The pause doubles with each failure. */
  #isBackingOff(now: number): boolean {
    if (this.#failures === 0) return false;
    return isWithin(Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (this.#failures - 1)), this.#failedAt, now);
  }

  /** A task that fetches a set and records success or failure. */
  #fetchTask(isSufficient: IsSufficient): (isCurrent: () => boolean) => Promise<void> {
    return async (isCurrent) => {
      try {
        await this.#fetch(isSufficient);
        this.#failures = 0;
        this.#error = undefined;
      } catch (thrown) {
        const error = asJwksUnavailable("network", "the key set cannot be fetched", thrown);
        this.#report(error);
        // If another run has replaced this one, only the other one counts.
        if (!isCurrent()) return;
        this.#failures += 1;
        this.#failedAt = Date.now();
        this.#error = error;
      }
    };
  }

  /** From the cache if that is sufficient; otherwise from the server, and then into the cache. */
  async #fetch(isSufficient: IsSufficient): Promise<void> {
    const found = await this.#cache.read();
    if (found !== undefined && this.#acceptCached(found) && isSufficient(this.#current as FetchedSet)) return;
    this.#askedAt = Date.now();
    const { jwks, fetchedAt, expiresAt, store } = await download(this.#settings);
    this.#accept(jwks, fetchedAt, expiresAt);
    if (store && this.#settings.cache !== undefined) {
      this.#keepAlive(this.#cache.write({ jwks, fetchedAt, expiresAt }));
    }
  }

  /** Whether the set from the cache is now the current one. */
  #acceptCached({ jwks, fetchedAt, expiresAt }: JwksCacheEntry): boolean {
    if (this.#current?.fetchedAt === fetchedAt) return true;
    try {
      this.#accept(jwks, fetchedAt, expiresAt);
    } catch (thrown) {
      this.#report(asJwksUnavailable("cache", "the cached key set cannot be used", thrown));
      return false;
    }
    this.#askedAt = Math.max(this.#askedAt, fetchedAt);
    return this.#current?.fetchedAt === fetchedAt;
  }

  /** Reads a set and makes it the current one, unless the current one is newer. */
  #accept(jwks: string, fetchedAt: number, expiresAt: number): void {
    const keySet = parseJwks(jwks, this.#settings.alg);
    const now = Date.now();
    const currentFetchedAt = this.#current?.fetchedAt ?? Number.NEGATIVE_INFINITY;
    if (fetchedAt <= currentFetchedAt && currentFetchedAt <= now) return;
    this.#current = { keySet, fetchedAt, expiresAt, startedAt: performance.now() - Math.max(0, now - fetchedAt) };
  }

  #keepAlive(work: Promise<unknown>): void {
    const { waitUntil } = this.#settings;
    try {
      waitUntil?.(work);
    } catch (thrown) {
      this.#report(asJwksUnavailable("wait-until", 'option "waitUntil" threw an error', thrown));
    }
  }

  #report(error: JwksUnavailable): void {
    const { onRefreshError } = this.#settings;
    try {
      onRefreshError?.(...error.parts);
    } catch {
      // A failing callback must not fail the caller's verification.
    }
  }

  #failure(): CountersignError {
    const error = this.#error ?? new JwksUnavailable("timeout", "the key set's server took too long");
    return error.parts[0];
  }
}

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;

/** In the last fifth of its life, a set is fetched again. */
const FRESH_PART = 0.8;

/**
 * How old a set is: what the clock says, or what the monotonic clock says if that is more. The clock may have been wrong
 * when the set was fetched, and the monotonic clock stops while a machine sleeps.
 */
function ageOf({ fetchedAt, startedAt }: FetchedSet, now: number): number {
  return Math.max(now - fetchedAt, performance.now() - startedAt);
}

function isNotEnding(found: FetchedSet): boolean {
  return ageOf(found, Date.now()) < (found.expiresAt - found.fetchedAt) * FRESH_PART;
}

/** Whether `now` is less than `ms` after `start`. False before `start`: then the clock was set back. */
function isWithin(ms: number, start: number, now: number): boolean {
  return start <= now && now < start + ms;
}

/** Whether other keys could have led to another outcome. */
function mayDependOnKeys(thrown: unknown): boolean {
  return thrown instanceof CountersignError && /^(?:KEY_|TOKEN_SIGNATURE_INVALID$)/.test(thrown.code);
}

function isUnknownKey(thrown: unknown): boolean {
  return thrown instanceof CountersignError && thrown.code === "KEY_NOT_FOUND";
}

/** The error for a caller. That no key is found in an empty set is not the token's fault. */
function blamed(thrown: unknown, { keySet }: FetchedSet): unknown {
  if (!isUnknownKey(thrown) || !keySet.raw().is_empty()) return thrown;
  return new JwksUnavailable("content", "the key set has no keys").parts[0];
}

/**
 * The usable keys in the text of a JWK Set.
 *
 * @throws {JwksUnavailable} The text is not a JWK Set, the core refuses the whole set, no key can be used, or the set holds
 * a private key or a secret. Anyone who can read such a set can sign with it. This is checked first, because reading private
 * keys takes long.
 */
function parseJwks(jwks: string, alg: Algorithm | undefined): KeySet {
  let value: unknown;
  try {
    // Some servers send a byte order mark.
    value = JSON.parse(jwks.replace(/^\ufeff/, ""));
  } catch (thrown) {
    throw new JwksUnavailable("not-json", "the key set is not JSON", thrown);
  }
  if (holdsPrivateJwk(value)) throw new JwksUnavailable("content", HOLDS_PRIVATE_JWK);
  let keySet: KeySet;
  try {
    keySet = setOfJwks(value, alg && { alg });
  } catch (thrown) {
    // Messages of the core name the cause and never contain a value.
    throw new JwksUnavailable("content", `the key set is refused: ${(thrown as CountersignError).message}`);
  }
  const [leftOut] = keySet.rejected;
  // A server that publishes no key at all has withdrawn them: they must not stay in use.
  if (leftOut === undefined || !keySet.raw().is_empty()) return keySet;
  keySet.free();
  throw new JwksUnavailable("content", `the key set has no usable key: ${leftOut.message}`);
}
