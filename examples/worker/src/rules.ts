/** The rules for user names and passwords. */

/** ASCII only, so that no two names look alike. Lower case, so that no two names differ only in case. */
const USERNAME = /^[a-z0-9][a-z0-9._-]{2,31}$/;

/** The normalized user name, or `null` if it is not valid. */
export function readUsername(text: string): string | null {
  const name = text.toLowerCase();
  return USERNAME.test(name) ? name : null;
}

export const USERNAME_RULE =
  "a user name is 3 to 32 letters a-z, digits, dots, hyphens and underscores, and starts with a letter or digit";

/** NIST SP 800-63B-4 §3.1.1.2: at least 15 characters where the password is the only factor; code points count. */
const PASSWORD_MIN = 15;

/** Enough for any passphrase (NIST: at least 64). The limit bounds the work of hashing. */
const PASSWORD_MAX = 256;

/**
 * The problem with a new password, or `null`. There are no composition rules, because they make passwords worse. NIST also
 * asks for a list of known passwords, which a deployment must add.
 */
export function passwordFault(password: string): string | null {
  if (!password.isWellFormed()) return "the password is not valid Unicode";
  const characters = [...password.normalize("NFC")];
  if (characters.length < PASSWORD_MIN) return `the password is shorter than ${PASSWORD_MIN} characters`;
  if (PASSWORD_MAX < characters.length) return `the password is longer than ${PASSWORD_MAX} characters`;
  if (new Set(characters).size < 5) return "the password repeats a few characters";
  return null;
}

/** Whether a password can belong to an account. One that is too long is refused before it is hashed. */
export function isPossiblePassword(password: string): boolean {
  return password.isWellFormed() && [...password.normalize("NFC")].length <= PASSWORD_MAX;
}
