/** The types of keys, options, tokens and answers. */

import type { StandardSchema } from "./schema.js";

export type { OutputOf, StandardResult, StandardSchema, StandardSchemaProps } from "./schema.js";

/** The HMAC algorithms (RFC 7518 §3.2). */
export type HmacAlgorithm = "HS256" | "HS384" | "HS512";

/** The ECDSA algorithms (RFC 7518 §3.4), on P-256, P-384 and P-521. */
export type EcdsaAlgorithm = "ES256" | "ES384" | "ES512";

/** The RSA algorithms (RFC 7518 §3.3, §3.5): RSASSA-PKCS1-v1_5, and RSASSA-PSS with a salt as long as the digest. */
export type RsaAlgorithm = "RS256" | "RS384" | "RS512" | "PS256" | "PS384" | "PS512";

/** The ML-DSA algorithms (RFC 9964 §5), which need `countersign/post-quantum`. */
export type MlDsaAlgorithm = "ML-DSA-44" | "ML-DSA-65" | "ML-DSA-87";

/** The algorithms with a private and a public key. `EdDSA` (RFC 8037) and `Ed25519` (RFC 9864) name the same algorithm. */
export type AsymmetricAlgorithm = "EdDSA" | "Ed25519" | EcdsaAlgorithm | RsaAlgorithm | MlDsaAlgorithm;

/** Every signature algorithm. */
export type Algorithm = HmacAlgorithm | AsymmetricAlgorithm;

/**
 * The cryptography of a `Verifier` or `Signer`. `"auto"`: the fastest one here. `"wasm"`: only this package's own code. `"platform"`: the
 * platform's cryptography wherever it can, also where WebAssembly is faster.
 */
export type Engine = "auto" | "wasm" | "platform";

/** An option of functions that may ask the platform's cryptography. */
export interface EngineOption {
  /** The cryptography that computes. Default `"auto"`. It changes no answer. */
  engine?: Engine;
}

/** What computed a signature: this package's own code, Node's `crypto`, or WebCrypto. */
export type Cryptography = "wasm" | "node:crypto" | "webcrypto";

/** A JSON Web Key (RFC 7517). */
export interface JsonWebKey {
  /** The key type: `"oct"`, `"EC"`, `"OKP"`, `"RSA"` or `"AKP"`. */
  kty?: string;
  /** The curve of an EC or OKP key, such as `"P-256"` or `"Ed25519"`. */
  crv?: string;
  /** The public key of an OKP key, or the x coordinate of an EC key, in base64url. */
  x?: string;
  /** The y coordinate of an EC key. */
  y?: string;
  /** The modulus of an RSA key. */
  n?: string;
  /** The public exponent of an RSA key. */
  e?: string;
  /** The private key of an EC or OKP key, or the private exponent of an RSA key. */
  d?: string;
  /** The first prime of an RSA key. */
  p?: string;
  /** The second prime of an RSA key. */
  q?: string;
  /** `d` modulo `p` - 1. */
  dp?: string;
  /** `d` modulo `q` - 1. */
  dq?: string;
  /** The inverse of `q` modulo `p`. */
  qi?: string;
  /** The secret of an oct key, in base64url. */
  k?: string;
  /** The public key of an AKP key, in base64url. */
  pub?: string;
  /** The private key of an AKP key: the seed of an ML-DSA key, in base64url. */
  priv?: string;
  /** The algorithm of the key. */
  alg?: string;
  /** The key's identifier. */
  kid?: string;
  /** The use of the key; `"sig"` for tokens. */
  use?: string;
  /** The allowed operations: `"sign"`, `"verify"`. */
  key_ops?: string[];
  /** A certificate chain. It is kept but not read. */
  x5c?: string[];
  /** The SHA-1 thumbprint of the certificate. It is kept but not read. */
  x5t?: string;
  /** The SHA-256 thumbprint of the certificate. It is kept but not read. */
  "x5t#S256"?: string;
  /** Other members are ignored. */
  [member: string]: unknown;
}

/** Options of `fromPem` and `fromDer`. */
export interface KeyDocumentImport {
  /** The algorithm, which must fit the key. */
  alg: AsymmetricAlgorithm;
  /** The key's identifier. */
  kid?: string;
  /** The passphrase of an encrypted private key. A string is encoded as UTF-8. */
  passphrase?: string | Uint8Array;
}

/** Options of `toPem` and `toDer`. */
export interface KeyDocumentOptions {
  /** Whether to write the private key. Default `false`. */
  private?: boolean;
  /**
   * The form. For a public key: `"spki"` (default) or `"pkcs1"`. For a private key: `"pkcs8"` (default), `"pkcs1"` or
   * `"sec1"`. Only RSA has PKCS#1, and only EC has SEC 1.
   */
  format?: "pkcs1" | "pkcs8" | "sec1" | "spki";
  /** Encrypts a private key as PKCS#8 with PBES2: 600,000 iterations of PBKDF2 and AES-256-CBC. */
  passphrase?: string | Uint8Array;
}

/** A JWK Set (RFC 7517 §5). */
export interface JwkSet {
  keys: JsonWebKey[];
}

/**
 * A kind of token, named by its `typ`: an access token (RFC 9068), a logout token (OpenID Connect Back-Channel Logout 1.0),
 * a security event token (RFC 8417), or a plain token that says so.
 */
export type Profile = "at+jwt" | "logout+jwt" | "secevent+jwt" | "JWT";

