/** The types of encryption: algorithms, options and answers. */

import type { Claims, RegisteredClaims } from "./types.js";

/** Key management with a shared secret (RFC 7518 §4.4, §4.5, §4.7). */
export type SecretEncryptionAlgorithm =
  | "dir"
  | "A128KW"
  | "A192KW"
  | "A256KW"
  | "A128GCMKW"
  | "A192GCMKW"
  | "A256GCMKW";

/** Key management with a key pair (RFC 7518 §4.3, §4.6). */
export type PublicEncryptionAlgorithm =
  | "ECDH-ES"
  | "ECDH-ES+A128KW"
  | "ECDH-ES+A192KW"
  | "ECDH-ES+A256KW"
  | "RSA-OAEP"
  | "RSA-OAEP-256"
  | "RSA-OAEP-384"
  | "RSA-OAEP-512";

/** Key management with a password (RFC 7518 §4.8). */
export type PasswordEncryptionAlgorithm = "PBES2-HS256+A128KW" | "PBES2-HS384+A192KW" | "PBES2-HS512+A256KW";

/** Every key management algorithm. */
export type EncryptionAlgorithm = SecretEncryptionAlgorithm | PublicEncryptionAlgorithm | PasswordEncryptionAlgorithm;

/** The content encryption algorithms (RFC 7518 §5). */
export type ContentEncryption = "A128GCM" | "A192GCM" | "A256GCM" | "A128CBC-HS256" | "A192CBC-HS384" | "A256CBC-HS512";

/** The curves of a key pair for `ECDH-ES`. */
export type EncryptionCurve = "P-256" | "P-384" | "P-521" | "X25519";

/** Options of every import of a key. */
export interface EncryptionKeyOptions {
  /** The key management algorithm. */
  alg: EncryptionAlgorithm;
  /** The content encryption of a key for `dir`, which needs one. No other key has one. */
  enc?: ContentEncryption;
  /** The key's identifier, which `encrypt` writes into headers. */
  kid?: string;
}

/** Options of `fromPem` and `fromDer`. Unknown names are refused. */
export interface EncryptionKeyDocumentImport {
  /** The key management algorithm, which must fit the key. */
  alg: PublicEncryptionAlgorithm;
  /** The key's identifier. */
  kid?: string;
  /** The passphrase of an encrypted private key. A string is encoded as UTF-8. */
  passphrase?: string | Uint8Array;
}

/** Options of `encrypt` and `signAndEncrypt`. Unknown names are refused. */
export interface EncryptOptions {
  /** The content encryption. Default `"A256GCM"`, or that of a key for `dir`. */
  enc?: ContentEncryption;
  /** The media type of the encrypted token (header `typ`). */
  typ?: string;
  /** The media type of the content (header `cty`). A nested token always has `"JWT"`. */
  cty?: string;
  /** More header parameters, except those that this library sets. */
  header?: object;
  /** Information about the sender (`PartyUInfo`) for `ECDH-ES`, in base64url, at most 1024 bytes. */
  apu?: string;
  /** Information about the recipient (`PartyVInfo`) for `ECDH-ES`, in base64url, at most 1024 bytes. */
  apv?: string;
}

/** Options of `decrypt` and `decryptAndVerify`. Unknown names are refused. */
export interface DecryptOptions {
  /** The content encryptions to accept. Default: all. */
  enc?: ContentEncryption | ContentEncryption[];
  /** The required `typ` of the header. `"JOSE"` also accepts `"application/jose"`. */
  typ?: string;
  /** The required `cty` of the header, compared in the same way. A nested token always needs `"JWT"`. */
  cty?: string;
  /** Accepts a token without `cty` although one is required. Default `false`. */
  allowMissingCty?: boolean;
  /** The longest token in bytes, up to 16777216. Default 65536. */
  maxLength?: number;
  /**
   * The longest content of a compressed token (header `zip`) in bytes, up to 16777216. Default 262144. With 0, compressed
   * tokens are refused. This library never compresses.
   */
  maxDecompressedLength?: number;
  /**
   * The most PBKDF2 iterations that a token may ask for, from 1000 to 10000000. Default: 600000, or the iterations of the key
   * if those are more.
   */
  maxIterations?: number;
}

