/**
 * What happens when a wasm module traps: the caller gets `INTERNAL` and the next call works.
 *
 * A trap unwinds nothing, so the shadow stack it held would be lost and an instance would die after some thousands of
 * traps. No call is ever inside another, so between calls the stack pointer always stands where it stood at the start.
 */

import { CountersignError } from "./errors.js";

/** The exports of a wasm module that recovery needs. */
export interface Exports {
  readonly memory: WebAssembly.Memory;
  readonly __stack_pointer: WebAssembly.Global;
}

/** One instantiated module. A loader fills it in; until then every call says that nothing is loaded. */
export class Instance {
  #exports: Exports | undefined;
  #stackTop = 0;

  /** Takes over a fresh instance's exports. */
  attach(exports: Exports): void {
    this.#exports = exports;
    this.#stackTop = exports.__stack_pointer.value as number;
  }

  /** Whether a loader has attached an instance. */
  get loaded(): boolean {
    return this.#exports !== undefined;
  }

  /** The bytes of linear memory the instance holds. */
  get memoryBytes(): number {
    return this.#exports?.memory.buffer.byteLength ?? 0;
  }

  /** Overwrites what secrets a call may have left on the shadow stack, which grows down from its top. */
  wipeStack(): void {
    if (this.#exports === undefined) return;
    const start = Math.max(0, this.#stackTop - STACK_WIPED);
    new Uint8Array(this.#exports.memory.buffer, start, this.#stackTop - start).fill(0);
  }

  /**
   * The error to throw for what a call threw: a `CountersignError` as it is; anything else is a trap, after which the
   * stack pointer is put back.
   */
  recover(thrown: unknown): CountersignError {
    if (thrown instanceof CountersignError) return thrown;
    if (this.#exports === undefined) {
      return new CountersignError("INTERNAL", "the wasm module is not loaded: call init or initSync first");
    }
    this.#exports.__stack_pointer.value = this.#stackTop;
    return new CountersignError("INTERNAL", "internal error");
  }
}

/** More than any call uses: the deepest, an Ed25519 key generation, stays under 16 KiB. */
const STACK_WIPED = 65_536;

/** Runs a call into a module and turns what it throws into a `CountersignError`. */
export function guard<T>(instance: Instance, call: () => T): T {
  try {
    return call();
  } catch (thrown) {
    throw instance.recover(thrown);
  }
}
