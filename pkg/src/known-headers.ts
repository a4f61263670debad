/** The headers that a `Verifier` has returned, so that it need not parse them again. */

import { decode_header_unverified } from "./glue/jwt.js";
import { copierOf, ownText } from "./token-cache.js";
import type { Header } from "./types.js";

/** The headers that a verifier has returned, by the numbers that the core gives them in its answers. */
export class KnownHeaders {
  readonly #headers: { readonly segment: string; readonly copy: () => Header }[] = [];

  /** Keeps the header of a token, if the core does too. The text is kept as it was signed: `JSON.stringify` writes `-0` as `0`. */
  add(answer: number, token: string): void {
    const number = answer >> 16;
    if (number < 0 || number === UNNUMBERED) return;
    const segment = ownText(token.slice(0, token.indexOf(".") + 1));
    this.#headers[number] = { segment, copy: copierOf(decode_header_unverified(token)) };
  }

  /** A copy of the header of a token, which the core has checked. */
  get(answer: number, token: string): Header {
    const known = this.#headers[answer >> 16];
    // If an exception, such as a stack overflow, kept the header from being added, the number may stand for an older one.
    return known !== undefined && token.startsWith(known.segment)
      ? known.copy()
      : JSON.parse(decode_header_unverified(token));
  }
}

/** The number of a header that the core does not remember. */
const UNNUMBERED = 0x7fff;
