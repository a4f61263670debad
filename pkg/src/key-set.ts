/** Several keys: the documented face of the Rust core's `KeySet`. */

import { CountersignError, type ErrorCode } from "./errors.js";
import { RawKeySet } from "./glue/jwt.js";
import { dispose, freed, release } from "./handle.js";
import { expectKey, type Key } from "./key.js";
import { tokens } from "./load/instances.js";
import { guard } from "./trap.js";
import type { Algorithm, JsonWebKey, JwkSet } from "./types.js";

// Who takes keys has them from here: in the package, both classes are in this file, of which there is one.
export { Key } from "./key.js";

/** A key of a set that stops checking tokens at a time. */
export interface KeyUntil {
  key: Key;
  /** From then on it is as if the key were not there. */
  until: Date;
}

/** A key of a JWK Set that was left out. */
export interface RejectedKey {
  /** Where it stood among the keys, from 0. */
  index: number;
  /** Its `kid`, where that could be read. */
  kid: string | undefined;
  /** What `Key.fromJwk` would have thrown. */
  code: ErrorCode;
  message: string;
}

/**
 * Several keys, to check the tokens of an issuer that has more than one. A token's `kid` must be a key's; a token
 * without `kid` is checked with the one key of its algorithm.
 *
 * @example
 * ```ts
 * const keys = KeySet.fromJwks(await (await fetch("https://login.example/.well-known/jwks.json")).json());
 * const { claims } = verify(token, keys, { issuer: "https://login.example", audience: "api" });
 * ```
 */
export class KeySet {
  #raw: RawKeySet | undefined;

  /**
   * @param keys The keys, with distinct `kid` for each algorithm; secrets or key pairs, never both. One with an end, as
   * `{ key, until }`, checks tokens until then and is not published afterwards: the one that a rotation has replaced.
   * @throws {CountersignError} `KEY_AMBIGUOUS` two keys with one `kid` and `alg`; `KEY_INVALID` secrets beside key
   * pairs, or not keys.
   */
  constructor(keys: readonly (Key | KeyUntil)[]);
  /** @internal */
  constructor(keys: readonly (Key | KeyUntil)[] | RawKeySet);
  constructor(keys: readonly (Key | KeyUntil)[] | RawKeySet) {
    this.#raw = keys instanceof RawKeySet ? keys : guard(tokens, () => gather(keys));
  }

  /**
   * The usable keys of a JWK Set. One that cannot be read or used is left out, as one bad key must not lock everybody out,
   * and stands in `rejected`.
   *
   * @param jwks The set, as it was parsed from JSON: `{ keys: […] }`. Typed `unknown`, as what a response holds is.
   * @param options `alg` for keys of its kind that name none themselves, as some servers publish their RSA keys.
   * @throws {CountersignError} As the constructor; `KEY_INVALID` no array of keys; `OPTION_INVALID`.
   */
  static fromJwks(jwks: unknown, options?: { alg?: Algorithm }): KeySet {
    try {
      return guard(tokens, () => new KeySet(RawKeySet.from_jwks(jwks, options)));
    } finally {
      tokens.wipeStack();
    }
  }

  /** The keys that `fromJwks` left out, and why. */
  get rejected(): RejectedKey[] {
    const all = guard(tokens, () => this.raw().rejected()) as [number, string | undefined, ErrorCode, string][];
    return all.map(([index, kid, code, message]) => ({ index, kid, code, message }));
  }

  /**
   * The public halves of the keys that have not come to their end, to be published.
   *
   * @throws {CountersignError} `KEY_USAGE` secrets have no public half.
   */
  toJwks(): JwkSet {
    return guard(tokens, () => ({ keys: this.raw().to_jwks() as JsonWebKey[] }));
  }

  /** Lets go of the keys, which are wiped with their last holder. */
  free(): void {
    release(this.#raw);
    this.#raw = undefined;
  }

  /** The same as `free()`, for `using`. */
  [dispose](): void {
    this.free();
  }

  /** @internal */
  raw(): RawKeySet {
    return this.#raw ?? freed("key set");
  }
}

function gather(keys: readonly (Key | KeyUntil)[]): RawKeySet {
  if (!Array.isArray(keys)) throw new CountersignError("KEY_INVALID", "keys are not an array of keys");
  const raw = new RawKeySet();
  try {
    for (const member of keys) add(raw, member);
    raw.seal();
    return raw;
  } catch (thrown) {
    // Or the keys would live on in a set that nobody holds.
    release(raw);
    throw thrown;
  }
}

function add(raw: RawKeySet, member: Key | KeyUntil): void {
  // What is neither is no key, whatever else it is.
  if (typeof member !== "object" || member === null || !Object.hasOwn(member, "until")) {
    raw.add(expectKey(member).raw(), undefined);
    return;
  }
  const { key, until, ...others } = member as KeyUntil;
  const [other] = Object.keys(others);
  if (other !== undefined) throw new CountersignError("OPTION_INVALID", `unknown option "${other}"`);
  raw.add(expectKey(key).raw(), milliseconds(until));
}

function milliseconds(until: unknown): number {
  if (Object.prototype.toString.call(until) === "[object Date]") return (until as Date).getTime();
  throw new CountersignError("OPTION_INVALID", 'option "until" is not a Date');
}

/** @internal A key, and not a set of them. */
export function expectOneKey(key: unknown): Key {
  if (key instanceof KeySet) throw new CountersignError("KEY_INVALID", "a KeySet stands where one Key is wanted");
  return expectKey(key);
}

export { expectKey };
