/** Loads the module of ML-DSA. */

import * as glue from "../glue/post-quantum.js";
import { type Exports, postQuantum } from "./instances.js";
import type { WasmSource } from "./source.js";

/** Instantiates the module. Does nothing when called again. */
export function loadPostQuantum(module: WasmSource): void {
  // As in `loadTokens`, the glue may have been reloaded.
  const exports = glue.initSync({ module }) as unknown as Exports;
  if (postQuantum.memory !== exports.memory.buffer) postQuantum.attachWith(glue, exports);
}
