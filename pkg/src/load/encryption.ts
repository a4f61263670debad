/** Brings the encryption module to life, once. */

import { CountersignError } from "../errors.js";
import { initSync, set_error_class } from "../glue/jwe.js";
import type { Exports } from "../trap.js";
import { encryption } from "./instances.js";
import type { WasmSource } from "./source.js";

/** Instantiates the module and hands it the error class that Rust throws. Does nothing when that was done before. */
export function loadEncryption(module: WasmSource): void {
  if (encryption.loaded) return;
  encryption.attach(initSync({ module }) as unknown as Exports);
  set_error_class(CountersignError);
}
