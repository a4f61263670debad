// The search for secrets in the memory of a module.

import assert from "node:assert/strict";

/**
 * Where any part of `needle` stands in `memory`. A part, because whoever frees memory writes list pointers over the
 * start of it: eight bytes in a row, from wherever, are enough to give a secret away.
 */
export function traces(memory, needle) {
  const bytes = Buffer.from(memory.buffer);
  const found = [];
  for (let start = 0; start + 8 <= needle.length; start += 4) {
    const at = bytes.indexOf(needle.subarray(start, start + 8));
    if (at !== -1) found.push(`bytes ${start} to ${start + 8} at ${at}`);
  }
  return found;
}

export function assertGone(memory, forms) {
  for (const [form, needle] of Object.entries(forms)) assert.deepEqual(traces(memory, Buffer.from(needle)), [], form);
}
