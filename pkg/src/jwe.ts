/// <reference lib="esnext.disposable" preserve="true" />
/**
 * Encryption: the documented face of the Rust core's `jwe` module.
 *
 * Everything is decided in the core. This file checks what only JavaScript can see, hands over, and turns traps into
 * errors. It loads nothing of `countersign/jwt`: whatever signs or checks a nested token is handed in.
 */

import { copyOfBytes, nameOf, wiped, withBytes, withPassphrase } from "./bytes.js";
import { CountersignError } from "./errors.js";
import { RawEncryptionKey, RawKeyRing } from "./glue/jwe.js";
import { dispose, freed, release } from "./handle.js";
import type {
  ContentEncryption,
  Decrypted,
  DecryptOptions,
  EncryptionAlgorithm,
  EncryptionCurve,
  EncryptionKeyDocumentImport,
  EncryptionKeyOptions,
  EncryptOptions,
  Nested,
  NestedSigner,
  NestedVerifier,
  PasswordEncryptionAlgorithm,
  PublicEncryptionAlgorithm,
  SecretEncryptionAlgorithm,
} from "./jwe-types.js";
import { encryption } from "./load/instances.js";
import { guard } from "./trap.js";
import type { JsonWebKey, KeyDocumentOptions } from "./types.js";

export { CountersignError, type ErrorCode } from "./errors.js";
export type * from "./jwe-types.js";
export type { JsonWebKey, KeyDocumentOptions } from "./types.js";

/**
 * A key for encryption, bound to one key management algorithm when it is made (RFC 8725 §3.1). It is no `Key`, and a
 * `Key`, which signs, is none of these. It is wiped when it is freed or collected.
 *
 * @example
 * ```ts
 * const key = EncryptionKey.generate("ECDH-ES+A256KW", { kid: "2026-11" });
 * await publish(key.publicKey().toJwk()); // for whoever shall encrypt to us
 * ```
 */
export class EncryptionKey {
  #raw: RawEncryptionKey | undefined;
  /** The algorithm this key is bound to. */
  readonly alg: EncryptionAlgorithm;
  /** The content encryption this key is bound to; only of a key for `dir`. */
  readonly enc: ContentEncryption | undefined;
  /** The key's identifier, written into headers. */
  readonly kid: string | undefined;
  /** Which half of a key this is: a shared secret or password, a private key (with its public one), or a public key. */
  readonly type: "secret" | "private" | "public";

  private constructor(raw: RawEncryptionKey) {
    if (!(raw instanceof RawEncryptionKey)) {
      throw new CountersignError("KEY_INVALID", "make a key with EncryptionKey.from… or generate");
    }
    this.#raw = raw;
    this.alg = raw.alg() as EncryptionAlgorithm;
    this.enc = raw.enc() as ContentEncryption | undefined;
    this.kid = raw.kid();
    this.type = raw.kind() as EncryptionKey["type"];
    // What a key says of itself stays true.
    Object.freeze(this);
  }

