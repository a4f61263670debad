/** `countersign/jwe/slim`: nothing is loaded until `init` or `initSync` is given the module. */

import { loadEncryption } from "../load/encryption.js";
import { encryption } from "../load/instances.js";
import { compile, loadFrom, type WasmInput, type WasmSource } from "../load/source.js";

export * from "../jwe.js";
export type { WasmInput, WasmSource };

/**
 * Loads the module from wherever `countersign/jwe.wasm` was put. Loading again does nothing.
 *
 * @param input A compiled module, its bytes, a `Response` that carries it, or where to fetch it; or a promise of one.
 * @throws CountersignError `OPTION_INVALID` for anything else, for a response with an error status, and for a
 * module of another version.
 * @example
 * ```ts
 * await init(fetch("/assets/jwe.wasm"));
 * ```
 */
export async function init(input: WasmInput | Promise<WasmInput>): Promise<void> {
  if (!encryption.loaded) loadFrom(await compile(input), loadEncryption);
}

/**
 * Loads the module from what is at hand. Loading again does nothing.
 *
 * @param source A compiled module, or its bytes.
 * @throws CountersignError `OPTION_INVALID` for anything else, and for a module of another version.
 * @example
 * ```ts
 * initSync(readFileSync("jwe.wasm"));
 * ```
 */
export function initSync(source: WasmSource): void {
  if (!encryption.loaded) loadFrom(source, loadEncryption);
}
