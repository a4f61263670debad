/** Reads scopes: words separated by single spaces (RFC 6749 §3.3; as a claim, RFC 8693 §4.2). */

import { invalid, type OptionReader } from "./options.js";

/** The characters of a scope word: printable ASCII without space, `"` and `\`. */
const WORD = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/** The words of a scope, each once, or `null` if the text is not a scope. */
export function parseScope(text: string): string[] | null {
  const words = text.split(" ");
  return words.every((word) => WORD.test(word)) ? [...new Set(words)] : null;
}

/** The words of these claims of a token. None of a claim that is absent or not a scope. */
export function scopesOf(claims: object, names: readonly string[]): readonly string[] {
  const words = names.flatMap((name) =>
    Object.hasOwn(claims, name) ? wordsOf((claims as Record<string, unknown>)[name]) : [],
  );
  return [...new Set(words)];
}

/**
 * A text is a scope. In a list, which Okta, Auth0 and Duende write, each element is one word. An element that is none gives
 * no scope, so that `"read write"` in a list never counts as two.
 */
function wordsOf(claim: unknown): readonly string[] {
  if (typeof claim === "string") return parseScope(claim) ?? [];
  return Array.isArray(claim) ? claim.filter((word) => typeof word === "string" && WORD.test(word)) : [];
}

/** Reads an option that is a scope: a text, or a list of texts. */
export const scopeOption: OptionReader<string[]> = (name, value) => {
  if (value === undefined) return [];
  const list: unknown[] = Array.isArray(value) ? value : [value];
  const words = list.map((text) => (typeof text === "string" ? parseScope(text) : null));
  if (words.includes(null)) throw invalid(`option "${name}" is not a scope`);
  return [...new Set(words.flat() as string[])];
};

/** Reads the names of the claims that hold scopes. */
export const scopeClaimOption: OptionReader<readonly string[]> = (name, value) => {
  if (value === undefined) return ["scope"];
  const names: unknown[] = Array.isArray(value) ? [...value] : [value];
  if (names.length > 0 && names.every((each) => typeof each === "string" && each !== "")) return names as string[];
  throw invalid(`option "${name}" is not the name of a claim, or a list of names`);
};
