/** Loads the token module. */

import { CountersignError } from "../errors.js";
import { initSync, set_error_class } from "../glue/jwt.js";
import { offerPlatform } from "../platform.js";
import { type Exports, tokens } from "./instances.js";
import type { WasmSource } from "./source.js";

/** Instantiates the module, and gives it the error class and the platform's cryptography. Does nothing when called again. */
export function loadTokens(module: WasmSource): void {
  if (tokens.loaded) return;
  tokens.attach(initSync({ module }) as unknown as Exports);
  set_error_class(CountersignError);
  offerPlatform();
}
