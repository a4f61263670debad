/** The shapes of encryption: algorithms, options, answers. */

/** The key management algorithms of a shared secret (RFC 7518 §4.4, §4.5). */
export type SecretEncryptionAlgorithm = "dir" | "A128KW" | "A256KW";

/** The key management algorithms of a key pair (RFC 7518 §4.3, §4.6). */
export type PublicEncryptionAlgorithm = "ECDH-ES" | "ECDH-ES+A128KW" | "ECDH-ES+A256KW" | "RSA-OAEP-256";

/** The key management algorithms of a password (RFC 7518 §4.8). */
export type PasswordEncryptionAlgorithm = "PBES2-HS256+A128KW" | "PBES2-HS512+A256KW";

/** Every key management algorithm. */
export type EncryptionAlgorithm = SecretEncryptionAlgorithm | PublicEncryptionAlgorithm | PasswordEncryptionAlgorithm;

/** The content encryptions (RFC 7518 §5). */
export type ContentEncryption = "A128GCM" | "A256GCM" | "A128CBC-HS256" | "A256CBC-HS512";

/** The curves of a key pair for `ECDH-ES`. */
export type EncryptionCurve = "P-256" | "P-384" | "X25519";

/** What every import of a key takes beside the key. */
export interface EncryptionKeyOptions {
  /** What the key shall be used with. */
  alg: EncryptionAlgorithm;
  /** For `dir` alone, and needed there: what the key encrypts with. */
  enc?: ContentEncryption;
  /** The key's identifier, written into headers. */
  kid?: string;
}

/** How a key in PEM or DER is read. An unknown name is an error. */
export interface EncryptionKeyDocumentImport {
  /** What the key is to be used with, which must fit it. */
  alg: PublicEncryptionAlgorithm;
  /** The key's identifier. */
  kid?: string;
  /** What opens an encrypted private key; a string counts as UTF-8. */
  passphrase?: string | Uint8Array;
}

/** Options of `encrypt` and `signAndEncrypt`. An unknown name is an error. */
export interface EncryptOptions {
  /** The content encryption. Default `"A256GCM"`; of a key for `dir` its own. */
  enc?: ContentEncryption;
  /** The media type of the whole, the header's `typ`. */
  typ?: string;
  /** The media type of the content, the header's `cty`. Of a nested token it is always `"JWT"`. */
  cty?: string;
  /** More header parameters, but for those that this library decides. */
  header?: object;
  /** Who made the token (`PartyUInfo`), in base64url as it stands in the header; for `ECDH-ES`. At most 1024 bytes. */
  apu?: string;
  /** Whom it is for (`PartyVInfo`), likewise. */
  apv?: string;
}

/** Options of `decrypt` and `decryptAndVerify`. An unknown name is an error. */
export interface DecryptOptions {
  /** The content encryptions that are accepted. Default: all of them. */
  enc?: ContentEncryption | ContentEncryption[];
  /** What the header's `typ` must be: `"JOSE"` also accepts `"application/jose"`. */
  typ?: string;
  /** What the header's `cty` must be, likewise. Of a nested token it is always `"JWT"`. */
  cty?: string;
  /** The longest token read, in bytes. Default 65536, at most 16777216. */
  maxLength?: number;
  /**
   * How often a password may be hashed, at most; what a token asks for beyond it is refused. Default 600000, or as often
   * as the key itself does, if that is more; from 1000 to 10000000.
   */
  maxIterations?: number;
}

/** An encrypted token's header (RFC 7516 §4). Nothing in it is ever a source of keys. */
export interface EncryptedHeader {
  alg: string;
  enc: string;
  typ?: string;
  cty?: string;
  kid?: string;
  [parameter: string]: unknown;
}

/** What was in an encrypted token. */
export interface Decrypted {
  /** The header. It was authenticated together with the content. */
  header: EncryptedHeader;
  /** The content. */
  plaintext: Uint8Array<ArrayBuffer>;
}

/** Whatever signs: a `Signer` of `countersign/jwt`. */
export interface NestedSigner {
  sign(claims: object): string;
}

/** Whatever checks: a `Verifier` of `countersign/jwt`. */
export interface NestedVerifier<V> {
  verify(token: string): V;
}

/** A token in a token, decrypted and checked. */
export interface Nested<V> {
  /** The header of the encrypted token. */
  outerHeader: EncryptedHeader;
  /** What the verifier said of the signed token within. */
  verified: V;
}
