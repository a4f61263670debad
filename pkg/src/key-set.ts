/** `KeySet`: several keys to check tokens with. `KeySource`: the base of classes that fetch such a set. */

import { CountersignError, type ErrorCode } from "./errors.js";
import { type RawKey, RawKeySet } from "./glue/jwt.js";
import { dispose, isInstance, KIND, type Kind, kindOf, lost, notOurs, release, throwFreed } from "./handle.js";
import { expectKey, Key, setRefusal } from "./key.js";
import { callModule, callWithSecrets, tokens } from "./load/instances.js";
import { elementsOf, invalid } from "./options.js";
import type { Algorithm, Cryptography, JsonWebKey, JwkSet, Verified, VerifierOptions, VerifyOptions } from "./types.js";

/** A key that checks tokens only until a given time. */
export interface KeyUntil {
  key: Key;
  /** From this time on, the set behaves as if the key were not in it. */
  until: Date;
}

/** A key that a `KeySet` left out. */
export interface RejectedKey {
  /** Its position in the array of keys, from 0. */
  index: number;
  /** Its `kid`, if that could be read. */
  kid: string | undefined;
  /** The code that `Key.fromJwk` would have thrown; `KEY_AMBIGUOUS` if another key has the same `kid` and `alg`. */
  code: ErrorCode;
  /** Why the key was left out. The error for a token with this `kid` says the same. */
  message: string;
}

/**
 * Several keys, for checking tokens of an issuer that has more than one. The `kid` of a token chooses the key. A token
 * without `kid` is checked with the only key of its algorithm.
 *
 * @example
 * ```ts
 * const keys = KeySet.fromJwks(await (await fetch("https://login.example/.well-known/jwks.json")).json());
 * const { claims } = verify(token, keys, { issuer: "https://login.example", audience: "api" });
 * ```
 */
