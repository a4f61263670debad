/** The normalized forms of a password, and the words that are easy to guess for one user. */

/** The NFC form, and the NFKC form if it differs, such as `pass` for `ｐａｓｓ`. A hasher may use either. */
export function formsOf(text: string): string[] {
  return [...new Set([text.normalize("NFC"), text.normalize("NFKC")])];
}

/** The texts that must be hard to guess: all forms, and the letters and digits of a form that repeats one piece. */
export function guessTargets(forms: readonly string[]): string[] {
  return [...new Set([...forms, ...forms.map(lettersAndDigits).filter(repeatsItself)])];
}

function lettersAndDigits(text: string): string {
  return text.split(BETWEEN_WORDS).join("");
}

const BETWEEN_WORDS = /[^\p{Letter}\p{Mark}\p{Number}]+/u;

function repeatsItself(text: string): boolean {
  return (text + text).indexOf(text, 1) < text.length;
}

/**
 * The words in what is known about a user, in lower case. `Alice.Smith@example.com` gives `alice.smith@example.com`,
 * `alicesmithexamplecom`, `alice`, `smith`, `example` and `com`. NIST calls these context-specific words "and derivatives
 * thereof".
 */
export function contextWords(userInputs: readonly string[]): string[] {
  const words = userInputs.flatMap((input) => {
    const texts = formsOf(input.slice(0, INPUT_LENGTH)).map((form) => form.toLowerCase());
    return texts.flatMap((text) => [text, lettersAndDigits(text), ...text.split(BETWEEN_WORDS)]);
  });
  return [...new Set(words)].filter((word) => SHORTEST_WORD <= word.length);
}

/**
 * Whether little remains of a password without the user's words, such as `Alice-Smith-2026` of Alice Smith. Words also count
 * backwards, and with digits or signs instead of letters. A password that merely contains such a word is not refused.
 */
export function isMostlyContext(password: string, words: readonly string[]): boolean {
  const text = password.toLowerCase();
  const forwards = words.map(lettersAndDigits).filter((word) => SHORTEST_WORD <= word.length);
  const backwards = forwards.filter(isLong).map((word) => [...word].reverse().join(""));
  const all = [...forwards, ...backwards];
  return (
    isMostly(lettersAndDigits(text), all) ||
    isMostly(lettersAndDigits(withoutDisguise(text)), all.filter(isLong).map(withoutDisguise))
  );
}

/** Shorter words occur in any text. */
const SHORTEST_WORD = 3;
/** Shorter words occur in any text backwards, or with signs for letters. */
const SHORTEST_DISGUISED_WORD = 4;
const INPUT_LENGTH = 256;
/** The shortest password that NIST allows. */
const LEAST_REST = 8;

function isMostly(text: string, words: string[]): boolean {
  let rest = text;
  // The longest first: "ann" would break up "hannah". A blank replaces a word, so that its neighbors do not form a new one.
  for (const word of words.sort((left, right) => right.length - left.length)) rest = rest.replaceAll(word, " ");
  return rest !== text && [...rest.replaceAll(" ", "")].length < LEAST_REST;
}

function isLong(word: string): boolean {
  return SHORTEST_DISGUISED_WORD <= word.length;
}

/** Replaces digits and signs by the letters that they stand for. 1 may be an i or an l, so both become i, also in words. */
function withoutDisguise(text: string): string {
  return text
    .replace(/[l1!|]/g, "i")
    .replace(/[4@]/g, "a")
    .replace(/3/g, "e")
    .replace(/0/g, "o")
    .replace(/[5$]/g, "s")
    .replace(/[7+]/g, "t");
}