  static #from(make: () => RawEncryptionKey): EncryptionKey {
    return guardSecrets(() => new EncryptionKey(make()));
  }

  /**
   * A key from a secret of random bytes, of exactly the length its algorithm has: 16 for `A128KW`, 32 for `A256KW`; for
   * `dir` 16 (`A128GCM`), 32 (`A256GCM`, `A128CBC-HS256`) or 64 (`A256CBC-HS512`).
   *
   * @param secret The bytes. No text: what can be typed is a password.
   * @param options `alg`; `enc` with `dir`; `kid`.
   * @throws {CountersignError} `KEY_INVALID` not bytes, or of another length; `OPTION_INVALID`.
   * @example
   * ```ts
   * const key = EncryptionKey.fromSecret(secret, { alg: "dir", enc: "A256GCM" });
   * ```
   */
  static fromSecret(
    secret: Uint8Array,
    options: { alg: SecretEncryptionAlgorithm; enc?: ContentEncryption; kid?: string },
  ): EncryptionKey {
    return wiped(copyOfBytes("secret", secret), (bytes) =>
      EncryptionKey.#from(() => RawEncryptionKey.from_secret(bytes, options)),
    );
  }

  /**
   * A key from a password. Only for what people remember: whoever holds a token guesses at leisure, and every use takes a
   * fraction of a second.
   *
   * @param password From 1 to 1024 bytes, taken as they are. A string counts as UTF-8, without normalization.
   * @param options `alg`; `iterations` for the tokens made with it, 600000 by default with SHA-256 and 210000 with
   * SHA-512, from 1000 to 10000000; `kid`.
   * @throws {CountersignError} `KEY_TOO_WEAK` empty; `KEY_INVALID` not bytes or well-formed text, or too long;
   * `OPTION_INVALID`.
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
   * A key from one PEM block: PKCS#8, SPKI, PKCS#1 or SEC 1; with `passphrase`, encrypted PKCS#8.
   *
   * @param pem The text. Text around the block is ignored; a second block is refused.
   * @param options `alg`, which must fit the key; `kid`; `passphrase`.
   * @throws {CountersignError} `KEY_INVALID` not such a block, ill-formed, or a key of another kind; `KEY_TOO_WEAK` an RSA
   * key under 2048 bits; `OPTION_INVALID`.
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
   * A key from DER: PKCS#8, SPKI, PKCS#1 or SEC 1, which the content tells apart; with `passphrase`, encrypted PKCS#8.
   *
   * @param der The document, with nothing before or behind it.
   * @param options `alg`, which must fit the key; `kid`; `passphrase`.
   * @throws {CountersignError} `KEY_INVALID` ill-formed, or a key of another kind; `OPTION_INVALID`.
   */
  static fromDer(der: Uint8Array, options: EncryptionKeyDocumentImport): EncryptionKey {
    return withPassphrase(options, (passphrase) =>
      wiped(copyOfBytes("DER", der), (bytes) =>
        EncryptionKey.#from(() => RawEncryptionKey.from_der(bytes, passphrase, options)),
      ),
    );
  }

  /**
   * A key from a JSON Web Key (RFC 7517). One for `dir` names its content encryption as its `alg`, as RFC 7520 does, or
   * leaves `enc` to the options.
   *
   * @param jwk The key. Members it does not know are ignored; those it knows must be well-formed and belong together.
   * @param options `alg` for a JWK that names none; `enc` for one for `dir`; `kid` in place of the JWK's.
   * @throws {CountersignError} `KEY_INVALID`; `KEY_USAGE` where `use` is not `"enc"`, or `key_ops` leaves the key no
   * job; `OPTION_INVALID`.
   * @example
   * ```ts
   * const key = EncryptionKey.fromJwk(await (await fetch("https://them.example/key.json")).json());
   * ```
   */
  static fromJwk(jwk: JsonWebKey | object, options?: Partial<EncryptionKeyOptions>): EncryptionKey {
    return EncryptionKey.#from(() => RawEncryptionKey.from_jwk(jwk, options));
  }

  /**
   * A new random key: a secret of the algorithm's length, or a key pair. An RSA key of 3072 bits takes some 1.6 seconds, by
   * chance up to 5 or more.
   *
   * @param alg What it shall be used with; not an algorithm of passwords.
   * @param options `enc` with `dir`; `crv` with `ECDH-ES`, X25519 by default; `modulusLength` with `RSA-OAEP-256`, in
   * bits, 3072 by default; `kid`.
   * @throws {CountersignError} `OPTION_INVALID`; `INTERNAL` where the platform has no random source.
   * @example
   * ```ts
   * const key = EncryptionKey.generate("dir", { enc: "A256GCM" });
   * ```
   */
  static generate(
    alg: SecretEncryptionAlgorithm | PublicEncryptionAlgorithm,
    options?: { enc?: ContentEncryption; crv?: EncryptionCurve; modulusLength?: number; kid?: string },
  ): EncryptionKey {
    return EncryptionKey.#from(() => RawEncryptionKey.generate(nameOf(alg), options));
  }

  /**
   * The public half, with the same `alg` and `kid`, for whoever shall encrypt; of a public key, a copy.
   *
   * @throws {CountersignError} `KEY_USAGE` a secret has no public half.
   */
  publicKey(): EncryptionKey {
    return EncryptionKey.#from(() => this.raw().public_key());
  }

  /**
   * The key as a JWK, with its `alg` and `kid`.
   *
   * @param options `private: true` for all of it; otherwise only the public half.
   * @throws {CountersignError} `KEY_USAGE` the public half of a secret, the private half of a public key, or a password.
   */
  toJwk(options?: { private?: boolean }): JsonWebKey {
    return guardSecrets(() => this.raw().to_jwk(options));
  }

  /**
   * The key as PEM: by default SPKI of the public half, or PKCS#8 with `private: true`.
   *
   * @param options `private: true` for all of it; `format`.
   * @throws {CountersignError} `KEY_USAGE` a secret has no PEM form, a public key no private half, and some forms are for
   * some kinds of keys only; `OPTION_INVALID`.
   */
  toPem(options?: KeyDocumentOptions): string {
    return withPassphrase(options, (passphrase) => guardSecrets(() => this.raw().to_pem(passphrase, options)));
  }

  /**
   * The key as DER, in the same forms as `toPem`.
   *
   * @param options `private: true` for all of it; `format`.
   * @throws {CountersignError} As `toPem`.
   */
  toDer(options?: KeyDocumentOptions): Uint8Array<ArrayBuffer> {
    return withPassphrase(options, (passphrase) =>
      guardSecrets(() => this.raw().to_der(passphrase, options) as Uint8Array<ArrayBuffer>),
    );
  }

  /** Lets go of the key, which is wiped. Using it afterwards is an error. */
  free(): void {
    release(this.#raw, encryption);
    this.#raw = undefined;
  }

  /** The same as `free()`, for `using`. */
  [dispose](): void {
    this.free();
  }

  /** @internal */
  raw(): RawEncryptionKey {
    return this.#raw ?? freed("key");
  }
}

