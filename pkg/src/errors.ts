/** The one error class of the package, and the codes it carries. */

/**
 * What went wrong, for programs. Codes may be added; none is ever renamed.
 *
 * The same list stands in the Rust core (`ErrorCode`); a test holds the two equal.
 */
export type ErrorCode =
  | "BREACHES_UNAVAILABLE"
  | "CLAIM_INVALID"
  | "CLAIM_MISSING"
  | "CLAIMS_NOT_SERIALIZABLE"
  | "DECRYPTION_FAILED"
  | "HASH_COST_TOO_HIGH"
  | "HASH_MALFORMED"
  | "HASH_UNSUPPORTED"
  | "INTERNAL"
  | "JWKS_UNAVAILABLE"
  | "KEY_AMBIGUOUS"
  | "KEY_INVALID"
  | "KEY_NOT_FOUND"
  | "KEY_TOO_WEAK"
  | "KEY_USAGE"
  | "OPTION_INVALID"
  | "OUT_OF_MEMORY"
  | "PASSWORD_INVALID"
  | "PASSWORD_QUEUE_FULL"
  | "PASSWORD_TOO_LONG"
  | "TOKEN_ALGORITHM_MISMATCH"
  | "TOKEN_EXPIRED"
  | "TOKEN_HEADER_INVALID"
  | "TOKEN_ISSUED_IN_FUTURE"
  | "TOKEN_MALFORMED"
  | "TOKEN_NOT_YET_VALID"
  | "TOKEN_SIGNATURE_INVALID"
  | "TOKEN_TOO_LONG"
  | "TOKEN_TOO_OLD";

/**
 * Thrown by everything in this package. `message` is a lower-case clause that names the field at fault and never holds
 * a value: no token, key or password is ever in it.
 *
 * @example
 * ```ts
 * try {
 *   verify(token, key, { audience: "api" });
 * } catch (error) {
 *   if (error instanceof CountersignError && error.code === "TOKEN_EXPIRED") askToLogInAgain();
 *   else throw error;
 * }
 * ```
 */
export class CountersignError extends Error {
  /** The stable code of the failure. */
  readonly code: ErrorCode;
  /** The claim at fault, for the codes that concern one: `"exp"` with `TOKEN_EXPIRED`. */
  // Declared and not defined: an error about no claim has no such property, not even one that is undefined.
  declare readonly claim?: string;

  /**
   * @param code The stable code.
   * @param message A lower-case clause without a full stop.
   * @param claim The claim at fault, where there is one.
   */
  constructor(code: ErrorCode, message: string, claim?: string) {
    super(message);
    this.name = "CountersignError";
    this.code = code;
    if (claim !== undefined) this.claim = claim;
  }
}
