/** The shapes of keys, options, tokens and answers. */

/** The HMAC algorithms (RFC 7518 §3.2). */
export type HmacAlgorithm = "HS256" | "HS384" | "HS512";

/** ECDSA (RFC 7518 §3.4), each on the curve that belongs to it: P-256, P-384, P-521. */
export type EcdsaAlgorithm = "ES256" | "ES384" | "ES512";

/** RSA (RFC 7518 §3.3, §3.5): RSASSA-PKCS1-v1_5, and RSASSA-PSS with a salt as long as the digest. */
export type RsaAlgorithm = "RS256" | "RS384" | "RS512" | "PS256" | "PS384" | "PS512";

/** The algorithms with a private and a public key. `EdDSA` (RFC 8037) and `Ed25519` (RFC 9864) name the same thing. */
export type AsymmetricAlgorithm = "EdDSA" | "Ed25519" | EcdsaAlgorithm | RsaAlgorithm;

/** Every signature algorithm. */
export type Algorithm = HmacAlgorithm | AsymmetricAlgorithm;

/** A JSON Web Key (RFC 7517). */
export interface JsonWebKey {
  /** The key type: `"oct"`, `"EC"`, `"OKP"` or `"RSA"`. */
  kty?: string;
  /** The curve of an EC or OKP key: `"P-256"`, `"Ed25519"`. */
  crv?: string;
  /** The public key of an OKP key, or the first coordinate of an EC key, in base64url. */
  x?: string;
  /** The second coordinate of an EC key. */
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
  /** The algorithm the key is meant for. */
  alg?: string;
  /** The key's identifier. */
  kid?: string;
  /** What the key is for; `"sig"` for tokens. */
  use?: string;
  /** The operations the key is for: `"sign"`, `"verify"`. */
  key_ops?: string[];
  /** A chain of certificates for the key: carried along, never looked at. */
  x5c?: string[];
  /** The SHA-1 thumbprint of its certificate: carried along, never looked at. */
  x5t?: string;
  /** The SHA-256 thumbprint of its certificate: carried along, never looked at. */
  "x5t#S256"?: string;
  /** Members beside these are ignored. */
  [member: string]: unknown;
}

/** How `fromPem` and `fromDer` take a key. */
export interface KeyDocumentImport {
  /** What the key is to be used with, which must fit it. */
  alg: AsymmetricAlgorithm;
  /** The key's identifier. */
  kid?: string;
  /** What opens an encrypted private key; a string counts as UTF-8. */
  passphrase?: string | Uint8Array;
}

/** What `toPem` and `toDer` write. */
export interface KeyDocumentOptions {
  /** Whether the private key is written. Default `false`. */
  private?: boolean;
  /**
   * The form: `"spki"`, the default, or `"pkcs1"` for the public half; `"pkcs8"`, the default, `"pkcs1"` or `"sec1"` for the
   * private one. PKCS#1 is for RSA alone, SEC 1 for EC alone.
   */
  format?: "pkcs1" | "pkcs8" | "sec1" | "spki";
  /** Encrypts a private key in PKCS#8: PBES2 with 600,000 rounds of PBKDF2 and AES-256-CBC. */
  passphrase?: string | Uint8Array;
}

/** A JWK Set (RFC 7517 §5). */
export interface JwkSet {
  keys: JsonWebKey[];
}

/**
 * A kind of token, by its `typ`: an access token (RFC 9068), a logout token (OpenID Connect Back-Channel Logout 1.0), a
 * security event token (RFC 8417), or a token of no kind in particular that says so.
 */
export type Profile = "at+jwt" | "logout+jwt" | "secevent+jwt" | "JWT";

/** Options of `sign` and `Signer`. An unknown name is an error. */
export interface SignOptions {
  /**
   * The life of the token in seconds or as `"90s"`, `"15m"`, `"2h"`, `"1d"`, `"1w"`; `null` for ever. Default `"15m"`. It
   * counts from `iat`, which is the second that has begun: a token may live up to one second less.
   */
  expiresIn?: number | string | null;
  /** How long from now the token starts to be valid, written like `expiresIn`; the `nbf` claim. */
  notBefore?: number | string;
  /** The `iss` claim. */
  issuer?: string;
  /** The `aud` claim. */
  audience?: string | string[];
  /** The `sub` claim. */
  subject?: string;
  /** The `jti` claim: a text, or `true` for 128 fresh random bits. */
  jwtId?: true | string;
  /** Whether `iat` is stamped. Default `true`. */
  issuedAt?: boolean;
  /** The `typ` header. Default: that of the profile, or `"JWT"`. */
  typ?: string;
  /**
   * The kind of token: sets its `typ`, and refuses to issue one without the claims that `verify` with that profile
   * demands. A `jti` that must be there is random by default. A `"logout+jwt"` lives for 2 minutes by default, a
   * `"secevent+jwt"` for ever.
   */
  profile?: Profile;
  /** More header parameters; not `alg`, `kid`, `typ`, `crit`, `b64` or `zip`. */
  header?: object;
  /** The time to issue at. Default: the platform's clock. */
  now?: Date;
}

/** Options of `verify` and `Verifier`. An unknown name is an error. */
export interface VerifyOptions {
  /** The issuers accepted: `iss` must be one of them, compared whole. */
  issuer?: string | string[];
  /** The audience you are: `aud` must name one of these. Without it, a token with `aud` is refused. */
  audience?: string | string[];
  /** What `sub` must be. */
  subject?: string;
  /** What the `typ` header must be, as media types compare: `"at+jwt"` accepts `"application/at+jwt"`. */
  typ?: string;
  /**
   * The kind of token: what its `typ` must be, and the claims that its specification demands. `"at+jwt"` and
   * `"logout+jwt"` want `issuer` and `audience`; a `"secevent+jwt"` need not have `exp`.
   */
  profile?: Profile;
  /** Claims that must be there, whatever their value. */
  requiredClaims?: string[];
  /** The greatest age since `iat`, in seconds or as `"1h"`; `iat` must then be there. */
  maxAge?: number | string;
  /** How far clocks may disagree, in seconds or as `"30s"`. Default 0. */
  clockTolerance?: number | string;
  /** Accepts tokens without `exp`. Default `false`. */
  allowMissingExpiry?: boolean;
  /** Accepts any `aud`. Default `false`. */
  ignoreAudience?: boolean;
  /** The longest token read, in bytes. Default 16384, at most 1048576. */
  maxTokenLength?: number;
  /** The time to judge at. Default: the platform's clock. */
  now?: Date;
}

/** A token's header (RFC 7515 §4). Nothing in it is ever a source of keys. */
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

/** The registered claims alone, to be joined with your own. */
export type RegisteredClaims = Pick<Claims, "iss" | "sub" | "aud" | "exp" | "nbf" | "iat" | "jti">;

/** A token that was checked. */
export interface Verified<C extends object = Claims> {
  /** The header, as it was signed. */
  header: Header;
  /** The claims, as they were signed. */
  claims: C & RegisteredClaims;
}
