/** Brings a password module to life, once, and starts it over when its memory has grown. */

import { hasBuiltins } from "../builtin.js";
import { CountersignError } from "../errors.js";
import { type PasswordGlue, passwords, threadParts } from "./instances.js";
import { isModule, type WasmSource } from "./source.js";

/**
 * Instantiates the module that has every scheme. Does nothing when that was done before; the module of Argon2 alone gives
 * way to it, as nothing is held in either between two calls.
 *
 * @param script What a worker runs, where the runtime may have threads.
 */
export function loadPasswords(glue: PasswordGlue, source: WasmSource, script?: string): void {
  if (!passwords.isOf(glue)) load(glue, source, script);
}

/** Instantiates the module of Argon2 alone. Does nothing when there is a password module. */
export function loadArgon2(glue: PasswordGlue, source: WasmSource, script?: string): void {
  if (!passwords.provided) load(glue, source, script);
}

/** As `loadPasswords`, at the first call if it can be: who imports everything and checks tokens does not wait for it. */
export function loadPasswordsLater(glue: PasswordGlue, bytes: () => BufferSource, script: string): void {
  if (!passwords.isOf(glue)) loadLater(glue, bytes, script);
}

/** As `loadArgon2`, at the first call if it can be. */
export function loadArgon2Later(glue: PasswordGlue, bytes: () => BufferSource, script: string): void {
  if (!passwords.provided) loadLater(glue, bytes, script);
}

function loadLater(glue: PasswordGlue, bytes: () => BufferSource, script: string): void {
  if (compilesAtAnyTime()) passwords.attachLater(glue, () => load(glue, compiled(bytes()), script));
  else load(glue, bytes(), script);
}

/** In Node and its like, and in pages and their workers; workerd compiles while it starts and never again. */
function compilesAtAnyTime(): boolean {
  const isWorkerd = "WebSocketPair" in globalThis;
  return !isWorkerd && (hasBuiltins() || "document" in globalThis || "importScripts" in globalThis);
}

function compiled(bytes: BufferSource): WebAssembly.Module {
  try {
    return new WebAssembly.Module(bytes);
  } catch {
    throw new CountersignError(
      "INTERNAL",
      "the wasm module cannot be compiled here: a Content-Security-Policy needs 'wasm-unsafe-eval' in its script-src",
    );
  }
}

function load(glue: PasswordGlue, source: WasmSource, script: string | undefined): void {
  const module = isModule(source) ? source : new WebAssembly.Module(source);
  passwords.attachWith(glue, glue.initSync({ module }));
  outgrown = undefined;
  Object.assign(threadParts, { module, script });
}

/**
 * Replaces the instance by a fresh one of the same module, which gives back the memory of a large hash. Only between
 * two calls, and everything the old instance held is gone.
 */
export function restartPasswords(): void {
  const { glue } = passwords;
  // It may be this one, and in what state is not known.
  outgrown = undefined;
  glue.__wbg_reset_state();
  // With an instance in place, `initSync` takes no module and answers with that instance's exports.
  passwords.attachWith(glue, glue.initSync(undefined as unknown as { module: WasmSource }));
}

/**
 * The last instance that was replaced because its memory had grown: wiped, and nobody's. As long as the engine has not
 * collected it the next large hash has it again, for which the system would hand out page by page what it took back.
 */
let outgrown: WeakRef<WebAssembly.Instance> | undefined;

/** Replaces the instance, as above, and remembers the one it replaces. */
export function leaveOutgrown(): void {
  const instance = passwords.glue.instance();
  restartPasswords();
  if (typeof WeakRef === "function") outgrown = new WeakRef(instance);
}

/** Runs the next call in the instance of the last large hash, if the engine still has it. Only between two calls. */
export function takeOutgrown(): void {
  const { glue } = passwords;
  const larger = outgrown?.deref();
  if (larger !== undefined) passwords.attachWith(glue, glue.exchange(larger));
}
