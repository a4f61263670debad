/** Checks the tokens of this system, and those that jsonwebtoken signed before it. */

import { CountersignError, decodeHeaderUnverified, Key, Verifier } from "countersign/jwt";

/** How old a token without `exp` may be. */
const OLDEST = "30d";

/** The claims of their log-ins. A token of the same secret with any other, such as `purpose`, is for something else. */
const LOG_IN = ["sub", "iat", "exp", "iss", "aud"];

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
  return {
    verify(token) {
      if (!isOld(decodeHeaderUnverified(token))) return current.verify(token);
      const verified = old.verify(token);
      if (Object.keys(verified.claims).every((name) => LOG_IN.includes(name))) return verified;
      throw new CountersignError("CLAIM_INVALID", "the token is not from a log-in");
    },
  };
}

/** Whether jsonwebtoken signed it: the tokens of this system are signed with EdDSA. */
export const isOld = (header) => header.alg === "HS256";
