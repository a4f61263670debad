// Makes a panic trap at once, without the message that nobody would see.
//
// The panic handler of the standard library writes a message, which goes nowhere in WebAssembly, and then traps. Without the
// message, the optimizer can remove the code that writes it, and what every place that may panic gives to it. The compiler does
// this itself with `-Cpanic=immediate-abort`, which is not stable yet. docs/decisions/0033-order-of-functions.md has the figures.

import { Failure } from "../command.mjs";
import {
  dataOf,
  functionNamesOf,
  functionsOf,
  importsOf,
  number,
  replaceSection,
  SECTION,
  sectionOf,
} from "./binary.mjs";

// The functions of the standard library that never return, as their names are mangled: each path segment after its length.
const PANICS = new RegExp(
  [
    "4core9panicking(9panic_fmt|5panic|13panic_display|18panic_bounds_check|13assert_failed|19assert_failed_inner)",
    "4core9panicking11panic_const[0-9]+panic_const_",
    "4core6option(13unwrap_failed|13expect_failed)",
    "4core6result13unwrap_failed",
    "4core4cell(22panic_already_borrowed|30panic_already_mutably_borrowed)",
    "4core5slice5index16slice_index_fail",
    "4core5slice20copy_from_slice_impl17len_mismatch_fail",
    "4core3str16slice_error_fail",
    "3std6thread5local18panic_access_error",
    "3std9panicking15panic_with_hook",
    // What panics would print. No other message contains it.
    "5Debug3fmt$|core\\.\\.fmt\\.\\.Debug\\$GT\\$3fmt",
  ].join("|"),
);
// No locals, `unreachable`, `end`.
const TRAP = Buffer.from([0, 0x00, 0x0b]);

/** A copy of a module, with the names of its functions, in which panics trap at once. */
export function trapOnPanic(wasm) {
  const names = functionNamesOf(wasm);
  const imported = importsOf(wasm).filter(({ isFunction }) => isFunction).length;
  const found = [];
  const bodies = functionsOf(wasm).map((body, index) => {
    const name = names.get(imported + index) ?? "";
    if (!PANICS.test(name)) return body;
    found.push(name);
    return TRAP;
  });
  // All others lead here.
  if (!found.some((name) => name.includes("9panicking9panic_fmt")))
    throw new Failure("the module has no function that panics");
  const content = Buffer.concat([number(bodies.length), ...bodies.flatMap((body) => [number(body.length), body])]);
  return withoutLocations(replaceSection(wasm, sectionOf(wasm, SECTION.code), content));
}

// Every place that may panic has a `core::panic::Location`: the address and the length of its file's name, a line and a column,
// each of 32 bits. Only messages contain them. They are overwritten with zeros, which compress to nothing.
function withoutLocations(wasm) {
  const copy = Buffer.from(wasm);
  const data = dataOf(copy);
  const files = new Map();
  for (const { address, bytes } of data) {
    for (const { 0: file, index } of bytes
      .toString("latin1")
      .matchAll(/(?:\/rustc\/[0-9a-f]{40}|\/rust\/deps|registry|src)\/[\w./-]+?\.rs/g))
      files.set(address + index, { length: file.length, place: bytes.subarray(index, index + file.length) });
  }
  const used = new Set();
  for (const { address, bytes } of data) {
    for (let at = -address & 3; at + 16 <= bytes.length; at += 4) {
      const file = files.get(bytes.readUInt32LE(at));
      if (file === undefined || bytes.readUInt32LE(at + 4) !== file.length) continue;
      used.add(file);
      bytes.fill(0, at, at + 16);
    }
  }
  for (const { place } of used) place.fill(0);
  return copy;
}
