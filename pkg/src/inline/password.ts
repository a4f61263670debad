/** `countersign/password` where nothing is known about the runtime: the module travels inside the JavaScript. */

import bytes from "../base64/password.js";
import * as glue from "../glue/password.js";
import { decodeBase64 } from "../load/base64.js";
import { loadPasswordsLater } from "../load/passwords.js";
import script from "../pool/password-script.js";

loadPasswordsLater(glue, () => decodeBase64(bytes), script);

export * from "../password.js";
