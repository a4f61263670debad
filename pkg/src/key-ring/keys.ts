/** The keys of a ring, for a `Verifier`. */

import { CountersignError } from "../errors.js";
import { type AsyncVerifier, type KeySet, KeySource, type LocalVerifier } from "../key-set.js";
import type { JsonWebKey, Verified, VerifyOptions } from "../types.js";
import { type Ring, stayMs } from "./schedule.js";
import { type Held, publicSet, type SharedRing } from "./shared-ring.js";

/** Public keys to publish, and for how many seconds caches may keep them. */
export interface PublishedKeys {
  readonly keys: JsonWebKey[];
  readonly maxAge: number;
}

/** The published keys of a `KeyRing`, as they are with each token. For `Verifier`, with `verifyAsync`. */
export class RingKeys extends KeySource {
  readonly #ring: SharedRing;
  #held: Held | undefined;
  /** A copy of a set, because whoever gets it may free it. */
  #copy: { readonly original: KeySet; readonly keySet: KeySet } | undefined;

  /** @internal Call `keySet()` of a `KeyRing`. */
  constructor(ring: SharedRing) {
    super();
    this.#ring = ring;
  }

  /** The keys that were read last; `undefined` before the first use. */
  get keySet(): KeySet | undefined {
    if (this.#held === undefined) return undefined;
    const { keys, keySet: original } = this.#held;
    if (this.#copy?.original !== original) this.#copy = { original, keySet: publicSet(keys.values()) };
    return this.#copy.keySet;
  }

  /** @internal */
  override get needs(): string {
    return "a KeyRing needs";
  }

  /**
   * The keys to publish now.
   *
   * @throws {CountersignError} As `sign` of the ring's signer.
   */
  async toJwksAsync(): Promise<PublishedKeys> {
    const { keySet, ring } = await this.#current();
    return { keys: keySet.toJwks().keys as JsonWebKey[], maxAge: Math.floor(this.#keptMs(ring) / 1000) };
  }

  /** How long caches may keep the keys: half of `publishedAhead`, and no longer than the next key ends. */
  #keptMs({ keys }: Ring): number {
    const { schedule } = this.#ring.settings;
    const now = Date.now();
    const left = keys.map(({ since, stage }) => (stage === "old" ? since + stayMs("old", schedule) - now : 0));
    return Math.min(schedule.trustedMs, ...left.filter((milliseconds) => 0 < milliseconds));
  }

  /** @internal */
  override verifier(withoutKeys: () => LocalVerifier): AsyncVerifier {
    const reader: Reader = { current: () => this.#current(), newerThan: (held) => this.#newerThan(held) };
    return new RingVerifier(reader, withoutKeys());
  }

  // Not reachable from outside: a ring holds private keys.
  async #current(): Promise<Held> {
    this.#held = await this.#ring.current();
    return this.#held;
  }

  async #newerThan(held: Held): Promise<Held | undefined> {
    const newer = await this.#ring.newerThan(held);
    this.#held = newer ?? this.#held;
    return newer;
  }
}

interface Reader {
  current(): Promise<Held>;
  newerThan(held: Held): Promise<Held | undefined>;
}

/** Checks tokens with the keys that the ring has now. */
class RingVerifier implements AsyncVerifier {
  readonly #keys: Reader;
  readonly #withoutKeys: LocalVerifier;
  #last: { readonly keySet: KeySet; readonly verifier: LocalVerifier } | undefined;

  constructor(keys: Reader, withoutKeys: LocalVerifier) {
    this.#keys = keys;
    this.#withoutKeys = withoutKeys;
  }

  async verify<C extends object>(token: string, options?: VerifyOptions): Promise<Verified<C>> {
    const held = await this.#orUnavailable(() => this.#keys.current());
    try {
      return this.#verifierFor(held).attempt<C>(token, options);
    } catch (thrown) {
      if (!(thrown instanceof CountersignError) || thrown.code !== "KEY_NOT_FOUND") throw thrown;
      // Another server may have called `rotate`.
      const newer = await this.#orUnavailable(() => this.#keys.newerThan(held));
      if (newer === undefined) throw thrown;
      return this.#verifierFor(newer).attempt<C>(token, options);
    }
  }

  free(): void {
    this.#last?.verifier.free();
    this.#withoutKeys.free();
  }

  #verifierFor({ keySet }: Held): LocalVerifier {
    // The one before may still be checking a token, so it is not freed here.
    if (this.#last?.keySet !== keySet) this.#last = { keySet, verifier: this.#withoutKeys.withKeys(keySet) };
    return this.#last.verifier;
  }

  /** For a verifier, it makes no difference where keys come from: the code is that of a key server that fails. */
  async #orUnavailable<T>(read: () => Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (thrown) {
      if (!(thrown instanceof CountersignError) || thrown.code !== "STORE_UNAVAILABLE") throw thrown;
      const error = new CountersignError("JWKS_UNAVAILABLE", "the store of the key ring is not available");
      Object.defineProperty(error, "cause", { value: thrown, configurable: true, writable: true });
      throw error;
    }
  }
}
