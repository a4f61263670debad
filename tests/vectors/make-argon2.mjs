// Stored hashes made by software that is not under test, and the shapes of cases about them.

import argon2 from "argon2";
import * as hashWasm from "hash-wasm";

/** The cost of the cases where the cost does not matter: a millisecond in every runtime. */
export const QUICK = { memoryKib: 64, passes: 1, lanes: 1 };
export const SALT = Buffer.from("somesaltsomesalt");
export const PASSWORD = "correct horse battery staple";

const TYPES = { argon2d: argon2.argon2d, argon2i: argon2.argon2i, argon2id: argon2.argon2id };

/**
 * The PHC string of a password, by the reference implementation, and by hash-wasm where it can (version 0x13 without
 * associated data).
 */
export async function stored(password = PASSWORD, recipe = {}) {
  const {
    scheme = "argon2id",
    version = 0x13,
    memoryKib,
    passes,
    lanes,
    salt = SALT,
    length = 32,
    data,
  } = {
    ...QUICK,
    ...recipe,
  };
  const made = await argon2.hash(password, {
    type: TYPES[scheme],
    version,
    memoryCost: memoryKib,
    timeCost: passes,
    parallelism: lanes,
    salt,
    hashLength: length,
    ...(data === undefined ? {} : { associatedData: data }),
  });
  const text = inReferenceOrder(made);
  if (version === 0x13 && data === undefined && password !== "") {
    const options = {
      password,
      salt,
      memorySize: memoryKib,
      iterations: passes,
      parallelism: lanes,
      hashLength: length,
    };
    const other = await hashWasm[scheme]({ ...options, outputType: "encoded" });
    if (other !== text) throw new Error(`two implementations disagree: ${text} and ${other}`);
  }
  return text;
}

/** The same hash with its costs in the order of the reference encoder. npm's `argon2` writes `m,p,t`. */
export function inReferenceOrder(text) {
  return text.replace(/m=(\d+),p=(\d+),t=(\d+)/, "m=$1,t=$3,p=$2");
}

/** A stored hash with one of its parts replaced. */
export function altered(text, from, to) {
  const parts = text.split(from);
  if (parts.length !== 2) throw new Error(`${from} occurs ${parts.length - 1} times`);
  return parts.join(to);
}

/** Whether a hash is of the default policy's strength or the one given. */
export function accepts(name, source, password, text, { scheme = "argon2id", needsRehash = false, policy } = {}) {
  const expect = { ok: { ok: true, needsRehash, scheme } };
  return { name, source, op: "verifyPassword", password, stored: text, policy, expect };
}

export function dismisses(name, source, password, text, { scheme = "argon2id", policy } = {}) {
  const expect = { ok: { ok: false, needsRehash: false, scheme } };
  return { name, source, op: "verifyPassword", password, stored: text, policy, expect };
}

export function refuses(name, source, text, error, policy) {
  return { name, source, op: "verifyPassword", password: PASSWORD, stored: text, policy, expect: { error } };
}

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
