/// <reference lib="esnext.disposable" preserve="true" />
/**
 * Tokens, and with them keys: the documented face of the Rust core's `jwt` module.
 *
 * Everything is decided in the core. This file checks what only JavaScript can see (types, lone surrogates, values that
 * JSON would drop in silence), hands over, and turns traps into errors.
 */

import { toJson } from "./claims.js";
import { CountersignError } from "./errors.js";
import { decode_unverified, RawSigner, RawVerifier } from "./glue/jwt.js";
import { dispose, freed, release } from "./handle.js";
import { expectKey, expectOneKey, type Key, KeySet } from "./key-set.js";
import { clock, layDown, pickUp } from "./load/desk.js";
import { tokens } from "./load/instances.js";
import { type AsyncVerifier, KeySource } from "./remote/source.js";
import type { RemoteKeySet } from "./remote.js";
import { guard } from "./trap.js";
import type { Claims, Header, SignOptions, Verified, VerifyOptions } from "./types.js";

export { CountersignError, type ErrorCode } from "./errors.js";
export { Key, KeySet, type KeyUntil, type RejectedKey } from "./key-set.js";
export { usePlatformCryptography } from "./platform.js";
export type * from "./types.js";

/**
 * Issues tokens with one key; key and options are read once.
 *
 * @example
 * ```ts
 * const signer = new Signer(key, { issuer: "https://login.example", audience: "api", expiresIn: "15m" });
 * const token = signer.sign({ sub: user.id, scope: "read" });
 * ```
 */
export class Signer {
  #raw: RawSigner | undefined;
  readonly #leavesNonce: boolean;

  /**
   * @param key A secret or private key.
   * @param options What is stamped on every token.
   * @throws {CountersignError} `KEY_USAGE` the key must not sign; `KEY_INVALID` not a key; `OPTION_INVALID`.
   */
  constructor(key: Key, options?: SignOptions) {
    this.#raw = guard(tokens, () => new RawSigner(expectOneKey(key).raw(), options));
    this.#leavesNonce = key.type === "private";
  }

