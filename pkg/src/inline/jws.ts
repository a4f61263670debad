/** `countersign/jws` where nothing is known about the runtime: the module that `countersign/jwt` loads, and the same keys. */

import "./jwt.js";

export * from "../jws.js";
