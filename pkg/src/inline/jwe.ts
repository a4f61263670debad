/** `countersign/jwe` where nothing is known about the runtime: the module travels inside the JavaScript. */

import bytes from "../base64/jwe.js";
import { decodeBase64 } from "../load/base64.js";
import { loadEncryption } from "../load/encryption.js";

loadEncryption(decodeBase64(bytes));

export * from "../jwe.js";
