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
    if (Object.prototype.toString.call(jwk) === "[object CryptoKey]")
      return "JWK is a CryptoKey: read it with fromCryptoKey";
    const advice = adviceForObject(jwk, "");
    if (advice !== undefined) return `JWK is ${advice}`;
  } catch {
    // A Proxy or a getter may throw anything.
  }
  return undefined;
}

/** What a value is, and how to read it, if it is a `KeyObject` of Node or a pair of keys. */
function adviceForObject(value: unknown, reader: string): string | undefined {
  if (Object.prototype.toString.call(value) === "[object KeyObject]") {
    const { type } = value as { type?: unknown };
    if (type === "secret") return `a KeyObject: pass key.export() to ${reader}fromSecret`;
    // Unlike the format "jwk", these exist for every kind of key.
    const form = type === "private" ? "pkcs8" : "spki";
    return `a KeyObject: pass key.export({ type: "${form}", format: "pem" }) to ${reader}fromPem`;
  }
  const { privateKey, publicKey } = value as { privateKey?: unknown; publicKey?: unknown };
  return privateKey !== undefined && publicKey !== undefined
    ? "a pair of keys: pass its privateKey or its publicKey"
    : undefined;
}

/**
 * Refuses a key of another library in the place of the text or bytes that hold one.
 *
 * @param what How the message begins: what the value should be.
 * @param reader The class that reads keys.
 */
export function refuseOtherKey(what: string, value: unknown, reader: string): void {
  if (typeof value !== "object" || value === null) return;
  const advice = adviceFor(value, reader, false);
  if (advice !== undefined) throw new CountersignError("KEY_INVALID", `${what}, but ${advice}`);
}

/** Refuses what is no `CryptoKey`, if it is one of those that people pass by mistake. */
export function refuseOtherThanCryptoKey(value: unknown, reader: string): void {
  if (Object.prototype.toString.call(value) !== "[object CryptoKey]") refuseOtherKey("not a CryptoKey", value, reader);
}

/** The algorithms of the two classes of keys, by their names. */
const ENCRYPTION = /^(?:RSA(?:-OAEP(?:-(?:256|384|512))?|1_5)|ECDH-ES(?:\+A\d+KW)?|A\d+(?:GCM)?KW|PBES2-.+|dir)$/;
const CONTENT_ENCRYPTION = /^A\d+(?:GCM|CBC-HS\d+)$/;
const SIGNATURE = /^(?:[EHPR]S(?:256|384|512)|EdDSA|Ed25519|ML-DSA-\d+)$/;

/**
 * The error to throw for options with which the core made no key.
 *
 * @param options The options, or the name of an algorithm that was passed instead.
 * @param jwk The JWK, whose `alg` counts if the options have none.
 */
export function optionsRefusal(thrown: unknown, options: unknown, jwk?: unknown): unknown {
  if (!(thrown instanceof CountersignError)) return thrown;
  const { code, message } = thrown;
  try {
    const alg = typeof options === "string" ? options : (algOf(options) ?? algOf(jwk));
    const isKnown = typeof alg === "string" && (ENCRYPTION.test(alg) || SIGNATURE.test(alg));
    if (message === "options are not an object" && typeof options === "string" && isKnown)
      return new CountersignError(code, `${message}: pass { alg: "${alg}" }`);
    const advice = / "alg" is not (?:a supported|RSA-OAEP)/.test(message)
      ? adviceForAlg(message, String(alg))
      : undefined;
    return advice === undefined ? thrown : new CountersignError(code, `${message}: ${advice}`);
  } catch {
    // A Proxy or a getter may throw anything.
    return thrown;
  }
}

const algOf = (value: unknown): unknown => (value as { alg?: unknown } | null | undefined)?.alg;

function adviceForAlg(message: string, alg: string): string | undefined {
  if (/key management|RSA-OAEP/.test(message))
    return SIGNATURE.test(alg) ? "keys for signatures are those of Key, in countersign/jwt" : undefined;
  if (CONTENT_ENCRYPTION.test(alg))
    return 'it is for encryption: make an EncryptionKey of countersign/jwe with alg "dir" and this "enc"';
  return ENCRYPTION.test(alg) ? "it is for encryption: make an EncryptionKey of countersign/jwe" : undefined;
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
    const [, kind] = /^\[object (CryptoKey|Response|URL)\]$/.exec(Object.prototype.toString.call(value)) ?? [];
    if (typeof value === "string" || kind === "URL") return adviceForText(String(value), reader, takesSets);
    if (kind === "CryptoKey") return `a CryptoKey: read it with ${reader}.fromCryptoKey`;
    if (isRemote(value)) return `a client of another library: ${takesSets ? FETCH : GIVEN}`;
    if (typeof value === "function" && !/^class\b/.test(String(value)))
      return `a function: ${takesSets ? CHOOSE : GIVEN}`;
    const object = adviceForObject(value, `${reader}.`);
    if (object !== undefined) return object;
    const set = takesSets ? "read it with KeySet.fromJwks" : `read one of its keys with ${reader}.fromJwk`;
    if (kind === "Response")
      return `a Response: read what its json() resolves to with ${takesSets ? "KeySet.fromJwks" : `${reader}.fromJwk`}`;
    const { key, keys, kty, then } = value as { key?: unknown; keys?: unknown; kty?: unknown; then?: unknown };
    if (typeof then === "function") return "a promise: await it";
    if (Array.isArray(keys) && Object.hasOwn(value as object, "keys")) return `a JWK Set: ${set}`;
    if (typeof kty === "string") return `a JWK: read it with ${reader}.fromJwk`;
    if (key !== undefined && Object.hasOwn(value as object, "key"))
      return `an object with a "key": read that with ${reader}.fromPem, whose options have "alg" and "passphrase"`;
  } catch {
    // A Proxy or a getter may throw anything.
  }
  return undefined;
}

const GIVEN = "pass the key that it gives";
const FETCH = "new RemoteKeySet(url) fetches the keys";
const CHOOSE = 'a KeySet or RemoteKeySet chooses the key by "kid", and Issuers of countersign/issuers also by "iss"';

/** Whether a value is a set of `createRemoteJWKSet` of jose, or a client of jwks-rsa. */
function isRemote(value: unknown): boolean {
  const { getSigningKey, reload } = value as { getSigningKey?: unknown; reload?: unknown };
  return typeof (typeof value === "function" ? reload : getSigningKey) === "function";
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
