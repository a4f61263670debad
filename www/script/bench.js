/** The page "Bench": a key, a token signed with it, the checks of the token, and passwords. */

import { wireClaims } from "./bench-claims.js";
import { wireKey } from "./bench-key.js";
import { wirePassword } from "./bench-password.js";
import { wireToken } from "./bench-token.js";
import { wireReveals } from "./password-field.js";

let key = null;

const token = wireToken();
const claims = wireClaims(
  () => key,
  (issued) => token.show(issued),
);
const generate = wireKey((made) => {
  key?.free();
  key = made;
  token.useKey(key);
});

wireReveals();
wirePassword();

// The page starts with a key and a token.
await generate();
claims.issue();
