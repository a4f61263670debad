/**
 * `countersign/key-ring`: signing keys that rotate automatically. A store keeps them, encrypted, and every server that shares the
 * store signs with the same key.
 *
 * @module
 */

import { KIND, type Kind, kindOf, lost, notOurs } from "./handle.js";
import { type PublishedKeys, RingKeys } from "./key-ring/keys.js";
import { type KeyRingOptions, readSettings } from "./key-ring/options.js";
import { currentKey, publishedKeys, type RingKey, stayMs } from "./key-ring/schedule.js";
import { SharedRing } from "./key-ring/shared-ring.js";
import { RingSigner } from "./key-ring/signer.js";
import { flag, invalid, readOptions } from "./options.js";
import type { SignOptions } from "./types.js";

export { CountersignError, type ErrorCode } from "./errors.js";
export type { PublishedKeys, RingKeys } from "./key-ring/keys.js";
export type { KeyRingEvent, KeyRingOptions } from "./key-ring/options.js";
export type { RingSigner } from "./key-ring/signer.js";
export type { SessionSecret } from "./secrets.js";
export * from "./stores/exports.js";

/** A published key of a ring. */
export interface RingKeyInfo {
  readonly kid: string;
  readonly alg: string;
  /** `"next"`: it will sign. `"signing"`. `"retiring"`: it does not sign any more, and its tokens may live. */
  readonly stage: "next" | "signing" | "retiring";
  readonly madeAt: Date;
  /** When it began to sign, or may begin to. Absent for a retiring key. */
  readonly signsFrom?: Date;
  /** When it stops being published. For a signing key: if the next one replaces it on time. Absent for a next key. */
  readonly endsAt?: Date;
}

/** What `rotate` has done. */
export interface Rotation {
  /** The key that signs now, or that signs next with `publishFirst`. */
  readonly kid: string;
  /** When it signs. Other servers follow with their next look at the store: after 1 minute, or an eighth of `publishedAhead`. */
  readonly signsFrom: Date;
  /**
   * From then on, no older token is accepted anywhere. With `withdraw`, this is for programs that keep the published keys: servers
   * that share the store refuse older tokens with their next look at it.
   */
  readonly oldTokensEnd: Date;
}

/** Options of `rotate`. */
export interface RotateOptions {
  /** All keys so far may have leaked: none of their tokens is accepted any more. Default `false`. */
  withdraw?: boolean;
  /** The next key signs once it has been published for long enough, as if its time had come. Default `false`. */
  publishFirst?: boolean;
}

/**
 * Signing keys that rotate automatically. Create one and keep it.
 *
 * A key is published before it signs, so that everybody who keeps the published keys knows it in time. It stays published until
 * the last token that it signed has ended. Nothing runs in the background: the servers make the changes while they sign, check
 * and publish.
 *
 * @example
 * ```ts
 * const ring = new KeyRing({ alg: "ES256", store, secret: env.SECRET, rotateEvery: "30d", tokensLiveFor: "15m" });
 *
 * const signer = ring.signer({ issuer: "https://login.example", audience: "https://api.example" });
 * const verifier = new Verifier(ring.keySet(), { issuer: "https://login.example", audience: "https://api.example" });
 * const jwks = jwksEndpoint(ring);
 *
 * const token = await signer.sign({ sub: "alice" });
 * const { claims } = await verifier.verifyAsync(token);
 * ```
 */
export class KeyRing {
  readonly #ring: SharedRing;
  readonly #keys: RingKeys;

  /**
   * Does not ask the store yet.
   *
   * @param options See {@link KeyRingOptions}.
   * @throws {CountersignError} `OPTION_INVALID`: an option is unknown, missing or of the wrong type; `alg` is for secrets; the
   * durations do not fit each other.
   */
  constructor(options: KeyRingOptions) {
    this.#ring = new SharedRing(readSettings(options));
    this.#keys = new RingKeys(this.#ring);
  }

