/** `Key`: a key that signs or checks tokens, bound to one algorithm. */

import { copyOfBytes, stringOrEmpty, utf8, wipeAfter, withBytes, withPassphrase } from "./bytes.js";
import {
  type CryptoKeyFacts,
  lacksUsage,
  readSigningKey,
  signWithCryptoKey,
  spkiOf,
  verifyWithCryptoKey,
} from "./crypto-key.js";
import { unlessAborted } from "./deadline.js";
import { type Elsewhere, keyUnavailable } from "./elsewhere.js";
import { checking } from "./engine.js";
import { CountersignError } from "./errors.js";
import { RawKey } from "./glue/jwt.js";
import {
  describeKey,
  dispose,
  inspect,
  KIND,
  type Kind,
  kindOf,
  LOST,
  notOurs,
  release,
  throwFreed,
} from "./handle.js";
import { insteadOfKey, jwkRefusal, optionsRefusal, refuseOtherKey, refuseOtherThanCryptoKey } from "./jwk-refusal.js";
import { callModule, callWithSecrets, tokens } from "./load/instances.js";
import { flag, invalid, optionalText, readOptions, requiredText, unchecked } from "./options.js";
import { generateRsa } from "./platform.js";
import type {
  Algorithm,
  AsymmetricAlgorithm,
  HmacAlgorithm,
  JsonWebKey,
  KeyDocumentImport,
  KeyDocumentOptions,
} from "./types.js";

// `countersign/verify` has neither.
export { setRefusal } from "./jwk-refusal.js";

/**
 * A key that signs or checks tokens. It is bound to one algorithm when it is created (RFC 8725 §3.1), and parsed once. Its
 * memory is wiped when the key and everything made with it has been freed or garbage-collected.
 *
 * @example
 * ```ts
 * const key = Key.fromSecret(env.JWT_SECRET, { alg: "HS256" });
 * ```
 */
export class Key {
  #raw: RawKey | undefined;
  /** For a key that is kept elsewhere: who signs. */
  #elsewhere: Elsewhere | undefined;
  /** The algorithm of this key. */
  readonly alg: Algorithm;
  /** The key's identifier, which `sign` writes into headers. */
  readonly kid: string | undefined;
  /** `"secret"`: an HMAC secret. `"private"`: a private key with its public half. `"public"`: a public key. */
  readonly type: "secret" | "private" | "public";
  /** The curve of an EC or Ed25519 key: `"P-256"`, `"P-384"`, `"P-521"` or `"Ed25519"`. */
  readonly curve: string | undefined;
  /** The bits of an RSA key. */
  readonly modulusLength: number | undefined;

  /** Frees the key. Its memory is wiped when no signer, verifier or set uses it any more. */
  // A function of its own for each object, so that no two are deeply equal: comparisons do not see private fields.
  readonly free: () => void = function (this: Key): void {
    const key = thisKey(this);
    release(key.#raw);
    key.#raw = undefined;
    key.#elsewhere = undefined;
  };

  private constructor(raw: RawKey, elsewhere?: Elsewhere) {
    if (!(raw instanceof RawKey)) throw new CountersignError("KEY_INVALID", "make a key with Key.from… or generate");
    this.#raw = raw;
    this.#elsewhere = elsewhere;
    this.alg = raw.alg() as Algorithm;
    this.kid = raw.kid();
    this.type = raw.kind() as Key["type"];
    this.curve = raw.curve();
    this.modulusLength = raw.modulus_length();
    // Otherwise a caller could change `alg`, `kid` or `type` and mislead others.
    Object.freeze(this);
  }

  static #from(make: () => RawKey, elsewhere?: Elsewhere): Key {
    return callWithSecrets(tokens, () => new Key(make(), elsewhere));
  }

