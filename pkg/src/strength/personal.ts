/** What is easily guessed for one user: NIST's context-specific words, "and derivatives thereof". */

import { BETWEEN_WORDS, bare, formsOf } from "./forms.js";

/**
 * The words that make up what is known of a user, in small letters: `Alice.Smith@example.com` is `alicesmithexamplecom`,
 * `alice.smith@example.com`, `alice`, `smith`, `example` and `com`.
 */
export function contextWords(userInputs: readonly string[]): string[] {
  const words = userInputs.flatMap((input) => {
    const texts = formsOf(input.slice(0, LOOKED_AT)).map((form) => form.toLowerCase());
    return texts.flatMap((text) => [text, bare(text), ...text.split(BETWEEN_WORDS)]);
  });
  return [...new Set(words)].filter((word) => LEAST_WORD <= word.length);
}

/**
 * Whether little is left of a password when the words of its user are taken out: `Alice-Smith-2026` of Alice Smith, also
 * where some are written backwards, or with digits and signs for letters. A password that merely has such a word in it is
 * not refused.
 */
export function isMostlyContext(password: string, words: readonly string[]): boolean {
  const text = password.toLowerCase();
  const forwards = words.map(bare).filter((word) => LEAST_WORD <= word.length);
  const backwards = forwards.filter(isLong).map((word) => [...word].reverse().join(""));
  const all = [...forwards, ...backwards];
  return isMostly(bare(text), all) || isMostly(bare(plain(text)), all.filter(isLong).map(plain));
}

/** Shorter ones are found in everything. */
const LEAST_WORD = 3;
/** Shorter ones are found backwards in everything, or with signs for letters. */
const LEAST_DISGUISED = 4;
const LOOKED_AT = 256;
/** The fewest characters that NIST lets any password have. */
const LEAST_BESIDE = 8;

function isMostly(text: string, words: string[]): boolean {
  let rest = text;
  // The longest first, or "ann" would take the heart out of "hannah". A blank in its place, so that what comes together by it
  // makes no word.
  for (const word of words.sort((left, right) => right.length - left.length)) rest = rest.replaceAll(word, " ");
  return rest !== text && [...rest.replaceAll(" ", "")].length < LEAST_BESIDE;
}

function isLong(word: string): boolean {
  return LEAST_DISGUISED <= word.length;
}

/** The letters that digits and signs stand for. As 1 is an i or an l, those are one; words are read the same way. */
function plain(text: string): string {
  return text
    .replace(/[l1!|]/g, "i")
    .replace(/[4@]/g, "a")
    .replace(/3/g, "e")
    .replace(/0/g, "o")
    .replace(/[5$]/g, "s")
    .replace(/[7+]/g, "t");
}
