/** Finds JWKs that must not be published. */

/**
 * Whether a JWK holds a private key or a secret: any member that only those have (RFC 7518 §6, RFC 9964 §3), even if others
 * are missing. A member that is `null` counts as absent.
 */
export function isPrivateJwk(jwk: unknown): boolean {
  const members = Object(jwk) as Record<string, unknown>;
  return PRIVATE.some((name) => Object.hasOwn(members, name) && members[name] !== null && members[name] !== undefined);
}

const PRIVATE = ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"];
