/** Checks a token with a verifier, and tells errors of the token from those of the server. */

import { CountersignError } from "../errors.js";
import { checkMethod, hasMethod } from "../options.js";
import type { VerifiedAs } from "../types.js";

/**
 * Checks tokens: a `Verifier`, or an object of the same shape. If it has `verifyAsync`, the guard uses that.
 *
 * @typeParam C The claims that it gives.
 */
// biome-ignore lint/suspicious/noExplicitAny: a verifier of unknown claims serves a guard that expects some.
export type TokenVerifier<C extends object = any> =
  | { verify(token: string): VerifiedAs<C> | Promise<VerifiedAs<C>> }
  | { verifyAsync(token: string): Promise<VerifiedAs<C>> };

/** @throws {CountersignError} `OPTION_INVALID`: neither `verify` nor `verifyAsync`. */
export function checkVerifier(verifier: unknown): asserts verifier is TokenVerifier {
  if (!hasMethod(verifier, "verifyAsync")) checkMethod("verifier", verifier, "verify");
}

/** The codes that blame the token. With any other code, the fault is on the server's side. */
const TOKEN_CODES = /^(TOKEN_|CLAIM_|DECRYPTION_FAILED$|KEY_NOT_FOUND$|KEY_AMBIGUOUS$)/;

/** What the verifier returns, or its error if a guard has an answer to it. */
export async function checkToken(
  verifier: TokenVerifier,
  token: string,
): Promise<VerifiedAs<object> | CountersignError> {
  try {
    return await (hasVerifyAsync(verifier) ? verifier.verifyAsync(token) : verifier.verify(token));
  } catch (error) {
    // Recognized by the code, not the class: verifier and guard may be of different builds, ES modules and CommonJS.
    const { claim, code, message } = (error ?? {}) as Partial<CountersignError>;
    if (code === undefined || message === undefined) throw error;
    if (!TOKEN_CODES.test(code) && code !== "JWKS_UNAVAILABLE") throw error;
    return new CountersignError(code, message, claim);
  }
}

function hasVerifyAsync(verifier: TokenVerifier): verifier is Extract<TokenVerifier, { verifyAsync: unknown }> {
  return hasMethod(verifier, "verifyAsync");
}
