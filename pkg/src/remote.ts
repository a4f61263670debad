/**
 * `RemoteKeySet`: keys that an issuer publishes on a server. This part does the networking and caching. The core decides
 * what a token is and which key checks it, with a `KeySet` made from each response.
 */

import type { CountersignError } from "./errors.js";
import { notThis } from "./handle.js";
import { type AsyncVerifier, type KeySet, KeySource, type LocalVerifier } from "./key-set.js";
import { type RemoteKeySetOptions, readSettings } from "./remote/options.js";
import { JwksRefresher } from "./remote/refresher.js";
import type { Verified, VerifyOptions } from "./types.js";

export {
  type JwksCache,
  type JwksCacheEntry,
  type KvNamespace,
  kvCache,
  type WebCache,
  webCache,
} from "./remote/cache.js";
export type { RemoteKeySetOptions } from "./remote/options.js";
export type { JwksFetch, JwksResponse } from "./remote/response.js";

/** The current state of a `RemoteKeySet`. */
export interface RemoteKeySetState {
  /**
   * `"fresh"`: tokens are checked at once. `"stale"`: the set has expired. The next call waits for a new one; while the
   * server fails, the old one is used. `"empty"`: nothing was fetched yet, or the last set is too old to be used.
   */
  readonly status: "empty" | "fresh" | "stale";
  /** When the server was asked for the set. */
  readonly fetchedAt?: Date;
  /** When the set expires. It is usually fetched again before that. */
  readonly expiresAt?: Date;
  /** How many requests in a row have failed; 0 after a success. */
  readonly failures: number;
  /** Why the last request failed; absent after a success. */
  readonly error?: CountersignError;
}

/**
 * The keys that an issuer publishes as a JWK Set on a server, for `Verifier` and `verifyAsync`. Create one and keep it,
 * because it remembers the set between calls.
 *
 * Only `https` is allowed. Redirects are refused, and the time and size of a response are limited. Concurrent callers share
 * one request. An unknown `kid` causes a new request, but at most one per `cooldown`, however many such tokens arrive.
 * While the server fails, the last good set is used for `staleIfError` after it has expired.
 *
 * @example
 * ```ts
 * const keys = new RemoteKeySet("https://login.example/.well-known/jwks.json");
 * const verifier = new Verifier(keys, { issuer: "https://login.example", audience: "api" });
 * const { claims } = await verifier.verifyAsync(token);
 * ```
 *
 * @example A Worker whose isolates share the set
 * ```ts
 * import { env, waitUntil } from "cloudflare:workers";
 *
 * const url = "https://login.example/.well-known/jwks.json";
 * const keys = new RemoteKeySet(url, { cache: kvCache(env.KEYS), waitUntil });
 * ```
 */
export class RemoteKeySet extends KeySource {
  readonly #refresher: JwksRefresher;

  /**
   * Does not fetch anything yet.
   *
   * @param url Where the JWK Set is. It may contain secrets: no error message shows it.
   * @param options See {@link RemoteKeySetOptions}.
   * @throws {CountersignError} `OPTION_INVALID`: the URL is not `https` or contains a user name or password; an option is
   * unknown, of the wrong type or out of range.
   */
  constructor(url: string | URL, options?: RemoteKeySetOptions) {
    super();
    this.#refresher = new JwksRefresher(readSettings(url, options));
  }

  /**
   * The set that was fetched last, for example to look at its `rejected` keys; `undefined` before the first success. It may
   * have expired: see `state`. This class never frees it.
   */
  get keySet(): KeySet | undefined {
    return RemoteKeySet.#refresherOf(this).state.current?.keySet;
  }

  /**
   * The current state, for a health check or a log line.
   *
   * @example
   * ```ts
   * if (keys.state.status !== "fresh") console.warn(keys.state.error?.message ?? "no keys fetched yet");
   * ```
   */
  get state(): RemoteKeySetState {
    const { current, phase, failures, error } = RemoteKeySet.#refresherOf(this).state;
    return {
      status: phase === "ending" ? "fresh" : phase,
      ...(current && { fetchedAt: new Date(current.fetchedAt), expiresAt: new Date(current.expiresAt) }),
      failures,
      ...(error && { error: error.parts[0] }),
    };
  }

  /**
   * Asks the server now, without looking at `cache` or `cooldown`. Use it at start-up, or when you know that the keys have
   * changed. Joins a request that is already running. On Workers, call it while handling a request, as all fetches.
   *
   * @returns The new set.
   * @throws {CountersignError} `JWKS_UNAVAILABLE`: the request failed. The previous set stays in use.
   * @example
   * ```ts
   * await keys.refresh(); // do not start the server if the issuer cannot be reached
   * ```
   */
  refresh(): Promise<KeySet> {
    return RemoteKeySet.#refresherOf(this).refresh();
  }

  /** @internal */
  override verifier(withoutKeys: () => LocalVerifier): AsyncVerifier {
    return new RemoteVerifier(RemoteKeySet.#refresherOf(this), withoutKeys());
  }

  /** @internal Vue leaves objects with this property as they are: its proxies could not reach the private fields. */
  get __v_skip(): true {
    return true;
  }

  static #refresherOf(keys: unknown): JwksRefresher {
    if (typeof keys === "object" && keys !== null && #refresher in keys) return keys.#refresher;
    throw notThis(keys);
  }
}

/** Checks tokens with the current set of a refresher. */
class RemoteVerifier implements AsyncVerifier {
  readonly #refresher: JwksRefresher;
  /** Has the options but no keys. It finds errors of a token that do not depend on the keys. */
  readonly #withoutKeys: LocalVerifier;
  #keySet: KeySet | undefined;
  #verifier: LocalVerifier | undefined;

  constructor(refresher: JwksRefresher, withoutKeys: LocalVerifier) {
    this.#refresher = refresher;
    this.#withoutKeys = withoutKeys;
  }

  verify<C extends object>(token: string, options?: VerifyOptions): Promise<Verified<C>> {
    return this.#refresher.use((keySet) => this.#verifierFor(keySet).attempt<C>(token, options));
  }

  free(): void {
    this.#verifier?.free();
    this.#verifier = undefined;
    this.#keySet = undefined;
    this.#withoutKeys.free();
  }

  #verifierFor(keySet: KeySet | undefined): LocalVerifier {
    if (keySet === undefined) return this.#withoutKeys;
    if (this.#verifier === undefined || this.#keySet !== keySet) {
      const verifier = this.#withoutKeys.withKeys(keySet);
      this.#verifier?.free();
      this.#verifier = verifier;
      this.#keySet = keySet;
    }
    return this.#verifier;
  }
}
