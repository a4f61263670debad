/** `countersign/argon2` where nothing is known about the runtime: the module travels inside the JavaScript. */

import bytes from "../base64/argon2.js";
import * as glue from "../glue/argon2.js";
import { decodeBase64 } from "../load/base64.js";
import { loadArgon2Later } from "../load/passwords.js";
import script from "../pool/argon2-script.js";

loadArgon2Later(glue, () => decodeBase64(bytes), script);

export * from "../password.js";
