/** Calls into the password module, which leave nothing behind: no secret on the stack, no memory beyond what is kept. */

import { CountersignError } from "./errors.js";
import { passwords } from "./load/instances.js";
import { leaveOutgrown, restartPasswords, takeOutgrown } from "./load/passwords.js";

/** The memory that is kept for the next call: enough for a hash at the default cost, too little for one of 32 MiB. */
const MEMORY_KEPT = 32 * 1024 * 1024;

/** The largest scratch memory of a hash that leaves an instance within that: the rest is the module's own, and its stack. */
const SCRATCH_KEPT = 30 * 1024 * 1024;

/** How many calls stand inside one another: a getter of the caller's policy may call again. */
let depth = 0;
let mustRestart = false;

/** Runs a call into the module and turns what it throws into a `CountersignError`. */
export function call<T>(into: () => T): T {
  passwords.ready();
  const { stackPointer } = passwords;
  depth += 1;
  try {
    return into();
  } catch (thrown) {
    mustRestart ||= !(thrown instanceof CountersignError);
    throw passwords.recover(thrown, stackPointer);
  } finally {
    depth -= 1;
    passwords.wipeStack();
    // The call outside still runs in the old instance.
    if (depth === 0) tidy();
  }
}

/** Runs a call that computes a hash. One that needs more memory than is kept runs in an instance that has it, if there is one. */
export function compute<T>(scratchBytes: () => number, into: () => T): T {
  const isLarge = SCRATCH_KEPT < call(scratchBytes);
  // Inside another call the instance cannot be replaced: this one grows.
  if (isLarge && depth === 0) takeOutgrown();
  return call(into);
}

function tidy(): void {
  if (passwords.loaded) {
    if (mustRestart) restartPasswords();
    else if (MEMORY_KEPT < passwords.memoryBytes) leaveOutgrown();
  }
  mustRestart = false;
}
