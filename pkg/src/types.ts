/** The shapes of keys, options, tokens and answers. */

/** The HMAC algorithms (RFC 7518 §3.2). */
export type HmacAlgorithm = "HS256" | "HS384" | "HS512";

/** The algorithms with a private and a public key. `EdDSA` (RFC 8037) and `Ed25519` (RFC 9864) name the same thing. */
export type AsymmetricAlgorithm = "EdDSA" | "Ed25519";

/** Every signature algorithm. */
export type Algorithm = HmacAlgorithm | AsymmetricAlgorithm;

/** A JSON Web Key (RFC 7517). */
export interface JsonWebKey {
  /** The key type: `"oct"` or `"OKP"`. */
  kty?: string;
  /** The curve of an OKP key: `"Ed25519"`. */
  crv?: string;
  /** The public key of an OKP key, in base64url. */
  x?: string;
  /** The private key of an OKP key, in base64url. */
  d?: string;
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
  /** Members beside these are ignored. */
  [member: string]: unknown;
}

/** A JWK Set (RFC 7517 §5). */
export interface JwkSet {
  keys: JsonWebKey[];
}

/** Options of `sign` and `Signer`. An unknown name is an error. */
export interface SignOptions {
  /** The life of the token in seconds or as `"90s"`, `"15m"`, `"2h"`, `"1d"`, `"1w"`; `null` for ever. Default `"15m"`. */
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
  /** The `typ` header. Default `"JWT"`. */
  typ?: string;
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
