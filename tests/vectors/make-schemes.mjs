// Stored hashes of other schemes than Argon2, made by node:crypto and by bcryptjs.

import { createHmac, pbkdf2Sync, scryptSync } from "node:crypto";
import bcrypt from "bcryptjs";
import * as hashWasm from "hash-wasm";
import { accepts, dismisses, PASSWORD, SALT } from "./make-check-password.mjs";

/** Costs of no time. bcrypt's own are as low only for stored hashes. */
export const QUICK_SCRYPT = { scheme: "scrypt", params: { cost: 4, blockSize: 8, parallelism: 1 } };
export const QUICK_PBKDF2 = { scheme: "pbkdf2-sha256", params: { iterations: 1000 } };

const base64 = (bytes) => bytes.toString("base64").replaceAll("=", "");
/** Base64 in passlib's alphabet. */
const adapted = (bytes) => base64(bytes).replaceAll("+", ".");

/** The PHC string of scrypt. */
export function scrypt(
  password = PASSWORD,
  { cost = 4, blockSize = 8, parallelism = 1, salt = SALT, length = 32 } = {},
) {
  const options = { N: 2 ** cost, r: blockSize, p: parallelism, maxmem: 2 ** 31 };
  const tag = scryptSync(password, salt, length, options);
  return `$scrypt$ln=${cost},r=${blockSize},p=${parallelism}$${base64(salt)}$${base64(tag)}`;
}

/** passlib's string of PBKDF2. */
export function pbkdf2(password = PASSWORD, { digest = "sha256", iterations = 1000, salt = SALT, length } = {}) {
  const tag = pbkdf2Sync(password, salt, iterations, length ?? { sha1: 20, sha256: 32, sha512: 64 }[digest], digest);
  const name = digest === "sha1" ? "pbkdf2" : `pbkdf2-${digest}`;
  return `$${name}$${iterations}$${adapted(salt)}$${adapted(tag)}`;
}

/** The PHC string of PBKDF2. */
export function pbkdf2Phc(
  password = PASSWORD,
  { digest = "sha256", iterations = 1000, salt = SALT, length = 32 } = {},
) {
  const tag = pbkdf2Sync(password, salt, iterations, length, digest);
  return `$pbkdf2-${digest}$i=${iterations},l=${length}$${base64(salt)}$${base64(tag)}`;
}

/** The string of bcrypt, by bcryptjs, and by hash-wasm where it takes the password. */
export async function bcryptHash(password = PASSWORD, { version = "2b", cost = 4, salt = SALT } = {}) {
  const settings = `$2b$${String(cost).padStart(2, "0")}$${bcrypt.encodeBase64([...salt], 16)}`;
  const text = bcrypt.hashSync(password, settings);
  const bytes = Buffer.byteLength(password);
  if (0 < bytes && bytes <= 72) {
    const other = await hashWasm.bcrypt({ password, salt, costFactor: cost, outputType: "encoded" });
    if (other.slice(4) !== text.slice(4)) throw new Error(`two implementations disagree: ${text} and ${other}`);
  }
  return `$${version}${text.slice(3)}`;
}

/** A password with a pepper, for a scheme that takes no key. */
export function peppered(password, key) {
  return createHmac("sha256", key).update(password).digest("base64");
}

/** The effect of a NUL at the end of a password that is a key of HMAC. */
export function paddings(name, scheme, policy, form, make) {
  const source = "RFC 2104 §2: HMAC fills up a short key with zeros";
  const within = "pass\0word";
  const hashing = (what, password, expect, given = policy) => ({
    name: `${what}_with_${name}`,
    source,
    op: "hash",
    password,
    policy: given,
    expect,
  });
  const error = {
    code: "PASSWORD_INVALID",
    message: "password ends with a NUL character, which HMAC cannot tell from padding",
  };
  const pepper = { current: { id: "2027", key: "0123456789abcdef0123456789abcdef" } };
  const given = { policy, scheme };
  return [
    dismisses(`dismisses_a_null_character_after_the_password_of_${name}`, source, `${PASSWORD}\0`, make(), given),
    dismisses(
      `dismisses_a_null_character_that_ends_the_password_of_${name}`,
      source,
      `${PASSWORD}\0`,
      make(`${PASSWORD}\0`),
      given,
    ),
    dismisses(`dismisses_a_password_that_is_a_null_character_of_${name}`, source, "\0", make(""), given),
    accepts(`accepts_a_null_character_within_the_password_of_${name}`, source, within, make(within), given),
    hashing("refuses_to_hash_a_null_character_at_the_end", `${PASSWORD}\0`, { error }),
    hashing("refuses_to_hash_a_null_character_alone", "\0", { error }),
    hashing("hashes_a_null_character_within_a_password", within, { ok: form }),
    hashing(
      "hashes_a_null_character_at_the_end_and_a_pepper",
      `${PASSWORD}\0`,
      { ok: `\\$pepper\\$2027${form}` },
      {
        ...policy,
        pepper,
      },
    ),
  ];
}
