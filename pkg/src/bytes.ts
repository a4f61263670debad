/** Text and bytes on their way to the core. */

import { CountersignError, type ErrorCode } from "./errors.js";

/** Bytes that are not shared with other threads. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** The UTF-8 of a text, or nothing if it has lone surrogates, which UTF-8 cannot carry. */
export function utf8(text: string): Bytes | undefined {
  return LONE_SURROGATE.test(text) ? undefined : new TextEncoder().encode(text);
}

const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * A copy of bytes that were given; of key material, to be wiped after use. By name and not by `instanceof`: they may come
 * from another realm, as under Jest. A copy, because the core must not learn its length from a subclass that says another.
 */
export function copyOfBytes(
  what: string,
  value: unknown,
  wanted = "a Uint8Array",
  code: ErrorCode = "KEY_INVALID",
): Bytes {
  if (ArrayBuffer.isView(value) && (value as { [Symbol.toStringTag]?: string })[Symbol.toStringTag] === "Uint8Array") {
    try {
      return new Uint8Array(value as Uint8Array);
    } catch {
      // Its buffer has been transferred away.
    }
  }
  throw new CountersignError(code, `${what} is not ${wanted}`);
}

/** Hands key material on as bytes, which are wiped afterwards. */
export function withBytes<T>(what: string, value: Uint8Array | string, use: (bytes: Bytes) => T): T {
  if (typeof value !== "string") return wiped(copyOfBytes(what, value, "a string or a Uint8Array"), use);
  const bytes = utf8(value);
  if (bytes === undefined) throw new CountersignError("KEY_INVALID", `${what} is not well-formed text`);
  return wiped(bytes, use);
}

/** Hands bytes on and wipes them afterwards. */
export function wiped<T>(bytes: Bytes, use: (bytes: Bytes) => T): T {
  try {
    return use(bytes);
  } finally {
    bytes.fill(0);
  }
}

/** Hands over the passphrase among some options, if there is one. */
export function withPassphrase<T>(options: unknown, use: (passphrase: Bytes | undefined) => T): T {
  const passphrase = passphraseOf(options);
  if (passphrase === undefined) return use(undefined);
  return wiped(passphraseBytes(passphrase), use);
}

function passphraseOf(options: unknown): unknown {
  try {
    return (options as { passphrase?: unknown } | null | undefined)?.passphrase;
  } catch {
    throw new CountersignError("OPTION_INVALID", "options cannot be read");
  }
}

function passphraseBytes(passphrase: unknown): Bytes {
  const bytes = typeof passphrase === "string" ? utf8(passphrase) : undefined;
  if (bytes !== undefined) return bytes;
  if (ArrayBuffer.isView(passphrase)) return copyOfBytes("passphrase", passphrase);
  throw new CountersignError("OPTION_INVALID", 'option "passphrase" is not well-formed text or a Uint8Array');
}

/** A name as it is; anything else, whatever its `toString` would make of it, names nothing. */
export function nameOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
