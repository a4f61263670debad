/** Text and bytes on their way to the core. */

import { CountersignError } from "./errors.js";

/** Bytes that are not shared with other threads. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** The UTF-8 of a text, or nothing if it has lone surrogates, which UTF-8 cannot carry. */
export function utf8(text: string): Bytes | undefined {
  return LONE_SURROGATE.test(text) ? undefined : new TextEncoder().encode(text);
}

const LONE_SURROGATE = /\p{Surrogate}/u;

/** Checks key material given as bytes. By name and not by `instanceof`: it may come from another realm, as under Jest. */
export function expectBytes(what: string, value: unknown): Bytes {
  if (ArrayBuffer.isView(value) && (value as { [Symbol.toStringTag]?: string })[Symbol.toStringTag] === "Uint8Array") {
    return value as Bytes;
  }
  throw new CountersignError("KEY_INVALID", `${what} is not a Uint8Array`);
}
