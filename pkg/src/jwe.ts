/// <reference lib="esnext.disposable" preserve="true" />
/**
 * Encryption (RFC 7516).
 *
 * The Rust core makes every decision. This file checks what only JavaScript can see, calls the core, and turns traps into
 * errors. It imports nothing of `countersign/jwt`: the caller passes the signer or verifier of a nested token.
 */

import { type Bytes, copyOfBytes, stringOrEmpty, utf8, wipeAfter, withBytes, withPassphrase } from "./bytes.js";
import { jsonTextOf } from "./claims.js";
import { curveOf, decryptWithCryptoKey, readDecryptionKey, spkiOf } from "./crypto-key.js";
import { unlessAborted } from "./deadline.js";
import type { DecryptsElsewhere } from "./elsewhere.js";
import { takeEngine } from "./engine-option.js";
import { CountersignError } from "./errors.js";
import { type ExternalDecrypter, isDecrypter, readDecrypter } from "./external-decrypter.js";
import { RawEncryptionKey, RawKeyRing } from "./glue/jwe.js";
import type { Kind } from "./handle.js";
import { describeKey, dispose, inspect, KIND, kindOf, LOST, notOurs, release, throwFreed } from "./handle.js";
import type {
  ContentEncryption,
  Decrypted,
  DecryptedClaims,
  DecryptedClaimsAs,
  DecryptedJson,
  DecryptOptions,
  EncryptionAlgorithm,
  EncryptionCurve,
  EncryptionKeyDocumentImport,
  EncryptionKeyOptions,
  EncryptJsonOptions,
  EncryptOptions,
  ExternalDecryptionAlgorithm,
  FlattenedJwe,
  GeneralJwe,
  Nested,
  NestedAsyncSigner,
  NestedAsyncVerifier,
  NestedSigner,
  NestedVerifier,
  PasswordEncryptionAlgorithm,
  PublicEncryptionAlgorithm,
  SecretEncryptionAlgorithm,
} from "./jwe-types.js";
import { insteadOfKey, jwkRefusal } from "./jwk-refusal.js";
import { callModule, callWithSecrets, encryption } from "./load/instances.js";
import {
  checkMethod,
  elementsOf,
  hasMethod,
  invalid,
  optionalText,
  readOptions,
  requiredText,
  unchecked,
} from "./options.js";
import { fit, fitAsync, takeSchema } from "./schema.js";
import { type SignalOption, withoutSignal } from "./signal.js";
import { checkSigner } from "./token-signer.js";
import type {
  Claims,
  Cryptography,
  Engine,
  EngineOption,
  JsonWebKey,
  KeyDocumentOptions,
  OutputOf,
  StandardSchema,
  VerifyOptions,
} from "./types.js";
import { WebDecrypter } from "./web-decrypter.js";

export { CountersignError, type ErrorCode, type SchemaIssue } from "./errors.js";
export type { ExternalDecrypter } from "./external-decrypter.js";
export type * from "./jwe-types.js";
export type { SignalOption } from "./signal.js";
export type {
  Claims,
  Cryptography,
  Engine,
  EngineOption,
  JsonWebKey,
  KeyDocumentOptions,
  OutputOf,
  RegisteredClaims,
  StandardSchema,
  VerifyOptions,
} from "./types.js";

/**
 * A key that encrypts or decrypts. It is bound to one key management algorithm when it is created (RFC 8725 §3.1). It cannot
 * sign: that is a `Key`. Its memory is wiped when it is freed or garbage-collected.
 *
 * @example
 * ```ts
 * const key = EncryptionKey.generate("ECDH-ES+A256KW", { kid: "2026-11" });
 * await publish(key.publicKey().toJwk()); // for everybody who encrypts for us
 * ```
 */
export class EncryptionKey {
  #raw: RawEncryptionKey | undefined;
  /** For a key that is kept elsewhere: who decrypts. */
  #elsewhere: DecryptsElsewhere | undefined;
  /** The key that WebCrypto holds, from the first token that it decrypts. */
  #web: WebDecrypter | undefined;
  /** What decrypted last. */
  #engine: Cryptography | undefined;
  /** The algorithm of this key. */
  readonly alg: EncryptionAlgorithm;
  /** The content encryption of a key for `dir`; otherwise `undefined`. */
  readonly enc: ContentEncryption | undefined;
  /** The key's identifier, which `encrypt` writes into headers. */
  readonly kid: string | undefined;
  /** `"secret"`: a shared secret or a password. `"private"`: a private key with its public half. `"public"`: a public key. */
  readonly type: "secret" | "private" | "public";
  /** The curve of a key for `ECDH-ES`: `"X25519"`, `"P-256"`, `"P-384"` or `"P-521"`. */
  readonly curve: EncryptionCurve | undefined;
  /** The bits of an RSA key. */
  readonly modulusLength: number | undefined;