/** Options of `sign` and `Signer`. Unknown names are refused. */
export interface SignOptions {
  /**
   * The lifetime in seconds, or as text: `"90s"`, `"15m"`, `"2h"`, `"1d"`, `"1w"`. Default `"15m"`. With `null`, a token
   * expires only if its claims have an `exp`. The lifetime counts from `iat`, which is rounded down to whole seconds, so a token may live up to one second less. A number of 1000000000 or more is a
   * time, and refused.
   */
  expiresIn?: number | string | null;
  /** How long from now until the token becomes valid, written like `expiresIn` (claim `nbf`). */
  notBefore?: number | string;
  /** The issuer (claim `iss`). */
  issuer?: string;
  /** The audience (claim `aud`). */
  audience?: string | string[];
  /** The subject (claim `sub`). */
  subject?: string;
  /** The token's id (claim `jti`): a text, or `true` for 128 random bits. */
  jwtId?: true | string;
  /** Whether to set `iat`. Default `true`. */
  issuedAt?: boolean;
  /** The `typ` of the header; `null` for none. Default: that of the profile, or `"JWT"`. */
  typ?: string | null;
  /**
   * The kind of token. It sets `typ`, and refuses to sign without the claims that `verify` with this profile requires. A
   * required `jti` is random by default. A `"logout+jwt"` lives for 2 minutes by default. A `"secevent+jwt"` does not expire
   * by default.
   */
  profile?: Profile;
  /** More header parameters, except `alg`, `kid`, `typ`, `crit`, `b64` and `zip`. */
  header?: object;
  /** The time of issue. Default: now. */
  now?: Date;
}

/** Options of the class `Signer` and of the function `sign`. */
export interface SignerOptions extends SignOptions {
  /** The cryptography that computes signatures. Default `"auto"`. It changes no answer. */
  engine?: Engine;
}

/** Options of `verify` and `Verifier`. Unknown names are refused. */
export interface VerifyOptions {
  /** The accepted issuers. `iss` must equal one of them. */
  issuer?: string | string[];
  /** Your own names. `aud` must contain one of them. Without this option, a token with `aud` is refused. */
  audience?: string | string[];
  /** The required `sub`. */
  subject?: string;
  /** The required `typ` of the header, compared as media types: `"at+jwt"` also accepts `"application/at+jwt"`. */
  typ?: string;
  /**
   * The kind of token: the `typ` and the claims that its specification requires. `"at+jwt"` and `"logout+jwt"` need the
   * options `issuer` and `audience`. A `"secevent+jwt"` may have no `exp`.
   */
  profile?: Profile;
  /** Claims that must be present, with any value. */
  requiredClaims?: string[];
  /** The greatest age since `iat`, in seconds or as text, such as `"1h"`. It makes `iat` required. */
  maxAge?: number | string;
  /** How far clocks may differ, in seconds or as text, such as `"30s"`. Default 0. */
  clockTolerance?: number | string;
  /** Accepts tokens without `exp`. Default `false`. */
  allowMissingExpiry?: boolean;
  /**
   * Accepts a `sub` that is a whole number, which RFC 7519 forbids. Use it while you migrate from an issuer that wrote
   * numbers; `claims.sub` is then a number. The option `subject` never equals a number. Default `false`.
   */
  allowNumericSubject?: boolean;
  /** Accepts any `aud`. Default `false`. */
  ignoreAudience?: boolean;
  /** The longest token in bytes, up to 1048576. Default 16384. */
  maxTokenLength?: number;
  /** The time at which the token is judged. Default: now. */
  now?: Date;
  /**
   * A schema of zod, valibot, arktype or another library that implements Standard Schema version 1. It judges the claims
   * after everything else, and `claims` is what it returns. An asynchronous schema needs `verifyAsync`. Default: none.
   */
  schema?: StandardSchema;
}

/** Options of `Verifier`. */
export interface VerifierOptions extends VerifyOptions {
  /**
   * Remembers tokens whose signature this verifier has checked, so that a token that comes again costs no cryptography.
   * Times are judged on every call, with the result that checking without a cache would have. Default: none are remembered.
   */
  cache?: VerifierCache;
  /** The cryptography that computes signatures. Default `"auto"`. It changes no answer. */
  engine?: Engine;
}

/** How many tokens a `Verifier` remembers. */
export interface VerifierCache {
  /**
   * The most tokens, from 1 to 100,000. Default 1000. Each takes about three times its length in memory, so that they take
   * at most three times `maxEntries` × `maxTokenLength` bytes. With `Issuers`, each issuer and each of its last
   * 100 tenants has a cache of this size.
   */
  maxEntries?: number;
}

/** The header of a token (RFC 7515 §4). It is never a source of keys. */
export interface Header {
  alg: string;
  typ?: string;
  kid?: string;
  cty?: string;
  [parameter: string]: unknown;
}

/** The registered claims (RFC 7519 §4.1), which have these types in every verified token, and any others. */
export interface Claims {
  iss?: string;
  sub?: string;
  aud?: string | string[];
  exp?: number;
  nbf?: number;
  iat?: number;
  jti?: string;
  [claim: string]: unknown;
}

/** The registered claims alone, to combine with your own. */
export type RegisteredClaims = Pick<Claims, "iss" | "sub" | "aud" | "exp" | "nbf" | "iat" | "jti">;

/** A token that was checked. */
export interface Verified<C extends object = Claims> {
  /** The header, as it was signed. */
  header: Header;
  /** The claims, as they were signed. */
  claims: C & RegisteredClaims;
}

/** A token that was checked, with the claims as a schema gives them. */
export interface VerifiedAs<C> {
  /** The header, as it was signed. */
  header: Header;
  /** The claims. Without a schema: as they were signed. */
  claims: C;
}
