// The search for secrets in the memory of a module.

import assert from "node:assert/strict";

/**
 * The places of any part of `needle` in `memory`. A part is enough, because the allocator writes list pointers over the
 * start of freed memory, and eight bytes in a row give a secret away.
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
