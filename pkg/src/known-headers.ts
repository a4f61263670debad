/** The headers that a `Verifier` has returned, so that it need not parse them again. */

import { decode_header_unverified } from "./glue/jwt.js";
import { copierOf } from "./token-cache.js";
import type { Header } from "./types.js";

/** The headers that a verifier has returned, by the numbers that the core gives them in its answers. */
export class KnownHeaders {
  #copiers: (() => Header)[] = [];
  #isBehind = false;

  /**
   * Says that the core is asked. If an exception, such as a stack overflow, keeps the header of its answer from being added, a
   * number may stand for an older header from then on. So the next call forgets all of them.
   */
  expectAnswer(): void {
    if (this.#isBehind) this.#copiers = [];
    this.#isBehind = true;
  }

  /** Says that the core has added no header. */
  inStep(): void {
    this.#isBehind = false;
  }

  /** Keeps the header of a token, if the core does too. The text is kept as it was signed: `JSON.stringify` writes `-0` as `0`. */
  add(answer: number, token: string): void {
    const number = answer >> 16;
    // An answer that is too long for the buffer has no number here, but may have one in the core.
    if (number < 0) return;
    if (number !== UNNUMBERED) this.#copiers[number] = copierOf(decode_header_unverified(token));
    this.#isBehind = false;
  }

  /** A copy of the header of a token, which the core has checked. */
  get(answer: number, token: string): Header {
    this.#isBehind = false;
    const copy = this.#copiers[answer >> 16];
    return copy === undefined ? JSON.parse(decode_header_unverified(token)) : copy();
  }
}

/** The number of a header that the core does not remember. */
const UNNUMBERED = 0x7fff;
