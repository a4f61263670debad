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

/** The lengths at which the core takes an Argon2 hash with an unusual tag for a cut one, if no password matches. */
const COLUMN_WIDTHS = [64, 70, 72, 75, 80, 90, 95, 96, 100, 128];

/** Whether an Argon2 hash that can be read may be what a narrow column left of a longer one. */
export function mayBeCut(stored: string): boolean {
  const [, tag] = /\$argon2(?:id|i|d)\$.*\$([A-Za-z0-9+/]+)$/.exec(stored) ?? [];
  if (tag === undefined) return false;
  const bytes = Math.floor((tag.length * 3) / 4);
  return bytes < 32 && bytes % 4 !== 0 && COLUMN_WIDTHS.includes(stored.length);
}

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
