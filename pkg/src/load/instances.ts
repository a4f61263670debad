/**
 * The instances of the wasm modules, and how to call into one: what happens after a trap, and how secrets are wiped.
 *
 * A trap does not unwind the shadow stack. Without recovery, each trap would leak its part of the stack, and an instance
 * would fail after some thousands of traps. So the stack pointer is set back to its value before the call. That value need
 * not be the top: a call that reads options may run a getter, which may call in again, and the outer call still needs its
 * part of the stack.
 *
 * A trap leaks the JavaScript values that the call held: their places in the module's table stay taken. Only the lost stack
 * frames knew which these were, and to free the place of a value that Rust keeps, such as `crypto`, would be worse. The leak
 * is small, because the core takes at most 1000 members of an object, and the keys of a set one at a time.
 */

import { CountersignError } from "../errors.js";
import { loadingFailure, type WasmSource, withCause } from "./source.js";

// The joined file of this one has the errors, and `countersign/lite` imports all of them from there.
export { CountersignError, theClaim } from "../errors.js";

/** The exports that recovery needs. */
export interface Exports {
  readonly memory: WebAssembly.Memory;
  readonly __stack_pointer: WebAssembly.Global;
}

/** One wasm instance. Until a loader attaches its exports, every call throws an error that says so. */
export class Instance {
  /** Much more than a call with a secret uses: the deepest, an Ed25519 signature, stays under 5 KiB. */
  protected readonly wipedStackBytes: number = 65_536;
  #exports: Exports | undefined;
  #stackTop = 0;
  #failure: CountersignError | undefined;

  /** Stores the exports of a new instance. */
  attach(exports: Exports): void {
    this.#exports = exports;
    this.#stackTop = exports.__stack_pointer.value as number;
  }

  /** Runs a loader while the package is imported. If that fails, the import succeeds and each call throws the error. */
  loadAtImport(load: () => void): void {
    try {
      load();
    } catch (thrown) {
      this.#failure = loadingFailure(thrown);
    }
  }

  /** The error of a call into a module that is not loaded. */
  protected notLoaded(): CountersignError {
    const { cause, code, message } = this.#failure ?? NOT_LOADED;
    return withCause(new CountersignError(code, message), cause);
  }

  get loaded(): boolean {
    return this.#exports !== undefined;
  }

  /** The linear memory. When it grows, this buffer is detached. */
  get memory(): ArrayBuffer {
    return this.#exports?.memory.buffer ?? new ArrayBuffer(0);
  }

  get memoryBytes(): number {
    return this.memory.byteLength;
  }

