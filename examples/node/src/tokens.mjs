/** Checks the tokens of this system, and those that jsonwebtoken signed before it. */

import { decodeHeaderUnverified, Key, Verifier } from "countersign/jwt";

/** How old a token without `exp` may be. */
const OLDEST = "30d";

/**
 * Goes where a `Verifier` goes.
 *
 * @param current the verifier of the tokens of this system
 * @param secret what jsonwebtoken signed with; `undefined` once its last token has ended
 */
export function verifierOfBoth(current, secret) {
  if (secret === undefined) return current;
  const old = new Verifier(Key.fromSecret(secret, { alg: "HS256", allowShort: true }), {
    allowMissingExpiry: true,
    allowNumericSubject: true,
    ignoreAudience: true,
    maxAge: OLDEST,
  });
  // `alg` only chooses who is asked: each verifier refuses all but its key's algorithm.
  return { verify: (token) => (isOld(decodeHeaderUnverified(token)) ? old : current).verify(token) };
}

/** Whether jsonwebtoken signed it: the tokens of this system are signed with EdDSA. */
export const isOld = (header) => header.alg === "HS256";
