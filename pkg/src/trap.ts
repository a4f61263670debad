/**
 * What happens when a wasm module traps: the caller gets `INTERNAL` and the next call works.
 *
 * A trap unwinds nothing, so the shadow stack it held would be lost and an instance would die after some thousands of
 * traps: the stack pointer is put back where the call found it. That need not be the top. A call that reads options may
 * run a getter of the caller's, which may call again, and the stack above belongs to the call outside.
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

  /** The linear memory, until it grows. */
  get memory(): ArrayBuffer {
    return this.#exports?.memory.buffer ?? new ArrayBuffer(0);
  }

  /** The bytes of linear memory the instance holds. */
  get memoryBytes(): number {
    return this.memory.byteLength;
  }

  /** Where the shadow stack of the next call starts. It grows down from there. */
  get stackPointer(): number {
    return (this.#exports?.__stack_pointer.value as number | undefined) ?? 0;
  }

  /** Overwrites what secrets the last call may have left on the shadow stack. */
  wipeStack(): void {
    if (this.#exports === undefined) return;
    const end = this.stackPointer;
    const start = Math.max(0, end - STACK_WIPED);
    new Uint8Array(this.#exports.memory.buffer, start, end - start).fill(0);
  }

  /**
   * The error to throw for what a call threw: a `CountersignError` as it is; anything else is a trap, after which the
   * stack pointer is put back to where it stood before the call.
   */
  recover(thrown: unknown, stackPointer = this.#stackTop): CountersignError {
    if (thrown instanceof CountersignError) return thrown;
    if (this.#exports === undefined) {
      return new CountersignError("INTERNAL", "the wasm module is not loaded: call init or initSync first");
    }
    this.#exports.__stack_pointer.value = stackPointer;
    return new CountersignError("INTERNAL", "internal error");
  }
}

/** Far more than a call with a secret uses: the deepest, an Ed25519 signature, stays under 5 KiB. */
const STACK_WIPED = 65_536;

/** Runs a call into a module and turns what it throws into a `CountersignError`. */
export function guard<T>(instance: Instance, call: () => T): T {
  const { stackPointer } = instance;
  try {
    return call();
  } catch (thrown) {
    throw instance.recover(thrown, stackPointer);
  }
}
