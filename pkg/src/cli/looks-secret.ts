/** Tells names of files, claims and options from secrets that somebody gave instead of them, so that no message repeats one. */

/** Whether a text looks like the name of a file: it has an extension, begins as a path, or is a short word. */
export function looksLikeName(text: string): boolean {
  return (
    text.length <= 255 &&
    /^(?:[\w .:@~+\\/()-]*\.[A-Za-z]\w{0,11}|(?:~?|\.{1,2}|[A-Z]:)[\\/][\w .:@~+\\/()-]*|\.[\w-]{1,15}|[\w-]{1,15})$/i.test(
      text,
    ) &&
    !text.includes("://") &&
    !holdsRandom(text)
  );
}

/** Whether a text has a word that nobody would write: a part of a token, or random characters of base64 or hexadecimal. */
export function holdsRandom(text: string): boolean {
  return text.split(/[^A-Za-z0-9]+/).some(isRandom);
}

function isRandom(word: string): boolean {
  if (word.length < 8) return false;
  if (/^e[wy][A-Za-z0-9]{6}/.test(word) && /[A-Z]/.test(word)) return true;
  const isMixed = /[a-z]/.test(word) && /[A-Z]/.test(word) && /\d/.test(word);
  // Words without spaces between them, and a number at the end.
  if (isMixed) return !/^[a-z]*(?:[A-Z][a-z]+)*\d{0,4}$/.test(word);
  return 16 <= word.length && /\d/.test(word) && /[a-z]/i.test(word);
}
