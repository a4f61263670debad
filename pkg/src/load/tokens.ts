/** Loads the token module. */

import { offerPlatform } from "../engine.js";
import { initSync, set_error_class } from "../glue/jwt.js";
import { insteadOf, ModuleError } from "../option-hints.js";
import { adviseOnOptions } from "../options.js";
import { type Exports, tokens } from "./instances.js";
import type { WasmSource } from "./source.js";

/** Instantiates the module, and gives it the error class and the platform's cryptography. Does nothing when called again. */
export function loadTokens(module: WasmSource): void {
  // Called again, `initSync` gives the exports of the first call. A development server may reload this file and its glue but
  // not `instances.js`, which then still holds the exports of the glue before.
  const exports = initSync({ module }) as unknown as Exports;
  if (tokens.memory === exports.memory.buffer) return;
  tokens.attach(exports);
  set_error_class(ModuleError);
  if (insteadOf !== undefined) adviseOnOptions(insteadOf);
  offerPlatform();
}
