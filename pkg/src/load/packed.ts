/** Decompresses a module that `tools/build/packed.mjs` has compressed more than gzip does. */

import { compileSync } from "./source.js";

/** How many likelihoods are learned, each of 16 bits, and one more, which is not. They are at the start of the memory. */
const LIKELIHOODS = 7809;

/** An even one, of 4096. */
const EVEN = 2048;

/** Where the text is put in the memory of the decoder, after the likelihoods. */
const INPUT = 16_384;

/** What the text begins with: the length of the module in three bytes, and the first four bytes of the range coder. */
const START = 7;

/** The size of a page of WebAssembly's memory, and more than the last copy may write after the end. */
const PAGE = 65_536;
const LONGEST = 512;

/**
 * A module that decodes as fast at its first call as later: that of `countersign/verify` takes 4 ms.
 *
 * ```wat
 * (module
 *   (memory (export "memory") 1)
 *   (global $range (mut i32) (i32.const -1))
 *   (global $code (mut i32) (i32.const 0))
 *   (global $next (mut i32) (i32.const 0))
 *   (func $bit (param $place i32) (result i32)
 *     (local $likelihood i32) (local $bound i32) (local $answer i32)
 *     (local.set $bound (i32.mul (i32.shr_u (global.get $range) (i32.const 12))
 *       (local.tee $likelihood (i32.load16_u (local.tee $place (i32.shl (local.get $place) (i32.const 1)))))))
 *     (if (i32.lt_u (global.get $code) (local.get $bound))
 *       (then
 *         (global.set $range (local.get $bound))
 *         (local.set $likelihood (i32.add (local.get $likelihood)
 *           (i32.shr_u (i32.sub (i32.const 4096) (local.get $likelihood)) (i32.const 4)))))
 *       (else
 *         (global.set $range (i32.sub (global.get $range) (local.get $bound)))
 *         (global.set $code (i32.sub (global.get $code) (local.get $bound)))
 *         (local.set $answer (i32.const 1))
 *         (local.set $likelihood (i32.sub (local.get $likelihood) (i32.shr_u (local.get $likelihood) (i32.const 4))))))
 *     (i32.store16 (local.get $place) (local.get $likelihood))
 *     (loop $more
 *       (if (i32.lt_u (global.get $range) (i32.const 0x1000000))
 *         (then
 *           (global.set $range (i32.shl (global.get $range) (i32.const 8)))
 *           (global.set $code (i32.or (i32.shl (global.get $code) (i32.const 8)) (i32.load8_u (global.get $next))))
 *           (global.set $next (i32.add (global.get $next) (i32.const 1)))
 *           (br $more))))
 *     (local.get $answer))
 *   (func $number (param $base i32) (result i32)
 *     (local $size i32) (local $found i32)
 *     (local.set $size (i32.const 1))
 *     (loop $longer
 *       (br_if $longer (i32.lt_u (local.tee $size (i32.add (i32.shl (local.get $size) (i32.const 1))
 *         (call $bit (i32.add (local.get $base) (local.get $size))))) (i32.const 32))))
 *     (local.set $size (i32.sub (local.get $size) (i32.const 32)))
 *     (local.set $base (i32.add (i32.add (local.get $base) (i32.const 32)) (i32.shl (local.get $size) (i32.const 3))))
 *     (local.set $found (i32.const 1))
 *     (block $done
 *       (loop $next
 *         (br_if $done (i32.eqz (local.get $size)))
 *         (local.set $size (i32.sub (local.get $size) (i32.const 1)))
 *         ;; As likely as not, whatever was there before.
 *         (i32.store16 (i32.const 15616) (i32.const 2048))
 *         (local.set $found (i32.add (i32.shl (local.get $found) (i32.const 1)) (call $bit
 *           (select (i32.add (local.get $base) (local.get $found)) (i32.const 7808) (i32.lt_u (local.get $found) (i32.const 8))))))
 *         (br $next)))
 *     (local.get $found))
 *   (func (export "unpack") (param $code i32) (param $in i32) (param $at i32) (param $end i32)
 *     (local $state i32) (local $distance i32) (local $base i32) (local $node i32) (local $other i32) (local $mask i32) (local $length i32)
 *     (global.set $code (local.get $code))
 *     (global.set $next (local.get $in))
 *     (local.set $distance (i32.const 1))
 *     (loop $step
 *       (if (call $bit (local.get $state))
 *         (then
 *           (local.set $length (call $number (i32.add (i32.const 16)
 *             (i32.shl (local.tee $node (call $bit (i32.add (i32.const 8) (local.get $state)))) (i32.const 8)))))
 *           (if (i32.eqz (local.get $node))
 *             (then (local.set $distance (call $number (i32.add (i32.const 528) (i32.mul (i32.const 284)
 *               (select (i32.sub (local.get $length) (i32.const 2)) (i32.const 3) (i32.lt_u (local.get $length) (i32.const 5)))))))))
 *           (loop $copy
 *             (i32.store8 (local.get $at) (i32.load8_u (i32.sub (local.get $at) (local.get $distance))))
 *             (local.set $at (i32.add (local.get $at) (i32.const 1)))
 *             (br_if $copy (local.tee $length (i32.sub (local.get $length) (i32.const 1)))))
 *           (local.set $state (i32.or (i32.shl (local.get $state) (i32.const 1)) (i32.const 1))))
 *         (else
 *           (local.set $base (i32.add (i32.const 1664) (i32.mul (i32.const 768)
 *             (i32.shr_u (i32.load8_u (i32.sub (local.get $at) (i32.const 1))) (i32.const 5)))))
 *           ;; After a copy, the byte is compared with the one that would have continued it, bit by bit while they agree.
 *           (local.set $mask (i32.shl (i32.and (local.get $state) (i32.const 1)) (i32.const 8)))
 *           (local.set $other (i32.load8_u (i32.sub (local.get $at) (local.get $distance))))
 *           (local.set $node (i32.const 1))
 *           (loop $bits
 *             (local.set $length (i32.and (local.tee $other (i32.shl (local.get $other) (i32.const 1))) (local.get $mask)))
 *             (local.set $node (i32.add (i32.shl (local.get $node) (i32.const 1)) (call $bit
 *               (i32.add (i32.add (local.get $base) (local.get $mask)) (i32.add (local.get $length) (local.get $node))))))
 *             (local.set $mask (i32.and (local.get $mask) (i32.xor (local.get $length) (i32.sub (i32.and (local.get $node) (i32.const 1)) (i32.const 1)))))
 *             (br_if $bits (i32.lt_u (local.get $node) (i32.const 256))))
 *           (i32.store8 (local.get $at) (local.get $node))
 *           (local.set $at (i32.add (local.get $at) (i32.const 1)))
 *           (local.set $state (i32.shl (local.get $state) (i32.const 1)))))
 *       (local.set $state (i32.and (local.get $state) (i32.const 7)))
 *       (br_if $step (i32.lt_u (local.get $at) (local.get $end))))))
 * ```
 */