  /** Where the shadow stack of the next call starts. It grows downwards. */
  get stackPointer(): number {
    return (this.#exports?.__stack_pointer.value as number | undefined) ?? 0;
  }

  /** Overwrites secrets that the last call may have left on the shadow stack. */
  wipeStack(): void {
    if (this.#exports === undefined) return;
    const end = this.stackPointer;
    const start = Math.max(0, end - this.wipedStackBytes);
    new Uint8Array(this.#exports.memory.buffer, start, end - start).fill(0);
  }

  /**
   * Turns what a call threw into the error to throw. A `CountersignError` stays as it is. Anything else is a trap: this
   * restores the stack pointer and returns `INTERNAL`.
   */
  recover(thrown: unknown, stackPointer = this.#stackTop): CountersignError {
    if (thrown instanceof CountersignError) return thrown;
    if (this.#exports === undefined) return this.notLoaded();
    this.#exports.__stack_pointer.value = stackPointer;
    return new CountersignError("INTERNAL", "internal error");
  }
}

const NOT_LOADED = {
  cause: undefined,
  code: "INTERNAL",
  message: "the wasm module is not loaded: call init or initSync first",
} as const;

/** What the password modules can be asked. */
export type PasswordQuestion = "CheckHashable" | "Hash" | "NeedsRehash" | "ScratchBytes" | "Verify" | "VerifyAndUpdate";

type MaybeText = string | undefined;

/** The functions that the glue of each password module exports. */
export interface PasswordGlue {
  readonly Question: Readonly<Record<PasswordQuestion, number>>;
  ask(question: number, password: Uint8Array, stored: MaybeText, policy: unknown, account: MaybeText): string;
  describe(stored: string): string;
  exchange(instance: WebAssembly.Instance): unknown;
  identify(stored: string): string | undefined;
  initSync(module: { module: WasmSource }): unknown;
  instance(): WebAssembly.Instance;
  read_policy(policy: unknown): unknown;
  set_error_class(errorClass: unknown): void;
  __wbg_reset_state(): void;
}

/** The password modules. Each reads what the ones before it read, and more. */
const PASSWORD_MODULES = ["argon2", "password", "formats"] as const;

/** The name of a password module. */
export type PasswordModule = (typeof PASSWORD_MODULES)[number];

/** A password instance and its glue: the module with Argon2 only, the one with every scheme, or the one with every format. */
export class PasswordInstance extends Instance {
  #glue: PasswordGlue | undefined;
  #name: PasswordModule | undefined;
  #load: (() => void) | undefined;

  /** Stores a new instance and the glue that made it. `name` is that of its module, if it is another than before. */
  attachWith(glue: PasswordGlue, exports: unknown, name = this.#name): void {
    this.attachLater(glue, name, undefined);
    this.attach(exports as Exports);
    glue.set_error_class(CountersignError);
  }

  /** Lets the first call run `load`, which attaches the instance. */
  attachLater(glue: PasswordGlue, name: PasswordModule | undefined, load: (() => void) | undefined): void {
    this.#glue = glue;
    this.#name = name;
    this.#load = load;
  }

  /** Runs the `load` of `attachLater`, if there is one. */
  ensureLoaded(): void {
    try {
      this.#load?.();
    } catch (thrown) {
      // The next call tries again.
      throw loadingFailure(thrown);
    }
  }

  /** The functions of the module. */
  get glue(): PasswordGlue {
    if (this.#glue === undefined) throw this.notLoaded();
    return this.#glue;
  }

  /** Whether a module that reads all that the module `name` reads was provided, loaded or not. */
  covers(name: PasswordModule): boolean {
    return this.#name !== undefined && PASSWORD_MODULES.indexOf(name) <= PASSWORD_MODULES.indexOf(this.#name);
  }
}

/** The functions that the glue of the module of ML-DSA exports. The parameter set is 44, 65 or 87. */
export interface PostQuantumGlue {
  public_key(set: number, seed: Uint8Array): Uint8Array | undefined;
  sign(set: number, seed: Uint8Array, message: Uint8Array): Uint8Array | undefined;
  verify(set: number, publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
  expands_to(set: number, seed: Uint8Array, expanded: Uint8Array): boolean;
}

/** The instance of the module of ML-DSA, and its glue. The module of tokens uses it from the moment that it is enabled. */
export class PostQuantumInstance extends Instance {
  /** The deepest call, a signature with ML-DSA-87, takes 240,016 bytes. */
  protected override readonly wipedStackBytes: number = 327_680;
  #glue: PostQuantumGlue | undefined;
  #enabled: PostQuantumGlue | undefined;

  attachWith(glue: PostQuantumGlue, exports: unknown): void {
    this.attach(exports as Exports);
    this.#glue = glue;
  }

  /** @throws {CountersignError} `INTERNAL`: the module is not loaded. */
  enable(): void {
    if (this.#glue === undefined) throw this.notLoaded();
    this.#enabled = this.#glue;
  }

  /** The functions of the module, once it is enabled. */
  get enabled(): PostQuantumGlue | undefined {
    return this.#enabled;
  }
}

/** The instance of the encryption module. */
export const encryption: Instance = /* @__PURE__ */ new Instance();

/** The instance of the token module. */
export const tokens: Instance = /* @__PURE__ */ new Instance();

/** The instance of the module of ML-DSA. */
export const postQuantum: PostQuantumInstance = /* @__PURE__ */ new PostQuantumInstance();

/** The instance of a password module. */
export const passwords: PasswordInstance = /* @__PURE__ */ new PasswordInstance();

/** Runs a call into a module and throws a `CountersignError` for whatever the call throws. */
export function callModule<T>(instance: Instance, call: () => T): T {
  const { stackPointer } = instance;
  try {
    return call();
  } catch (thrown) {
    throw instance.recover(thrown, stackPointer);
  }
}

/** Like `callModule`, for calls that leave secrets on the stack: a key, or the nonce of a signature, which reveals the key. */
export function callWithSecrets<T>(instance: Instance, call: () => T): T {
  try {
    return callModule(instance, call);
  } finally {
    instance.wipeStack();
  }
}
