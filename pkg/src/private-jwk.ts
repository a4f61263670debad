/** Finds JWKs that must not be published. */

/**
 * Whether a JWK holds a private key or a secret: any member that only those have (RFC 7518 §6, RFC 9964 §3), even if others
 * are missing. A member that is `null` counts as absent.
 */
export function isPrivateJwk(jwk: unknown): boolean {
  const members = Object(jwk) as Record<string, unknown>;
  return PRIVATE.some((name) => Object.hasOwn(members, name) && members[name] !== null && members[name] !== undefined);
}

/** Whether a JWK Set holds a private key or a secret. What is no set holds none: the core refuses it. */
export function holdsPrivateJwk(jwks: unknown): boolean {
  const { keys } = Object(jwks) as { keys?: unknown };
  return Array.isArray(keys) && keys.some(isPrivateJwk);
}

/** The message for such a set. */
export const HOLDS_PRIVATE_JWK = "the key set holds private keys or secrets";

const PRIVATE = ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"];
