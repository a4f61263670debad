/** Converts text and bytes for calls into the core, and wipes copies of secrets. */

import { CountersignError, type ErrorCode } from "./errors.js";

/** Bytes that are not shared with other threads. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** The UTF-8 of a text, or `undefined` if it has lone surrogates, which UTF-8 cannot encode. */
export function utf8(text: string): Bytes | undefined {
  if (typeof TextEncoder === "undefined") throw runtimeLacks("TextEncoder");
  return LONE_SURROGATE.test(text) ? undefined : new TextEncoder().encode(text);
}

/** Whether a value is a text that UTF-8 can encode. */
export function isText(value: unknown): value is string {
  return typeof value === "string" && !LONE_SURROGATE.test(value);
}

// With the flag u, surrogates that form a pair do not match. Hermes has no property escapes, such as \p{Surrogate}.
const LONE_SURROGATE = /[\ud800-\udfff]/u;

/** The base64url of bytes, without padding (RFC 4648 §5). */
export function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");
}

/** The bytes of base64url. Bits of the last character that say nothing are ignored. */
export function fromBase64url(text: string): Bytes {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < binary.length; index += 1) bytes[index] = binary.charCodeAt(index);
  return bytes;
}

/** The error for a runtime without a global that every module needs. */
export function runtimeLacks(name: string, hint = ""): CountersignError {
  return new CountersignError("INTERNAL", `this runtime has no ${name}, which this package needs${hint}`);
}

/**
 * A copy of a `Uint8Array`. Wipe it after use if it holds a secret.
 *
 * The type is checked by name, because under Jest the value comes from another realm and `instanceof` fails. The copy
 * protects the core from subclasses that report a wrong length.
 */
export function copyOfBytes(
  what: string,
  value: unknown,
  expected = "a Uint8Array",
  code: ErrorCode = "KEY_INVALID",
): Bytes {
  try {
    const isUint8Array =
      ArrayBuffer.isView(value) && (value as { [Symbol.toStringTag]?: string })[Symbol.toStringTag] === "Uint8Array";
    if (isUint8Array) return new Uint8Array(value as Uint8Array);
  } catch {
    // Its buffer was transferred to another thread, or a property of it throws.
  }
  throw new CountersignError(code, `${what} is not ${expected}`);
}

/** Calls `use` with a secret as bytes, and wipes them afterwards. */
export function withBytes<T>(what: string, value: Uint8Array | string, use: (bytes: Bytes) => T): T {
  if (typeof value !== "string") return wipeAfter(copyOfBytes(what, value, "a string or a Uint8Array"), use);
  const bytes = utf8(value);
  if (bytes === undefined) throw new CountersignError("KEY_INVALID", `${what} is not well-formed text`);
  return wipeAfter(bytes, use);
}

/** Calls `use` with the bytes, and wipes them afterwards. */
export function wipeAfter<T>(bytes: Bytes, use: (bytes: Bytes) => T): T {
  try {
    return use(bytes);
  } finally {
    bytes.fill(0);
  }
}

/** Calls `use` with the option `passphrase` as bytes, or with `undefined`, and wipes the bytes afterwards. */
export function withPassphrase<T>(options: unknown, use: (passphrase: Bytes | undefined) => T): T {
  const passphrase = readPassphrase(options);
  if (passphrase === undefined) return use(undefined);
  return wipeAfter(passphraseBytes(passphrase), use);
}

function readPassphrase(options: unknown): unknown {
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

/** The value if it is a string. Anything else becomes the empty string, which the core refuses as an unknown name. */
export function stringOrEmpty(value: unknown): string {
  return typeof value === "string" ? value : "";
}
