/** The forms in which a wasm module arrives: compiled, as bytes, or as text inside the JavaScript. */

import { runtimeLacks } from "../bytes.js";
import { CountersignError } from "../errors.js";

/** A compiled module, or its bytes. */
export type WasmSource = WebAssembly.Module | BufferSource;

/**
 * Refuses a runtime that lacks what every module needs, such as Node with `--jitless`, Hermes, or jsdom under Jest.
 *
 * @throws {CountersignError} `INTERNAL`.
 */
export function expectPlatform(): void {
  const names = ["WebAssembly", "TextDecoder", "TextEncoder"] as const;
  const missing = names.find((name) => globalThis[name] === undefined);
  if (missing === "WebAssembly") throw runtimeLacks(missing, ": --jitless and Lockdown Mode turn it off");
  if (missing !== undefined) throw runtimeLacks(missing);
}

/**
 * Compiles a module.
 *
 * @throws {CountersignError} `INTERNAL`: the runtime has no WebAssembly, or does not allow compiling.
 * @throws {RangeError} Not enough memory. Loaders turn it into `OUT_OF_MEMORY`.
 */
export function compileSync(bytes: BufferSource): WebAssembly.Module {
  expectPlatform();
  try {
    return new WebAssembly.Module(bytes);
  } catch (thrown) {
    if (thrown instanceof RangeError) throw thrown;
    throw compilingFailure(thrown);
  }
}

/**
 * Whether this runtime compiles and starts WebAssembly at all: tries the smallest module, which is only its magic number. Where a
 * page's policy forbids it, WebKit compiles, and throws when a module is instantiated.
 */
export function mayCompile(): boolean {
  try {
    new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])));
    return true;
  } catch {
    return false;
  }
}

/** Whether this runtime has vector instructions, which all modules may use. The smallest function that needs one. */
export function hasSimd(): boolean {
  const splat = [1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11];
  return WebAssembly.validate(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, ...splat]));
}

/** The error for a module of this package that a runtime with WebAssembly does not compile. `cause` is what it threw. */
export function compilingFailure(cause: unknown): CountersignError {
  return withCause(reasonNotToCompile(), cause);
}

function reasonNotToCompile(): CountersignError {
  if (!mayCompile()) return compilingForbidden();
  if (!hasSimd()) return runtimeLacks("WebAssembly SIMD", ": on x86, the processor must have SSE4.1");
  return new CountersignError("INTERNAL", "the wasm module cannot be loaded here");
}

/** Adds a cause as the constructor of `Error` defines it: not enumerable. */
export function withCause(error: CountersignError, cause: unknown): CountersignError {
  return cause === undefined
    ? error
    : Object.defineProperty(error, "cause", { configurable: true, value: cause, writable: true });
}

/** The error where WebAssembly exists but may not be compiled. It says what to change, which depends on the runtime. */
function compilingForbidden(): CountersignError {
  // workerd, and the edge runtimes of Vercel and Next.
  const isWorker = "WebSocketPair" in globalThis || "EdgeRuntime" in globalThis;
  return new CountersignError("INTERNAL", `the wasm module cannot be compiled here: ${isWorker ? WORKER : PAGE}`);
}

const PAGE = "a Content-Security-Policy needs 'wasm-unsafe-eval' in its script-src";
const WORKER =
  "build with the condition workerd or edge-light, which imports compiled .wasm files " +
  "(in Nitro and Nuxt: experimental.wasm; in Next.js with OpenNext: serverExternalPackages and next build --webpack)";

/** Whether the value is a compiled module. */
export function isModule(value: unknown): value is WebAssembly.Module {
  return hasTag(value, "WebAssembly.Module");
}

/** Compares the class name. `instanceof` would fail for values of another realm, as on Next's edge runtime. */
export function hasTag(value: unknown, name: string): boolean {
  return Object.prototype.toString.call(value) === `[object ${name}]`;
}

/**
 * The error for what a loader threw. Engines throw a `RangeError` if they cannot reserve the address space of a memory, as under
 * `ulimit -v` on shared hosting.
 */
export function loadingFailure(thrown: unknown): CountersignError {
  if (thrown instanceof CountersignError) return thrown;
  if (thrown instanceof RangeError) {
    return new CountersignError(
      "OUT_OF_MEMORY",
      "not enough memory, or address space, for an instance of the wasm module",
    );
  }
  return compilingFailure(thrown);
}
