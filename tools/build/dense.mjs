// Writes bytes as printable ASCII in a way that gzip and brotli compress as well as the bytes themselves. Base64 hides
// repetitions from them, because the same bytes look different at each of three offsets: a compressed page is 30% larger with it.
//
// Each of the most frequent bytes becomes one character, and each of the others two. `pkg/src/load/dense.ts` decodes it.

import { Failure } from "../command.mjs";

/** Printable, and neither a quote, a backslash, a dollar sign nor `<`: no bundler escapes them, and no page ends a script there. */
const CHARACTERS = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).filter(
  (character) => !"\"\\'`$<".includes(character),
);

/** The first characters of pairs. */
const FIRST = 2;

/** The text: the bytes in the order of their codes, in hexadecimal, and then the code of each byte. */
export function encodeDense(bytes) {
  const counts = new Array(256).fill(0);
  for (const byte of bytes) counts[byte] += 1;
  const order = [...counts.keys()].sort((left, right) => counts[right] - counts[left] || left - right);
  const rest = CHARACTERS.slice(FIRST);
  const codes = new Map(
    order.map((byte, index) => {
      const round = Math.floor(index / rest.length);
      return [byte, (round === 0 ? "" : CHARACTERS[round - 1]) + rest[index % rest.length]];
    }),
  );
  if ((FIRST + 1) * rest.length < 256) throw new Failure("there are too few characters");
  return Buffer.from(order).toString("hex") + Array.from(bytes, (byte) => codes.get(byte)).join("");
}
