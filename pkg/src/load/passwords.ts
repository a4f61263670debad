/** Loads a password module, and replaces its instance when the memory has grown. */

import { hasBuiltins } from "../builtin.js";
import { type PasswordGlue, type PasswordModule, passwords } from "./instances.js";
import { compileSync, isModule, type WasmSource } from "./source.js";

/**
 * The compiled module and the worker script, with which the pool starts threads. If either is missing, there are no
 * threads.
 */
export const threadParts: { module?: WebAssembly.Module; script?: string | undefined } = {};

/**
 * Loads the module with every scheme. Does nothing if it or the module with every format is loaded. It replaces the module with
 * Argon2 only, which is safe because no password module keeps anything between two calls.
 *
 * @param script The worker script, in runtimes that may have threads.
 */
export function loadPasswords(glue: PasswordGlue, source: WasmSource, script?: string): void {
  if (!passwords.covers("password")) load("password", glue, source, script);
}

/** Loads the module with every format, which replaces any other. Does nothing when called again. */
export function loadFormats(glue: PasswordGlue, source: WasmSource, script?: string): void {
  if (!passwords.covers("formats")) load("formats", glue, source, script);
}

/** Loads the module with Argon2 only. Does nothing if a password module is loaded. */
export function loadArgon2(glue: PasswordGlue, source: WasmSource, script?: string): void {
  if (!passwords.covers("argon2")) load("argon2", glue, source, script);
}

/** Like `loadPasswords`, but with the first call if possible, so that programs which only check tokens start faster. */
export function loadPasswordsLater(glue: PasswordGlue, bytes: () => BufferSource, script: string): void {
  if (!passwords.covers("password")) loadLater("password", glue, bytes, script);
}

/** Like `loadFormats`, but with the first call if possible. */
export function loadFormatsLater(glue: PasswordGlue, bytes: () => BufferSource, script: string): void {
  if (!passwords.covers("formats")) loadLater("formats", glue, bytes, script);
}

/** Like `loadArgon2`, but with the first call if possible. */
export function loadArgon2Later(glue: PasswordGlue, bytes: () => BufferSource, script: string): void {
  if (!passwords.covers("argon2")) loadLater("argon2", glue, bytes, script);
}

function loadLater(name: PasswordModule, glue: PasswordGlue, bytes: () => BufferSource, script: string): void {
  const loadNow = () => load(name, glue, compileSync(bytes()), script);
  if (canCompileLater()) passwords.attachLater(glue, name, loadNow);
  else passwords.loadAtImport(loadNow);
}

/** True in Node, Deno, Bun, pages and their workers. workerd compiles only while it starts. */
function canCompileLater(): boolean {
  const isWorkerd = "WebSocketPair" in globalThis;
  return !isWorkerd && (hasBuiltins() || "document" in globalThis || "importScripts" in globalThis);
}

function load(name: PasswordModule, glue: PasswordGlue, source: WasmSource, script: string | undefined): void {
  const module = isModule(source) ? source : new WebAssembly.Module(source);
  passwords.attachWith(glue, glue.initSync({ module }), name);
  grownInstance = undefined;
  Object.assign(threadParts, { module, script });
}

/**
 * Replaces the instance with a new one of the same module, which frees the memory of a large hash. Call it only between
 * two calls: everything in the old instance is lost.
 */
export function restartPasswords(): void {
  const { glue } = passwords;
  // It may be the instance that is replaced here, in an unknown state.
  grownInstance = undefined;
  glue.__wbg_reset_state();
  // With an instance in place, `initSync` ignores its argument and returns the exports of that instance.
  passwords.attachWith(glue, glue.initSync(undefined as unknown as { module: WasmSource }));
}

/**
 * The last instance that was replaced because its memory had grown. Its memory is wiped. Until the garbage collector takes
 * it, the next large hash reuses it: the system would have to provide the same memory again, page by page.
 */
let grownInstance: WeakRef<WebAssembly.Instance> | undefined;

/** Replaces the instance as `restartPasswords` does, and remembers the old one for reuse. */
export function setGrownInstanceAside(): void {
  const instance = passwords.glue.instance();
  restartPasswords();
  if (typeof WeakRef === "function") grownInstance = new WeakRef(instance);
}

/** Runs the next call in the instance of the last large hash, if it still exists. Call it only between two calls. */
export function reuseGrownInstance(): void {
  const { glue } = passwords;
  const reusable = grownInstance?.deref();
  if (reusable !== undefined) passwords.attachWith(glue, glue.exchange(reusable));
}