// biome-ignore format: these are not numbers to read.
const DECODER = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 13, 2, 96, 1, 127, 1, 127, 96, 4, 127, 127, 127, 127, 0, 3, 4, 3, 0, 0, 1, 5, 3, 1, 0,
  1, 6, 16, 3, 127, 1, 65, 127, 11, 127, 1, 65, 0, 11, 127, 1, 65, 0, 11, 7, 19, 2, 6, 109, 101, 109, 111, 114, 121, 2,
  0, 6, 117, 110, 112, 97, 99, 107, 0, 2, 10, 252, 3, 3, 131, 1, 1, 3, 127, 35, 0, 65, 12, 118, 32, 0, 65, 1, 116, 34, 0,
  47, 1, 0, 34, 1, 108, 33, 2, 35, 1, 32, 2, 73, 4, 64, 32, 2, 36, 0, 32, 1, 65, 128, 32, 32, 1, 107, 65, 4, 118, 106,
  33, 1, 5, 35, 0, 32, 2, 107, 36, 0, 35, 1, 32, 2, 107, 36, 1, 65, 1, 33, 3, 32, 1, 32, 1, 65, 4, 118, 107, 33, 1, 11,
  32, 0, 32, 1, 59, 1, 0, 3, 64, 35, 0, 65, 128, 128, 128, 8, 73, 4, 64, 35, 0, 65, 8, 116, 36, 0, 35, 1, 65, 8, 116, 35,
  2, 45, 0, 0, 114, 36, 1, 35, 2, 65, 1, 106, 36, 2, 12, 1, 11, 11, 32, 3, 11, 112, 1, 2, 127, 65, 1, 33, 1, 3, 64, 32,
  1, 65, 1, 116, 32, 0, 32, 1, 106, 16, 0, 106, 34, 1, 65, 32, 73, 13, 0, 11, 32, 1, 65, 32, 107, 33, 1, 32, 0, 65, 32,
  106, 32, 1, 65, 3, 116, 106, 33, 0, 65, 1, 33, 2, 2, 64, 3, 64, 32, 1, 69, 13, 1, 32, 1, 65, 1, 107, 33, 1, 65, 128,
  250, 0, 65, 128, 16, 59, 1, 0, 32, 2, 65, 1, 116, 32, 0, 32, 2, 106, 65, 128, 61, 32, 2, 65, 8, 73, 27, 16, 0, 106, 33,
  2, 12, 0, 11, 0, 11, 32, 2, 11, 131, 2, 1, 7, 127, 32, 0, 36, 1, 32, 1, 36, 2, 65, 1, 33, 5, 3, 64, 32, 4, 16, 0, 4,
  64, 65, 16, 65, 8, 32, 4, 106, 16, 0, 34, 7, 65, 8, 116, 106, 16, 1, 33, 10, 32, 7, 69, 4, 64, 65, 144, 4, 65, 156, 2,
  32, 10, 65, 2, 107, 65, 3, 32, 10, 65, 5, 73, 27, 108, 106, 16, 1, 33, 5, 11, 3, 64, 32, 2, 32, 2, 32, 5, 107, 45, 0,
  0, 58, 0, 0, 32, 2, 65, 1, 106, 33, 2, 32, 10, 65, 1, 107, 34, 10, 13, 0, 11, 32, 4, 65, 1, 116, 65, 1, 114, 33, 4, 5,
  65, 128, 13, 65, 128, 6, 32, 2, 65, 1, 107, 45, 0, 0, 65, 5, 118, 108, 106, 33, 6, 32, 4, 65, 1, 113, 65, 8, 116, 33,
  9, 32, 2, 32, 5, 107, 45, 0, 0, 33, 8, 65, 1, 33, 7, 3, 64, 32, 8, 65, 1, 116, 34, 8, 32, 9, 113, 33, 10, 32, 7, 65, 1,
  116, 32, 6, 32, 9, 106, 32, 10, 32, 7, 106, 106, 16, 0, 106, 33, 7, 32, 9, 32, 10, 32, 7, 65, 1, 113, 65, 1, 107, 115,
  113, 33, 9, 32, 7, 65, 128, 2, 73, 13, 0, 11, 32, 2, 32, 7, 58, 0, 0, 32, 2, 65, 1, 106, 33, 2, 32, 4, 65, 1, 116, 33,
  4, 11, 32, 4, 65, 7, 113, 33, 4, 32, 2, 32, 3, 73, 13, 0, 11, 11,
];