  /** Frees the key and wipes its memory. */
  // A function of its own for each object, so that no two are deeply equal: comparisons do not see private fields.
  readonly free: () => void = function (this: EncryptionKey): void {
    const key = expectKey(this, LOST);
    release(key.#raw, encryption);
    key.#raw = undefined;
    key.#elsewhere = undefined;
    release(key.#web?.raw, encryption);
    key.#web = undefined;
  };

  private constructor(raw: RawEncryptionKey, elsewhere?: DecryptsElsewhere) {
    if (!(raw instanceof RawEncryptionKey)) {
      throw new CountersignError("KEY_INVALID", "make a key with EncryptionKey.from… or generate");
    }
    this.#raw = raw;
    this.#elsewhere = elsewhere;
    this.alg = raw.alg() as EncryptionAlgorithm;
    this.enc = raw.enc() as ContentEncryption | undefined;
    this.kid = raw.kid();
    this.type = raw.kind() as EncryptionKey["type"];
    this.curve = raw.curve() as EncryptionCurve | undefined;
    this.modulusLength = raw.modulus_length();
    // Otherwise a caller could change `alg`, `kid` or `type` and mislead others.
    Object.freeze(this);
  }

  static #from(make: () => RawEncryptionKey, elsewhere?: DecryptsElsewhere): EncryptionKey {
    return callWithSecrets(encryption, () => new EncryptionKey(make(), elsewhere));
  }

  /**
   * Makes a key of a `CryptoKey` of WebCrypto. A private or secret `CryptoKey` is never exported: it stays with the platform
   * and need not be extractable. Such a key decrypts with `decryptAsync`, `decryptAndVerifyAsync`, `decryptClaimsAsync` and
   * `decryptJsonAsync`. A public `CryptoKey` becomes an ordinary key.
   *
   * @param key The key, for RSA-OAEP, AES-KW, ECDH or X25519. Its hash or curve, length, type and usages must fit.
   * @param options `alg`; `kid`; `publicKey`: the public half of a private key, for encrypting and publishing.
   * @returns The key.
   * @throws {CountersignError} Rejects with `KEY_INVALID`: it is not a `CryptoKey`, is for another algorithm, or is a public
   * key that is not extractable. `KEY_USAGE`: it may not decrypt. `KEY_TOO_WEAK`. `OPTION_INVALID`.
   * @example
   * ```ts
   * const { privateKey } = await crypto.subtle.generateKey({ name: "X25519" }, false, ["deriveBits"]);
   * const key = await EncryptionKey.fromCryptoKey(privateKey, { alg: "ECDH-ES+A256KW" });
   * ```
   */
  static async fromCryptoKey(
    key: CryptoKey,
    options: { alg: ExternalDecryptionAlgorithm; kid?: string; publicKey?: EncryptionKey | CryptoKey },
  ): Promise<EncryptionKey> {
    const { alg, kid, publicKey } = readOptions(options, {
      alg: requiredText,
      kid: optionalText,
      publicKey: unchecked<EncryptionKey | CryptoKey>(),
    });
    const facts = readDecryptionKey(key, alg);
    if (facts.type === "public") {
      const der = await spkiOf(facts);
      return EncryptionKey.#from(() => RawEncryptionKey.from_der(der, undefined, { alg, kid }));
    }
    const elsewhere: DecryptsElsewhere = {
      // All failures look alike: the core goes on with a random key.
      answer: (question, signal) =>
        unlessAborted(() => decryptWithCryptoKey(facts, question).catch(() => undefined), signal),
    };
    if (publicKey === undefined) {
      return EncryptionKey.#from(() => RawEncryptionKey.elsewhere(alg, kid, curveOf(facts)), elsewhere);
    }
    const isKey = EncryptionKey.isEncryptionKey(publicKey);
    const half = isKey
      ? publicKey
      : await EncryptionKey.fromCryptoKey(publicKey, { alg: alg as ExternalDecryptionAlgorithm });
    if (!isKey && half.type !== "public") throw invalid('option "publicKey" is not a public key');
    const pair = EncryptionKey.#from(() => half.raw().with_private_elsewhere(alg, kid), elsewhere);
    if (!isKey) half.free();
    await expectPair(pair);
    return pair;
  }

  /**
   * Makes a key from a random secret, which must have exactly the length of the algorithm: 16 bytes for `A128KW` and
   * `A128GCMKW`, 24 for `A192…`, 32 for `A256…`. For `dir`: 16, 24 or 32 for `A128GCM`, `A192GCM` and `A256GCM`; 32, 48 or 64
   * for `A128CBC-HS256`, `A192CBC-HS384` and `A256CBC-HS512`.
   *
   * @param secret The bytes. Text is not accepted: for text, use `fromPassword`.
   * @param options `alg`; `enc` with `dir`; `kid`.
   * @returns The key.
   * @throws {CountersignError} `KEY_INVALID`: not bytes, or the wrong length. `OPTION_INVALID`.
   * @example
   * ```ts
   * const key = EncryptionKey.fromSecret(secret, { alg: "dir", enc: "A256GCM" });
   * ```
   */
  static fromSecret(
    secret: Uint8Array,
    options: { alg: SecretEncryptionAlgorithm; enc?: ContentEncryption; kid?: string },
  ): EncryptionKey {
    return wipeAfter(copyOfBytes("secret", secret), (bytes) =>
      EncryptionKey.#from(() => RawEncryptionKey.from_secret(bytes, options)),
    );
  }

  /**
   * Makes a key from a password. Use it only for passwords that people remember: whoever has a token can try passwords
   * without limit, and each use takes a fraction of a second.
   *
   * @param password From 1 to 1024 bytes. A string is encoded as UTF-8, without normalization.
   * @param options `alg`; `iterations` for the tokens made with it, from 1000 to 10000000, by default 600000 with SHA-256 and
   * 210000 with SHA-384 and SHA-512; `kid`. Other libraries may accept fewer: jose up to 10000, unless told otherwise.
   * @returns The key.
   * @throws {CountersignError} `KEY_TOO_WEAK`: the password is empty. `KEY_INVALID`: it is neither bytes nor well-formed text,
   * or too long. `OPTION_INVALID`.
   * @example
   * ```ts
   * const key = EncryptionKey.fromPassword(passphrase, { alg: "PBES2-HS512+A256KW" });
   * ```
   */
  static fromPassword(
    password: Uint8Array | string,
    options: { alg: PasswordEncryptionAlgorithm; iterations?: number; kid?: string },
  ): EncryptionKey {
    return withBytes("password", password, (bytes) =>
      EncryptionKey.#from(() => RawEncryptionKey.from_password(bytes, options)),
    );
  }

  /**
   * Reads a key from one PEM block: PKCS#8, SPKI, PKCS#1, SEC 1, or encrypted PKCS#8 with `passphrase`.
   *
   * @param pem The text. Text around the block is ignored; a second block is refused.
   * @param options `alg`, which must fit the key; `kid`; `passphrase`.
   * @returns The key.
   * @throws {CountersignError} `KEY_INVALID`: there is no such block, it is malformed, or `alg` does not fit the key.
   * `KEY_TOO_WEAK`: an RSA key has fewer than 2048 bits. `OPTION_INVALID`.
   * @example
   * ```ts
   * const key = EncryptionKey.fromPem(pem, { alg: "RSA-OAEP-256" });
   * ```
   */
  static fromPem(pem: string, options: EncryptionKeyDocumentImport): EncryptionKey {
    if (typeof pem !== "string") throw new CountersignError("KEY_INVALID", "PEM is not a string");
    return withPassphrase(options, (passphrase) =>
      withBytes("PEM", pem, (bytes) =>
        EncryptionKey.#from(() => RawEncryptionKey.from_pem(bytes, passphrase, options)),
      ),
    );
  }

  /**
   * Reads a key from DER: PKCS#8, SPKI, PKCS#1, SEC 1, or encrypted PKCS#8 with `passphrase`. The form is recognized from
   * the content.
   *
   * @param der The document, without anything before or after it.
   * @param options `alg`, which must fit the key; `kid`; `passphrase`.
   * @returns The key.
   * @throws {CountersignError} As `fromPem`.
   * @example
   * ```ts
   * const key = EncryptionKey.fromDer(der, { alg: "ECDH-ES+A256KW" });
   * ```
   */
  static fromDer(der: Uint8Array, options: EncryptionKeyDocumentImport): EncryptionKey {
    return withPassphrase(options, (passphrase) =>
      wipeAfter(copyOfBytes("DER", der), (bytes) =>
        EncryptionKey.#from(() => RawEncryptionKey.from_der(bytes, passphrase, options)),
      ),
    );
  }

  /**
   * Reads the public key of an X.509 certificate. **Nothing checks the certificate's signature, dates or names**: use this
   * only for a certificate that you have decided to trust by other means.
   *
   * @param certificate One PEM block `CERTIFICATE`, or DER.
   * @param options `alg`, which must fit the key; `kid`.
   * @returns The public key.
   * @throws {CountersignError} `KEY_INVALID`: it is not a certificate, or `alg` does not fit its key. `KEY_TOO_WEAK`: an RSA
   * key has fewer than 2048 bits. `OPTION_INVALID`.
   * @example
   * ```ts
   * const key = EncryptionKey.fromUnverifiedCertificate(pem, { alg: "RSA-OAEP-256" });
   * ```
   */
  static fromUnverifiedCertificate(
    certificate: string | Uint8Array,
    options: { alg: PublicEncryptionAlgorithm; kid?: string },
  ): EncryptionKey {
    if (typeof certificate === "string") {
      return EncryptionKey.#from(() => RawEncryptionKey.from_unverified_certificate_pem(certificate, options));
    }
    const der = copyOfBytes("certificate", certificate, "a string or a Uint8Array");
    return EncryptionKey.#from(() => RawEncryptionKey.from_unverified_certificate(der, options));
  }

  /**
   * Reads a key from a JSON Web Key (RFC 7517). The `alg` of a key for `dir` names its content encryption, as in RFC 7520, or
   * the option `enc` does.
   *
   * @param jwk The key. Unknown members are ignored. Known members must be well-formed and belong together.
   * @param options `alg` for a JWK without `alg`; `enc` for a key for `dir`; `kid` replaces that of the JWK.
   * @returns The key.
   * @throws {CountersignError} `KEY_INVALID`: the JWK is malformed, or `alg` does not fit it. `KEY_USAGE`: `use` is not
   * `"enc"`, or `key_ops` allows neither encrypting nor decrypting. `OPTION_INVALID`.
   * @example
   * ```ts
   * const key = EncryptionKey.fromJwk(await (await fetch("https://them.example/key.json")).json());
   * ```
   */
  static fromJwk(jwk: JsonWebKey | object, options?: Partial<EncryptionKeyOptions>): EncryptionKey {
    try {
      return EncryptionKey.#from(() => RawEncryptionKey.from_jwk(jwk, options));
    } catch (thrown) {
      throw jwkRefusal(thrown, jwk, 'pass one of its "keys"');
    }
  }

  /**
   * Generates a random key: a secret of the length of the algorithm, or a key pair. An RSA key of 3072 bits takes about 1.6
   * seconds, and sometimes 5 or more.
   *
   * @param alg The algorithm. Not one for passwords.
   * @param options `enc` with `dir`; `crv` with `ECDH-ES`, by default `"X25519"`; `modulusLength` with `RSA-OAEP-256`, in
   * bits, by default 3072; `kid`.
   * @returns The new key.
   * @throws {CountersignError} `OPTION_INVALID`. `INTERNAL`: the platform has no source of random bytes.
   * @example
   * ```ts
   * const key = EncryptionKey.generate("dir", { enc: "A256GCM" });
   * ```
   */
  static generate(
    alg: SecretEncryptionAlgorithm | PublicEncryptionAlgorithm,
    options?: { enc?: ContentEncryption; crv?: EncryptionCurve; modulusLength?: number; kid?: string },
  ): EncryptionKey {
    return EncryptionKey.#from(() => RawEncryptionKey.generate(stringOrEmpty(alg), options));
  }

  /**
   * Returns the same key under another `kid`, or without one. Both share the key material, and each is freed on its own.
   *
   * @param kid The new identifier. Default: none.
   * @throws {CountersignError} `OPTION_INVALID`: `kid` is not a string.
   * @example
   * ```ts
   * const named = key.withKid(key.thumbprint());
   * ```
   */
  withKid(kid?: string): EncryptionKey {
    if (kid !== undefined && (typeof kid !== "string" || utf8(kid) === undefined))
      throw invalid('option "kid" is not a string');
    return EncryptionKey.#from(() => expectKey(this, LOST).raw().with_kid(kid), expectKey(this, LOST).#elsewhere);
  }

  /**
   * Returns the same key material for another algorithm that it fits: `ECDH-ES+A256KW` in place of `ECDH-ES`. The original
   * keeps its algorithm.
   *
   * @param alg The other algorithm.
   * @param options `enc`, the content encryption, with `dir`.
   * @throws {CountersignError} `KEY_INVALID`: the algorithm needs another kind of key, or a secret of another length.
   * `OPTION_INVALID`: there is no such algorithm, or `enc` does not fit it.
   * @example
   * ```ts
   * const wrapping = key.withAlg("ECDH-ES+A256KW");
   * ```
   */
  withAlg(alg: EncryptionAlgorithm, options?: { enc?: ContentEncryption }): EncryptionKey {
    const make = () => expectKey(this, LOST).raw().with_alg(stringOrEmpty(alg), options);
    return EncryptionKey.#from(make, expectKey(this, LOST).#elsewhere);
  }

  /**
   * Returns the public half, with the same `alg` and `kid`, for everybody who encrypts. For a public key, this is a copy.
   *
   * @throws {CountersignError} `KEY_USAGE`: a secret has no public half.
   * @example
   * ```ts
   * await publish(JSON.stringify(key.publicKey().toJwk()));
   * ```
   */
  publicKey(): EncryptionKey {
    return EncryptionKey.#from(() => expectKey(this, LOST).raw().public_key());
  }

  /**
   * Returns the key as a JWK, with its `alg` and `kid`.
   *
   * @param options `private: true` includes the private key or the secret. Default: only the public half.
   * @throws {CountersignError} `KEY_USAGE`: the key does not have the requested half, or is a password.
   * @example
   * ```ts
   * await store(JSON.stringify(key.toJwk({ private: true })));
   * ```
   */
  toJwk(options?: { private?: boolean }): JsonWebKey {
    return callWithSecrets(encryption, () => expectKey(this, LOST).raw().to_jwk(options));
  }

  /**
   * Returns the key as PEM.
   *
   * @param options `private: true` for the private key, as PKCS#8. Default: the public half, as SPKI. `format` chooses
   * another form; `passphrase` encrypts PKCS#8.
   * @throws {CountersignError} `KEY_USAGE`: the key is a secret or password, which has no PEM form; it has no private half; or
   * this type of key does not have the form. `OPTION_INVALID`.
   * @example
   * ```ts
   * await writeFile("private.pem", key.toPem({ private: true, passphrase }));
   * ```
   */
  toPem(options?: KeyDocumentOptions): string {
    return withPassphrase(options, (passphrase) =>
      callWithSecrets(encryption, () => expectKey(this, LOST).raw().to_pem(passphrase, options)),
    );
  }

  /**
   * Returns the key as DER, in the same forms as `toPem`.
   *
   * @param options As for `toPem`.
   * @throws {CountersignError} As `toPem`.
   * @example
   * ```ts
   * await writeFile("public.der", key.toDer());
   * ```
   */
  toDer(options?: KeyDocumentOptions): Uint8Array<ArrayBuffer> {
    return withPassphrase(options, (passphrase) =>
      callWithSecrets(
        encryption,
        () => expectKey(this, LOST).raw().to_der(passphrase, options) as Uint8Array<ArrayBuffer>,
      ),
    );
  }

  /**
   * Returns the RFC 7638 thumbprint in base64url. A private key and its public half have the same one. The thumbprint of a
   * secret is a digest of the secret: publish it only if the secret is random.
   *
   * @param hash The digest. Default `"sha256"`.
   * @throws {CountersignError} `KEY_USAGE`: the key is a password. `OPTION_INVALID`: another digest.
   * @example
   * ```ts
   * const named = key.withKid(key.thumbprint());
   * ```
   */
  thumbprint(hash: "sha256" | "sha384" | "sha512" = "sha256"): string {
    return callWithSecrets(encryption, () => expectKey(this, LOST).raw().thumbprint(stringOrEmpty(hash)));
  }

  /** Does the same as `free()`, for `using`. */
  [dispose](): void {
    this.free();
  }

  /** @internal */
  raw(): RawEncryptionKey {
    return expectKey(this, LOST).#raw ?? throwFreed("key");
  }

  /**
   * What computed when a function that ends in `Async` last decrypted with this key: `"wasm"` or `"webcrypto"`; `undefined` before,
   * and for a key that is kept elsewhere.
   */
  get engine(): Cryptography | undefined {
    return expectKey(this, LOST).#engine;
  }

  /** @internal */
  record(by: Cryptography): void {
    this.#engine = by;
  }

  /** @internal The key as WebCrypto holds it, if that is faster. */
  web(): WebDecrypter | undefined {
    if (this.#web !== undefined || this.type !== "private") return this.#web;
    const raw = callWithSecrets(encryption, () => this.raw().asked_elsewhere());
    const der = (options: KeyDocumentOptions) =>
      callWithSecrets(encryption, () => this.raw().to_der(undefined, options) as Uint8Array<ArrayBuffer>);
    if (raw !== undefined) this.#web = new WebDecrypter(this.alg, this.curve, raw, der);
    return this.#web;
  }

  /** @internal Who decrypts, if the key is kept elsewhere. */
  kept(): DecryptsElsewhere | undefined {
    return expectKey(this, LOST).#elsewhere;
  }

  /** @internal What `console.log` shows in Node, Deno and Bun. */
  [inspect](): string {
    return describeKey("EncryptionKey", this);
  }

  /** @internal */
  get [KIND](): Kind {
    return kindOf("EncryptionKey");
  }

  /** @internal Whether a value is a key of this copy of the package, and not a `Proxy` around one. */
  static isEncryptionKey(value: unknown): value is EncryptionKey {
    return typeof value === "object" && value !== null && #raw in value;
  }
}

/**
 * Encrypts bytes for the owner of a key, in the compact serialization (RFC 7516 §7.1).
 *
 * The token proves who encrypted it only if both sides share a secret. Otherwise, anybody with the public key can make one:
 * use {@link signAndEncrypt}. The length of the content is visible.
 *
 * @param plaintext The content.
 * @param key A secret, a password or a public key. Of a private key, the public half is used.
 * @param options See {@link EncryptOptions}.
 * @returns The compact token.
 * @throws {CountersignError} `KEY_USAGE`: the key may not encrypt. `KEY_INVALID`: it is not a key. `OPTION_INVALID`.
 * @example
 * ```ts
 * const token = encrypt(new TextEncoder().encode("attack at dawn"), theirPublicKey);
 * ```
 */
export function encrypt(plaintext: Uint8Array, key: EncryptionKey, options?: EncryptOptions): string {
  const bytes = copyOfBytes("plaintext", plaintext, "a Uint8Array", "OPTION_INVALID");
  return wipeAfter(bytes, () => callWithSecrets(encryption, () => expectKey(key).raw().encrypt(bytes, options)));
}

/**
 * Decrypts a token.
 *
 * @param token The compact token, without anything around it.
 * @param keys A key, which is used whatever `kid` the token names; or several, from which `kid` and `alg` choose one.
 * @param options `enc`, `typ`, `cty`: what to accept. `maxLength`, `maxIterations`: what it may cost.
 * @returns The header and the content.
 * @throws {CountersignError} The first of these, in this order: `TOKEN_TOO_LONG`, `TOKEN_MALFORMED`, `TOKEN_HEADER_INVALID`,
 * `TOKEN_ALGORITHM_MISMATCH`, `KEY_NOT_FOUND`, `KEY_AMBIGUOUS`, `KEY_USAGE`, `DECRYPTION_FAILED`. The last one does not tell
 * whether the key is wrong or the token was altered. Also `OPTION_INVALID`.
 * @example
 * ```ts
 * const { plaintext } = decrypt(token, key, { enc: "A256GCM" });
 * ```
 */
export function decrypt(
  token: string,
  keys: EncryptionKey | readonly EncryptionKey[],
  options?: DecryptOptions,
): Decrypted {
  return withKeys(token, keys, (raw) => {
    const [header, plaintext] = raw.decrypt(token, options);
    return { header: JSON.parse(header), plaintext };
  });
}

/** Keys for decrypting, of which some may be kept elsewhere. */
export type AnyDecryptionKeys = EncryptionKey | ExternalDecrypter | readonly (EncryptionKey | ExternalDecrypter)[];

/**
 * Like {@link decrypt}, with any keys, also with some that are kept elsewhere. Header, limits and form of the token are judged
 * before anybody is asked.
 *
 * @param token The compact token.
 * @param keys A key, a key of `EncryptionKey.fromCryptoKey`, an `ExternalDecrypter`, or several of these.
 * @param options As for {@link decrypt}; `signal`: stops waiting; `engine`: what computes for a single private key. By default,
 * WebCrypto does so for RSA-OAEP, and for ECDH-ES on P-256 and P-384. It then also holds the key, until the key is collected.
 * @returns The header and the content.
 * @throws {CountersignError} Rejects as {@link decrypt} throws. `DECRYPTION_FAILED`: also if WebCrypto or the decrypter rejects.
 * `KEY_UNAVAILABLE`: the decrypter took too long, did not return bytes, or says so. Rejects with the reason of `signal` once
 * that is aborted.
 * @example
 * ```ts
 * const key = await EncryptionKey.fromCryptoKey(env.DECRYPTION_KEY, { alg: "RSA-OAEP-256" });
 * const { plaintext } = await decryptAsync(token, key);
 * ```
 */
export async function decryptAsync(
  token: string,
  keys: AnyDecryptionKeys,
  options?: DecryptOptions & EngineOption & SignalOption,
): Promise<Decrypted> {
  const [waiting, own] = takeWaiting<DecryptOptions>(options);
  const [header, plaintext] = await asking(token, keys, waiting, (raw) => raw.decrypt(token, own));
  return { header: JSON.parse(header), plaintext };
}

/**
 * Signs claims and encrypts the signed token (RFC 7519 §5.2). Only the owner of `key` can read it, and knows who signed it.
 *
 * @param claims What `signer` accepts.
 * @param signer A `Signer` of `countersign/jwt`.
 * @param key The recipient's key.
 * @param options As for {@link encrypt}, without `cty`, which is always `"JWT"`.
 * @returns The compact token.
 * @throws {CountersignError} As `signer.sign` and {@link encrypt}.
 * @example
 * ```ts
 * const token = signAndEncrypt({ sub: "alice" }, new Signer(ourKey, { audience: "them" }), theirPublicKey);
 * ```
 */
export function signAndEncrypt(
  claims: object,
  signer: NestedSigner,
  key: EncryptionKey,
  options?: Omit<EncryptOptions, "cty">,
): string {
  checkMethod("signer", signer, "sign");
  return encryptToken(signer.sign(claims), key, options);
}

/**
 * Like {@link signAndEncrypt}, with a signer whose key may be kept elsewhere.
 *
 * @param claims What `signer` accepts.
 * @param signer A `Signer` of `countersign/jwt`.
 * @param key The recipient's key.
 * @param options As for {@link signAndEncrypt}; `signal`: stops waiting for the signer.
 * @returns The compact token.
 * @throws {CountersignError} Rejects as `signer.signAsync` and {@link encrypt}.
 * @example
 * ```ts
 * const token = await signAndEncryptAsync({ sub: "alice" }, new Signer(kms, { audience: "them" }), theirPublicKey);
 * ```
 */
export async function signAndEncryptAsync(
  claims: object,
  signer: NestedAsyncSigner,
  key: EncryptionKey,
  options?: Omit<EncryptOptions, "cty"> & { signal?: AbortSignal },
): Promise<string> {
  checkSigner("signer", signer);
  const { signal, others } = withoutSignal<Omit<EncryptOptions, "cty">>(options);
  const { sign, signAsync } = signer as Required<NestedAsyncSigner>;
  const token = hasMethod(signer, "signAsync")
    ? await signAsync.call(signer, claims, signal && { signal })
    : await sign.call(signer, claims);
  return encryptToken(token, key, others);
}

function encryptToken(token: unknown, key: EncryptionKey, options: EncryptOptions | undefined): string {
  if (typeof token !== "string") throw new CountersignError("OPTION_INVALID", "signer did not return a string");
  return callWithSecrets(encryption, () => expectKey(key).raw().encrypt_token(token, options));
}

/**
 * Decrypts a nested token and checks the signed token inside.
 *
 * @typeParam V What the verifier returns.
 * @param token The compact token, without anything around it.
 * @param keys As for {@link decrypt}.
 * @param verifier A `Verifier` of `countersign/jwt`.
 * @param options As for {@link decrypt}, without `cty`, which must be `"JWT"`. With `allowMissingCty`, it may also be missing,
 * as in the tokens of some issuers.
 * @returns The header of the encrypted token, and what the verifier returned for the signed token.
 * @throws {CountersignError} As {@link decrypt} and `verifier.verify`.
 * @example
 * ```ts
 * const { verified } = decryptAndVerify(token, ourKey, new Verifier(theirKeys, { audience: "us" }));
 * console.log(verified.claims.sub);
 * ```
 *
 * @example Keys from a server
 * ```ts
 * const remote = { verify: (inner: string) => verifier.verifyAsync(inner) };
 * const { claims } = await decryptAndVerify(token, ourKey, remote).verified;
 * ```
 */
export function decryptAndVerify<V>(
  token: string,
  keys: EncryptionKey | readonly EncryptionKey[],
  verifier: NestedVerifier<V>,
  options?: Omit<DecryptOptions, "cty">,
): Nested<V> {
  checkMethod("verifier", verifier, "verify");
  const [header, inner] = withKeys(token, keys, (raw) => raw.decrypt_token(token, options));
  return { outerHeader: JSON.parse(header), verified: verifier.verify(inner) };
}

/**
 * Like {@link decryptAndVerify}, with any keys, and a verifier that may wait.
 *
 * @typeParam V What the verifier returns.
 * @param token The compact token.
 * @param keys As for {@link decryptAsync}.
 * @param verifier A `Verifier` of `countersign/jwt`, also with a `RemoteKeySet`.
 * @param options As for {@link decryptAndVerify}; `signal`: stops waiting for the decrypter.
 * @returns The header of the encrypted token, and what the verifier resolved to.
 * @throws {CountersignError} Rejects as {@link decryptAsync}, and as the verifier.
 * @example
 * ```ts
 * const { verified } = await decryptAndVerifyAsync(token, kms, new Verifier(remoteKeys, { audience: "us" }));
 * ```
 */
export async function decryptAndVerifyAsync<V>(
  token: string,
  keys: AnyDecryptionKeys,
  verifier: NestedAsyncVerifier<V>,
  options?: Omit<DecryptOptions, "cty"> & EngineOption & SignalOption,
): Promise<Nested<V>> {
  const waits = hasMethod(verifier, "verifyAsync");
  if (!waits) checkMethod("verifier", verifier, "verify");
  const [waiting, own] = takeWaiting<Omit<DecryptOptions, "cty">>(options);
  const [header, inner] = await asking(token, keys, waiting, (raw) => raw.decrypt_token(token, own));
  const { verify, verifyAsync } = verifier as Required<NestedAsyncVerifier<V>>;
  const verified = await (waits ? verifyAsync : verify).call(verifier, inner);
  return { outerHeader: JSON.parse(header), verified };
}

/**
 * Decrypts a token that contains claims, and judges them with the rules of `verify` in `countersign/jwt`.
 *
 * **Only with a secret or a password does this prove who made the token.** With a public key, anybody can make one: use
 * {@link decryptAndVerify}.
 *
 * @typeParam C The claims that you expect beside the registered ones. Nothing checks that they are there.
 * @param token The compact token, without anything around it.
 * @param keys As for {@link decrypt}.
 * @param options What the claims must satisfy. `typ` and `profile` also demand the `typ` of the header. `maxTokenLength` is
 * 65536 by default.
 * @returns The header and the claims.
 * @throws {CountersignError} As {@link decrypt}, then `CLAIM_INVALID`, `CLAIM_MISSING`, `TOKEN_EXPIRED`, `TOKEN_NOT_YET_VALID`,
 * `TOKEN_ISSUED_IN_FUTURE`, `TOKEN_TOO_OLD`. `TOKEN_HEADER_INVALID`: also if a signed token is inside. `CLAIM_INVALID`: also
 * if the header repeats `iss`, `sub` or `aud` with another value, and last if the claims do not fit the option `schema`.
 * `OPTION_INVALID`: also for a schema that is asynchronous.
 * @example
 * ```ts
 * const { claims } = decryptClaims(cookie, EncryptionKey.fromSecret(secret, { alg: "dir", enc: "A256GCM" }));
 * ```
 */
export function decryptClaims<S extends StandardSchema>(
  token: string,
  keys: EncryptionKey | readonly EncryptionKey[],
  options: VerifyOptions & { schema: S },
): DecryptedClaimsAs<OutputOf<S>>;
export function decryptClaims<C extends object = Claims>(
  token: string,
  keys: EncryptionKey | readonly EncryptionKey[],
  options?: VerifyOptions,
): DecryptedClaims<C>;
export function decryptClaims(
  token: string,
  keys: EncryptionKey | readonly EncryptionKey[],
  all?: VerifyOptions,
): DecryptedClaimsAs<unknown> {
  const [validate, options] = takeSchema(all);
  const [header, claims] = withKeys(token, keys, (raw) => JSON.parse(raw.decrypt_claims(token, options)));
  return { header, claims: validate === undefined ? claims : fit(validate, claims, ADVICE) };
}

const ADVICE = "validate the claims yourself";

/**
 * Like {@link decryptClaims}, with any keys, and with schemas that are asynchronous too.
 *
 * @typeParam C The claims that you expect beside the registered ones. Nothing checks that they are there.
 * @param token The compact token.
 * @param keys As for {@link decryptAsync}.
 * @param options As for {@link decryptClaims}; `signal`: stops waiting for the decrypter.
 * @returns The header and the claims.
 * @throws {CountersignError} Rejects as {@link decryptClaims} and {@link decryptAsync}.
 * @example
 * ```ts
 * const { claims } = await decryptClaimsAsync(cookie, kms);
 * ```
 */
export function decryptClaimsAsync<S extends StandardSchema>(
  token: string,
  keys: AnyDecryptionKeys,
  options: VerifyOptions & EngineOption & SignalOption & { schema: S },
): Promise<DecryptedClaimsAs<OutputOf<S>>>;
export function decryptClaimsAsync<C extends object = Claims>(
  token: string,
  keys: AnyDecryptionKeys,
  options?: VerifyOptions & EngineOption & SignalOption,
): Promise<DecryptedClaims<C>>;
export async function decryptClaimsAsync(
  token: string,
  keys: AnyDecryptionKeys,
  all?: VerifyOptions & EngineOption & SignalOption,
): Promise<DecryptedClaimsAs<unknown>> {
  const [waiting, own] = takeWaiting<VerifyOptions>(all);
  const [validate, options] = takeSchema(own);
  const [header, claims] = await asking(token, keys, waiting, (raw) => JSON.parse(raw.decrypt_claims(token, options)));
  return { header, claims: validate === undefined ? claims : await fitAsync(validate, claims) };
}

/**
 * Encrypts bytes in the JSON serialization (RFC 7516 §7.2): flattened for one key, general for an array.
 *
 * For one key, all header parameters are protected. For several, `alg`, `kid` and what else a recipient needs are in that
 * recipient's own header, which cannot be protected.
 *
 * @param plaintext The content.
 * @param keys The recipient's key, or the keys of up to 16 recipients. Among several, `dir` and `ECDH-ES` without key wrap
 * are refused, because they determine the content key.
 * @param options See {@link EncryptJsonOptions}.
 * @returns The token as an object, for `JSON.stringify`.
 * @throws {CountersignError} As {@link encrypt}. `OPTION_INVALID`: also if a parameter is in two headers.
 * @example
 * ```ts
 * const token = encryptJson(content, [alicesKey, bobsKey], { aad: new TextEncoder().encode("for both") });
 * await send(JSON.stringify(token));
 * ```
 */
export function encryptJson<K extends EncryptionKey | readonly EncryptionKey[]>(
  plaintext: Uint8Array,
  keys: K,
  options?: EncryptJsonOptions,
): K extends EncryptionKey ? FlattenedJwe : FlattenedJwe | GeneralJwe {
  const bytes = copyOfBytes("plaintext", plaintext, "a Uint8Array", "OPTION_INVALID");
  const all = elementsOf(keys) ?? [keys];
  return JSON.parse(wipeAfter(bytes, () => withRing(all, (ring) => ring.encrypt_json(bytes, options))));
}

/**
 * Decrypts a token in the JSON serialization, flattened or general.
 *
 * Of the recipients that a key fits, each is tried until one succeeds; with a password, only the first. A `typ` or `cty` that
 * you demand must be protected.
 *
 * @param jwe The JSON text, or the parsed object. In an object, repeated names cannot be detected.
 * @param keys As for {@link decrypt}.
 * @param options As for {@link decrypt}.
 * @returns The protected header, the content, the additional data, and which recipient the key belongs to.
 * @throws {CountersignError} With one recipient, as {@link decrypt}. With several: `KEY_NOT_FOUND`: no key fits any of them.
 * `DECRYPTION_FAILED`. `TOKEN_TOO_LONG`: also with more than 16 recipients.
 * @example
 * ```ts
 * const { plaintext, aad } = decryptJson(await request.text(), ourKey);
 * ```
 */
export function decryptJson(
  jwe: string | FlattenedJwe | GeneralJwe,
  keys: EncryptionKey | readonly EncryptionKey[],
  options?: DecryptOptions,
): DecryptedJson {
  const text = jsonTextOf("JWE", jwe);
  const [header, recipient, plaintext, aad] = withKeys(text, keys, (raw) => raw.decrypt_json(text, options));
  return { header: JSON.parse(header), plaintext, ...(aad !== undefined && { aad }), recipient };
}

/**
 * Like {@link decryptJson}, with any keys.
 *
 * @param jwe The JSON text, or the parsed object.
 * @param keys As for {@link decryptAsync}.
 * @param options As for {@link decryptAsync}.
 * @returns As {@link decryptJson}.
 * @throws {CountersignError} Rejects as {@link decryptJson} and {@link decryptAsync}.
 * @example
 * ```ts
 * const { plaintext } = await decryptJsonAsync(await request.text(), kms);
 * ```
 */
export async function decryptJsonAsync(
  jwe: string | FlattenedJwe | GeneralJwe,
  keys: AnyDecryptionKeys,
  options?: DecryptOptions & EngineOption & SignalOption,
): Promise<DecryptedJson> {
  const [waiting, own] = takeWaiting<DecryptOptions>(options);
  const text = jsonTextOf("JWE", jwe);
  const [header, recipient, plaintext, aad] = await asking(text, keys, waiting, (raw) => raw.decrypt_json(text, own));
  return { header: JSON.parse(header), plaintext, ...(aad !== undefined && { aad }), recipient };
}

/** What the functions that end in `Async` know beside the options of the core. */
interface Waiting {
  readonly signal: AbortSignal | undefined;
  readonly engine: Engine | undefined;
}

/** Takes it out of the options. */
function takeWaiting<Options extends object>(
  options: (Options & EngineOption & SignalOption) | undefined,
): [waiting: Waiting, others: Options | undefined] {
  const { signal, others } = withoutSignal<Options & EngineOption>(options);
  const [engine, own] = takeEngine<Options>(others);
  return [{ signal, engine }, own];
}

/** Decrypts, and asks for what only keys elsewhere can answer, until nothing is open any more. */
async function asking<T>(
  token: string,
  keys: AnyDecryptionKeys,
  { signal, engine }: Waiting,
  use: (raw: RawEncryptionKey | RawKeyRing) => T,
): Promise<T> {
  if (typeof token !== "string") throw new CountersignError("TOKEN_MALFORMED", "token is not a string");
  const several = elementsOf(keys);
  const made: RawEncryptionKey[] = [];
  const take = (raw: RawEncryptionKey) => {
    made.push(raw);
    return raw;
  };
  try {
    const held = (several ?? [keys]).map((key) => {
      if (EncryptionKey.isEncryptionKey(key) || !isDecrypter(key)) {
        // A copy: the caller may free the key meanwhile.
        const own = expectKey(key);
        const copy = (raw: RawEncryptionKey) => take(callModule(encryption, () => raw.with_kid(raw.kid())));
        const raw = copy(own.raw());
        const elsewhere = own.kept();
        if (elsewhere !== undefined) return { raw, elsewhere };
        // Of several keys, two may be the same one, which only the core can tell.
        const web = engine === "wasm" || several !== undefined ? undefined : own.web();
        own.record("wasm");
        if (web === undefined) return { raw, elsewhere };
        return {
          raw: copy(web.raw),
          elsewhere: {
            answer: async (question: Bytes) => {
              const answer = await unlessAborted(() => web.answer(question), signal);
              if (answer !== undefined) own.record("webcrypto");
              return answer;
            },
          },
          otherwise: raw,
        };
      }
      const { alg, kid, crv, answer } = readDecrypter(key);
      return {
        raw: take(callModule(encryption, () => RawEncryptionKey.elsewhere(alg, kid, crv))),
        elsewhere: { answer },
      };
    });
    // A token has at most 16 recipients, and each needs one answer.
    for (;;) {
      for (const { raw } of held) callModule(encryption, () => raw.question());
      try {
        if (several === undefined)
          return callWithSecrets(encryption, () => use((held[0] as { raw: RawEncryptionKey }).raw));
        return withRawRing(
          held.map(({ raw }) => raw),
          use,
        );
      } catch (thrown) {
        const open = held.map(({ raw }) => callModule(encryption, () => raw.question()));
        const asked = held.find((_, index) => open[index] !== undefined);
        const question = open.find((each) => each !== undefined) as Bytes | undefined;
        if (asked?.elsewhere === undefined || question === undefined) throw thrown;
        signal?.throwIfAborted();
        // A copy: a decrypter may work in place.
        const answer = await asked.elsewhere.answer(question.slice(), signal);
        const { raw, otherwise } = asked;
        if (answer === undefined && otherwise !== undefined) {
          asked.raw = otherwise;
          continue;
        }
        asked.raw = take(callWithSecrets(encryption, () => raw.with_answer(question, answer ?? undefined)));
        answer?.fill(0);
      }
    }
  } finally {
    for (const raw of made) release(raw, encryption);
  }
}

/** Refuses a private key that does not belong to its public half. */
async function expectPair(pair: EncryptionKey): Promise<void> {
  try {
    await decryptAsync(encrypt(new Uint8Array(1), pair), pair);
  } catch (thrown) {
    pair.free();
    if (!(thrown instanceof CountersignError) || thrown.code !== "DECRYPTION_FAILED") throw thrown;
    throw new CountersignError("KEY_INVALID", "private and public key do not belong together");
  }
}

/** Calls `use` with one key, or with a temporary ring of several. */
function withKeys<T>(
  token: string,
  keys: EncryptionKey | readonly EncryptionKey[],
  use: (raw: RawEncryptionKey | RawKeyRing) => T,
): T {
  if (typeof token !== "string") throw new CountersignError("TOKEN_MALFORMED", "token is not a string");
  const all = elementsOf(keys);
  if (all === undefined) return callWithSecrets(encryption, () => use(expectKey(keys).raw()));
  return withRing(all, use);
}

function withRing<T>(keys: readonly unknown[], use: (ring: RawKeyRing) => T): T {
  return withRawRing(
    keys.map((key) => expectKey(key).raw()),
    use,
  );
}

function withRawRing<T>(keys: readonly RawEncryptionKey[], use: (ring: RawKeyRing) => T): T {
  const ring = callModule(encryption, () => new RawKeyRing());
  try {
    return callWithSecrets(encryption, () => {
      for (const key of keys) ring.add(key);
      return use(ring);
    });
  } finally {
    // Otherwise the keys would stay in memory, in a ring that nobody can free.
    release(ring, encryption);
  }
}

const NO_KEY = "not an EncryptionKey from this copy of the package: make one with EncryptionKey.fromJwk";

function expectKey(key: unknown, otherwise = NO_KEY): EncryptionKey {
  if (EncryptionKey.isEncryptionKey(key)) return key;
  const instead = otherwise === NO_KEY ? insteadOfKey(key, "an EncryptionKey", "EncryptionKey") : undefined;
  throw notOurs(key, instead ?? otherwise, "KEY_INVALID", ["EncryptionKey"]);
}