export class KeySet {
  #raw: RawKeySet | undefined;
  /** Frees the set. The memory of a key is wiped when nothing else uses the key. */
  // A function of its own for each object, so that no two are deeply equal: comparisons do not see private fields.
  readonly free: () => void = function (this: KeySet): void {
    const set = thisSet(this);
    release(set.#raw);
    set.#raw = undefined;
  };

  /**
   * @param keys The keys: only HMAC secrets, or only key pairs and public keys. Give a key that a rotation has replaced as
   * `{ key, until }`: it checks tokens until then, and is not published afterwards. A key that is given twice counts once,
   * until the later time. Different keys of one algorithm need different `kid`s: otherwise they are left out, listed in
   * `rejected`, and their tokens are refused with `KEY_AMBIGUOUS`.
   * @throws {CountersignError} `KEY_INVALID`: secrets and other keys are mixed, or a value is not a `Key`. `OPTION_INVALID`:
   * `until` is not a `Date`, or an unknown name.
   */
  constructor(keys: readonly (Key | KeyUntil)[]);
  /** @internal */
  constructor(keys: readonly (Key | KeyUntil)[] | RawKeySet);
  constructor(keys: readonly (Key | KeyUntil)[] | RawKeySet) {
    this.#raw = isInstance(keys, RawKeySet) ? keys : callModule(tokens, () => collect(keys));
  }

  /**
   * Reads the usable keys of a JWK Set. A key that cannot be read or used is left out and listed in `rejected`, so that one
   * bad key does not disable all others.
   *
   * In many sets, keys have no `alg`. The curve of an EC or OKP key decides. An RSA key counts as RS256, the default of
   * OpenID Connect (Dynamic Client Registration §2).
   *
   * @param jwks The set, parsed from JSON: `{ keys: […] }`. It has the type `unknown`, as the body of a response does.
   * @param options `alg` for keys without `alg`. It applies to the keys that it fits: `"PS256"` to RSA keys, `"HS256"` to
   * secrets.
   * @returns The set.
   * @throws {CountersignError} As the constructor. `KEY_INVALID`: `keys` is not an array, or has more than 10,000 elements.
   * `OPTION_INVALID`.
   * @example
   * ```ts
   * const keys = KeySet.fromJwks(jwks, { alg: "PS256" });
   * for (const { kid, message } of keys.rejected) console.warn(kid, message);
   * ```
   */
  static fromJwks(jwks: unknown, options?: { alg?: Algorithm }): KeySet {
    try {
      return setOfJwks(jwks, options);
    } catch (thrown) {
      throw setRefusal(thrown, jwks);
    }
  }

  /** The keys that were left out, with the reasons. */
  get rejected(): RejectedKey[] {
    const all = callModule(tokens, () => thisSet(this).raw().rejected()) as [
      number,
      string | undefined,
      ErrorCode,
      string,
    ][];
    return all.map(([index, kid, code, message]) => ({ index, kid, code, message }));
  }

  /**
   * Returns the public halves as a JWK Set to publish, each with `use: "sig"`, without keys whose `until` has passed.
   *
   * @throws {CountersignError} `KEY_USAGE`: the set holds HMAC secrets, which have no public half.
   * @example
   * ```ts
   * return Response.json(keys.toJwks());
   * ```
   */
  toJwks(): JwkSet {
    return callModule(tokens, () => ({ keys: thisSet(this).raw().to_jwks() as JsonWebKey[] }));
  }

  /**
   * When the next key ends, so that the set changes; `undefined` if no key has an end ahead.
   *
   * @example
   * ```ts
   * const seconds = keys.nextEnd === undefined ? 300 : (keys.nextEnd.getTime() - Date.now()) / 1000;
   * ```
   */
  get nextEnd(): Date | undefined {
    const milliseconds = callModule(tokens, () => thisSet(this).raw().next_end());
    return milliseconds === undefined ? undefined : new Date(milliseconds);
  }

  /** Does the same as `free()`, for `using`. */
  [dispose](): void {
    this.free();
  }

  /** @internal */
  raw(): RawKeySet {
    return thisSet(this).#raw ?? throwFreed("key set");
  }

  /** @internal Vue leaves objects with this property as they are: its proxies could not reach the private fields. */
  get __v_skip(): true {
    return true;
  }

  /** @internal */
  get [KIND](): Kind {
    return kindOf("KeySet");
  }

  /** @internal Whether a value is a set of this copy of the package, and not a `Proxy` around one. */
  static isKeySet(value: unknown): value is KeySet {
    return typeof value === "object" && value !== null && #raw in value;
  }
}

/** Reads a set as `KeySet.fromJwks` does, and says no more about a value that is none than the core. */
export function setOfJwks(jwks: unknown, options?: { alg?: Algorithm }): KeySet {
  return callWithSecrets(tokens, () => new KeySet(RawKeySet.from_jwks(jwks, options)));
}

/** The object of a method, which `const { toJwks } = keys` loses. */
function thisSet(value: unknown): KeySet {
  if (KeySet.isKeySet(value)) return value;
  throw notOurs(value, lost("keys.toJwks()"), "KEY_INVALID", ["KeySet"]);
}

function collect(keys: readonly (Key | KeyUntil)[]): RawKeySet {
  const members = elementsOf(keys);
  if (members === undefined)
    throw new CountersignError("KEY_INVALID", "keys are not an array of keys: a JWK Set is read with KeySet.fromJwks");
  const raw = new RawKeySet();
  try {
    for (const member of members) add(raw, member);
    raw.seal();
    return raw;
  } catch (thrown) {
    // Otherwise the keys would stay in memory, in a set that nobody can free.
    release(raw);
    throw thrown;
  }
}

function add(raw: RawKeySet, member: unknown): void {
  if (Key.isKey(member) || !hasUntil(member)) {
    raw.add(expectOneKey(member).raw(), undefined);
    return;
  }
  const { key, until, others } = membersOf(member);
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw invalid(`unknown option "${unknown}"`);
  raw.add(expectOneKey(key).raw(), timeOf(until));
}

/** A `Proxy` or a getter may throw anything. */
function membersOf(member: unknown): { key: unknown; until: unknown; others: object } {
  try {
    const { key, until, ...others } = member as KeyUntil;
    return { key, until, others };
  } catch {
    throw invalid("a key with an end cannot be read");
  }
}

/** A `Proxy` may throw anything. */
function hasUntil(member: unknown): boolean {
  try {
    return typeof member === "object" && member !== null && Object.hasOwn(member, "until");
  } catch {
    return false;
  }
}

function timeOf(until: unknown): number {
  try {
    // Also of another realm, and not of an object that only looks like a date.
    return Date.prototype.getTime.call(until);
  } catch {
    throw invalid('option "until" is not a Date');
  }
}

/** Returns the value if it is one `Key`, and refuses a `KeySet`. No entry of the package exports this. */
export function expectOneKey(value: unknown): Key {
  if (KeySet.isKeySet(value)) throw new CountersignError("KEY_INVALID", "expected one Key, not a KeySet");
  return expectKey(value);
}

/** Keys that are at hand: a key, a set, or an array of these, each for other algorithms. */
export type LocalKeys = Key | KeySet | readonly (Key | KeySet)[];

/** @internal Calls one of two functions with keys. An array becomes a set that is freed afterwards. */
export function withKeys<T>(keys: LocalKeys, one: (key: RawKey) => T, several: (set: RawKeySet) => T): T {
  const elements = elementsOf(keys);
  if (elements?.length === 0) throw new CountersignError("KEY_INVALID", "the array of keys is empty");
  if (elements !== undefined) return withJoined(elements, several);
  return callModule(tokens, () => (KeySet.isKeySet(keys) ? several(keys.raw()) : one(expectLocalKey(keys).raw())));
}

/** @internal Calls a function with a set that consists of keys and sets. */
export function withJoined<T>(keys: readonly unknown[], use: (set: RawKeySet) => T): T {
  const joined = callModule(tokens, () => new RawKeySet());
  try {
    return callModule(tokens, () => {
      for (const element of keys) join(joined, element);
      return use(joined);
    });
  } finally {
    release(joined);
  }
}

function join(joined: RawKeySet, keys: unknown): void {
  if (elementsOf(keys) !== undefined) {
    throw new CountersignError("KEY_INVALID", "an element of the array is an array: put its keys into a KeySet");
  }
  if (KeySet.isKeySet(keys)) joined.join_set(keys.raw());
  else joined.join_key(expectLocalKey(keys).raw());
}

function expectLocalKey(value: unknown): Key {
  if (!isInstance(value, KeySource)) return expectKey(value, true);
  throw new CountersignError(
    "KEY_INVALID",
    "this call fetches no keys: pass a KeySet, such as refresh() of a RemoteKeySet returns",
  );
}

/**
 * Keys that a `Verifier` asks for with each token, such as a `RemoteKeySet`. `Verifier` knows only this class, so a bundle
 * that does not use `RemoteKeySet` does not contain it.
 */
export abstract class KeySource {
  /** The keys that are in use now; `undefined` while there are none. */
  abstract get keySet(): KeySet | undefined;

