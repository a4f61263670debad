/** What to say about a value that is not a JWK, and holds one or can give one. */

import { CountersignError } from "./errors.js";

/**
 * The error to throw for a value that the core refused as a JWK.
 *
 * @param thrown What the core threw.
 * @param advice What to do with a JWK Set.
 */
export function jwkRefusal(thrown: unknown, jwk: unknown, advice: string): unknown {
  if (!(thrown instanceof CountersignError) || thrown.code !== "KEY_INVALID") return thrown;
  const hint = hintFor(jwk);
  return hint === undefined ? thrown : new CountersignError("KEY_INVALID", hint === SET ? `${SET}: ${advice}` : hint);
}

const SET = "JWK is a JWK Set";
const CERTIFICATE =
  'JWK has only a certificate, in "x5c": decode its first element from base64 and pass it to fromUnverifiedCertificate';

function hintFor(jwk: unknown): string | undefined {
  try {
    const { keys, kty, n, x, x5c } = jwk as { keys?: unknown; kty?: unknown; n?: unknown; x?: unknown; x5c?: unknown };
    if (kty === undefined && Array.isArray(keys)) return SET;
    if (Array.isArray(x5c) && n === undefined && x === undefined) return CERTIFICATE;
    const [, name] = /^\[object (CryptoKey|KeyObject)\]$/.exec(Object.prototype.toString.call(jwk)) ?? [];
    if (name === "CryptoKey") return "JWK is a CryptoKey: read it with fromCryptoKey";
    if (name === "KeyObject") return 'JWK is a KeyObject: pass what key.export({ format: "jwk" }) returns';
  } catch {
    // A Proxy or a getter may throw anything.
  }
  return undefined;
}