  /**
   * A signer that always has the current key. Keep it.
   *
   * @param options Applied to every token, as for `Signer`.
   * @throws {CountersignError} `OPTION_INVALID`.
   * @example
   * ```ts
   * const sessions = new Sessions({ signer: ring.signer({ issuer, audience }), store, secret });
   * ```
   */
  signer(options?: SignOptions): RingSigner {
    return new RingSigner(KeyRing.#of(this).#ring, options);
  }

  /**
   * The published keys, always the current ones. A `Verifier` with them needs `verifyAsync`. It rejects with `JWKS_UNAVAILABLE` if
   * the store has failed for too long.
   *
   * @example
   * ```ts
   * const guard = bearerGuard(new Verifier(ring.keySet(), { issuer, audience }));
   * ```
   */
  keySet(): RingKeys {
    return KeyRing.#of(this).#keys;
  }

  /**
   * The keys to publish now, for `jwksEndpoint(ring)`, and for how many seconds caches may keep them at most.
   *
   * @throws {CountersignError} Rejects with `STORE_UNAVAILABLE`: the store has failed for too long. `OPTION_INVALID`: the secret
   * does not decrypt the keys.
   */
  async toJwksAsync(): Promise<PublishedKeys> {
    return KeyRing.#of(this).#keys.toJwksAsync();
  }

  /**
   * The published keys with their stages, the oldest first, for an administrator.
   *
   * @throws {CountersignError} As `toJwksAsync`.
   * @example
   * ```ts
   * for (const { kid, stage, signsFrom } of await ring.keys()) console.log(kid, stage, signsFrom);
   * ```
   */
  async keys(): Promise<RingKeyInfo[]> {
    const { keys } = (await KeyRing.#of(this).#ring.current()).ring;
    return publishedKeys(keys).map((key) => this.#describe(key));
  }

  /**
   * Replaces the signing key now: the next one if it is published already, or else a new one. Caches that keep the published keys
   * may not know a new one yet: `jwksEndpoint` lets them keep the keys for 5 minutes by default. Many clients fetch them again for
   * an unknown `kid`.
   *
   * @param options `withdraw: true` after a leak: a new key signs at once, and all others are withdrawn, so that none of their
   * tokens is accepted. `publishFirst: true` where nothing is urgent.
   * @returns The key, and until when older tokens live.
   * @throws {CountersignError} `STORE_UNAVAILABLE`: it may have happened. Call `keys()` to see. `OPTION_INVALID`: both options; or
   * there are 100 keys whose tokens have not ended, which only `withdraw` replaces.
   * @example
   * ```ts
   * const { oldTokensEnd } = await ring.rotate({ withdraw: true });
   * ```
   */
  async rotate(options: RotateOptions = {}): Promise<Rotation> {
    const ring = KeyRing.#of(this).#ring;
    const { publishFirst, withdraw } = readOptions(options, { publishFirst: flag, withdraw: flag });
    if (publishFirst && withdraw) throw invalid('option "publishFirst" is not for "withdraw"');
    const { schedule } = ring.settings;
    const { held, now } = await ring.rotate(withdraw ? "withdraw" : publishFirst ? "publish-first" : "now");
    const waiting = held.ring.keys.find(({ stage }) => stage === "next");
    const key = publishFirst && waiting !== undefined ? waiting : currentKey(held.ring.keys);
    const signsFrom = key.stage === "next" ? key.since + stayMs("next", schedule) : now;
    // Another server may sign with the old key until it has read the store again.
    const lastEnd = signsFrom + schedule.trustedMs + schedule.livesMs + schedule.skewMs;
    const end = withdraw ? Math.min(lastEnd, now + schedule.aheadMs) : lastEnd;
    return { kid: key.kid, signsFrom: new Date(signsFrom), oldTokensEnd: new Date(end) };
  }

  /** @internal Vue leaves objects with this property as they are: its proxies could not reach the private fields. */
  get __v_skip(): true {
    return true;
  }

  /** @internal */
  get [KIND](): Kind {
    return kindOf("KeyRing");
  }

  static #of(value: unknown): KeyRing {
    if (typeof value === "object" && value !== null && #ring in value) return value;
    throw notOurs(value, lost("ring.signer()"));
  }

  #describe({ alg, kid, madeAt, since, stage }: RingKey): RingKeyInfo {
    const { schedule } = this.#ring.settings;
    const key = { kid, alg, madeAt: new Date(madeAt) };
    const oldMs = stayMs("old", schedule);
    if (stage === "next") return { ...key, stage, signsFrom: new Date(since + stayMs("next", schedule)) };
    if (stage === "old") return { ...key, stage: "retiring", endsAt: new Date(since + oldMs) };
    const endsAt = new Date(since + schedule.rotateMs + oldMs);
    return { ...key, stage: "signing", signsFrom: new Date(since), endsAt };
  }
}
