/** Decodes a module that `tools/build/dense.mjs` has written as text, which compresses better than base64. */

import { expectPlatform } from "./source.js";

/** The codes of the characters that no text contains: `"`, `$`, `'`, `<`, `\` and a backtick. */
const LEFT_OUT = [34, 36, 39, 60, 92, 96];

/** The length of the table, in hexadecimal. */
const TABLE = 512;

/**
 * Decodes a text.
 *
 * @throws {CountersignError} `INTERNAL`: the runtime lacks what the module needs.
 */
export function decodeDense(text: string): Uint8Array<ArrayBuffer> {
  expectPlatform();
  const characters = Array.from({ length: 95 }, (_, index) => 32 + index).filter((code) => !LEFT_OUT.includes(code));
  const [first, second, ...single] = characters as [number, number, ...number[]];
  const places = new Uint8Array(127);
  for (const [place, code] of single.entries()) places[code] = place;
  const table = Uint8Array.from({ length: 256 }, (_, at) => Number.parseInt(text.slice(2 * at, 2 * at + 2), 16));
  const bytes = new Uint8Array(text.length - TABLE);
  let length = 0;
  let round = 0;
  for (let at = TABLE; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === first) round = 1;
    else if (code === second) round = 2;
    else {
      bytes[length] = table[round * single.length + (places[code] as number)] as number;
      length += 1;
      round = 0;
    }
  }
  return bytes.slice(0, length);
}
