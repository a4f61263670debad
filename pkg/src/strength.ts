/**
 * Whether a new password is good enough, after NIST SP 800-63B-4 §3.1.1.2: long enough, and not one that guessers have.
 *
 * For registration and for changing a password, never for logging in. Common passwords, words, names and patterns are
 * known to zxcvbn, which this entry alone needs and which is installed beside it:
 *
 * ```sh
 * npm install countersign @zxcvbn-ts/core @zxcvbn-ts/language-common @zxcvbn-ts/language-en
 * ```
 *
 * Nothing is fetched. Whether a password has leaked is asked of a list by a function of yours, which learns the first five
 * digits of its SHA-1. This entry carries no wasm.
 *
 * @module
 */

export { CountersignError, type ErrorCode } from "./errors.js";
export { breachCount } from "./strength/breaches.js";
export { checkPassword, type PasswordReason, type PasswordReport } from "./strength/check.js";
export type { Estimate, StrengthEstimator } from "./strength/estimate.js";
export type { PasswordCheckOptions } from "./strength/options.js";
