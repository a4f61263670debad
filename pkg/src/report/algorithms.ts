/** The names of the algorithms. */

/** The signature algorithms. */
export const SIGNATURE_ALGORITHMS = [
  "EdDSA",
  "Ed25519",
  "ES256",
  "ES384",
  "ES512",
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "HS256",
  "HS384",
  "HS512",
  "ML-DSA-44",
  "ML-DSA-65",
  "ML-DSA-87",
] as const;

/** The algorithms of encryption that have keys. Those of passwords have none. */
export const ENCRYPTION_ALGORITHMS = [
  "ECDH-ES",
  "ECDH-ES+A128KW",
  "ECDH-ES+A192KW",
  "ECDH-ES+A256KW",
  "RSA-OAEP",
  "RSA-OAEP-256",
  "RSA-OAEP-384",
  "RSA-OAEP-512",
  "dir",
  "A128KW",
  "A192KW",
  "A256KW",
  "A128GCMKW",
  "A192GCMKW",
  "A256GCMKW",
] as const;
