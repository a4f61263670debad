/** Reads scopes: words separated by single spaces (RFC 6749 §3.3; as a claim, RFC 8693 §4.2). */

import { invalid, type OptionReader } from "../options.js";

/** The characters of a scope word: printable ASCII without space, `"` and `\`. */
const WORD = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/** The words of a scope, each once, or `null` if the text is not a scope. The empty text has no words. */
export function parseScope(text: string): string[] | null {
  if (text === "") return [];
  const words = text.split(" ");
  return words.every((word) => WORD.test(word)) ? [...new Set(words)] : null;
}

/** The words of a token's `scope` claim. None if there is no such claim or it is not a scope. */
export function scopesOf(claims: object): readonly string[] {
  const claim: unknown = Object.hasOwn(claims, "scope") ? (claims as { scope: unknown }).scope : undefined;
  return typeof claim === "string" ? (parseScope(claim) ?? []) : [];
}

/** Reads an option that is a scope: a text, or a list of texts. */
export const scopeOption: OptionReader<string[]> = (name, value) => {
  if (value === undefined) return [];
  const list: unknown[] = Array.isArray(value) ? value : [value];
  const words = list.map((text) => (typeof text === "string" && text !== "" ? parseScope(text) : null));
  if (words.includes(null)) throw invalid(`option "${name}" is not a scope`);
  return [...new Set(words.flat() as string[])];
};
