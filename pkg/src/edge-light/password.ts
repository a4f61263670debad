/** `countersign/password` on Vercel's edge runtime, which compiles a `.wasm` file imported with `?module`. */

import * as glue from "../glue/password.js";
import { loadPasswords } from "../load/passwords.js";
import module from "../password.wasm?module";

loadPasswords(glue, module);

export * from "../password.js";