interface Decoder {
  readonly memory: WebAssembly.Memory;
  unpack(code: number, input: number, start: number, end: number): void;
}

/**
 * Decodes a text. If the text was changed, the bytes are not those of a module, or are another module.
 *
 * @throws {CountersignError} `INTERNAL`: the runtime lacks what the module needs, or does not allow compiling.
 * @throws {RangeError} Not enough memory. Loaders turn it into `OUT_OF_MEMORY`.
 */
export function decodePacked(text: string): Uint8Array<ArrayBuffer> {
  // First, because it says what a runtime without WebAssembly lacks.
  const module = compileSync(new Uint8Array(DECODER));
  const decoder = new WebAssembly.Instance(module).exports as unknown as Decoder;
  const packed = atob(text);
  const byte = (at: number) => packed.charCodeAt(at);
  const length = (byte(0) << 16) | (byte(1) << 8) | byte(2);
  // The byte before the module is 0.
  const start = INPUT + packed.length + 1;
  decoder.memory.grow(Math.ceil((start + length + LONGEST) / PAGE) - 1);
  new Uint16Array(decoder.memory.buffer, 0, LIKELIHOODS).fill(EVEN);
  const bytes = new Uint8Array(decoder.memory.buffer);
  for (let at = 0; at < packed.length; at += 1) bytes[INPUT + at] = byte(at);
  const code = (byte(3) << 24) | (byte(4) << 16) | (byte(5) << 8) | byte(6);
  decoder.unpack(code, INPUT + START, start, start + length);
  return bytes.subarray(start, start + length);
}
