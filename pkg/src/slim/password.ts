/** `countersign/password/slim`: nothing is loaded until `init` or `initSync` is given the module. */

import * as glue from "../glue/password.js";
import { passwords } from "../load/instances.js";
import { loadPasswords } from "../load/passwords.js";
import { compile, loadFrom, type WasmInput, type WasmSource } from "../load/source.js";
import script from "../pool/password-script.js";

export * from "../password.js";
export type { WasmInput, WasmSource };

/**
 * Loads the module from wherever `countersign/password.wasm` was put. Loading again does nothing.
 *
 * @param input A compiled module, its bytes, a `Response` that carries it, or where to fetch it; or a promise of one.
 * @throws CountersignError `OPTION_INVALID` for anything else, for a response with an error status, and for a
 * module of another version.
 * @example
 * ```ts
 * await init(fetch("/assets/password.wasm"));
 * ```
 */
export async function init(input: WasmInput | Promise<WasmInput>): Promise<void> {
  if (!passwords.isOf(glue)) loadFrom(await compile(input), load);
}

/**
 * Loads the module from what is at hand. Loading again does nothing.
 *
 * @param source A compiled module, or its bytes.
 * @throws CountersignError `OPTION_INVALID` for anything else, and for a module of another version.
 * @example
 * ```ts
 * initSync(readFileSync("password.wasm"));
 * ```
 */
export function initSync(source: WasmSource): void {
  if (!passwords.isOf(glue)) loadFrom(source, load);
}

function load(source: WasmSource): void {
  loadPasswords(glue, source, script);
}
