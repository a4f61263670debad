/// <reference lib="esnext.disposable" preserve="true" />
/**
 * Signing and checking tokens.
 *
 * The Rust core makes every decision. This file checks what only JavaScript can see (types, lone surrogates, values that
 * JSON would drop silently), calls the core, and turns traps into errors.
 */

import { toJson } from "./claims.js";
import { CountersignError } from "./errors.js";
import {
  decode_header_unverified,
  decode_unverified,
  judge_claims,
  type RawKeySet,
  RawSigner,
  RawVerifier,
} from "./glue/jwt.js";
import { dispose, isInstance, KIND, type Kind, kindOf, notThis, release, throwFreed } from "./handle.js";
import type { Key } from "./key.js";
import {
  type AsyncVerifier,
  expectOneKey,
  type KeySet,
  KeySource,
  type LocalKeys,
  withJoined,
  withKeys,
} from "./key-set.js";
import { callModule, tokens } from "./load/instances.js";
import { currentTime, readOutput, writeInput } from "./load/shared-buffer.js";
import { elementsOf } from "./options.js";
import type { Claims, Header, SignOptions, Verified, VerifyOptions } from "./types.js";

export { CountersignError, type ErrorCode } from "./errors.js";
export { Key } from "./key.js";
export { KeySet, type KeyUntil, type LocalKeys, type RejectedKey } from "./key-set.js";
export { usePlatformCryptography } from "./platform.js";
export type * from "./types.js";

/** What a `Verifier` checks tokens with: a key, a set, a `RemoteKeySet`, or several of these, each for other algorithms. */
export type VerificationKeys = Key | KeySet | KeySource | readonly (Key | KeySet | KeySource)[];

