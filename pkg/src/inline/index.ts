/** `countersign`: both halves, loaded as their own entries do, and not by way of them, as each file costs a start its time. */

import jwt from "../base64/jwt.js";
import password from "../base64/password.js";
import * as glue from "../glue/password.js";
import { decodeBase64 } from "../load/base64.js";
import { loadPasswordsLater } from "../load/passwords.js";
import { loadTokens } from "../load/tokens.js";
import script from "../pool/password-script.js";

loadTokens(decodeBase64(jwt));
loadPasswordsLater(glue, () => decodeBase64(password), script);

export * from "../index.js";
