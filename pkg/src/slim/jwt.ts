/** `countersign/jwt/slim`: nothing is loaded until `init` or `initSync` is given the module. */

import { tokens } from "../load/instances.js";
import { compile, loadFrom, type WasmInput, type WasmSource } from "../load/source.js";
import { loadTokens } from "../load/tokens.js";

export * from "../tokens.js";
export type { WasmInput, WasmSource };

/**
 * Loads the module from wherever `countersign/jwt.wasm` was put. Loading again does nothing.
 *
 * @param input A compiled module, its bytes, a `Response` that carries it, or where to fetch it; or a promise of one.
 * @throws CountersignError `OPTION_INVALID` for anything else, for a response with an error status, and for a
 * module of another version.
 * @example
 * ```ts
 * await init(fetch("/assets/jwt.wasm"));
 * ```
 */
export async function init(input: WasmInput | Promise<WasmInput>): Promise<void> {
  if (!tokens.loaded) loadFrom(await compile(input), loadTokens);
}

/**
 * Loads the module from what is at hand. Loading again does nothing.
 *
 * @param source A compiled module, or its bytes.
 * @throws CountersignError `OPTION_INVALID` for anything else, and for a module of another version.
 * @example
 * ```ts
 * initSync(readFileSync("jwt.wasm"));
 * ```
 */
export function initSync(source: WasmSource): void {
  if (!tokens.loaded) loadFrom(source, loadTokens);
}
