/** Brings the token module to life, once. */

import { CountersignError } from "../errors.js";
import { initSync, set_error_class } from "../glue/jwt.js";
import { offerPlatform } from "../platform.js";
import type { Exports } from "../trap.js";
import { tokens } from "./instances.js";
import type { WasmSource } from "./source.js";

/** Instantiates the module and hands it the error class that Rust throws. Does nothing when that was done before. */
export function loadTokens(module: WasmSource): void {
  if (tokens.loaded) return;
  tokens.attach(initSync({ module }) as unknown as Exports);
  set_error_class(CountersignError);
  offerPlatform();
}
