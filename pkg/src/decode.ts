/**
 * `countersign/decode`: reads tokens **without checking anything**, for pages that show what a token says. It needs no
 * WebAssembly, and refuses the same tokens as the functions of `countersign` with the same names.
 */

import { MAX_TOKEN_LENGTH, readHeader, readToken } from "./decode/read.js";
import type { Claims, Header, Verified } from "./types.js";

export { CountersignError, type ErrorCode } from "./errors.js";
export type { Claims, Header, Verified } from "./types.js";

/** The most bytes of a token whose header alone is read. */
const MAX_DECODED_LENGTH = 65_536;

/**
 * Reads the header and claims of a token **without checking anything**. Use it to display or debug a token, never to decide
 * something.
 *
 * @typeParam C The claims that you expect beside the registered ones. Nothing checks that they are there.
 * @param token The compact token, at most 16384 bytes.
 * @returns The header and the claims. Anybody can have written them.
 * @throws {CountersignError} `TOKEN_TOO_LONG`, `TOKEN_MALFORMED`.
 * @example
 * ```ts
 * import { decodeUnverified } from "countersign/decode";
 *
 * const { claims } = decodeUnverified(token);
 * console.log(claims.sub, new Date((claims.exp ?? 0) * 1000));
 * ```
 */
export function decodeUnverified<C extends object = Claims>(token: string): Verified<C> {
  return readToken(token, MAX_TOKEN_LENGTH) as Verified<C>;
}

/**
 * Reads the header of any JWS or JWE in the compact serialization **without checking anything**. Nothing after the header is
 * read, and the header may be padded.
 *
 * @param token The compact token, at most 65536 bytes.
 * @returns The header. Anybody can have written it.
 * @throws {CountersignError} `TOKEN_TOO_LONG`, `TOKEN_MALFORMED`.
 * @example
 * ```ts
 * import { decodeHeaderUnverified } from "countersign/decode";
 *
 * const { kid } = decodeHeaderUnverified(token);
 * ```
 */
export function decodeHeaderUnverified(token: string): Header {
  return readHeader(token, MAX_DECODED_LENGTH);
}
