/** Advice for stored hashes that the core refuses, where its message does not say what to do. */

import { isStoredHash } from "./stored-hash.js";

const NEW_PASSWORD = "let its user set a new password";

/** The advice, by what the core says. */
const BY_MESSAGE = [
  [/bcrypt version "2x"/, `a faulty program made it, which confused passwords: ${NEW_PASSWORD}`],
  [
    /bcrypt version "2"/,
    `the first version of bcrypt reads passwords in another way than all later ones: ${NEW_PASSWORD}`,
  ],
  [
    /\bcut short\b/,
    `no password matches a hash whose end is missing: widen the column and take the hash from a backup, or ${NEW_PASSWORD}`,
  ],
] as const;

/** The advice for a stored hash with this message of the core. */
export function adviceOnRefusal(stored: string, message: string): string | undefined {
  if (isEscaped(stored)) return 'a program wrote a backslash before each "$": take the backslashes away';
  if (/^(?:\{CRYPT\})?x$/i.test(stored)) return "x says that the hash is in another file, /etc/shadow: read that file";
  return BY_MESSAGE.find(([form]) => form.test(message))?.[1];
}

/** Whether a text is a stored hash with the escapes of a shell. */
export function isEscaped(text: string): boolean {
  return text.includes("\\$") && isStoredHash(text.replaceAll("\\$", "$"));
}
