/** `countersign/jwe` on Vercel's edge runtime, which compiles a `.wasm` file imported with `?module`. */

import module from "../jwe.wasm?module";
import { loadEncryption } from "../load/encryption.js";

loadEncryption(module);

export * from "../jwe.js";
