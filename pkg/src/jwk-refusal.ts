/** What to say about a value that is no JWK, or no key, and that a function of the package reads. No message repeats it. */

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

/**
 * The message for a value in the place of a key that is one of those that people pass by mistake.
 *
 * @param expected What belongs there.
 * @param reader The class that reads keys.
 * @param takesSets Whether a set of keys or a `RemoteKeySet` would do.
 */
export function insteadOfKey(value: unknown, expected: string, reader: string, takesSets = false): string | undefined {
  const advice = adviceFor(value, reader, takesSets);
  return advice === undefined ? undefined : `not ${expected}, but ${advice}`;
}

function adviceFor(value: unknown, reader: string, takesSets: boolean): string | undefined {
  try {
    const [, kind] =
      /^\[object (CryptoKey|KeyObject|Response|URL)\]$/.exec(Object.prototype.toString.call(value)) ?? [];
    if (typeof value === "string" || kind === "URL") return adviceForText(String(value), reader, takesSets);
    if (kind === "CryptoKey") return `a CryptoKey: read it with ${reader}.fromCryptoKey`;
    if (kind === "KeyObject")
      return `a KeyObject: pass what key.export({ format: "jwk" }) returns to ${reader}.fromJwk`;
    const set = takesSets ? "read it with KeySet.fromJwks" : `read one of its keys with ${reader}.fromJwk`;
    if (kind === "Response")
      return `a Response: read what its json() resolves to with ${takesSets ? "KeySet.fromJwks" : `${reader}.fromJwk`}`;
    const { keys, kty, then } = value as { keys?: unknown; kty?: unknown; then?: unknown };
    if (typeof then === "function") return "a promise: await it";
    if (Array.isArray(keys) && Object.hasOwn(value as object, "keys")) return `a JWK Set: ${set}`;
    if (typeof kty === "string") return `a JWK: read it with ${reader}.fromJwk`;
  } catch {
    // A Proxy or a getter may throw anything.
  }
  return undefined;
}

function adviceForText(text: string, reader: string, takesSets: boolean): string | undefined {
  if (/^\s*https?:\/\//i.test(text))
    return takesSets
      ? "a URL: new RemoteKeySet(url) fetches its keys"
      : `a URL: fetch the key, and read it with ${reader}.fromJwk`;
  if (text.includes("-----BEGIN CERTIFICATE-----"))
    return `a certificate: read it with ${reader}.fromUnverifiedCertificate`;
  if (text.includes("-----BEGIN ")) return `a PEM: read it with ${reader}.fromPem`;
  if (!/^\s*\{\s*"/.test(text)) return undefined;
  return `JSON: pass what JSON.parse returns to ${reader}.fromJwk${takesSets ? ", or a JWK Set to KeySet.fromJwks" : ""}`;
}

/** The error to throw for a value that the core refused as a JWK Set. */
export function setRefusal(thrown: unknown, jwks: unknown): unknown {
  if (!(thrown instanceof CountersignError) || !/^JWKS has no /.test(thrown.message)) return thrown;
  const advice = adviceForSet(jwks);
  return advice === undefined ? thrown : new CountersignError("KEY_INVALID", `${thrown.message}, but is ${advice}`);
}

function adviceForSet(jwks: unknown): string | undefined {
  try {
    if (Array.isArray(jwks)) return "an array: pass { keys: array }";
    const { keys } = jwks as { keys?: unknown };
    if (Array.isArray(keys) && Object.hasOwn(jwks as object, "keys"))
      return "not a plain object: pass { keys: jwks.keys }";
  } catch {
    // As above.
    return undefined;
  }
  return adviceFor(jwks, "Key", true);
}
