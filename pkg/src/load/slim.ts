/**
 * Fetches and compiles a module for `init` and `initSync` of the slim entries.
 *
 * No other entry may import this file: Next's build rewrites calls of `WebAssembly.compile` into invalid code.
 */

import { CountersignError } from "../errors.js";
import {
  compilingFailure,
  expectPlatform,
  hasSimd,
  hasTag,
  isModule,
  loadingFailure,
  mayCompile,
  type WasmSource,
} from "./source.js";

export type { WasmSource };

/** Where to get a module: the compiled module, its bytes, a `Response` with it, or a URL to fetch. */
export type WasmInput = WasmSource | Response | URL | string;

/** Gets the module, compiles it and hands it to `load`. */
export async function loadFrom(
  input: WasmInput | Promise<WasmInput>,
  load: (source: WasmSource) => void,
): Promise<void> {
  loadFromSync(await compile(input), load);
}

/** Hands the module to `load`. */
export function loadFromSync(source: WasmSource, load: (source: WasmSource) => void): void {
  try {
    load(expectSource(source));
  } catch (error) {
    throwRefusal(error);
  }
}

/**
 * Returns the members of the argument of `countersign/slim`'s `init`. Without this check, bytes or a misspelled name would
 * load nothing, and the error would come with the first call.
 */
export function expectInputs<Inputs extends object>(inputs: Inputs): Inputs {
  const names = typeof inputs === "object" && inputs !== null ? Object.keys(inputs) : [];
  if (names.length === 0 || !names.every((name) => name === "jwt" || name === "password")) {
    throw new CountersignError("OPTION_INVALID", 'give an object with "jwt", "password" or both');
  }
  return inputs;
}

async function compile(input: WasmInput | Promise<WasmInput>): Promise<WasmSource> {
  expectPlatform();
  const given = await input;
  const found = typeof given === "string" || hasTag(given, "URL") ? await fetch(given as string | URL) : given;
  if (!hasTag(found, "Response")) {
    const source = expectSource(found);
    return isModule(source) ? source : WebAssembly.compile(source).catch(throwRefusal);
  }
  const response = found as Response;
  if (!response.ok) throw new CountersignError("OPTION_INVALID", "the wasm source answered with an error status");
  // A response compiles while it arrives, but only with this media type.
  const canStream =
    typeof WebAssembly.compileStreaming === "function" && response.headers.get("content-type") === "application/wasm";
  if (canStream) return WebAssembly.compileStreaming(response).catch(throwRefusal);
  const bytes = await response.arrayBuffer();
  return WebAssembly.compile(bytes).catch(throwRefusal);
}

function expectSource(input: unknown): WasmSource {
  expectPlatform();
  if (isModule(input) || ArrayBuffer.isView(input) || hasTag(input, "ArrayBuffer")) return input as WasmSource;
  throw new CountersignError("OPTION_INVALID", "the wasm source must be a WebAssembly.Module or its bytes");
}

/** Usually the page forbids WebAssembly, or the file is a stale copy from another version of the package. */
function throwRefusal(error: unknown): never {
  if (error instanceof CountersignError) throw error;
  if (error instanceof RangeError) throw loadingFailure(error);
  // Engines do not agree on the error with which they refuse to compile, so this does not look at it.
  if (!mayCompile() || !hasSimd()) throw compilingFailure(error);
  throw new CountersignError("OPTION_INVALID", "the wasm source is not the module of this version of the package");
}