/** The header of an encrypted token (RFC 7516 §4). It is never a source of keys. */
export interface EncryptedHeader {
  alg: string;
  enc: string;
  typ?: string;
  cty?: string;
  kid?: string;
  [parameter: string]: unknown;
}

/** The answer of `decrypt`. */
export interface Decrypted {
  /** The header. It was authenticated together with the content. */
  header: EncryptedHeader;
  /** The content. */
  plaintext: Uint8Array<ArrayBuffer>;
}

/** The answer of `decryptClaims`. */
export interface DecryptedClaims<C extends object = Claims> {
  /** The header. It was authenticated together with the claims. */
  header: EncryptedHeader;
  /** The claims. */
  claims: C & RegisteredClaims;
}

/** The answer of `decryptClaims` with the option `schema`. */
export interface DecryptedClaimsAs<C> {
  /** The header. It was authenticated together with the claims. */
  header: EncryptedHeader;
  /** The claims as the schema gives them. */
  claims: C;
}

/** Options of `encryptJson`. Unknown names are refused. */
export interface EncryptJsonOptions {
  /** The content encryption. Default `"A256GCM"`, or that of a key for `dir`. */
  enc?: ContentEncryption;
  /** The media type of the token (protected header `typ`). */
  typ?: string;
  /** The media type of the content (protected header `cty`). */
  cty?: string;
  /** More protected header parameters, except those that this library sets. */
  header?: object;
  /** Header parameters that are **not protected**. Anybody can change them. */
  unprotected?: object;
  /** Additional data that is sent unencrypted and protected against change. */
  aad?: Uint8Array;
}

/** The answer of `decryptJson`. */
export interface DecryptedJson {
  /** The protected header. Parameters that are not protected are left out. */
  header: object;
  /** The content. */
  plaintext: Uint8Array<ArrayBuffer>;
  /** The additional authenticated data, if the token has any. */
  aad?: Uint8Array<ArrayBuffer>;
  /** The position of the recipient whose key decrypted the token, from 0. */
  recipient: number;
}

/** The flattened JSON serialization (RFC 7516 §7.2.2): one recipient. */
export interface FlattenedJwe extends JweRecipient, JweContent {}

/** The general JSON serialization (RFC 7516 §7.2.1): one or several recipients. */
export interface GeneralJwe extends JweContent {
  recipients: JweRecipient[];
}

/** What all recipients of a JWE in JSON share. */
export interface JweContent {
  /** The protected header in base64url. */
  protected?: string;
  /** The shared unprotected header. */
  unprotected?: object;
  /** The additional authenticated data in base64url. */
  aad?: string;
  /** The initialization vector in base64url. */
  iv?: string;
  /** The encrypted content in base64url. */
  ciphertext: string;
  /** The authentication tag in base64url. */
  tag?: string;
}

/** What a JWE in JSON has for one recipient. */
export interface JweRecipient {
  /** The recipient's own header, which is not protected. */
  header?: object;
  /** The encrypted content key in base64url. */
  encrypted_key?: string;
}

/** Signs claims: a `Signer` of `countersign/jwt`. */
export interface NestedSigner {
  sign(claims: object): string;
}

/** Signs claims for `signAndEncryptAsync`: a `Signer` of `countersign/jwt` with any key, or an object of the same shape. */
export interface NestedAsyncSigner {
  sign?(claims: object): string | Promise<string>;
  /** Preferred where it exists. */
  signAsync?(claims: object, options?: { signal?: AbortSignal }): Promise<string>;
}

/** The algorithms of keys for decrypting that can be kept elsewhere. */
export type ExternalDecryptionAlgorithm = PublicEncryptionAlgorithm | "A128KW" | "A192KW" | "A256KW";

/** Checks the signed token for `decryptAndVerifyAsync`: a `Verifier` of `countersign/jwt`, or an object of the same shape. */
export interface NestedAsyncVerifier<V> {
  verify?(token: string): V | Promise<V>;
  /** Preferred where it exists. */
  verifyAsync?(token: string): Promise<V>;
}

/** Checks tokens: a `Verifier` of `countersign/jwt`. */
export interface NestedVerifier<V> {
  verify(token: string): V;
}

/** The answer of `decryptAndVerify`. */
export interface Nested<V> {
  /** The header of the encrypted token. */
  outerHeader: EncryptedHeader;
  /** What the verifier returned for the signed token inside. */
  verified: V;
}
