/** From the text of a JWKS to keys that a verifier may use. */

import type { CountersignError } from "../errors.js";
import { KeySet } from "../jwt.js";
import type { Algorithm } from "../types.js";
import { Unavailable } from "./unavailable.js";

/**
 * The usable keys of a JWKS.
 *
 * @throws `JWKS_UNAVAILABLE` for what is no JWKS, and for one that the core refuses as a whole or that holds secrets:
 * who can read a secret where keys are published can sign with it.
 */
export function keysOf(jwks: string, alg: Algorithm | undefined): KeySet {
  let value: unknown;
  try {
    value = JSON.parse(jwks);
  } catch {
    throw new Unavailable("the key set is not JSON");
  }
  const keys = refusing(() => KeySet.fromJwks(value, alg && { alg }));
  refusing(() => keys.toJwks());
  return keys;
}

function refusing<T>(call: () => T): T {
  try {
    return call();
  } catch (thrown) {
    // The core's messages name what is wrong and never hold a value.
    const { code, message } = thrown as CountersignError;
    throw new Unavailable(code === "KEY_USAGE" ? "the key set holds secrets" : `the key set is refused: ${message}`);
  }
}