  /** @internal Not in `RemoteKeySet` itself: esbuild keeps a class with a computed name in programs that do not use it. */
  get [KIND](): Kind {
    return kindOf(this.namesIssuers ? "Issuers" : "RemoteKeySet");
  }

  /** @internal Whether the source brings the issuers too. It then stands alone, and the option `issuer` is not for it. */
  get namesIssuers(): boolean {
    return false;
  }

  /** @internal How a message begins that says which call it needs. */
  get needs(): string {
    return this.namesIssuers ? "Issuers need" : "a RemoteKeySet needs";
  }

  /**
   * @internal Makes a verifier that asks this source.
   *
   * @param withoutKeys Makes a verifier that has the options and no keys.
   * @param options What every token must satisfy.
   */
  abstract verifier(withoutKeys: () => LocalVerifier, options?: VerifierOptions): AsyncVerifier;
}

/** The parts of `Verifier` that a `KeySource` uses. */
export interface LocalVerifier {
  /** Checks a token at once, or returns a promise if WebCrypto has to be asked. What it throws at once needs no signature. */
  attempt<C extends object>(token: string, options?: VerifyOptions): Verified<C> | Promise<Verified<C>>;
  /** A verifier with the same options and these keys. */
  withKeys(keys: KeySet): LocalVerifier;
  free(): void;
}

/** Checks tokens with the keys of a source. */
export interface AsyncVerifier {
  verify<C extends object>(token: string, options?: VerifyOptions): Promise<Verified<C>>;
  /** What computed the last signature, if this knows better than the `Verifier` that asked for it. */
  readonly engine?: Cryptography | undefined;
  free(): void;
}
