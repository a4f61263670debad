/** Scopes as OAuth writes them: words separated by one space (RFC 6749 §3.3; as a claim, RFC 8693 §4.2). */

import { CountersignError } from "../errors.js";

/** The characters a scope word may have: printable ASCII without space, `"` and `\`. */
const WORD = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/** The words of a scope text, each once, or `null` if it is not one. The empty text has none. */
export function readScope(text: string): string[] | null {
  if (text === "") return [];
  const words = text.split(" ");
  return words.every((word) => WORD.test(word)) ? [...new Set(words)] : null;
}

/** The words of a token's `scope` claim; a token without one, or with something else in it, has none. */
export function scopesOf(claims: object): readonly string[] {
  const claim: unknown = Object.hasOwn(claims, "scope") ? (claims as { scope: unknown }).scope : undefined;
  return typeof claim === "string" ? (readScope(claim) ?? []) : [];
}

/**
 * The words of a scope that the application wrote, as text or as a list.
 *
 * @throws {@link CountersignError} `OPTION_INVALID` if it is neither.
 */
export function scopeOption(name: string, value: unknown): string[] {
  if (value === undefined) return [];
  const list: unknown[] = Array.isArray(value) ? value : [value];
  const words = list.map((text) => (typeof text === "string" && text !== "" ? readScope(text) : null));
  if (words.includes(null)) throw new CountersignError("OPTION_INVALID", `option "${name}" is not a scope`);
  return [...new Set(words.flat() as string[])];
}
