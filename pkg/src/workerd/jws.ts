/** `countersign/jws` on Cloudflare Workers: the module that `countersign/jwt` loads, and the same keys. */

import "./jwt.js";

export * from "../jws.js";
