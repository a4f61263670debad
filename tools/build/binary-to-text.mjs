// Writes bytes as printable ASCII in a way that gzip and brotli compress as well as the bytes themselves. Base64 hides
// repetitions from them, because the same bytes look different at each of three offsets: a compressed page is 30% larger with it.
//
// Each of the most frequent bytes becomes one character, and each of the others two. `pkg/src/load/binary-to-text.ts` decodes
// them.

/**
 * Printable, and without the characters that have a meaning in strings and templates of JavaScript, in HTML or in XML. So the text
 * stays as it is in a minified bundle, and in a script inside a page. Without `{`, no template language finds a beginning in it.
 */
const CHARACTERS = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).filter(
  (character) => !"\"\\'`$<>&{".includes(character),
);

/** How many characters begin a pair. */
const FIRST = 3;

/** The text: the bytes in the order of their codes, each as two letters from a to p, and then the code of each byte. */
export function encodePrintable(bytes) {
  const counts = new Array(256).fill(0);
  for (const byte of bytes) counts[byte] += 1;
  const order = [...counts.keys()].sort((left, right) => counts[right] - counts[left] || left - right);
  const rest = CHARACTERS.slice(FIRST);
  const codes = new Map(
    order.map((byte, index) => {
      const row = Math.floor(index / rest.length);
      return [byte, (row === 0 ? "" : CHARACTERS[row - 1]) + rest[index % rest.length]];
    }),
  );
  const letters = order.map((byte) => letter(byte >> 4) + letter(byte & 15));
  return letters.join("") + Array.from(bytes, (byte) => codes.get(byte)).join("");
}

const letter = (value) => String.fromCharCode(97 + value);
