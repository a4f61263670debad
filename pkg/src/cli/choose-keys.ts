/** Chooses among the keys that were read: one to sign with, several to verify with, those to publish. */

import type { EncryptionKey } from "../inline/jwe.js";
import type { JsonWebKey, Key, KeySet } from "../inline/jwt.js";
import { hasPrivateMember } from "../report/private-key.js";
import { type FoundKey, isEncryptionKey, type KeyFile } from "../report/read-keys.js";
import { shown } from "../report/text.js";
import { Failure, usage } from "./failure.js";

/** The only key of a file, or the one with this `kid`. */
export function onlyKey(file: KeyFile, kid: string | undefined, name: string): FoundKey {
  const [first, another] = file.keys;
  const named = kid === undefined ? [] : file.keys.filter(({ key }) => key.kid === kid);
  if (named.length === 1 && named[0] !== undefined) return named[0];
  if (first !== undefined && another === undefined && (kid === undefined || file.form !== "JWK Set")) return first;
  if (first === undefined) {
    const [reason] = file.rejected;
    throw new Failure(
      "INPUT_INVALID",
      `${shown(name)} holds no usable key${reason === undefined ? "" : `: ${reason.message}`}`,
    );
  }
  throw usage(`${shown(name)} holds several keys: choose one with --kid`);
}

/** A set of keys that verify. */
export async function setOf(keys: readonly (EncryptionKey | Key)[]): Promise<KeySet> {
  const { KeySet } = await import("../inline/jwt.js");
  return new KeySet(keys.map(expectSigning).map((key) => (key.type === "secret" ? key : key.publicKey())));
}

/** Refuses a key for encryption. */
export function expectSigning(key: EncryptionKey | Key): Key {
  if (isEncryptionKey(key)) throw usage(`a key for ${key.alg} encrypts: it neither signs nor verifies`);
  return key;
}

/** Whether a text is a JWK Set without a private key or secret. Its keys may be of kinds that are not known. */
export function isPublicSet(text: string | undefined): boolean {
  let keys: unknown;
  try {
    ({ keys } = JSON.parse(text ?? ""));
  } catch {
    return false;
  }
  return Array.isArray(keys) && keys.every(isPublicJwk);
}

function isPublicJwk(jwk: unknown): boolean {
  if (typeof jwk !== "object" || jwk === null || !("kty" in jwk)) return false;
  return typeof jwk.kty === "string" && jwk.kty !== "oct" && !hasPrivateMember(jwk);
}

/** The public halves, each once, without those whose `exp` has passed. */
export function publicSet(keys: readonly FoundKey[], now: number): { keys: JsonWebKey[] } {
  const found = new Map<string, JsonWebKey>();
  for (const { key, jwk } of keys) {
    if (key.type === "secret") throw usage("a secret has no public half, and nobody else may have it");
    if (typeof jwk?.exp === "number" && jwk.exp <= now) continue;
    // PEM and DER have no kid. Without one, tokens could not name the key.
    const published = { kid: key.thumbprint(), ...key.toJwk(), use: isEncryptionKey(key) ? "enc" : "sig" };
    const clash = [...found.values()].find(
      ({ kid, alg }) => kid !== undefined && kid === published.kid && alg === published.alg,
    );
    const thumbprint = `${key.thumbprint()} ${published.kid} ${published.alg}`;
    if (clash !== undefined && !found.has(thumbprint))
      throw usage("two different keys have the same kid and algorithm");
    found.set(thumbprint, published);
  }
  if (found.size === 0) throw new Failure("INPUT_INVALID", "no key is left: every exp has passed");
  return { keys: [...found.values()] };
}
