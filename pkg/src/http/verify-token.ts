/** Checks a token with a verifier, and tells errors of the token from those of the server. */

import { CountersignError } from "../errors.js";
import { checkMethod, hasMethod, invalid, NEW_VERIFIER } from "../options.js";
import { signedClaims } from "../schema.js";
import type { VerifiedAs } from "../types.js";
import { hasOwn, inKind } from "./answer.js";

/**
 * Checks tokens: a `Verifier`, or an object of the same shape. If it has `verifyAsync`, the guard uses that.
 *
 * Your own must return `{ header, claims }`, both objects: that of the library `jose`, for example, as `{ header: protectedHeader,
 * claims: payload }`. Anything else is `OPTION_INVALID`, and nobody passes. For a token that is not valid, it must throw a
 * `CountersignError` with a code of tokens, such as `new CountersignError("TOKEN_SIGNATURE_INVALID", "…")`, which is answered
 * with 401. Any other error is the server's fault, and is answered with 500.
 *
 * @typeParam C The claims that it gives.
 */
// biome-ignore lint/suspicious/noExplicitAny: a verifier of unknown claims serves a guard that expects some.
export type TokenVerifier<C extends object = any> =
  | { verify(token: string): VerifiedAs<C> | Promise<VerifiedAs<C>> }
  | { verifyAsync(token: string): Promise<VerifiedAs<C>> };

/** @throws {CountersignError} `OPTION_INVALID`: neither `verify` nor `verifyAsync`. */
export function checkVerifier(verifier: unknown): asserts verifier is TokenVerifier {
  if (!hasMethod(verifier, "verifyAsync")) checkMethod("verifier", verifier, "verify", NEW_VERIFIER);
}

/** The codes that blame the token. With any other code, the fault is on the server's side. */
const TOKEN_CODES = /^(TOKEN_|CLAIM_|DECRYPTION_FAILED$|KEY_NOT_FOUND$|KEY_AMBIGUOUS$)/;

/** What the verifier returns, or its error if a guard has an answer to it. */
export async function checkToken(
  verifier: TokenVerifier,
  token: string,
): Promise<VerifiedAs<object> | CountersignError> {
  try {
    const [method, verified] = hasVerifyAsync(verifier)
      ? ["verifyAsync", await verifier.verifyAsync(token)]
      : ["verify", await verifier.verify(token)];
    checkVerified(method, verified);
    return verified;
  } catch (error) {
    // Recognized by the code, not the class: verifier and guard may be of different builds, ES modules and CommonJS.
    const { claim, code, message } = (error ?? {}) as Partial<CountersignError>;
    if (code === undefined || message === undefined) throw error;
    if (!TOKEN_CODES.test(code) && code !== "JWKS_UNAVAILABLE") throw error;
    return new CountersignError(code, message, claim);
  }
}

/**
 * Refuses what a verifier must not return, such as the payload alone, or `false`.
 *
 * @throws {CountersignError} `OPTION_INVALID`.
 */
export function checkVerified(method: string, verified: unknown): asserts verified is VerifiedAs<object> {
  const problem = problemOf(verified);
  if (problem === undefined) return;
  throw invalid(
    `"${method}" of the verifier returned ${problem}: it must return { header, claims }, and throw a CountersignError for a ` +
      "token that is not valid",
  );
}

/** The fault of an object that must have `header` and `claims`, both objects, as members of its own. */
export function problemOf(verified: unknown): string | undefined {
  const kind = inKind(verified);
  if (kind !== "an object" && kind !== "an instance of a class") return kind;
  const missing = ["header", "claims"].find((member) => !hasOwn(verified, member));
  if (missing !== undefined) return `${kind} without "${missing}"`;
  const { header } = verified as VerifiedAs<object>;
  if (!isObject(header)) return `${kind} whose "header" is not an object`;
  // A schema may make anything of the claims that were signed.
  return isObject(signedClaims(verified as VerifiedAs<object>)) ? undefined : `${kind} whose "claims" is not an object`;
}

const isObject = (value: unknown): boolean => typeof value === "object" && value !== null;

function hasVerifyAsync(verifier: TokenVerifier): verifier is Extract<TokenVerifier, { verifyAsync: unknown }> {
  return hasMethod(verifier, "verifyAsync");
}
