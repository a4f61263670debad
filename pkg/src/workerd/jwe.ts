/** `countersign/jwe` on Cloudflare Workers, which compile an imported `.wasm` file when the Worker is deployed. */

import module from "../jwe.wasm";
import { loadEncryption } from "../load/encryption.js";

loadEncryption(module);

export * from "../jwe.js";
