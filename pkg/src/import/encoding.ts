/** The encodings of bytes in rows and stored hashes. */

/** How a column encodes bytes. `"text"`: the UTF-8 of the column's text. */
export type Encoding = "base64" | "hex" | "text";

/** The bytes of a text, or `undefined` if it is not in this encoding. */
export function decoded(text: string, encoding: Encoding): Uint8Array | undefined {
  if (encoding === "text") return new TextEncoder().encode(text);
  return encoding === "hex" ? ofHex(text) : ofBase64(text);
}

/** Base64 with padding, as in Firebase's keys. */
export function base64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

/** Base64 without padding, as in PHC strings. */
export function unpadded(bytes: Uint8Array): string {
  return base64(bytes).replaceAll("=", "");
}

/** The base64 of passlib: without padding, and with `.` for `+`. */
export function adapted(bytes: Uint8Array): string {
  return unpadded(bytes).replaceAll("+", ".");
}

function ofHex(text: string): Uint8Array | undefined {
  if (!/^([0-9a-f]{2})*$/i.test(text)) return undefined;
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** Accepts both alphabets, with or without padding, because exports of the same system differ. */
function ofBase64(text: string): Uint8Array | undefined {
  const standard = text.replaceAll("-", "+").replaceAll("_", "/");
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(standard)) return undefined;
  const digits = standard.replaceAll("=", "");
  // If there is padding, it must be right.
  if (digits.length % 4 === 1 || (standard.length !== digits.length && standard.length % 4 !== 0)) return undefined;
  return Uint8Array.from(atob(digits), (character) => character.charCodeAt(0));
}
