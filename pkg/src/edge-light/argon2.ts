/** `countersign/argon2` on Vercel's edge runtime, which compiles a `.wasm` file imported with `?module`. */

import module from "../argon2.wasm?module";
import * as glue from "../glue/argon2.js";
import { loadArgon2 } from "../load/passwords.js";

loadArgon2(glue, module);

export * from "../password.js";
