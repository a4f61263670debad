/// <reference lib="esnext.disposable" preserve="true" />
/**
 * Keys and tokens: the documented face of the Rust core's `jwt` module.
 *
 * Everything is decided in the core. This file checks what only JavaScript can see (types, lone surrogates, values that
 * JSON would drop in silence), hands over, and turns traps into errors.
 */

import { type Bytes, copyOfBytes, utf8 } from "./bytes.js";
import { toJson } from "./claims.js";
import { CountersignError } from "./errors.js";
import { decode_unverified, RawKey, RawKeySet, RawSigner, RawVerifier } from "./glue/jwt.js";
import { tokens } from "./load/instances.js";
import { guard } from "./trap.js";
import type {
  Algorithm,
  AsymmetricAlgorithm,
  Claims,
  Header,
  HmacAlgorithm,
  JsonWebKey,
  JwkSet,
  KeyDocumentOptions,
  SignOptions,
  Verified,
  VerifyOptions,
} from "./types.js";

export { CountersignError, type ErrorCode } from "./errors.js";
export type * from "./types.js";

// Older browsers have no `Symbol.dispose`; there, the method is of no use and does no harm.
const dispose: typeof Symbol.dispose = Symbol.dispose ?? Symbol.for("Symbol.dispose");

/**
 * A key, bound to one algorithm when it is made (RFC 8725 §3.1). It is parsed once, and wiped when it and everything
 * made with it is freed or collected.
 *
 * @example
 * ```ts
 * const key = Key.fromSecret(env.JWT_SECRET, { alg: "HS256" });
 * ```
 */
export class Key {
  #raw: RawKey | undefined;
  /** The algorithm this key is bound to. */
  readonly alg: Algorithm;
  /** The key's identifier, written into headers. */
  readonly kid: string | undefined;
  /** Which half of a key this is: a shared secret, a private key (which contains its public one), or a public key. */
  readonly type: "secret" | "private" | "public";

  private constructor(raw: RawKey) {
    if (!(raw instanceof RawKey)) throw new CountersignError("KEY_INVALID", "make a key with Key.from… or generate");
    this.#raw = raw;
    this.alg = raw.alg() as Algorithm;
    this.kid = raw.kid();
    this.type = raw.kind() as Key["type"];
    // What a key says of itself stays true.
    Object.freeze(this);
  }

