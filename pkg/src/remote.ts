/**
 * Keys that an issuer publishes on a server: fetched when they are needed, kept as long as the server allows within
 * bounds, and fetched again beside the calls before their time is over.
 *
 * Here is what has to do with the network and its caches. What a token is, and which key may answer for it, is the
 * core's to say, with a `KeySet` made from each JWKS that arrives.
 */

import type { CountersignError } from "./errors.js";
import type { KeySet } from "./key-set.js";
import { Keeper } from "./remote/keeper.js";
import { type RemoteKeySetOptions, settingsOf } from "./remote/options.js";
import { type AsyncVerifier, KeySource } from "./remote/source.js";
import { RemoteVerifier } from "./remote/verifier.js";
import type { VerifyOptions } from "./types.js";

export type { JwksCache, JwksCacheEntry } from "./remote/cache.js";
export { type KvNamespace, kvCache } from "./remote/kv.js";
export type { RemoteKeySetOptions } from "./remote/options.js";
export { type WebCache, webCache } from "./remote/web.js";

/** What a `RemoteKeySet` has at this moment. */
export interface RemoteKeySetState {
  /**
   * `"fresh"`: tokens are checked at once. `"stale"`: the set's time is over; the next call waits for a new one, and
   * while the server fails the old one serves. `"empty"`: nothing was fetched yet, or nothing for too long.
   */
  readonly status: "empty" | "fresh" | "stale";
  /** When the server was asked for the set. */
  readonly fetchedAt?: Date;
  /** When the set is to be fetched again, at the latest. */
  readonly expiresAt?: Date;
  /** How many requests in a row have failed; 0 after one that did not. */
  readonly failures: number;
  /** Why the last request failed; absent after one that did not. */
  readonly error?: CountersignError;
}

/**
 * The keys that an issuer publishes as a JWK Set on a server, for `Verifier` and `verifyAsync`. Make one and keep it:
 * what it remembers is what saves requests.
 *
 * Only `https` is spoken; redirects are never followed; time and length of an answer are bounded. All who wait share
 * one request. A token with an unknown `kid` has the server asked again, but not within `cooldown` of the last time,
 * however many such tokens come. While the server fails, the last good set serves for `staleIfError` beyond its time.
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
  readonly #keeper: Keeper;

  /**
   * Nothing is fetched yet.
   *
   * @param url Where the JWK Set is. It may hold secrets: no message of this package shows it.
   * @param options See {@link RemoteKeySetOptions}.
   * @throws {CountersignError} `OPTION_INVALID` a URL that is not `https`, or has a user name or password in it; an
   * unknown option, or one of the wrong type or out of its bounds.
   */
  constructor(url: string | URL, options?: RemoteKeySetOptions) {
    super();
    this.#keeper = new Keeper(settingsOf(url, options));
  }

  /**
   * The set as it was last fetched, for what else is to be known of its keys, such as those that were `rejected`;
   * nothing before that. It may be past its time: see `state`. It is never freed by this class.
   */
  get keySet(): KeySet | undefined {
    return this.#keeper.condition.held?.keySet;
  }

  /**
   * How things stand, for a health check or a log line.
   *
   * @example
   * ```ts
   * if (keys.state.status !== "fresh") console.warn(keys.state.error?.message ?? "no keys fetched yet");
   * ```
   */
  get state(): RemoteKeySetState {
    const { held, phase, failures, error } = this.#keeper.condition;
    return {
      status: phase === "ending" ? "fresh" : phase,
      ...(held && { fetchedAt: new Date(held.fetchedAt), expiresAt: new Date(held.expiresAt) }),
      failures,
      ...(error && { error: error.parts[0] }),
    };
  }

  /**
   * Asks the server now, past caches and cool-down: before the first token comes, or when you know that keys have
   * changed. A request that is under way already is shared. On Workers it has to be called within a request, as all
   * that fetches.
   *
   * @returns The set that was fetched.
   * @throws {CountersignError} `JWKS_UNAVAILABLE` it could not be. The set that was there before goes on serving.
   * @example
   * ```ts
   * await keys.refresh(); // a server that cannot reach its issuer had better not start
   * ```
   */
  refresh(): Promise<KeySet> {
    return this.#keeper.refresh();
  }

  /** @internal */
  override verifier(options?: VerifyOptions): AsyncVerifier {
    return new RemoteVerifier(this.#keeper, options);
  }
}
