/** `countersign/password` on Cloudflare Workers, which compile an imported `.wasm` file when the Worker is deployed. */

import module from "../password.wasm";
import { loadPasswords } from "../load/passwords.js";

loadPasswords(module);

export * from "../password.js";
