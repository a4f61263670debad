/** `countersign/jwt` on Vercel's edge runtime, which compiles a `.wasm` file imported with `?module`. */

import module from "../jwt.wasm?module";
import { loadTokens } from "../load/tokens.js";

loadTokens(module);

export * from "../tokens.js";
