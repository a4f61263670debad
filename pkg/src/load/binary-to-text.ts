/** Decodes a module that `tools/build/binary-to-text.mjs` has written as text, which compresses better than base64. */

import { compileSync } from "./source.js";

/** The codes of the characters that begin a pair. Those of all others are larger. */
const FIRST = [32, 33, 35];

/** The codes of the larger characters that no text contains: `$`, `&`, `'`, `<`, `>`, `\`, a backtick and `{`. */
const LEFT_OUT = [36, 38, 39, 60, 62, 92, 96, 123];

/** The length of the table at the start of a text: the bytes in the order of their codes, each as two letters from a to p. */
const TABLE = 512;

/**
 * Where the text is put in the memory of the decoder, and the bytes over it. Below are the rows of the table: at 0 the bytes by their
 * character, and at 256 times a first character those by the second character.
 */
const TEXT = 16_384;

/** The size of a page of WebAssembly's memory. */
const PAGE = 65_536;

/**
 * A module that decodes as fast at its first call as later. JavaScript would be interpreted for the first milliseconds, and a module
 * is decoded once.
 *
 * ```wat
 * (module
 *   (memory (export "memory") 1)
 *   (func (export "decode") (param $in i32) (param $end i32) (param $out i32) (result i32)
 *     (local $char i32) (local $row i32)
 *     (loop $next
 *       (i32.store8 (local.get $out)
 *         (i32.load8_u (i32.add (local.get $row) (local.tee $char (i32.load8_u (local.get $in))))))
 *       ;; The next byte overwrites what a first character has stored.
 *       (local.set $out (i32.add (local.get $out) (i32.ge_u (local.get $char) (i32.const 36))))
 *       (local.set $row (i32.shl (i32.mul (local.get $char) (i32.lt_u (local.get $char) (i32.const 36))) (i32.const 8)))
 *       (br_if $next (i32.lt_u (local.tee $in (i32.add (local.get $in) (i32.const 1))) (local.get $end))))
 *     (local.get $out)))
 * ```
 */
const DECODER = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 8, 1, 96, 3, 127, 127, 127, 1, 127, 3, 2, 1, 0, 5, 3, 1, 0, 1, 7, 19, 2, 6, 109, 101,
  109, 111, 114, 121, 2, 0, 6, 100, 101, 99, 111, 100, 101, 0, 0, 10, 64, 1, 62, 1, 2, 127, 3, 64, 32, 2, 32, 4, 32, 0,
  45, 0, 0, 34, 3, 106, 45, 0, 0, 58, 0, 0, 32, 2, 32, 3, 65, 36, 79, 106, 33, 2, 32, 3, 32, 3, 65, 36, 73, 108, 65, 8,
  116, 33, 4, 32, 0, 65, 1, 106, 34, 0, 32, 1, 73, 13, 0, 11, 32, 2, 11,
];

interface Decoder {
  readonly memory: WebAssembly.Memory;
  decode(start: number, end: number, out: number): number;
}

/**
 * Decodes a text. If the text was changed, the bytes are not those of a module, or are another module.
 *
 * @throws {CountersignError} `INTERNAL`: the runtime lacks what the module needs, or does not allow compiling.
 * @throws {RangeError} Not enough memory. Loaders turn it into `OUT_OF_MEMORY`.
 */
export function decodePrintable(text: string): Uint8Array<ArrayBuffer> {
  // First, because it says what a runtime without WebAssembly lacks.
  const module = compileSync(new Uint8Array(DECODER));
  const decoder = new WebAssembly.Instance(module).exports as unknown as Decoder;
  decoder.memory.grow(Math.ceil((TEXT + text.length) / PAGE) - 1);
  const bytes = new Uint8Array(decoder.memory.buffer);
  let at = 0;
  for (const row of [0, ...FIRST]) {
    for (let code = 36; code < 127 && at < TABLE; code += 1) {
      if (LEFT_OUT.includes(code)) continue;
      bytes[256 * row + code] = 16 * (text.charCodeAt(at) - 97) + text.charCodeAt(at + 1) - 97;
      at += 2;
    }
  }
  const { written } = new TextEncoder().encodeInto(text, bytes.subarray(TEXT));
  const end = decoder.decode(TEXT + TABLE, TEXT + written, TEXT);
  return bytes.subarray(TEXT, end);
}
