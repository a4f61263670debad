/** The types of encryption: algorithms, options and answers. */

/** Key management with a shared secret (RFC 7518 §4.4, §4.5). */
export type SecretEncryptionAlgorithm = "dir" | "A128KW" | "A256KW";

/** Key management with a key pair (RFC 7518 §4.3, §4.6). */
export type PublicEncryptionAlgorithm = "ECDH-ES" | "ECDH-ES+A128KW" | "ECDH-ES+A256KW" | "RSA-OAEP-256";

/** Key management with a password (RFC 7518 §4.8). */
export type PasswordEncryptionAlgorithm = "PBES2-HS256+A128KW" | "PBES2-HS512+A256KW";

/** Every key management algorithm. */
export type EncryptionAlgorithm = SecretEncryptionAlgorithm | PublicEncryptionAlgorithm | PasswordEncryptionAlgorithm;

/** The content encryption algorithms (RFC 7518 §5). */
export type ContentEncryption = "A128GCM" | "A256GCM" | "A128CBC-HS256" | "A256CBC-HS512";

/** The curves of a key pair for `ECDH-ES`. */
export type EncryptionCurve = "P-256" | "P-384" | "X25519";

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
  /** The longest token in bytes, up to 16777216. Default 65536. */
  maxLength?: number;
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

/** Signs claims: a `Signer` of `countersign/jwt`. */
export interface NestedSigner {
  sign(claims: object): string;
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
