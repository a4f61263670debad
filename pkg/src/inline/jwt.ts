/** `countersign/jwt` where nothing is known about the runtime: the module travels inside the JavaScript. */

import bytes from "../base64/jwt.js";
import { decodeBase64 } from "../load/base64.js";
import { loadTokens } from "../load/tokens.js";

loadTokens(decodeBase64(bytes));

export * from "../tokens.js";
