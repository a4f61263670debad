/** What every handle to something in a module has in common: how it is let go of, and what is said afterwards. */

import { CountersignError } from "./errors.js";
import { tokens } from "./load/instances.js";
import type { Instance } from "./trap.js";

// Older browsers have no `Symbol.dispose`; there, the method is of no use and does no harm.
export const dispose: typeof Symbol.dispose = Symbol.dispose ?? Symbol.for("Symbol.dispose");

/** @internal Frees what a handle holds, and wipes what that leaves on the stack. */
export function release(raw: { free(): void } | undefined, instance: Instance = tokens): void {
  const { stackPointer } = instance;
  try {
    raw?.free();
  } catch (thrown) {
    // A handle in whose method the core trapped stays borrowed: it cannot be freed, and is lost with the instance.
    instance.recover(thrown, stackPointer);
  } finally {
    instance.wipeStack();
  }
}

/** @internal Says that a handle was freed. */
export function freed(what: string): never {
  throw new CountersignError("KEY_INVALID", `${what} has been freed`);
}