/**
 * Signs tokens with one key. Keep it: it reads the key and the options once.
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
   * @param key An HMAC secret or a private key.
   * @param options Applied to every token.
   * @throws {CountersignError} `KEY_USAGE`: the key may not sign. `KEY_INVALID`: it is not a key. `OPTION_INVALID`.
   */
  constructor(key: Key, options?: SignOptions) {
    this.#raw = callModule(tokens, () => new RawSigner(expectOneKey(key).raw(), options));
    this.#leavesNonce = key.type === "private";
  }

  /**
   * Signs one token.
   *
   * @param claims A plain object. A claim in it replaces a default: with `exp`, the token does not get the default 15
   * minutes.
   * @param options For this token. They replace the signer's own.
   * @returns The compact token.
   * @throws {CountersignError} `CLAIMS_NOT_SERIALIZABLE`: JSON cannot represent a value. `CLAIM_INVALID`: a registered claim
   * has the wrong type. `OPTION_INVALID`: also if a claim and an option set the same thing.
   * @example
   * ```ts
   * const token = signer.sign({ sub: "alice" }, { expiresIn: "5m" });
   * ```
   */
  sign(claims: object, options?: SignOptions): string {
    if (!Signer.#isSigner(this)) throw notThis(this);
    const raw = this.#raw ?? throwFreed("signer");
    const json = toJson(claims);
    const { stackPointer } = tokens;
    try {
      const length = options === undefined ? writeInput(json) : undefined;
      return length === undefined ? raw.sign_with(json, options) : readOutput(raw.sign(length, currentTime()));
    } catch (thrown) {
      throw tokens.recover(thrown, stackPointer);
    } finally {
      // The nonce of a signature reveals the private key.
      if (this.#leavesNonce) tokens.wipeStack();
    }
  }

  /** Frees the signer. The memory of the key is wiped when nothing else uses it. */
  free(): void {
    if (!Signer.#isSigner(this)) throw notThis(this);
    release(this.#raw);
    this.#raw = undefined;
  }

  /** Does the same as `free()`, for `using`. */
  [dispose](): void {
    this.free();
  }

  /** @internal Vue leaves objects with this property as they are: its proxies could not reach the private fields. */
  get __v_skip(): true {
    return true;
  }

  /** @internal */
  get [KIND](): Kind {
    return kindOf("Signer");
  }

  static #isSigner(value: unknown): value is Signer {
    return typeof value === "object" && value !== null && #raw in value;
  }
}

/**
 * Checks tokens with a key or a set of keys. Keep it: it reads the keys and the options once.
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
  #copyHeader: (() => Header) | undefined;
  #remote: AsyncVerifier | undefined;
  readonly #namesIssuer: boolean;
  #bringsIssuers = false;

  /**
   * @param keys A key, which is used whatever `kid` a token names; a set to choose from; a `RemoteKeySet`, for
   * `verifyAsync` only; or an array of these, each for other algorithms. The `alg` of a token chooses one. Use
   * an array while you migrate from HMAC secrets to public keys. It may hold one `RemoteKeySet`, which serves only the
   * algorithms that the others do not: with a key for ES256 beside it, the keys for ES256 that the server publishes are
   * never used.
   * @param options What every token must satisfy.
   * @throws {CountersignError} `KEY_USAGE`: the key may not verify. `KEY_INVALID`: it is not a key, the array is empty, or two
   * of its elements are for the same algorithm. `OPTION_INVALID`: also for two `RemoteKeySet`s.
   */
  constructor(keys: VerificationKeys, options?: VerifyOptions);
  /** @internal */
  constructor(keys: VerificationKeys | RawVerifier, options?: VerifyOptions);
  constructor(keys: VerificationKeys | RawVerifier, options?: VerifyOptions) {
    this.#namesIssuer = hasIssuer(options);
    const elements = isInstance(keys, KeySource) ? [keys] : elementsOf(keys);
    if (isInstance(keys, RawVerifier)) {
      this.#raw = keys;
    } else if (elements !== undefined && elements.length !== 0) {
      const { source, local } = bySource(elements);
      const over = () =>
        withJoined(local, (set) =>
          source === undefined ? RawVerifier.with_set(set, options) : publishedVerifier(set, options),
        );
      if (source === undefined) this.#raw = over();
      else this.#remote = source.verifier(() => new Verifier(over()), options);
      this.#bringsIssuers = source?.namesIssuers === true;
    } else {
      this.#raw = withKeys(
        keys as LocalKeys,
        (key) => RawVerifier.with_key(key, options),
        (set) => RawVerifier.with_set(set, options),
      );
    }
    this.#maxTokenLength = this.#raw?.max_token_length() ?? 0;
  }

  /**
   * Checks one token.
   *
   * @typeParam C The claims that you expect beside the registered ones. Nothing checks that they are there.
   * @param token The compact token, without anything around it.
   * @param options For this token. They replace the verifier's own.
   * @returns The header and the claims, as they were signed.
   * @throws {CountersignError} The first of these, in this order: `TOKEN_TOO_LONG`, `TOKEN_MALFORMED`,
   * `TOKEN_HEADER_INVALID`, `TOKEN_ALGORITHM_MISMATCH`, `KEY_NOT_FOUND`, `KEY_AMBIGUOUS`, `TOKEN_SIGNATURE_INVALID`,
   * `CLAIM_INVALID`, `CLAIM_MISSING`, `TOKEN_EXPIRED`, `TOKEN_NOT_YET_VALID`, `TOKEN_ISSUED_IN_FUTURE`, `TOKEN_TOO_OLD`.
   * `OPTION_INVALID`: also with a `RemoteKeySet`, which needs `verifyAsync`.
   * @example
   * ```ts
   * const { claims } = verifier.verify<{ scope: string }>(token);
   * console.log(claims.sub, claims.scope);
   * ```
   */
  verify<C extends object = Claims>(token: string, options?: VerifyOptions): Verified<C> {
    const raw = Verifier.#rawOf(this);
    expectToken(token);
    const { stackPointer } = tokens;
    try {
      // `verify_with` measures a token before it copies it, so longer tokens and tokens with options go there.
      const fits = options === undefined && token.length <= this.#maxTokenLength;
      const length = fits ? writeInput(token) : undefined;
      if (length === undefined) return JSON.parse(raw.verify_with(token, options));
      return this.#parse<C>(readOutput(raw.verify(length, currentTime())));
    } catch (thrown) {
      throw tokens.recover(thrown, stackPointer);
    }
  }

  /**
   * Like `verify`, also for keys that may have to be fetched first. A token that no key would make valid causes no request:
   * one that is malformed, whose `alg` is no algorithm of public keys, or that has expired. Its signature is then not checked,
   * so an error, also `TOKEN_EXPIRED`, proves nothing about who made the token.
   *
   * @typeParam C The claims that you expect beside the registered ones. Nothing checks that they are there.
   * @param token The compact token, without anything around it.
   * @param options For this token. They replace the verifier's own.
   * @returns The header and the claims, as they were signed.
   * @throws {CountersignError} Rejects as `verify` throws. `JWKS_UNAVAILABLE`: the server has not provided a usable set.
   * @example
   * ```ts
   * const keys = new RemoteKeySet("https://login.example/.well-known/jwks.json");
   * const verifier = new Verifier(keys, { issuer: "https://login.example", audience: "api" });
   * const { claims } = await verifier.verifyAsync(token);
   * ```
   */
  async verifyAsync<C extends object = Claims>(token: string, options?: VerifyOptions): Promise<Verified<C>> {
    if (!Verifier.#isVerifier(this)) throw notThis(this);
    return this.#remote === undefined ? this.verify<C>(token, options) : this.#remote.verify<C>(token, options);
  }

  /** Frees the verifier. The memory of a key is wiped when nothing else uses the key. */
  free(): void {
    if (!Verifier.#isVerifier(this)) throw notThis(this);
    release(this.#raw);
    this.#raw = undefined;
    this.#remote?.free();
    this.#remote = undefined;
  }

  /** Does the same as `free()`, for `using`. */
  [dispose](): void {
    this.free();
  }

  /** @internal Whether it accepts tokens of named issuers only. */
  get namesIssuer(): boolean {
    if (!Verifier.#isVerifier(this)) throw notThis(this);
    return this.#namesIssuer || this.#bringsIssuers;
  }

  /** @internal A verifier with the same options, and these keys for the algorithms that its own do not have. */
  withKeys(keys: KeySet): Verifier {
    return new Verifier(callModule(tokens, () => Verifier.#rawOf(this).over(keys.raw())));
  }

  /** @internal */
  raw(): RawVerifier {
    return Verifier.#rawOf(this);
  }

  /** @internal Vue leaves objects with this property as they are: its proxies could not reach the private fields. */
  get __v_skip(): true {
    return true;
  }

  /** @internal */
  get [KIND](): Kind {
    return kindOf("Verifier");
  }

  static #isVerifier(value: unknown): value is Verifier {
    return typeof value === "object" && value !== null && #raw in value;
  }

  static #rawOf(value: unknown): RawVerifier {
    if (!Verifier.#isVerifier(value)) throw notThis(value);
    if (value.#raw !== undefined) return value.#raw;
    if (value.#remote === undefined) throwFreed("verifier");
    const source = value.#bringsIssuers ? "Issuers need" : "a RemoteKeySet needs";
    throw new CountersignError("OPTION_INVALID", `${source} verifyAsync, not verify`);
  }

  /** The core answers `[claims, header]`, or only `claims` if the header equals the one it sent before. */
  #parse<C extends object>(answer: string): Verified<C> {
    const value = JSON.parse(answer);
    if (Array.isArray(value)) {
      const [claims, header] = value;
      this.#copyHeader ??= headerCopier(header);
      return { header, claims };
    }
    return { header: this.#copyHeader?.() as Header, claims: value };
  }
}

/**
 * Signs one token. For many tokens, a `Signer` is faster, because it reads its options once.
 *
 * @param claims A plain object.
 * @param key An HMAC secret or a private key.
 * @param options See {@link SignOptions}.
 * @returns The compact token.
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
 * Checks one token. For many tokens, a `Verifier` is faster, because it reads its options once.
 *
 * @typeParam C The claims that you expect beside the registered ones. Nothing checks that they are there.
 * @param token The compact token, without anything around it.
 * @param keys A key, a set to choose from, or an array of these, each for other algorithms.
 * @param options What the token must satisfy.
 * @returns The header and the claims, as they were signed.
 * @throws {CountersignError} As the constructor of `Verifier` and its `verify`.
 * @example
 * ```ts
 * const { claims } = verify(token, key, { audience: "api" });
 * ```
 */
export function verify<C extends object = Claims>(
  token: string,
  keys: LocalKeys,
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
 * Checks one token with keys that may have to be fetched first. For many tokens, a `Verifier` is faster, because it reads
 * its options once.
 *
 * @typeParam C The claims that you expect beside the registered ones. Nothing checks that they are there.
 * @param token The compact token, without anything around it.
 * @param keys A key, a set, a `RemoteKeySet`, or an array of these, each for other algorithms. Keep a `RemoteKeySet`
 * between calls, because it remembers the keys.
 * @param options What the token must satisfy.
 * @returns The header and the claims, as they were signed.
 * @throws {CountersignError} Rejects as the constructor of `Verifier` and its `verifyAsync`.
 * @example
 * ```ts
 * const keys = new RemoteKeySet("https://login.example/.well-known/jwks.json"); // once
 * const { claims } = await verifyAsync(token, keys, { issuer: "https://login.example", audience: "api" });
 * ```
 */
export async function verifyAsync<C extends object = Claims>(
  token: string,
  keys: VerificationKeys,
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
 * Reads the header and claims of a token **without checking anything**. Use it to display or debug a token, never to decide
 * something.
 *
 * @param token The compact token, at most 16384 bytes.
 * @returns The header and the claims. Anybody can have written them.
 * @throws {CountersignError} `TOKEN_TOO_LONG`, `TOKEN_MALFORMED`.
 * @example
 * ```ts
 * console.log(decodeUnverified(token).header.kid);
 * ```
 */
export function decodeUnverified<C extends object = Claims>(token: string): Verified<C> {
  expectToken(token);
  return callModule(tokens, () => JSON.parse(decode_unverified(token)));
}

/**
 * Reads the header of any JWS or JWE in the compact serialization **without checking anything**. Use it to find out where a
 * token comes from, for example which issuer's keys to ask for. Nothing after the header is read, and the header may be
 * padded.
 *
 * @param token The compact token, at most 65536 bytes.
 * @returns The header. Anybody can have written it.
 * @throws {CountersignError} `TOKEN_TOO_LONG`, `TOKEN_MALFORMED`.
 * @example
 * ```ts
 * const { kid } = decodeHeaderUnverified(request.headers.get("x-amzn-oidc-data") ?? "");
 * ```
 */
export function decodeHeaderUnverified(token: string): Header {
  expectToken(token);
  return callModule(tokens, () => JSON.parse(decode_header_unverified(token)));
}

/**
 * Judges claims that came without a token, with the rules of `verify`: which must be present, whom they name, and when they
 * are valid. Use it for claims that another service has verified or returned, such as an introspection response. **It proves
 * nothing about who wrote them.**
 *
 * @param claims The claims, a plain object.
 * @param options What the claims must satisfy. `typ` is refused, because it is for a header. `maxTokenLength` has no effect.
 * @throws {CountersignError} `CLAIM_INVALID`, `CLAIM_MISSING`, `TOKEN_EXPIRED`, `TOKEN_NOT_YET_VALID`,
 * `TOKEN_ISSUED_IN_FUTURE`, `TOKEN_TOO_OLD`. `CLAIMS_NOT_SERIALIZABLE`: not an object that JSON can carry. `OPTION_INVALID`.
 * @example
 * ```ts
 * const { payload } = verifyJws(request.headers.get("x-amzn-oidc-data") ?? "", key, { allowPadding: true });
 * const claims = JSON.parse(new TextDecoder().decode(payload));
 * judgeClaims(claims, { issuer: "https://login.example" });
 * ```
 */
export function judgeClaims(claims: object, options?: VerifyOptions): void {
  const json = toJson(claims);
  callModule(tokens, () => judge_claims(json, options));
}

/** Whether the options name an issuer. The core refuses options that throw when they are read. */
function hasIssuer(options: VerifyOptions | undefined): boolean {
  try {
    return options?.issuer !== undefined;
  } catch {
    return false;
  }
}

/** The elements of an array of keys: the one to fetch, and the others. */
function bySource(keys: readonly unknown[]): { source: KeySource | undefined; local: unknown[] } {
  const [source, another] = keys.filter((element) => isInstance(element, KeySource));
  if (another !== undefined) throw new CountersignError("OPTION_INVALID", "an array of keys holds two remote key sets");
  if (source?.namesIssuers === true && 1 < keys.length) {
    throw new CountersignError(
      "OPTION_INVALID",
      "an array of keys holds Issuers: add the other keys to them as an issuer",
    );
  }
  return { source, local: keys.filter((element) => element !== source) };
}

/** A verifier for keys that have not been fetched yet, and a set for other algorithms. */
function publishedVerifier(local: RawKeySet, options?: VerifyOptions): RawVerifier {
  const raw = RawVerifier.for_published_keys(options);
  try {
    return raw.over(local);
  } finally {
    release(raw);
  }
}

/** Returns a function that copies a header. Each caller gets its own copy, which it may change. */
function headerCopier(header: Header): () => Header {
  const isFlat = Object.values(header).every((value) => typeof value !== "object");
  const copy = { ...header };
  const text = JSON.stringify(header);
  return isFlat ? () => ({ ...copy }) : () => JSON.parse(text);
}

function expectToken(token: unknown): asserts token is string {
  if (typeof token !== "string") throw new CountersignError("TOKEN_MALFORMED", "token is not a string");
}
