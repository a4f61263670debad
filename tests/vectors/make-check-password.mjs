// Cases that check a password with a stored hash, and the errors that they expect.

export const PASSWORD = "correct horse battery staple";
export const SALT = Buffer.from("somesaltsomesalt");

/** A stored hash with one of its parts replaced. */
export function altered(text, from, to) {
  const parts = text.split(from);
  if (parts.length !== 2) throw new Error(`${from} occurs ${parts.length - 1} times`);
  return parts.join(to);
}

/** The password is the one that was hashed. `policy`: of the hasher, by default the default policy. */
export function accepts(name, source, password, text, { scheme = "argon2id", needsRehash = false, policy } = {}) {
  const expect = { ok: { ok: true, needsRehash, scheme } };
  return { name, source, op: "verifyPassword", password, stored: text, policy, expect };
}

/** The password is another one: the answer is `false`, and no error. */
export function dismisses(name, source, password, text, { scheme = "argon2id", policy } = {}) {
  const expect = { ok: { ok: false, needsRehash: false, scheme } };
  return { name, source, op: "verifyPassword", password, stored: text, policy, expect };
}

/** The stored hash is refused with an error, whatever the password is. */
export function refuses(name, source, text, error, policy) {
  return { name, source, op: "verifyPassword", password: PASSWORD, stored: text, policy, expect: { error } };
}

/** `needsRehash` says whether the hash is `weak`. */
export function judges(name, text, weak, policy) {
  const source = "weaker in any respect, and never a rehash downwards";
  return { name, source, op: "needsRehash", stored: text, policy, expect: { ok: weak } };
}

const error = (code) => (message) => ({ code, message });
export const malformed = error("HASH_MALFORMED");
export const unsupported = error("HASH_UNSUPPORTED");
export const tooHigh = error("HASH_COST_TOO_HIGH");
export const invalid = error("OPTION_INVALID");
export const tooLong = error("PASSWORD_TOO_LONG")('password is longer than the option "limits.passwordBytes" allows');
