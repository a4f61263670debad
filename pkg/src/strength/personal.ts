/** What is easily guessed for one user: NIST's context-specific words, "and derivatives thereof". */

/**
 * The words that make up what is known of a user, in small letters: `Alice.Smith@example.com` is `alicesmithexamplecom`,
 * `alice.smith@example.com`, `alice`, `smith`, `example` and `com`.
 */
export function contextWords(userInputs: readonly string[]): string[] {
  const words = userInputs.flatMap((input) => {
    const text = input.slice(0, LOOKED_AT).normalize("NFC").toLowerCase();
    return [text, bare(text), ...text.split(BETWEEN_WORDS)];
  });
  return [...new Set(words)].filter((word) => LEAST_WORD <= word.length);
}

/**
 * Whether little is left of a password when the words of its user are taken out: `Alice-Smith-2026` of Alice Smith. A
 * password that merely has such a word in it is not refused.
 */
export function isMostlyContext(password: string, words: readonly string[]): boolean {
  const text = bare(password.toLowerCase());
  let rest = text;
  // The longest first, or "ann" would take the heart out of "hannah".
  const bareWords = words.map(bare).filter((word) => LEAST_WORD <= word.length);
  // A blank in its place, so that what comes together by it makes no word.
  for (const word of bareWords.sort((left, right) => right.length - left.length)) rest = rest.replaceAll(word, " ");
  return rest !== text && [...rest.replaceAll(" ", "")].length < LEAST_BESIDE;
}

/** Shorter ones are found in everything. */
const LEAST_WORD = 3;
const LOOKED_AT = 256;
/** The fewest characters that NIST lets any password have. */
const LEAST_BESIDE = 8;
const BETWEEN_WORDS = /[^\p{Letter}\p{Mark}\p{Number}]+/u;

/** Letters and digits alone. */
function bare(text: string): string {
  return text.split(BETWEEN_WORDS).join("");
}
