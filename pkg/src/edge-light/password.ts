/** `countersign/password` on Vercel's edge runtime, which compiles a `.wasm` file imported with `?module`. */

import { loadPasswords } from "../load/passwords.js";
import module from "../password.wasm?module";

loadPasswords(module);

export * from "../password.js";