  /** A key that is read with options, or made for an algorithm. */
  static #read(make: () => RawKey, options: unknown, jwk?: unknown, elsewhere?: Elsewhere): Key {
    try {
      return Key.#from(make, elsewhere);
    } catch (thrown) {
      throw optionsRefusal(thrown, options, jwk);
    }
  }

  /** @internal A key that is kept elsewhere. */
  static elsewhere(make: () => RawKey, elsewhere: Elsewhere): Key {
    return Key.#from(make, elsewhere);
  }

  /**
   * Makes an HMAC key from a random secret.
   *
   * @param secret At least 32 bytes for HS256, 48 for HS384, 64 for HS512 (RFC 7518 §3.2). A string is encoded as UTF-8.
   * @param options `alg`; `kid`; `allowShort: true` accepts shorter secrets during a migration, but never an empty one.
   * @returns The key.
   * @throws {CountersignError} `KEY_TOO_WEAK`: the secret is too short or empty. `KEY_INVALID`: it is neither bytes nor
   * well-formed text, or it looks like a PEM, JWK, DER or OpenSSH key. `OPTION_INVALID`.
   * @example
   * ```ts
   * const key = Key.fromSecret(crypto.getRandomValues(new Uint8Array(32)), { alg: "HS256", kid: "2026-11" });
   * ```
   */
  static fromSecret(
    secret: Uint8Array | string,
    options: { alg: HmacAlgorithm; kid?: string; allowShort?: boolean },
  ): Key {
    refuseOtherKey("secret is not a string or a Uint8Array", secret, "Key");
    return withBytes("secret", secret, (bytes) => Key.#read(() => RawKey.from_secret(bytes, options), options));
  }

  /**
   * Reads a key from one PEM block: PKCS#8 (`PRIVATE KEY`), SPKI (`PUBLIC KEY`), PKCS#1 (`RSA PRIVATE KEY`,
   * `RSA PUBLIC KEY`) or SEC 1 (`EC PRIVATE KEY`).
   *
   * @param pem The text. Text around the block is ignored; a second block is refused. As in environment variables, line
   * breaks may be missing or written as `\n`, and the whole text may be in base64.
   * @param options `alg`, which must fit the key; `kid`; `passphrase` for an `ENCRYPTED PRIVATE KEY` (PKCS#8 with PBES2).
   * @returns The key.
   * @throws {CountersignError} `KEY_INVALID`: there is no such block, it is malformed, or `alg` does not fit the key.
   * `KEY_TOO_WEAK`: an RSA key has fewer than 2048 bits. `OPTION_INVALID`.
   * @example
   * ```ts
   * const key = Key.fromPem(await readFile("ed25519.pem", "utf8"), { alg: "EdDSA" });
   * ```
   */
  static fromPem(pem: string, options: KeyDocumentImport): Key {
    refuseOtherKey("PEM is not a string", pem, "Key");
    if (typeof pem !== "string") throw new CountersignError("KEY_INVALID", "PEM is not a string");
    return withPassphrase(options, (passphrase) =>
      withBytes("PEM", pem, (bytes) => Key.#read(() => RawKey.from_pem(bytes, passphrase, options), options)),
    );
  }

  /**
   * Reads a key from DER: PKCS#8, SPKI, PKCS#1 or SEC 1. The form is recognized from the content.
   *
   * @param der The document, without anything before or after it.
   * @param options As for `fromPem`.
   * @returns The key.
   * @throws {CountersignError} As `fromPem`.
   * @example
   * ```ts
   * const key = Key.fromDer(await readFile("public.der"), { alg: "RS256" });
   * ```
   */
  static fromDer(der: Uint8Array, options: KeyDocumentImport): Key {
    refuseOtherKey("DER is not a Uint8Array", der, "Key");
    return withPassphrase(options, (passphrase) =>
      wipeAfter(copyOfBytes("DER", der), (bytes) =>
        Key.#read(() => RawKey.from_der(bytes, passphrase, options), options),
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
   * const key = Key.fromUnverifiedCertificate(pem, { alg: "RS256" });
   * ```
   */
  static fromUnverifiedCertificate(
    certificate: string | Uint8Array,
    options: { alg: AsymmetricAlgorithm; kid?: string },
  ): Key {
    if (typeof certificate === "string") {
      return Key.#read(() => RawKey.from_unverified_certificate_pem(certificate, options), options);
    }
    const der = copyOfBytes("certificate", certificate, "a string or a Uint8Array");
    return Key.#read(() => RawKey.from_unverified_certificate(der, options), options);
  }

  /**
   * Reads a key from a JSON Web Key (RFC 7517): `kty` `"oct"`, `"RSA"`, `"EC"` with `crv` `"P-256"`, `"P-384"` or
   * `"P-521"`, or `"OKP"` with `crv` `"Ed25519"`.
   *
   * @param jwk The key. Unknown members are ignored. Known members must be well-formed and belong together.
   * @param options `alg` for a JWK without `alg` that fits several algorithms; `kid` replaces that of the JWK;
   * `allowShort: true` accepts a short secret during a migration, but never an empty one.
   * @returns The key.
   * @throws {CountersignError} `KEY_INVALID`: the JWK is malformed, or `alg` does not fit it. `KEY_TOO_WEAK`: the key is too
   * short. `KEY_USAGE`: `use` or `key_ops` allows neither signing nor verifying. `OPTION_INVALID`.
   * @example
   * ```ts
   * const key = Key.fromJwk(JSON.parse(env.SIGNING_KEY));
   * ```
   */
  static fromJwk(jwk: JsonWebKey | object, options?: { alg?: Algorithm; kid?: string; allowShort?: boolean }): Key {
    try {
      return Key.#read(() => RawKey.from_jwk(jwk, options), options, jwk);
    } catch (thrown) {
      throw jwkRefusal(thrown, jwk, "read it with KeySet.fromJwks");
    }
  }

  /**
   * Makes a key of a `CryptoKey` of WebCrypto. A private or secret `CryptoKey` is never exported: it stays with the platform
   * and need not be extractable. Such a key signs with `signAsync`, `signJwsAsync` and `signJwsJsonAsync`; all functions that
   * do not wait refuse it. A public `CryptoKey` becomes an ordinary key.
   *
   * @param key The key. Its algorithm, hash or curve, length, type and usages must fit.
   * @param options `alg`; `kid`; `publicKey`: the public half of a private key, as a `Key` or `CryptoKey`. With it, every
   * signature is checked before it is returned, and `publicKey()`, `toJwk()` and `thumbprint()` work. `allowShort: true`
   * accepts short secrets during a migration.
   * @returns The key.
   * @throws {CountersignError} Rejects with `KEY_INVALID`: it is not a `CryptoKey`, is for another algorithm, does not belong
   * to `publicKey`, or is a public key that is not extractable. `KEY_USAGE`: it has neither the usage `sign` nor `verify`, or
   * not the one for its type. `KEY_TOO_WEAK`. `OPTION_INVALID`.
   * @example
   * ```ts
   * const { privateKey, publicKey } = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]);
   * const key = await Key.fromCryptoKey(privateKey, { alg: "ES256", kid: "2026-11", publicKey });
   * const token = await signAsync({ sub: "alice" }, key);
   * ```
   */
  static async fromCryptoKey(
    key: CryptoKey,
    options: { alg: Algorithm; kid?: string; publicKey?: Key | CryptoKey; allowShort?: boolean },
  ): Promise<Key> {
    refuseOtherThanCryptoKey(key, "Key");
    const { alg, kid, publicKey, allowShort } = readOptions(options, {
      alg: requiredText,
      kid: optionalText,
      publicKey: unchecked<Key | CryptoKey>(),
      allowShort: flag,
    });
    const facts = signingFacts(key, alg, allowShort);
    if (facts.type === "public") {
      if (!facts.usages.includes("verify")) throw lacksUsage("verify");
      const der = await spkiOf(facts);
      return Key.#from(() => RawKey.from_der(der, undefined, { alg, kid }));
    }
    const usages = facts.type === "secret" ? ["sign", "verify"] : ["sign"];
    if (!usages.some((usage) => facts.usages.includes(usage))) throw lacksUsage("sign");
    if (publicKey === undefined) return Key.#from(() => RawKey.elsewhere(alg, kid), inPlatform(facts, alg));
    const half = Key.isKey(publicKey) ? publicKey : await Key.fromCryptoKey(publicKey, { alg: alg as Algorithm });
    if (half !== publicKey && half.type !== "public") throw invalid('option "publicKey" is not a public key');
    const pair = Key.#from(() => half.raw().with_private_elsewhere(alg, kid), inPlatform(facts, alg));
    if (half !== publicKey) half.free();
    await expectPair(pair);
    return pair;
  }

  /**
   * Generates a random key: an HMAC secret as long as its digest, or a key pair.
   *
   * RSA keys take long, because two primes must be found. Of 20 keys each of 2048, 3072 and 4096 bits, half took more than
   * 0.5, 1.6 and 3.7 seconds, and the slowest took 1.6, 4.5 and 15. For RSA, use `generateAsync`.
   *
   * @param alg The algorithm.
   * @param options `kid`; `modulusLength`: the bits of an RSA key, from 2048 (the default) to 8192.
   * @returns The new key.
   * @throws {CountersignError} `OPTION_INVALID`. `INTERNAL`: the platform has no source of random bytes.
   * @example
   * ```ts
   * const key = Key.generate("EdDSA", { kid: "2026-11" });
   * await store(JSON.stringify(key.toJwk({ private: true })));
   * ```
   */
  static generate(alg: Algorithm, options?: { kid?: string; modulusLength?: number }): Key {
    return Key.#read(() => RawKey.generate(stringOrEmpty(alg), options), { alg });
  }

  /**
   * Like `generate`, but RSA keys come from the platform's WebCrypto. It finds primes about ten times faster and does not
   * block the thread. The core checks the result. Without WebCrypto, this does the same as `generate`.
   *
   * @param alg The algorithm.
   * @param options As for `generate`.
   * @returns The new key.
   * @throws {CountersignError} Rejects as `generate` throws.
   * @example
   * ```ts
   * const key = await Key.generateAsync("RS256", { kid: "2026-11", modulusLength: 3072 });
   * ```
   */
  static async generateAsync(alg: Algorithm, options?: { kid?: string; modulusLength?: number }): Promise<Key> {
    let modulusLength: number | undefined;
    try {
      modulusLength = callModule(tokens, () => RawKey.length_to_generate(stringOrEmpty(alg), options));
    } catch (thrown) {
      throw optionsRefusal(thrown, { alg });
    }
    const pkcs8 = modulusLength === undefined ? undefined : await generateRsa(modulusLength);
    if (pkcs8 === undefined) return Key.generate(alg, options);
    const { kid } = options ?? {};
    return wipeAfter(pkcs8, (bytes) => Key.#from(() => RawKey.from_der(bytes, undefined, { alg, kid })));
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
  withKid(kid?: string): Key {
    if (kid !== undefined && (typeof kid !== "string" || utf8(kid) === undefined))
      throw invalid('option "kid" is not a string');
    return Key.#from(() => thisKey(this).raw().with_kid(kid), thisKey(this).#elsewhere);
  }

  /**
   * Returns the same key material for another algorithm that it fits: PS256 in place of RS256, or `Ed25519` for `EdDSA`. The
   * original keeps its algorithm.
   *
   * @param alg The other algorithm.
   * @throws {CountersignError} `KEY_INVALID`: the algorithm needs another kind of key. `KEY_TOO_WEAK`: the secret is shorter
   * than the digest. `OPTION_INVALID`: there is no such algorithm.
   * @example
   * ```ts
   * const pss = rsa.withAlg("PS256");
   * ```
   */
  withAlg(alg: Algorithm): Key {
    const make = () => thisKey(this).raw().with_alg(stringOrEmpty(alg));
    return Key.#read(make, { alg }, undefined, thisKey(this).#elsewhere);
  }

  /**
   * Returns the public half, with the same `alg` and `kid`. For a public key, this is a copy.
   *
   * @throws {CountersignError} `KEY_USAGE`: the key is an HMAC secret, which has no public half.
   * @example
   * ```ts
   * const verifier = new Verifier(key.publicKey(), { audience: "api" });
   * ```
   */
  publicKey(): Key {
    return Key.#from(() => thisKey(this).raw().public_key());
  }

  /**
   * Returns the key as a JWK, with its `alg` and `kid`.
   *
   * @param options `private: true` includes the private key or the secret. Default: only the public half.
   * @throws {CountersignError} `KEY_USAGE`: the key does not have the requested half.
   * @example
   * ```ts
   * await store(JSON.stringify(key.toJwk({ private: true })));
   * ```
   */
  toJwk(options?: { private?: boolean }): JsonWebKey {
    return callWithSecrets(tokens, () => thisKey(this).raw().to_jwk(options) as JsonWebKey);
  }

  /**
   * Returns the key as PEM.
   *
   * @param options `private: true` for the private key, as PKCS#8. Default: the public half, as SPKI. `format` chooses
   * another form; `passphrase` encrypts PKCS#8.
   * @throws {CountersignError} `KEY_USAGE`: the key is an HMAC secret, which has no PEM form; it has no private half; or this
   * type of key does not have the form. `OPTION_INVALID`.
   * @example
   * ```ts
   * await writeFile("public.pem", key.toPem());
   * ```
   */
  toPem(options?: KeyDocumentOptions): string {
    return withPassphrase(options, (passphrase) =>
      callWithSecrets(tokens, () => thisKey(this).raw().to_pem(passphrase, options)),
    );
  }

  /**
   * Returns the key as DER.
   *
   * @param options As for `toPem`.
   * @throws {CountersignError} As `toPem`.
   * @example
   * ```ts
   * await writeFile("private.der", key.toDer({ private: true }));
   * ```
   */
  toDer(options?: KeyDocumentOptions): Uint8Array {
    return withPassphrase(options, (passphrase) =>
      callWithSecrets(tokens, () => thisKey(this).raw().to_der(passphrase, options)),
    );
  }

  /**
   * Returns the RFC 7638 thumbprint in base64url. A private key and its public half have the same one. The thumbprint of an
   * HMAC secret is a digest of the secret: publish it only if the secret is random.
   *
   * @param hash The digest. Default `"sha256"`.
   * @throws {CountersignError} `OPTION_INVALID`: another digest.
   * @example
   * ```ts
   * const named = Key.fromJwk(key.toJwk({ private: true }), { kid: key.thumbprint() });
   * ```
   */
  thumbprint(hash: "sha256" | "sha384" | "sha512" = "sha256"): string {
    return callWithSecrets(tokens, () => thisKey(this).raw().thumbprint(stringOrEmpty(hash)));
  }

  /** Does the same as `free()`, for `using`. */
  [dispose](): void {
    this.free();
  }

  /** @internal */
  raw(): RawKey {
    return thisKey(this).#raw ?? throwFreed("key");
  }

  /** @internal Who signs, if the key is kept elsewhere. */
  kept(): Elsewhere | undefined {
    return thisKey(this).#elsewhere;
  }

  /** @internal What `console.log` shows in Node, Deno and Bun. */
  [inspect](): string {
    return describeKey("Key", this);
  }

  /** @internal */
  get [KIND](): Kind {
    return kindOf("Key");
  }

  /** @internal Whether a value is a key of this copy of the package, and not a `Proxy` around one. */
  static isKey(value: unknown): value is Key {
    return typeof value === "object" && value !== null && #raw in value;
  }
}

function signingFacts(key: unknown, alg: string, allowShort: boolean): CryptoKeyFacts {
  try {
    return readSigningKey(key, alg, allowShort);
  } catch (thrown) {
    throw optionsRefusal(thrown, { alg });
  }
}

/** A key that WebCrypto keeps. */
function inPlatform(facts: CryptoKeyFacts, alg: string): Elsewhere {
  const asked = async <T>(call: () => Promise<T>): Promise<T> => {
    try {
      return await call();
    } catch (thrown) {
      if (thrown instanceof CountersignError) throw thrown;
      throw keyUnavailable("WebCrypto failed", "failed", thrown);
    }
  };
  const sign: Elsewhere["sign"] = (data, signal) =>
    unlessAborted(() => asked(() => signWithCryptoKey(facts, alg, data)), signal);
  if (facts.type !== "secret") return { sign };
  return { sign, verify: (data, mac) => asked(() => verifyWithCryptoKey(facts, data, mac)) };
}

/** Refuses a private key that does not belong to its public half. What it signs here is no token, and never leaves. */
async function expectPair(pair: Key): Promise<void> {
  const data = new TextEncoder().encode("countersign: do these belong together?");
  try {
    const signature = await (pair.kept() as Elsewhere).sign(data, undefined);
    if (await checking(() => pair.raw().has_signed(data, signature))) return;
  } catch (thrown) {
    pair.free();
    throw thrown;
  }
  pair.free();
  throw new CountersignError("KEY_INVALID", "private and public key do not belong together");
}

/** The object of a method, which `const { toJwk } = key` loses. */
function thisKey(value: unknown): Key {
  if (Key.isKey(value)) return value;
  throw notOurs(value, LOST, "KEY_INVALID", ["Key"]);
}

/** The message for what is no key. */
const NO_KEY =
  "not a Key or KeySet from this copy of the package: make one with Key.fromSecret, Key.fromPem or Key.fromJwk";

/** Returns the value if it is a `Key`. No entry of the package exports this. `takesSets`: whether a set would do. */
export function expectKey(value: unknown, takesSets?: boolean): Key {
  if (Key.isKey(value)) return value;
  const expected = takesSets === true ? "a Key or KeySet" : "a Key";
  throw notOurs(value, insteadOfKey(value, expected, "Key", takesSets) ?? NO_KEY, "KEY_INVALID", ["Key", "KeySet"]);
}
