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
    "5Debug(EL_B\\w*?_)?3fmt([BC]\\w*)?(\\.\\d+)?$|core\\.\\.fmt\\.\\.Debug\\$GT\\$3fmt",
    "4cellNtB\\w*?_\\d+Borrow(Mut)?ErrorNtNtB\\w*?_3fmt7Display3fmt$",
  ].join("|"),
);
// What panics of the standard library would say. Nothing else says it, and the functions that would are gone.
const MESSAGES = [
  "called `Option::unwrap()` on a `None` value",
  "called `Result::unwrap()` on an `Err` value",
  "attempt to divide by zero",
  "attempt to calculate the remainder with a divisor of zero",
  "attempt to join into collection with len > usize::MAX",
  "RefCell already mutably borrowed",
  "RefCell already borrowed",
  "closure invoked recursively or after being dropped",
  "cannot access a Thread Local Storage value during or after destruction: ",
  "one-time initialization may not be performed recursively",
  "internal error: entered unreachable code: invalid Once state",
  "a Display implementation returned an error unexpectedly",
  "a formatting trait implementation returned an error when the underlying stream did not",
  "index out of bounds: the len is ",
  " but the index is ",
  "range start index ",
  "range end index ",
  " out of range for slice of length ",
  "copy_from_slice: source slice length (",
  ") does not match destination slice length (",
  "insertion index (is ",
  ") should be <= len (is ",
  "assertion failed: edge.height == self.height - 1",
  "assertion failed: edge.height == self.node.height - 1",
  "assertion failed: idx < CAPACITY",
  "assertion failed: psize >= size + min_overhead",
  "assertion failed: psize <= size + max_overhead",
  "assertion failed: src.len() == dst.len()",
  "Tried to shrink to a larger capacity",
  "capacity overflow",
  "mid > len",
];
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
  return withoutMessages(withoutLocations(replaceSection(wasm, sectionOf(wasm, SECTION.code), content)));
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

function withoutMessages(wasm) {
  for (const { bytes } of dataOf(wasm)) {
    for (const message of MESSAGES) {
      for (let at = bytes.indexOf(message); at >= 0; at = bytes.indexOf(message, at))
        bytes.fill(0, at, at + message.length);
    }
  }
  return wasm;
}
