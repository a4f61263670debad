/** From the text of a JWKS to keys that a verifier may use. */

import type { CountersignError } from "../errors.js";
import { KeySet } from "../jwt.js";
import type { Algorithm } from "../types.js";
import { Unavailable } from "./unavailable.js";

/**
 * The usable keys of a JWKS.
 *
 * @throws `JWKS_UNAVAILABLE` for what is no JWKS, for one that the core refuses as a whole, and for one that holds secrets
 * or private keys: who can read such a key where keys are published can sign with it. It is looked for before any key is
 * read, which takes long for private ones.
 */
export function keysOf(jwks: string, alg: Algorithm | undefined): KeySet {
  let value: unknown;
  try {
    value = JSON.parse(jwks);
  } catch {
    throw new Unavailable("the key set is not JSON");
  }
  if (members(value).some(isPrivate)) throw new Unavailable("the key set holds private keys or secrets");
  try {
    return KeySet.fromJwks(value, alg && { alg });
  } catch (thrown) {
    // The core's messages name what is wrong and never hold a value.
    throw new Unavailable(`the key set is refused: ${(thrown as CountersignError).message}`);
  }
}

/** What the set says its keys are; nothing of what is no set, which is for the core to refuse. */
function members(jwks: unknown): unknown[] {
  const { keys } = Object(jwks) as { keys?: unknown };
  return Array.isArray(keys) ? keys : [];
}

/** RFC 7518 §6: `d` is a member of private keys alone, and `k` of secrets. */
function isPrivate(jwk: unknown): boolean {
  return ["d", "k"].some((name) => Object.hasOwn(Object(jwk), name));
}
