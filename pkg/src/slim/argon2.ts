/** `countersign/argon2/slim`: nothing is loaded until `init` or `initSync` is given the module. */

import * as glue from "../glue/argon2.js";
import { passwords } from "../load/instances.js";
import { loadArgon2 } from "../load/passwords.js";
import { compile, loadFrom, type WasmInput, type WasmSource } from "../load/source.js";
import script from "../pool/argon2-script.js";

export * from "../password.js";
export type { WasmInput, WasmSource };

/**
 * Loads the module from wherever `countersign/argon2.wasm` was put. Loading again does nothing.
 *
 * @param input A compiled module, its bytes, a `Response` that carries it, or where to fetch it; or a promise of one.
 * @throws CountersignError `OPTION_INVALID` for anything else, for a response with an error status, and for a
 * module of another version.
 * @example
 * ```ts
 * await init(fetch("/assets/argon2.wasm"));
 * ```
 */
export async function init(input: WasmInput | Promise<WasmInput>): Promise<void> {
  if (!passwords.provided) loadFrom(await compile(input), load);
}

/**
 * Loads the module from what is at hand. Loading again does nothing.
 *
 * @param source A compiled module, or its bytes.
 * @throws CountersignError `OPTION_INVALID` for anything else, and for a module of another version.
 * @example
 * ```ts
 * initSync(readFileSync("argon2.wasm"));
 * ```
 */
export function initSync(source: WasmSource): void {
  if (!passwords.provided) loadFrom(source, load);
}

function load(source: WasmSource): void {
  loadArgon2(glue, source, script);
}