/**
 * Encrypts for the owner of a key, in the compact serialization (RFC 7516 §7.1).
 *
 * Encryption hides. Who sent something it proves only where both sides share the secret; for the rest there is
 * {@link signAndEncrypt}. The length of the content shows.
 *
 * @param plaintext The content, as bytes.
 * @param key A secret, a password, or a public key; of a private key the public half is used.
 * @param options `enc`, `typ`, `cty`, `header`, `apu`, `apv`.
 * @returns The token.
 * @throws {CountersignError} `KEY_USAGE` the key must not encrypt; `KEY_INVALID` not a key; `OPTION_INVALID`.
 * @example
 * ```ts
 * const token = encrypt(new TextEncoder().encode("attack at dawn"), theirPublicKey);
 * ```
 */
export function encrypt(plaintext: Uint8Array, key: EncryptionKey, options?: EncryptOptions): string {
  const bytes = copyOfBytes("plaintext", plaintext, "a Uint8Array", "OPTION_INVALID");
  return wiped(bytes, () => guardSecrets(() => expectKey(key).raw().encrypt(bytes, options)));
}

/**
 * Decrypts a token.
 *
 * @param token The compact token, with nothing around it.
 * @param keys A key, used whatever `kid` the token names; or several, of which the token's `kid` and `alg` choose one.
 * @param options `enc`, `typ`, `cty`: what is accepted; `maxLength`, `maxIterations`: what it may cost.
 * @returns The header and the content.
 * @throws {CountersignError} In this order: `TOKEN_TOO_LONG`, `TOKEN_MALFORMED`, `TOKEN_HEADER_INVALID`,
 * `TOKEN_ALGORITHM_MISMATCH`, `KEY_NOT_FOUND`, `KEY_AMBIGUOUS`, `KEY_USAGE`, and `DECRYPTION_FAILED`, which does not say
 * whether the key is another or the token was altered; and `OPTION_INVALID`.
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
  return decrypting(token, keys, (raw) => {
    const [header, plaintext] = raw.decrypt(token, options);
    return { header: JSON.parse(header), plaintext };
  });
}

/**
 * Signs claims and encrypts the token (RFC 7519 §5.2): nobody but the owner of `key` reads it, and they know who sent it.
 *
 * @param claims What `signer` takes.
 * @param signer A `Signer` of `countersign/jwt`.
 * @param key Whom it is for.
 * @param options As for {@link encrypt}, without `cty`, which is always `"JWT"`.
 * @returns The token.
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
  const token: unknown = signer.sign(claims);
  if (typeof token !== "string") throw new CountersignError("OPTION_INVALID", "signer gives no token");
  return guardSecrets(() => expectKey(key).raw().encrypt_token(token, options));
}

/**
 * Decrypts a nested token and checks the signed one in it.
 *
 * @typeParam V What the verifier answers with.
 * @param token The compact token, with nothing around it.
 * @param keys As for {@link decrypt}.
 * @param verifier A `Verifier` of `countersign/jwt`.
 * @param options As for {@link decrypt}, without `cty`, which must be `"JWT"`.
 * @returns What the verifier says of the token within, and the header around it.
 * @throws {CountersignError} As {@link decrypt} and `verifier.verify`.
 * @example
 * ```ts
 * const { verified } = decryptAndVerify(token, ourKey, new Verifier(theirKeys, { audience: "us" }));
 * console.log(verified.claims.sub);
 * ```
 *
 * @example Keys from a server, which are waited for
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
  const [header, inner] = decrypting(token, keys, (raw) => raw.decrypt_token(token, options));
  return { outerHeader: JSON.parse(header), verified: verifier.verify(inner) };
}

/** Runs `use` with one key, or with a ring of several that lives as long. */
function decrypting<T>(
  token: string,
  keys: EncryptionKey | readonly EncryptionKey[],
  use: (raw: RawEncryptionKey | RawKeyRing) => T,
): T {
  if (typeof token !== "string") throw new CountersignError("TOKEN_MALFORMED", "token is not a string");
  if (!Array.isArray(keys)) return guardSecrets(() => use(expectKey(keys).raw()));
  const ring = guard(encryption, () => new RawKeyRing());
  try {
    return guardSecrets(() => {
      for (const key of keys) ring.add(expectKey(key).raw());
      return use(ring);
    });
  } finally {
    // Or the keys would live on in a ring that nobody holds.
    release(ring, encryption);
  }
}

function expectKey(key: unknown): EncryptionKey {
  if (key instanceof EncryptionKey) return key;
  throw new CountersignError("KEY_INVALID", "not an EncryptionKey of this package as it was loaded here");
}

/** As `guard`, for calls that leave secrets on the stack. */
function guardSecrets<T>(call: () => T): T {
  try {
    return guard(encryption, call);
  } finally {
    encryption.wipeStack();
  }
}
