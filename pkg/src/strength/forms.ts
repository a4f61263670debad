/** The texts that one password may be: whoever hashes it brings it to NFC or NFKC, and guessers look behind blanks. */

/** Its NFC form, and its NFKC form where that is another: `ｐａｓｓ` is `pass` there. */
export function formsOf(text: string): string[] {
  return [...new Set([text.normalize("NFC"), text.normalize("NFKC")])];
}

/** What is to be hard to guess: its forms, and the letters of those that say the same again and again. */
export function guessesAt(forms: readonly string[]): string[] {
  return [...new Set([...forms, ...forms.map(bare).filter(repeatsItself)])];
}

/** Letters and digits alone. */
export function bare(text: string): string {
  return text.split(BETWEEN_WORDS).join("");
}

export const BETWEEN_WORDS = /[^\p{Letter}\p{Mark}\p{Number}]+/u;

function repeatsItself(text: string): boolean {
  return (text + text).indexOf(text, 1) < text.length;
}
