/** The modules at work. A loader attaches them; `trap.ts` recovers them; the public functions call into them. */

import { CountersignError } from "../errors.js";
import { type Exports, Instance } from "../trap.js";
import type { WasmSource } from "./source.js";

/** Encryption. */
export const encryption: Instance = /* @__PURE__ */ new Instance();

/** Keys and tokens. */
export const tokens: Instance = /* @__PURE__ */ new Instance();

/** What the glue of either password module exports. */
export interface PasswordGlue {
  check_hashable(password: Uint8Array, policy: unknown): string;
  describe(stored: string): string;
  exchange(instance: WebAssembly.Instance): unknown;
  hash(password: Uint8Array, policy: unknown): string;
  identify(stored: string): string | undefined;
  initSync(module: { module: WasmSource }): unknown;
  instance(): WebAssembly.Instance;
  needs_rehash(stored: string, policy: unknown): string;
  read_policy(policy: unknown): unknown;
  scratch_bytes(stored: string | undefined, policy: unknown): number;
  set_error_class(errorClass: unknown): void;
  verify(password: Uint8Array, stored: string | undefined, policy: unknown): string;
  verify_and_update(password: Uint8Array, stored: string | undefined, policy: unknown): string;
  __wbg_reset_state(): void;
}

/** A password module and its glue: that of Argon2 alone, or in its place the one that has every scheme. */
export class PasswordInstance extends Instance {
  #glue: PasswordGlue | undefined;
  #load: (() => void) | undefined;

  /** Takes over a fresh instance, and the glue it was made by. */
  attachWith(glue: PasswordGlue, exports: unknown): void {
    this.#glue = glue;
    this.#load = undefined;
    this.attach(exports as Exports);
    glue.set_error_class(CountersignError);
  }

  /** Leaves it to the first call to have an instance attached, by `load`. */
  attachLater(glue: PasswordGlue, load: () => void): void {
    this.#glue = glue;
    this.#load = load;
  }

  /** Has attached what was left for the first call. */
  ready(): void {
    this.#load?.();
  }

  /** Whether a module is at work, or will be from the first call on. */
  get provided(): boolean {
    return this.#glue !== undefined;
  }

  /** The functions of the module at work. */
  get glue(): PasswordGlue {
    if (this.#glue === undefined) {
      throw new CountersignError("INTERNAL", "the wasm module is not loaded: call init or initSync first");
    }
    return this.#glue;
  }

  /** Whether the module at work is this glue's. */
  isOf(glue: PasswordGlue): boolean {
    return this.#glue === glue;
  }
}

/** Password hashes. */
export const passwords: PasswordInstance = /* @__PURE__ */ new PasswordInstance();

/** What threads that hash are started with: the module, compiled, and the script of a worker. Where one is missing there are none. */
export const threadParts: { module?: WebAssembly.Module; script?: string | undefined } = {};
