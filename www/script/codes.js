/** The checks of a token in their order, and one line for each error code. */

/** The order of the checks: each runs only if those above it have passed. */
export const STEPS = [
  { id: "form", name: "Form", what: "three parts of strict base64url, not too long" },
  { id: "header", name: "Header", what: "a JSON object without unknown critical parameters" },
  { id: "key", name: "Key", what: "one key matches it, and its algorithm is the key’s own" },
  { id: "signature", name: "Signature", what: "made with that key over exactly these characters" },
  { id: "claims", name: "Claims", what: "the right issuer and audience, and the right time" },
];

const CODES = {
  TOKEN_MALFORMED: ["form", "It is not three parts of base64url with dots between, or a part is not a JSON object."],
  TOKEN_TOO_LONG: ["form", "It is longer than the verifier accepts, so it was not read."],
  TOKEN_HEADER_INVALID: ["header", "The header lacks a parameter, or has one that is refused."],
  TOKEN_ALGORITHM_MISMATCH: [
    "key",
    "The header names another algorithm than the key’s; a token does not get to choose.",
  ],
  KEY_NOT_FOUND: ["key", "No key of the set has the key ID in the header."],
  KEY_AMBIGUOUS: ["key", "Several keys could have signed it, and the header does not say which."],
  KEY_USAGE: ["key", "This key must not be used for that."],
  TOKEN_SIGNATURE_INVALID: [
    "signature",
    "This key did not make this signature: it is another key, or the token was changed.",
  ],
  CLAIM_INVALID: ["claims", "It is authentic, but a claim has another value than the verifier requires."],
  CLAIM_MISSING: ["claims", "It is authentic, but a claim that the verifier requires is missing."],
  TOKEN_EXPIRED: ["claims", "It is authentic, but it has expired."],
  TOKEN_NOT_YET_VALID: ["claims", "It is authentic, but it is not valid yet."],
  TOKEN_ISSUED_IN_FUTURE: ["claims", "It is authentic, but its time of issue is in the future."],
  TOKEN_TOO_OLD: ["claims", "It is authentic, but was issued too long ago."],
  TOKEN_USED: [null, "This one-time token was used before."],
  OPTION_INVALID: [null, "The requirements cannot be read, so the token was not checked."],
  CLAIMS_NOT_SERIALIZABLE: [null, "The claims cannot be written as a JSON object."],
  KEY_INVALID: [null, "The key cannot be read, or it is of another kind than was named."],
  KEY_TOO_WEAK: [null, "The key is too short for its algorithm."],
  BREACHES_UNAVAILABLE: [null, "The list of leaked passwords could not be reached."],
  JWKS_UNAVAILABLE: [null, "The keys could not be fetched."],
  STORE_UNAVAILABLE: [null, "The store of sessions or login attempts could not be reached."],
  KEY_UNAVAILABLE: [null, "The key that is kept elsewhere could not be used."],
  SESSION_INVALID: [null, "The session has ended."],
  SESSION_REUSED: [null, "The refresh token was used twice, so the session was ended."],
  DECRYPTION_FAILED: [null, "It cannot be decrypted with this key. The reason is not revealed."],
  HASH_MALFORMED: [null, "This hash is not well-formed."],
  HASH_UNSUPPORTED: [null, "This kind of hash is not accepted here."],
  HASH_COST_TOO_HIGH: [null, "The hash asks for more memory or work than the policy allows; nothing was allocated."],
  PASSWORD_TOO_LONG: [null, "The password is longer than the policy allows."],
  PASSWORD_QUEUE_FULL: [null, "Too many passwords are waiting to be hashed. Try again in a moment."],
  PASSWORD_INVALID: [null, "The password is not valid Unicode text."],
  OUT_OF_MEMORY: [null, "There was not enough memory for this hash."],
  INTERNAL: [null, "A bug in the library. The next call works."],
};

/** The check that refuses with this error: its id, or `null` if the token was not looked at. */
export function stepOf(error) {
  // The payload is only read once the signature has proved whose it is.
  if (error.code === "TOKEN_MALFORMED" && error.message.startsWith("payload")) return "claims";
  return CODES[error.code]?.[0] ?? null;
}

/** The meaning of an error code, in one line. */
export function meaningOf(error) {
  return CODES[error.code]?.[1] ?? "Something else went wrong.";
}
