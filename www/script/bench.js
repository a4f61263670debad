/** The page "Bench": a key, a token of it, what is wrong with the token, and passwords. */

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

// Something to look at from the start: a key, and a token of it.
await generate();
claims.issue();
