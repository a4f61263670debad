/** Recognizes private keys and secrets, so that none is shown or published. */

import { bytesOfBase64url } from "./base64.js";
import { objectInJson, objectInSegment } from "./segment.js";

/** Members of a JWK that only a private key or a secret has (RFC 7518 §6, RFC 9964 §3). */
const PRIVATE_MEMBERS = ["d", "dp", "dq", "k", "oth", "p", "priv", "q", "qi"];

/** Whether an object has a member that only a JWK of a private key or of a secret has. */
export function hasPrivateMember(value: object): boolean {
  return PRIVATE_MEMBERS.some((name) => name in value);
}

/** Whether a value is a JWK of a private key or of a secret. */
export function isPrivateJwk(value: unknown): boolean {
  return typeof value === "object" && value !== null && "kty" in value && hasPrivateMember(value);
}

/** How deep a value is searched. The core refuses claims that are deeper. */
const MAX_DEPTH = 64;

/** Whether a private key or a secret is somewhere in a value: as a JWK, or in a text that is a JWK or PEM. */
export function holdsPrivateKey(value: unknown, left = MAX_DEPTH): boolean {
  if (typeof value === "string") return isPrivateText(value);
  if (typeof value !== "object" || value === null || left === 0) return false;
  if (isPrivateJwk(value)) return true;
  return Object.entries(value).some(([name, each]) => {
    const isJwk = name === "jwk" && typeof each === "object" && each !== null;
    return (isJwk && hasPrivateMember(each)) || holdsPrivateKey(each, left - 1);
  });
}

function isPrivateText(text: string): boolean {
  if (/-----BEGIN [A-Z ]{0,40}PRIVATE KEY/.test(text)) return true;
  const json = /^\s*\{/.test(text) ? text : jwkInBase64(text);
  const value = json === undefined ? null : objectInJson(json);
  return value !== null && holdsPrivateKey(value, 8);
}

/** The JSON of a JWK or a JWK Set that a text of base64 or base64url holds. A token has more than one part, and no `kty`. */
export function jwkInBase64(text: string): string | undefined {
  const bare = text.replace(/\s/g, "");
  if (!/^e[wy][\w+/-]{16,}={0,2}$/.test(bare)) return undefined;
  const value = objectInSegment(bare);
  const isJwk = value !== null && (typeof value.kty === "string" || Array.isArray(value.keys));
  return isJwk ? new TextDecoder().decode(bytesOfBase64url(bare)) : undefined;
}
