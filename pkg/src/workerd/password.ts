/** `countersign/password` on Cloudflare Workers, which compile an imported `.wasm` file when the Worker is deployed. */

import { loadPasswords } from "../load/passwords.js";
import module from "../password.wasm";

loadPasswords(module);

export * from "../password.js";
