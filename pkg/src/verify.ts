/// <reference lib="esnext.disposable" preserve="true" />
/** What `countersign/verify` exports. Its types have only what works there: it reads public keys in sets, and asks WebCrypto. */

import type { dispose } from "./handle.js";
import { Verifier as FullVerifier, verifyAsync as fullVerifyAsync } from "./jwt.js";
import { KeySet as FullKeySet, type RejectedKey } from "./key-set.js";
import type { RemoteKeySet } from "./remote.js";
import type {
  Algorithm,
  Claims,
  Cryptography,
  OutputOf,
  StandardSchema,
  Verified,
  VerifiedAs,
  VerifierOptions,
  VerifyOptions,
} from "./types.js";

export { CountersignError, type ErrorCode, type SchemaIssue } from "./errors.js";
export type { RejectedKey } from "./key-set.js";
export * from "./remote.js";
export type * from "./types.js";

/** What a `Verifier` checks tokens with: a set, a `RemoteKeySet`, or several of these, each for other algorithms. */
export type VerificationKeys = KeySet | RemoteKeySet | readonly (KeySet | RemoteKeySet)[];

/**
 * The public keys of an issuer. The `kid` of a token chooses the key. A token without `kid` is checked with the only key of its
 * algorithm. Only `KeySet.fromJwks` makes one.
 */
export interface KeySet {
  /** The keys that were left out, with the reasons. */
  readonly rejected: RejectedKey[];
  /** Frees the set. The memory of a key is wiped when nothing else uses the key. */
  readonly free: () => void;
  /** Does the same as `free()`, for `using`. */
  [dispose](): void;
}

/** Makes sets of public keys, and recognizes them with `instanceof`. */
export const KeySet: {
  /**
   * Reads the usable keys of a JWK Set. A key that cannot be read or used is left out and listed in `rejected`. A set that holds a
   * secret or a private key is refused.
   *
   * @param jwks The set, parsed from JSON: `{ keys: […] }`.
   * @param options `alg` for keys without `alg`. It applies to the keys that it fits.
   * @returns The set.
   * @throws {CountersignError} `KEY_INVALID`: `keys` is not an array, has more than 10,000 elements, or holds a secret or
   * a private key. `OPTION_INVALID`.
   * @example
   * ```ts
   * const keys = KeySet.fromJwks(await response.json());
   * ```
   */
  fromJwks(jwks: unknown, options?: { alg?: Algorithm }): KeySet;
  [Symbol.hasInstance](value: unknown): value is KeySet;
} = FullKeySet as never;

/**
 * Checks tokens with sets of public keys. Keep it: it reads the keys and the options once. It has no `verify`, because WebCrypto
 * checks the signatures.
 *
 * @example
 * ```ts
 * const keys = new RemoteKeySet("https://login.example/.well-known/jwks.json");
 * const verifier = new Verifier(keys, { issuer: "https://login.example", audience: "https://api.example" });
 * const { claims } = await verifier.verifyAsync(token);
 * ```
 *
 * @typeParam T The claims that it gives: what the option `schema` returns, otherwise the registered claims and any others.
 */
// Invariant: otherwise a verifier with a schema would count as one without.
export interface Verifier<in out T = Claims> {
  /**
   * Checks one token. A token that no key would make valid causes no request: one that is malformed, whose `alg` is no algorithm
   * of public keys, or that has expired.
   *
   * @typeParam C The claims that you expect beside the registered ones. Nothing checks that they are there.
   * @param token The compact token, without anything around it.
   * @param options For this token. They replace the verifier's own.
   * @returns The header and the claims, as they were signed.
   * @throws {CountersignError} Rejects as `verifyAsync` of `countersign/jwt` does.
   */
  verifyAsync<S extends StandardSchema>(
    token: string,
    options: VerifyOptions & { schema: S },
  ): Promise<VerifiedAs<OutputOf<S>>>;
  verifyAsync<C extends object = Claims>(this: Verifier, token: string, options?: VerifyOptions): Promise<Verified<C>>;
  verifyAsync(token: string, options?: VerifyOptions): Promise<VerifiedAs<T>>;
  /** What computed the last signature that this verifier checked: `"webcrypto"`; `undefined` before the first. */
  readonly engine: Cryptography | undefined;
  /** Frees the verifier. The memory of a key is wiped when nothing else uses the key, and calls that wait have ended. */
  free(): void;
  /** Does the same as `free()`, for `using`. */
  [dispose](): void;
}

/** Makes verifiers. */
export const Verifier: {
  /**
   * @param keys A set to choose from, a `RemoteKeySet`, or an array of these, each for other algorithms.
   * @param options What every token must satisfy, and the engine, which is never `"wasm"`.
   * @throws {CountersignError} `KEY_INVALID`: it is no set, the array is empty, or two of its elements are for the same algorithm.
   * `OPTION_INVALID`: also for two `RemoteKeySet`s.
   */
  new <T>(keys: VerificationKeys, options: VerifierOptions & { schema: StandardSchema<unknown, T> }): Verifier<T>;
  new (keys: VerificationKeys, options?: VerifierOptions): Verifier;
} = FullVerifier as never;

/**
 * Checks one token. For many tokens, a `Verifier` is faster, because it reads its options once.
 *
 * @param token The compact token, without anything around it.
 * @param keys A set to choose from, a `RemoteKeySet`, or an array of these, each for other algorithms.
 * @param options What the token must satisfy.
 * @returns The header and the claims, as they were signed.
 * @throws {CountersignError} Rejects as the constructor of `Verifier` throws, and as its `verifyAsync`.
 * @example
 * ```ts
 * const { claims } = await verifyAsync(token, keys, { issuer: "https://login.example", audience: "https://api.example" });
 * ```
 */
export const verifyAsync: {
  <S extends StandardSchema>(
    token: string,
    keys: VerificationKeys,
    options: VerifierOptions & { schema: S },
  ): Promise<VerifiedAs<OutputOf<S>>>;
  <C extends object = Claims>(token: string, keys: VerificationKeys, options?: VerifierOptions): Promise<Verified<C>>;
} = fullVerifyAsync as never;
