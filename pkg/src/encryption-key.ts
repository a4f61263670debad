/** `EncryptionKey`: a key that encrypts or decrypts, bound to one algorithm. */

import { copyOfBytes, stringOrEmpty, utf8, wipeAfter, withBytes, withPassphrase } from "./bytes.js";
import { type CryptoKeyFacts, curveOf, decryptWithCryptoKey, readDecryptionKey, spkiOf } from "./crypto-key.js";
import { unlessAborted } from "./deadline.js";
import { decryptAsking } from "./decrypting-elsewhere.js";
import type { DecryptsElsewhere } from "./elsewhere.js";
import { CountersignError } from "./errors.js";
import { RawEncryptionKey } from "./glue/jwe.js";
import type { Kind } from "./handle.js";
import { describeKey, dispose, inspect, KIND, kindOf, LOST, notOurs, release, throwFreed } from "./handle.js";
import type {
  ContentEncryption,
  EncryptionAlgorithm,
  EncryptionCurve,
  EncryptionKeyDocumentImport,
  EncryptionKeyOptions,
  ExternalDecryptionAlgorithm,
  PasswordEncryptionAlgorithm,
  PublicEncryptionAlgorithm,
  SecretEncryptionAlgorithm,
} from "./jwe-types.js";
import { insteadOfKey, jwkRefusal, optionsRefusal, refuseOtherKey, refuseOtherThanCryptoKey } from "./jwk-refusal.js";
import { callWithSecrets, encryption } from "./load/instances.js";
import { invalid, optionalText, readOptions, requiredText, unchecked } from "./options.js";
import type { Cryptography, JsonWebKey, KeyDocumentOptions } from "./types.js";
import { WebDecrypter } from "./web-decrypter.js";

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
    const key = thisKey(this);
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

  /** A key that is read with options, or made for an algorithm. */
  static #read(make: () => RawEncryptionKey, options: unknown, jwk?: unknown): EncryptionKey {
    try {
      return EncryptionKey.#from(make);
    } catch (thrown) {
      throw optionsRefusal(thrown, options, jwk);
    }
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
    refuseOtherThanCryptoKey(key, "EncryptionKey");
    const { alg, kid, publicKey } = readOptions(options, {
      alg: requiredText,
      kid: optionalText,
      publicKey: unchecked<EncryptionKey | CryptoKey>(),
    });
    const facts = decryptionFacts(key, alg);
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
    await expectPair(pair, elsewhere);
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
    refuseOtherKey("secret is not a Uint8Array", secret, "EncryptionKey");
    return wipeAfter(copyOfBytes("secret", secret), (bytes) =>
      EncryptionKey.#read(() => RawEncryptionKey.from_secret(bytes, options), options),
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
      EncryptionKey.#read(() => RawEncryptionKey.from_password(bytes, options), options),
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
    refuseOtherKey("PEM is not a string", pem, "EncryptionKey");
    if (typeof pem !== "string") throw new CountersignError("KEY_INVALID", "PEM is not a string");
    return withPassphrase(options, (passphrase) =>
      withBytes("PEM", pem, (bytes) =>
        EncryptionKey.#read(() => RawEncryptionKey.from_pem(bytes, passphrase, options), options),
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
    refuseOtherKey("DER is not a Uint8Array", der, "EncryptionKey");
    return withPassphrase(options, (passphrase) =>
      wipeAfter(copyOfBytes("DER", der), (bytes) =>
        EncryptionKey.#read(() => RawEncryptionKey.from_der(bytes, passphrase, options), options),
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
      return EncryptionKey.#read(() => RawEncryptionKey.from_unverified_certificate_pem(certificate, options), options);
    }
    const der = copyOfBytes("certificate", certificate, "a string or a Uint8Array");
    return EncryptionKey.#read(() => RawEncryptionKey.from_unverified_certificate(der, options), options);
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
      return EncryptionKey.#read(() => RawEncryptionKey.from_jwk(jwk, options), options, jwk);
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
    return EncryptionKey.#read(() => RawEncryptionKey.generate(stringOrEmpty(alg), options), { alg });
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
    return EncryptionKey.#from(() => thisKey(this).raw().with_kid(kid), thisKey(this).#elsewhere);
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
    const make = () => thisKey(this).raw().with_alg(stringOrEmpty(alg), options);
    return EncryptionKey.#from(make, thisKey(this).#elsewhere);
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
    return EncryptionKey.#from(() => thisKey(this).raw().public_key());
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
    return callWithSecrets(encryption, () => thisKey(this).raw().to_jwk(options));
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
      callWithSecrets(encryption, () => thisKey(this).raw().to_pem(passphrase, options)),
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
      callWithSecrets(encryption, () => thisKey(this).raw().to_der(passphrase, options) as Uint8Array<ArrayBuffer>),
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
    return callWithSecrets(encryption, () => thisKey(this).raw().thumbprint(stringOrEmpty(hash)));
  }

  /** Does the same as `free()`, for `using`. */
  [dispose](): void {
    this.free();
  }

  /** @internal */
  raw(): RawEncryptionKey {
    return thisKey(this).#raw ?? throwFreed("key");
  }

  /**
   * What computed when a function that ends in `Async` last decrypted with this key: `"wasm"` or `"webcrypto"`; `undefined` before,
   * and for a key that is kept elsewhere.
   */
  get engine(): Cryptography | undefined {
    return thisKey(this).#engine;
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
    return thisKey(this).#elsewhere;
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

/** Refuses a private key that does not belong to its public half. */
async function expectPair(pair: EncryptionKey, elsewhere: DecryptsElsewhere): Promise<void> {
  const key = { raw: pair.raw(), elsewhere };
  try {
    const token = callWithSecrets(encryption, () => pair.raw().encrypt(new Uint8Array(1), undefined));
    const decrypt = () => callWithSecrets(encryption, () => key.raw.decrypt(token, undefined));
    await decryptAsking([key], decrypt, undefined);
  } catch (thrown) {
    pair.free();
    if (!(thrown instanceof CountersignError) || thrown.code !== "DECRYPTION_FAILED") throw thrown;
    throw new CountersignError("KEY_INVALID", "private and public key do not belong together");
  }
}

function decryptionFacts(key: unknown, alg: string): CryptoKeyFacts {
  try {
    return readDecryptionKey(key, alg);
  } catch (thrown) {
    throw optionsRefusal(thrown, { alg });
  }
}

/** The object of a method, which `const { toJwk } = key` loses. */
function thisKey(value: unknown): EncryptionKey {
  if (EncryptionKey.isEncryptionKey(value)) return value;
  throw notOurs(value, LOST, "KEY_INVALID", ["EncryptionKey"]);
}

/** The message for what is no key. */
const NO_KEY = "not an EncryptionKey from this copy of the package: make one with EncryptionKey.fromJwk";

/** Returns the value if it is an `EncryptionKey`. No entry of the package exports this. */
export function expectEncryptionKey(value: unknown): EncryptionKey {
  if (EncryptionKey.isEncryptionKey(value)) return value;
  const instead = insteadOfKey(value, "an EncryptionKey", "EncryptionKey");
  throw notOurs(value, instead ?? NO_KEY, "KEY_INVALID", ["EncryptionKey"]);
}
