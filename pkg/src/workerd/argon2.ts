/** `countersign/argon2` on Cloudflare Workers, which compile an imported `.wasm` file when the Worker is deployed. */

import module from "../argon2.wasm";
import * as glue from "../glue/argon2.js";
import { loadArgon2 } from "../load/passwords.js";

loadArgon2(glue, module);

export * from "../password.js";
