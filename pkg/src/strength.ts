/**
 * Checks whether a new password is good enough, following NIST SP 800-63B-4 §3.1.1.2: it must be long enough, and not one
 * that attackers try first.
 *
 * Use it when a user registers or changes a password, never for logging in. It needs zxcvbn, which knows common passwords,
 * words, names and patterns. Install it beside this package:
 *
 * ```sh
 * npm install countersign @zxcvbn-ts/core @zxcvbn-ts/language-common @zxcvbn-ts/language-en
 * ```
 *
 * It sends no requests. To find out whether a password has leaked, pass a function that asks a list. The function receives
 * the first five digits of the password's SHA-1. This entry contains no wasm.
 *
 * @module
 */

export { CountersignError, type ErrorCode } from "./errors.js";
export { breachCount } from "./strength/breaches.js";
export { checkPassword, type PasswordReason, type PasswordReport } from "./strength/check.js";
export type { Estimate, StrengthEstimator } from "./strength/estimate.js";
export type { PasswordCheckOptions } from "./strength/options.js";
