/** The one password policy: Argon2id at OWASP's 19 MiB and two passes, the package's default. */

import { PasswordHasher } from "countersign/password";

export const hasher = new PasswordHasher();
