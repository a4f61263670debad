/** `countersign/jwt` on Cloudflare Workers, which compile an imported `.wasm` file when the Worker is deployed. */

import module from "../jwt.wasm";
import { loadTokens } from "../load/tokens.js";

loadTokens(module);

export * from "../tokens.js";
