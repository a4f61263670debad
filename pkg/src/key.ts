/** A key: the documented face of the Rust core's `Key`. */

import { copyOfBytes, nameOf, wiped, withBytes, withPassphrase } from "./bytes.js";
import { CountersignError } from "./errors.js";
import { RawKey } from "./glue/jwt.js";
import { dispose, freed, release } from "./handle.js";
import { tokens } from "./load/instances.js";
import { generateRsa } from "./platform/generate.js";
import { guard } from "./trap.js";
import type {
  Algorithm,
  AsymmetricAlgorithm,
  HmacAlgorithm,
  JsonWebKey,
  KeyDocumentImport,
  KeyDocumentOptions,
} from "./types.js";

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
   * @param options `alg`, which must fit the key; `kid`; `passphrase` for an `ENCRYPTED PRIVATE KEY` (PKCS#8 with PBES2).
   * @throws {CountersignError} `KEY_INVALID` not such a block, ill-formed, or a key of another kind; `KEY_TOO_WEAK` an RSA
   * key under 2048 bits; `OPTION_INVALID`.
   * @example
   * ```ts
   * const key = Key.fromPem(await readFile("ed25519.pem", "utf8"), { alg: "EdDSA" });
   * ```
   */
  static fromPem(pem: string, options: KeyDocumentImport): Key {
    if (typeof pem !== "string") throw new CountersignError("KEY_INVALID", "PEM is not a string");
    return withPassphrase(options, (passphrase) =>
      withBytes("PEM", pem, (bytes) => Key.#from(() => RawKey.from_pem(bytes, passphrase, options))),
    );
  }

  /**
   * A key from DER: PKCS#8, SPKI, PKCS#1 or SEC 1, which the content tells apart.
   *
   * @param der The document, with nothing before or behind it.
   * @param options As for `fromPem`.
   * @throws {CountersignError} `KEY_INVALID` ill-formed, or a key of another kind; `KEY_TOO_WEAK` an RSA key under 2048
   * bits; `OPTION_INVALID`.
   */
  static fromDer(der: Uint8Array, options: KeyDocumentImport): Key {
    return withPassphrase(options, (passphrase) =>
      wiped(copyOfBytes("DER", der), (bytes) => Key.#from(() => RawKey.from_der(bytes, passphrase, options))),
    );
  }

  /**
   * The public key of an X.509 certificate, **whose signature, dates and names nobody checks**: whoever takes a key from a
   * certificate has decided elsewhere to trust it.
   *
   * @param certificate One PEM block `CERTIFICATE`, or DER.
   * @param options `alg`, which must fit the key; `kid`.
   * @throws {CountersignError} `KEY_INVALID` not a certificate, or with a key of another kind; `KEY_TOO_WEAK` an RSA key under
   * 2048 bits; `OPTION_INVALID`.
   */
  static fromUnverifiedCertificate(
    certificate: string | Uint8Array,
    options: { alg: AsymmetricAlgorithm; kid?: string },
  ): Key {
    if (typeof certificate === "string") {
      return Key.#from(() => RawKey.from_unverified_certificate_pem(certificate, options));
    }
    const der = copyOfBytes("certificate", certificate, "a string or a Uint8Array");
    return Key.#from(() => RawKey.from_unverified_certificate(der, options));
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
   * RSA keys take long, as two primes must be found, and how long is chance: of 20 keys of 2048, 3072 and 4096 bits half took
   * more than 0.5, 1.6 and 3.7 seconds, and the slowest 1.6, 4.5 and 15. `generateAsync` leaves that to the platform.
   *
   * @param alg What it shall be used with.
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
   * As `generate`, but for RSA by the platform's own cryptography, which finds the primes some ten times faster and without
   * blocking the thread; the core reads and judges what it made. Where the platform has none, `generate` does it.
   *
   * @param alg What it shall be used with.
   * @param options As for `generate`.
   * @throws {CountersignError} As `generate`, by the promise.
   * @example
   * ```ts
   * const key = await Key.generateAsync("RS256", { kid: "2026-11", modulusLength: 3072 });
   * ```
   */
  static async generateAsync(alg: Algorithm, options?: { kid?: string; modulusLength?: number }): Promise<Key> {
    const modulusLength = guard(tokens, () => RawKey.modulus_length(nameOf(alg), options));
    const pkcs8 = modulusLength === undefined ? undefined : await generateRsa(modulusLength);
    if (pkcs8 === undefined) return Key.generate(alg, options);
    const { kid } = options ?? {};
    return wiped(pkcs8, (bytes) => Key.#from(() => RawKey.from_der(bytes, undefined, { alg, kid })));
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
   * @param options `private: true` for PKCS#8; otherwise the public half as SPKI; `format` for another form; `passphrase` to
   * encrypt PKCS#8.
   * @throws {CountersignError} `KEY_USAGE` a secret, which has no PEM form, the private half of a public key, or a form that
   * this kind of key does not have; `OPTION_INVALID`.
   */
  toPem(options?: KeyDocumentOptions): string {
    return withPassphrase(options, (passphrase) => this.#write((raw) => raw.to_pem(passphrase, options)));
  }

  /**
   * The key as DER.
   *
   * @param options As for `toPem`.
   * @throws {CountersignError} As `toPem`.
   */
  toDer(options?: KeyDocumentOptions): Uint8Array {
    return withPassphrase(options, (passphrase) => this.#write((raw) => raw.to_der(passphrase, options)));
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

/** The key, if it is one. For the files of this package: no entry exports it. */
export function expectKey(key: unknown): Key {
  if (key instanceof Key) return key;
  throw new CountersignError("KEY_INVALID", "not a Key or KeySet of this package as it was loaded here");
}