  /**
   * @param claims A plain object. A claim given wins over a default (`exp` over the 15 minutes).
   * @param options For this token, over the signer's own.
   * @returns The token.
   * @throws {CountersignError} `CLAIMS_NOT_SERIALIZABLE` a value that JSON cannot carry; `CLAIM_INVALID` a registered
   * claim of the wrong type; `OPTION_INVALID` among others where a claim and an option say the same thing.
   */
  sign(claims: object, options?: SignOptions): string {
    const raw = this.#raw ?? freed("signer");
    const json = toJson(claims);
    const { stackPointer } = tokens;
    try {
      const length = options === undefined ? layDown(json) : undefined;
      return length === undefined ? raw.sign_with(json, options) : pickUp(raw.sign(length, clock()));
    } catch (thrown) {
      throw tokens.recover(thrown, stackPointer);
    } finally {
      // Whoever knows the nonce of a signature can calculate the private key.
      if (this.#leavesNonce) tokens.wipeStack();
    }
  }

  /** Lets go of the key, which is wiped with its last holder. */
  free(): void {
    release(this.#raw);
    this.#raw = undefined;
  }

  /** The same as `free()`, for `using`. */
  [dispose](): void {
    this.free();
  }
}

/**
 * Checks tokens with a key or key set; keys and options are read once.
 *
 * @example
 * ```ts
 * const verifier = new Verifier(keys, { issuer: "https://login.example", audience: "api" });
 * const { claims } = verifier.verify<{ scope: string }>(token);
 * ```
 */
export class Verifier {
  #raw: RawVerifier | undefined;
  readonly #maxTokenLength: number;
  #freshHeader: (() => Header) | undefined;
  #remote: AsyncVerifier | undefined;

  /**
   * @param keys A key, used whatever `kid` a token names, or a set to choose from. With a set that comes from a server,
   * check by `verifyAsync`.
   * @param options What every token must satisfy.
   * @throws {CountersignError} `KEY_USAGE` the key must not verify; `KEY_INVALID` not a key; `OPTION_INVALID`.
   */
  constructor(keys: Key | KeySet | RemoteKeySet, options?: VerifyOptions);
  /** @internal */
  constructor(keys: Key | KeySet | RemoteKeySet | RawVerifier, options?: VerifyOptions);
  constructor(keys: Key | KeySet | RemoteKeySet | RawVerifier, options?: VerifyOptions) {
    if (keys instanceof KeySource) this.#remote = keys.verifier(options);
    else this.#raw = keys instanceof RawVerifier ? keys : guard(tokens, () => verifierWith(keys, options));
    this.#maxTokenLength = this.#raw?.max_token_length() ?? 0;
  }

  /**
   * @typeParam C The claims you expect beside the registered ones. It is a promise of yours, not a check.
   * @param token The compact token, with nothing around it.
   * @param options For this token, over the verifier's own.
   * @returns The header and the claims, both as they were signed.
   * @throws {CountersignError} In this order: `TOKEN_TOO_LONG`, `TOKEN_MALFORMED`, `TOKEN_HEADER_INVALID`,
   * `TOKEN_ALGORITHM_MISMATCH`, `KEY_NOT_FOUND`, `KEY_AMBIGUOUS`, `TOKEN_SIGNATURE_INVALID`, `CLAIM_INVALID`,
   * `CLAIM_MISSING`, `TOKEN_EXPIRED`, `TOKEN_NOT_YET_VALID`, `TOKEN_ISSUED_IN_FUTURE`, `TOKEN_TOO_OLD`; and
   * `OPTION_INVALID`.
   */
  verify<C extends object = Claims>(token: string, options?: VerifyOptions): Verified<C> {
    const raw = this.raw();
    expectToken(token);
    const { stackPointer } = tokens;
    try {
      // The core measures a token that is too long, or that options may allow, before it copies it.
      const direct = options === undefined && token.length <= this.#maxTokenLength;
      const length = direct ? layDown(token) : undefined;
      if (length === undefined) return JSON.parse(raw.verify_with(token, options));
      return this.#read<C>(pickUp(raw.verify(length, clock())));
    } catch (thrown) {
      throw tokens.recover(thrown, stackPointer);
    }
  }

  /**
   * As `verify`, where keys may have to come from a server first. A token is read as far as it can be without a key
   * before anything is fetched for it.
   *
   * @typeParam C The claims you expect beside the registered ones. It is a promise of yours, not a check.
   * @param token The compact token, with nothing around it.
   * @param options For this token, over the verifier's own.
   * @returns The header and the claims, both as they were signed.
   * @throws {CountersignError} As `verify`; `JWKS_UNAVAILABLE` where the server has not given a key set that may be used.
   * @example
   * ```ts
   * const keys = new RemoteKeySet("https://login.example/.well-known/jwks.json");
   * const verifier = new Verifier(keys, { issuer: "https://login.example", audience: "api" });
   * const { claims } = await verifier.verifyAsync(token);
   * ```
   */
  async verifyAsync<C extends object = Claims>(token: string, options?: VerifyOptions): Promise<Verified<C>> {
    return this.#remote === undefined ? this.verify<C>(token, options) : this.#remote.verify<C>(token, options);
  }

  /** Lets go of the keys, which are wiped with their last holder. */
  free(): void {
    release(this.#raw);
    this.#raw = undefined;
    this.#remote?.free();
    this.#remote = undefined;
  }

  /** The same as `free()`, for `using`. */
  [dispose](): void {
    this.free();
  }

  /** @internal The same options, and other keys. */
  over(keys: KeySet): Verifier {
    return new Verifier(guard(tokens, () => this.raw().over(keys.raw())));
  }

  /** @internal */
  raw(): RawVerifier {
    if (this.#raw !== undefined) return this.#raw;
    if (this.#remote === undefined) freed("verifier");
    throw new CountersignError("OPTION_INVALID", "with a RemoteKeySet, tokens are checked by verifyAsync");
  }

  /** Takes the core's answer apart: `[claims, header]`, or `claims` with the header it answered with first. */
  #read<C extends object>(answer: string): Verified<C> {
    const value = JSON.parse(answer);
    if (Array.isArray(value)) {
      const [claims, header] = value;
      this.#freshHeader ??= copier(header);
      return { header, claims };
    }
    return { header: this.#freshHeader?.() as Header, claims: value };
  }
}

/**
 * Issues one token; a `Signer` that is kept does the same without reading its options again.
 *
 * @param claims A plain object.
 * @param key A secret or private key.
 * @param options What is stamped on the token.
 * @returns The token.
 * @throws {CountersignError} As the constructor of `Signer` and its `sign`.
 * @example
 * ```ts
 * const token = sign({ sub: "alice" }, key, { expiresIn: "1h" });
 * ```
 */
export function sign(claims: object, key: Key, options?: SignOptions): string {
  const signer = new Signer(key, options);
  try {
    return signer.sign(claims);
  } finally {
    signer.free();
  }
}

/**
 * Checks one token; a `Verifier` that is kept does the same without reading its options again.
 *
 * @param token The compact token, with nothing around it.
 * @param keys A key, or a set to choose from.
 * @param options What the token must satisfy.
 * @returns The header and the claims, both as they were signed.
 * @throws {CountersignError} As the constructor of `Verifier` and its `verify`.
 * @example
 * ```ts
 * const { claims } = verify(token, key, { audience: "api" });
 * ```
 */
export function verify<C extends object = Claims>(
  token: string,
  keys: Key | KeySet,
  options?: VerifyOptions,
): Verified<C> {
  const verifier = new Verifier(keys, options);
  try {
    return verifier.verify<C>(token);
  } finally {
    verifier.free();
  }
}

/**
 * Checks one token with keys that may have to come from a server first; a `Verifier` that is kept does the same without
 * reading its options again.
 *
 * @param token The compact token, with nothing around it.
 * @param keys A key, or a set to choose from. Keep a `RemoteKeySet` from call to call: it is what remembers.
 * @param options What the token must satisfy.
 * @returns The header and the claims, both as they were signed.
 * @throws {CountersignError} As the constructor of `Verifier` and its `verifyAsync`.
 * @example
 * ```ts
 * const keys = new RemoteKeySet("https://login.example/.well-known/jwks.json"); // once
 * const { claims } = await verifyAsync(token, keys, { issuer: "https://login.example", audience: "api" });
 * ```
 */
export async function verifyAsync<C extends object = Claims>(
  token: string,
  keys: Key | KeySet | RemoteKeySet,
  options?: VerifyOptions,
): Promise<Verified<C>> {
  const verifier = new Verifier(keys, options);
  try {
    return await verifier.verifyAsync<C>(token);
  } finally {
    verifier.free();
  }
}

/**
 * The header and claims of a token that **nobody has checked**: for showing and debugging, never for deciding.
 *
 * @param token The compact token, at most 16384 bytes.
 * @throws {CountersignError} `TOKEN_TOO_LONG`, `TOKEN_MALFORMED`.
 */
export function decodeUnverified<C extends object = Claims>(token: string): Verified<C> {
  expectToken(token);
  return guard(tokens, () => JSON.parse(decode_unverified(token)));
}

function verifierWith(keys: Key | KeySet | RemoteKeySet, options?: VerifyOptions): RawVerifier {
  return keys instanceof KeySet
    ? RawVerifier.with_set(keys.raw(), options)
    : RawVerifier.with_key(expectKey(keys).raw(), options);
}

/** A function that gives a copy of a header, of its own for each caller. */
function copier(header: Header): () => Header {
  const flat = Object.values(header).every((value) => typeof value !== "object");
  const copy = { ...header };
  const text = JSON.stringify(header);
  return flat ? () => ({ ...copy }) : () => JSON.parse(text);
}

function expectToken(token: unknown): asserts token is string {
  if (typeof token !== "string") throw new CountersignError("TOKEN_MALFORMED", "token is not a string");
}
