/** `countersign/password` on Cloudflare Workers, which compile an imported `.wasm` file when the Worker is deployed. */

import * as glue from "../glue/password.js";
import { loadPasswords } from "../load/passwords.js";
import module from "../password.wasm";

loadPasswords(glue, module);

export * from "../password.js";
