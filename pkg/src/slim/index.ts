/** `countersign/slim`: both halves, and nothing is loaded until `init` or `initSync` is given the modules. */

import { CountersignError } from "../errors.js";
import { init as initTokens, initSync as initTokensSync, type WasmInput, type WasmSource } from "./jwt.js";
import { init as initPasswords, initSync as initPasswordsSync } from "./password.js";

export * from "../index.js";
export type { WasmInput, WasmSource };

/**
 * Loads one module or both. Loading again does nothing.
 *
 * @param inputs Where `countersign/jwt.wasm` and `countersign/password.wasm` are: each a compiled module, its bytes, a
 * `Response` that carries it, or where to fetch it; or a promise of one.
 * @throws CountersignError `OPTION_INVALID` for anything else, for a response with an error status, and for a
 * module of another version.
 * @example
 * ```ts
 * await init({ jwt: fetch("/assets/jwt.wasm"), password: fetch("/assets/password.wasm") });
 * ```
 */
export async function init(inputs: {
  jwt?: WasmInput | Promise<WasmInput>;
  password?: WasmInput | Promise<WasmInput>;
}): Promise<void> {
  checkNames(inputs);
  const { jwt, password } = inputs;
  await Promise.all([
    jwt === undefined ? undefined : initTokens(jwt),
    password === undefined ? undefined : initPasswords(password),
  ]);
}

/**
 * Loads one module or both from what is at hand. Loading again does nothing.
 *
 * @param sources The compiled modules, or their bytes.
 * @throws CountersignError `OPTION_INVALID` for anything else, and for a module of another version.
 * @example
 * ```ts
 * initSync({ jwt: readFileSync("jwt.wasm"), password: readFileSync("password.wasm") });
 * ```
 */
export function initSync(sources: { jwt?: WasmSource; password?: WasmSource }): void {
  checkNames(sources);
  const { jwt, password } = sources;
  if (jwt !== undefined) initTokensSync(jwt);
  if (password !== undefined) initPasswordsSync(password);
}

/** Refuses bytes where an object of them is wanted, and misspelled names, before something is missed much later. */
function checkNames(inputs: object): void {
  const names = typeof inputs === "object" && inputs !== null ? Object.keys(inputs) : [];
  if (names.length === 0 || !names.every((name) => name === "jwt" || name === "password")) {
    throw new CountersignError("OPTION_INVALID", 'give an object with "jwt", "password" or both');
  }
}
