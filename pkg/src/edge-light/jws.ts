/** `countersign/jws` on Vercel's edge runtime: the module that `countersign/jwt` loads, and the same keys. */

import "./jwt.js";

export * from "../jws.js";
