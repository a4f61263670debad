/** The error of a key set that cannot be had, with what lay under it. */

import { CountersignError } from "../errors.js";

/**
 * `JWKS_UNAVAILABLE`. What lay under it is kept beside the error and not in it: a platform's own error may name the
 * server, and an error that is printed prints its cause.
 */
export class Unavailable extends CountersignError {
  readonly #under: unknown;

  constructor(message: string, under?: unknown) {
    super("JWKS_UNAVAILABLE", message);
    this.#under = under;
  }

  /** The error as callers see it, made anew for each of them, and what lay under it. */
  get parts(): [error: CountersignError, under: unknown] {
    return [new CountersignError(this.code, this.message), this.#under];
  }
}

/** What was thrown, as `Unavailable`: as it is, or as what lay under `message`. */
export function unavailable(message: string, thrown: unknown): Unavailable {
  return thrown instanceof Unavailable ? thrown : new Unavailable(message, thrown);
}
