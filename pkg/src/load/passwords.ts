/** Brings the password module to life, once, and starts it over when its memory has grown. */

import { CountersignError } from "../errors.js";
import { __wbg_reset_state, initSync, set_error_class } from "../glue/password.js";
import type { Exports } from "../trap.js";
import { passwords } from "./instances.js";
import type { WasmSource } from "./source.js";

/** Instantiates the module and hands it the error class that Rust throws. Does nothing when that was done before. */
export function loadPasswords(module: WasmSource): void {
  if (passwords.loaded) return;
  attach(initSync({ module }));
}

/**
 * Replaces the instance by a fresh one of the same module, which gives back the memory of a large hash. Only between
 * two calls, and everything the old instance held is gone.
 */
export function restartPasswords(): void {
  __wbg_reset_state();
  // With an instance in place, `initSync` takes no module and answers with that instance's exports.
  attach(initSync(undefined as unknown as WasmSource));
}

function attach(exports: unknown): void {
  passwords.attach(exports as Exports);
  set_error_class(CountersignError);
}
