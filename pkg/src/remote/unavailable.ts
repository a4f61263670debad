/** The error for a JWK Set that cannot be used. Its cause is not in `Error.cause`. */

import { CountersignError } from "../errors.js";

/**
 * A `JWKS_UNAVAILABLE` error. The cause is not `Error.cause`: a platform's own error may contain the server's URL, and
 * printing an error prints its cause. Only `onRefreshError` receives the cause.
 */
export class JwksUnavailable extends CountersignError {
  readonly #cause: unknown;

  constructor(message: string, cause?: unknown) {
    super("JWKS_UNAVAILABLE", message);
    this.#cause = cause;
  }

  /** A new error for a caller, and the cause. Each caller gets its own object, so that none can change another's. */
  get parts(): [error: CountersignError, cause: unknown] {
    return [new CountersignError(this.code, this.message), this.#cause];
  }
}

/** Returns a `JwksUnavailable` unchanged, and wraps anything else as the cause of a new one with this message. */
export function asJwksUnavailable(message: string, thrown: unknown): JwksUnavailable {
  return thrown instanceof JwksUnavailable ? thrown : new JwksUnavailable(message, thrown);
}