  static #from(make: () => RawKey): Key {
    try {
      return guard(tokens, () => new Key(make()));
    } finally {
      tokens.wipeStack();
    }
  }

  /**
   * An HMAC key from a secret of random bytes.
   *
   * @param secret At least as many bytes as the digest: 32, 48 or 64 (RFC 7518 §3.2). A string counts as UTF-8.
   * @param options `alg`; `kid`; `allowShort` takes shorter secrets, never empty ones, for the time of a migration.
   * @throws {CountersignError} `KEY_TOO_WEAK` shorter than the digest, or empty; `KEY_INVALID` not bytes or
   * well-formed text, or what looks like a PEM, JWK, DER or OpenSSH key; `OPTION_INVALID`.
   * @example
   * ```ts
   * const key = Key.fromSecret(crypto.getRandomValues(new Uint8Array(32)), { alg: "HS256", kid: "2026-11" });
   * ```
   */
  static fromSecret(
    secret: Uint8Array | string,
    options: { alg: HmacAlgorithm; kid?: string; allowShort?: boolean },
  ): Key {
    return withBytes("secret", secret, (bytes) => Key.#from(() => RawKey.from_secret(bytes, options)));
  }

  /**
   * A key from one PEM block: PKCS#8 (`PRIVATE KEY`), SPKI (`PUBLIC KEY`), PKCS#1 (`RSA PRIVATE KEY`, `RSA PUBLIC KEY`) or
   * SEC 1 (`EC PRIVATE KEY`).
   *
   * @param pem The text. Text around the block is ignored; a second block is refused.
   * @param options `alg`, which must fit the key; `kid`.
   * @throws {CountersignError} `KEY_INVALID` not such a block, ill-formed, or a key of another kind; `KEY_TOO_WEAK` an RSA
   * key under 2048 bits; `OPTION_INVALID`.
   * @example
   * ```ts
   * const key = Key.fromPem(await readFile("ed25519.pem", "utf8"), { alg: "EdDSA" });
   * ```
   */
  static fromPem(pem: string, options: { alg: AsymmetricAlgorithm; kid?: string }): Key {
    if (typeof pem !== "string") throw new CountersignError("KEY_INVALID", "PEM is not a string");
    return withBytes("PEM", pem, (bytes) => Key.#from(() => RawKey.from_pem(bytes, options)));
  }

  /**
   * A key from DER: PKCS#8, SPKI, PKCS#1 or SEC 1, which the content tells apart.
   *
   * @param der The document, with nothing before or behind it.
   * @param options `alg`, which must fit the key; `kid`.
   * @throws {CountersignError} `KEY_INVALID` ill-formed, or a key of another kind; `KEY_TOO_WEAK` an RSA key under 2048
   * bits; `OPTION_INVALID`.
   */
  static fromDer(der: Uint8Array, options: { alg: AsymmetricAlgorithm; kid?: string }): Key {
    return wiped(copyOfBytes("DER", der), (bytes) => Key.#from(() => RawKey.from_der(bytes, options)));
  }

  /**
   * A key from a JSON Web Key (RFC 7517): `kty` `"oct"`, `"RSA"`, `"EC"` with `crv` `"P-256"`, `"P-384"` or `"P-521"`, or
   * `"OKP"` with `crv` `"Ed25519"`.
   *
   * @param jwk The key. Members it does not know are ignored; those it knows must be well-formed and belong together.
   * @param options `alg` for a JWK that names none and whose curve leaves a choice; `kid` in place of the JWK's.
   * @throws {CountersignError} `KEY_INVALID`, `KEY_TOO_WEAK`, `OPTION_INVALID`; `KEY_USAGE` where `use` or `key_ops`
   * leaves the key no job.
   * @example
   * ```ts
   * const key = Key.fromJwk(JSON.parse(env.SIGNING_KEY));
   * ```
   */
  static fromJwk(jwk: JsonWebKey | object, options?: { alg?: Algorithm; kid?: string }): Key {
    return Key.#from(() => RawKey.from_jwk(jwk, options));
  }

  /**
   * A new random key: for an HMAC as many bytes as its digest, otherwise a key pair.
   *
   * @param alg What it shall be used with.
   * RSA keys take seconds, as two primes must be found: `generateAsync` leaves that to the platform.
   *
   * @param options `kid`; `modulusLength`, the bits of an RSA key: 2048 by default, at most 8192.
   * @throws {CountersignError} `OPTION_INVALID`; `INTERNAL` where the platform has no random source.
   * @example
   * ```ts
   * const key = Key.generate("EdDSA", { kid: "2026-11" });
   * await store(JSON.stringify(key.toJwk({ private: true })));
   * ```
   */
  static generate(alg: Algorithm, options?: { kid?: string; modulusLength?: number }): Key {
    return Key.#from(() => RawKey.generate(nameOf(alg), options));
  }

  /**
   * The public half, with the same `alg` and `kid`; of a public key, a copy.
   *
   * @throws {CountersignError} `KEY_USAGE` a secret has no public half.
   */
  publicKey(): Key {
    return Key.#from(() => this.raw().public_key());
  }

  /**
   * The key as a JWK, with its `alg` and `kid`.
   *
   * @param options `private: true` for all of it; otherwise only the public half.
   * @throws {CountersignError} `KEY_USAGE` the public half of a secret, or the private half of a public key.
   */
  toJwk(options?: { private?: boolean }): JsonWebKey {
    return this.#write((raw) => raw.to_jwk(options) as JsonWebKey);
  }

  /**
   * The key as PEM.
   *
   * @param options `private: true` for PKCS#8; otherwise the public half as SPKI; `format` for another form.
   * @throws {CountersignError} `KEY_USAGE` a secret, which has no PEM form, the private half of a public key, or a form that
   * this kind of key does not have; `OPTION_INVALID`.
   */
  toPem(options?: KeyDocumentOptions): string {
    return this.#write((raw) => raw.to_pem(options));
  }

  /**
   * The key as DER.
   *
   * @param options As for `toPem`.
   * @throws {CountersignError} As `toPem`.
   */
  toDer(options?: KeyDocumentOptions): Uint8Array {
    return this.#write((raw) => raw.to_der(options));
  }

  /**
   * The thumbprint of RFC 7638, in base64url; the same for a private key and its public half. Of a secret it is a
   * digest of the secret: publish it only if the secret is random.
   *
   * @param hash The digest; SHA-256 by default.
   * @throws {CountersignError} `OPTION_INVALID` another digest.
   */
  thumbprint(hash: "sha256" | "sha384" | "sha512" = "sha256"): string {
    return this.#write((raw) => raw.thumbprint(nameOf(hash)));
  }

  /** Wipes the key, unless a signer, verifier or set still holds it: then it is wiped with the last of them. */
  free(): void {
    release(this.#raw);
    this.#raw = undefined;
  }

  /** The same as `free()`, for `using`. */
  [dispose](): void {
    this.free();
  }

  /** @internal */
  raw(): RawKey {
    return this.#raw ?? freed("key");
  }

  #write<T>(call: (raw: RawKey) => T): T {
    try {
      return guard(tokens, () => call(this.raw()));
    } finally {
      tokens.wipeStack();
    }
  }
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
   * @param keys The keys, with distinct `kid` for each algorithm; secrets or key pairs, never both.
   * @throws {CountersignError} `KEY_AMBIGUOUS` two keys with one `kid` and `alg`; `KEY_INVALID` secrets beside key
   * pairs, or not keys.
   */
  constructor(keys: readonly Key[]);
  /** @internal */
  constructor(keys: readonly Key[] | RawKeySet);
  constructor(keys: readonly Key[] | RawKeySet) {
    this.#raw = keys instanceof RawKeySet ? keys : guard(tokens, () => gather(keys));
  }

  /**
   * The usable keys of a JWK Set. One that cannot be read or used is left out: one bad key must not lock everybody out.
   *
   * @param jwks The set, as it was parsed from JSON: `{ keys: […] }`. Typed `unknown`, as what a response holds is.
   * @throws {CountersignError} As the constructor; `KEY_INVALID` no array of keys.
   */
  static fromJwks(jwks: unknown): KeySet {
    try {
      return guard(tokens, () => new KeySet(RawKeySet.from_jwks(jwks)));
    } finally {
      tokens.wipeStack();
    }
  }

  /**
   * The public halves, to be published.
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
    this.#raw = guard(tokens, () => new RawSigner(expectKey(key).raw(), options));
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
      return options === undefined ? raw.sign(json) : raw.sign_with(json, options);
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

  /**
   * @param keys A key, used whatever `kid` a token names, or a set to choose from.
   * @param options What every token must satisfy.
   * @throws {CountersignError} `KEY_USAGE` the key must not verify; `KEY_INVALID` not a key; `OPTION_INVALID`.
   */
  constructor(keys: Key | KeySet, options?: VerifyOptions) {
    const raw = guard(tokens, () =>
      keys instanceof KeySet
        ? RawVerifier.with_set(keys.raw(), options)
        : RawVerifier.with_key(expectKey(keys).raw(), options),
    );
    this.#raw = raw;
    this.#maxTokenLength = raw.max_token_length();
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
    const raw = this.#raw ?? freed("verifier");
    expectToken(token);
    const { stackPointer } = tokens;
    try {
      // The core measures a token that is too long, or that options may allow, before it copies it.
      const direct = options === undefined && token.length <= this.#maxTokenLength;
      return direct ? this.#read<C>(raw.verify(token)) : JSON.parse(raw.verify_with(token, options));
    } catch (thrown) {
      throw tokens.recover(thrown, stackPointer);
    }
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
 * The header and claims of a token that **nobody has checked**: for showing and debugging, never for deciding.
 *
 * @param token The compact token, at most 16384 bytes.
 * @throws {CountersignError} `TOKEN_TOO_LONG`, `TOKEN_MALFORMED`.
 */
export function decodeUnverified<C extends object = Claims>(token: string): Verified<C> {
  expectToken(token);
  return guard(tokens, () => JSON.parse(decode_unverified(token)));
}

function gather(keys: readonly Key[]): RawKeySet {
  if (!Array.isArray(keys)) throw new CountersignError("KEY_INVALID", "keys are not an array of keys");
  const raw = new RawKeySet();
  try {
    for (const key of keys) raw.add(expectKey(key).raw());
    raw.seal();
    return raw;
  } catch (thrown) {
    // Or the keys would live on in a set that nobody holds.
    release(raw);
    throw thrown;
  }
}

function withBytes<T>(what: string, value: Uint8Array | string, use: (bytes: Bytes) => T): T {
  if (typeof value !== "string") return wiped(copyOfBytes(what, value, "a string or a Uint8Array"), use);
  const bytes = utf8(value);
  if (bytes === undefined) throw new CountersignError("KEY_INVALID", `${what} is not well-formed text`);
  return wiped(bytes, use);
}

function wiped<T>(bytes: Bytes, use: (bytes: Bytes) => T): T {
  try {
    return use(bytes);
  } finally {
    bytes.fill(0);
  }
}

/** A function that gives a copy of a header, of its own for each caller. */
function copier(header: Header): () => Header {
  const flat = Object.values(header).every((value) => typeof value !== "object");
  const copy = { ...header };
  const text = JSON.stringify(header);
  return flat ? () => ({ ...copy }) : () => JSON.parse(text);
}

/** A name as it is; anything else, whatever its `toString` would make of it, names nothing. */
function nameOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function expectKey(key: unknown): Key {
  if (key instanceof Key) return key;
  if (key instanceof KeySet) throw new CountersignError("KEY_INVALID", "a KeySet stands where one Key is wanted");
  throw new CountersignError("KEY_INVALID", "not a Key or KeySet of this package as it was loaded here");
}

function expectToken(token: unknown): asserts token is string {
  if (typeof token !== "string") throw new CountersignError("TOKEN_MALFORMED", "token is not a string");
}

function release(raw: { free(): void } | undefined): void {
  const { stackPointer } = tokens;
  try {
    raw?.free();
  } catch (thrown) {
    // A handle in whose method the core trapped stays borrowed: it cannot be freed, and is lost with the instance.
    tokens.recover(thrown, stackPointer);
  } finally {
    tokens.wipeStack();
  }
}

function freed(what: string): never {
  throw new CountersignError("KEY_INVALID", `${what} has been freed`);
}
