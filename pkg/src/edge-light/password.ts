/** `countersign/password` on Vercel's edge runtime, which compiles a `.wasm` file imported with `?module`. */

import module from "../password.wasm?module";
import { loadPasswords } from "../load/passwords.js";

loadPasswords(module);

export * from "../password.js";
