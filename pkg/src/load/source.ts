/** Where a wasm module may come from, and the way from there to something that can be instantiated. */

import { CountersignError } from "../errors.js";

/** A compiled module, or the bytes of one. */
export type WasmSource = WebAssembly.Module | BufferSource;

/** Whatever a `.wasm` file can be had as: a module, its bytes, the response that streams it, or where to fetch it. */
export type WasmInput = WasmSource | Response | URL | string;

/** Hands what a caller of `init` or `initSync` gave to a loader, and says what is wrong where it is not the module. */
export function loadFrom(source: WasmSource, load: (source: WasmSource) => void): void {
  try {
    load(expectSource(source));
  } catch (error) {
    refuse(error);
  }
}

/** Checks what a caller gave. */
function expectSource(input: unknown): WasmSource {
  if (isModule(input) || isBytes(input)) return input;
  throw new CountersignError("OPTION_INVALID", "the wasm source must be a WebAssembly.Module or its bytes");
}

/** Fetches and compiles as needed; a response is compiled while it arrives where the runtime and its type allow that. */
export async function compile(input: WasmInput | Promise<WasmInput>): Promise<WasmSource> {
  const given = await input;
  const found = typeof given === "string" || isNamed(given, "URL") ? await fetch(given as string | URL) : given;
  if (!isNamed(found, "Response")) {
    const source = expectSource(found);
    return isModule(source) ? source : WebAssembly.compile(source).catch(refuse);
  }
  const response = found as Response;
  if (!response.ok) throw new CountersignError("OPTION_INVALID", "the wasm source answered with an error status");
  const streams =
    typeof WebAssembly.compileStreaming === "function" && response.headers.get("content-type") === "application/wasm";
  if (streams) return WebAssembly.compileStreaming(response).catch(refuse);
  return WebAssembly.compile(await response.arrayBuffer()).catch(refuse);
}

/** Mostly a stale copy of the file, from another version of the package. */
function refuse(error: unknown): never {
  if (error instanceof CountersignError) throw error;
  throw new CountersignError("OPTION_INVALID", "the wasm source is not the module of this version of the package");
}

// By name and not by `instanceof`: the value may come from another realm, as on Next's edge runtime.
function isNamed(value: unknown, name: string): boolean {
  return Object.prototype.toString.call(value) === `[object ${name}]`;
}

/** Whether it is compiled. */
export function isModule(value: unknown): value is WebAssembly.Module {
  return isNamed(value, "WebAssembly.Module");
}

function isBytes(value: unknown): value is BufferSource {
  return ArrayBuffer.isView(value) || isNamed(value, "ArrayBuffer");
}
