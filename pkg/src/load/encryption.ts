/** Loads the encryption module. */

import { initSync, set_error_class } from "../glue/jwe.js";
import { ModuleError } from "../option-hints.js";
import { type Exports, encryption } from "./instances.js";
import type { WasmSource } from "./source.js";

/** Instantiates the module and gives it the error class. Does nothing when called again. */
export function loadEncryption(module: WasmSource): void {
  // As in `loadTokens`, the glue may have been reloaded.
  const exports = initSync({ module }) as unknown as Exports;
  if (encryption.memory === exports.memory.buffer) return;
  encryption.attach(exports);
  set_error_class(ModuleError);
}
