/** What all handles to objects in a wasm module share: how they are freed, and the error for using them afterwards. */

import { CountersignError } from "./errors.js";
import { type Instance, tokens } from "./load/instances.js";

/** `Symbol.dispose`. Older browsers have none; with this substitute, classes with a dispose method still load there. */
export const dispose: typeof Symbol.dispose = Symbol.dispose ?? Symbol.for("Symbol.dispose");

/** @internal Frees a handle, and wipes what that leaves on the stack. */
export function release(handle: { free(): void } | undefined, instance: Instance = tokens): void {
  const { stackPointer } = instance;
  try {
    handle?.free();
  } catch (thrown) {
    // If a method of the handle has trapped, wasm-bindgen keeps it borrowed: it can never be freed.
    instance.recover(thrown, stackPointer);
  } finally {
    instance.wipeStack();
  }
}

/** Throws the error for the use of a handle after `free()`. */
export function throwFreed(what: string): never {
  throw new CountersignError("KEY_INVALID", `${what} has been freed`);
}
