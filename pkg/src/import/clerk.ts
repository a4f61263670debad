/** Converts the password hashes of a Clerk export. */

import { base64 } from "./encoding.js";
import { bytesOf, countOf, isEmpty, malformed, rowOf, textOf, unsupported } from "./row.js";
import { expectShape, isShape } from "./shape.js";
import * as write from "./write.js";

/** A user in a Clerk export, or in a file for an import into Clerk. Other properties are ignored. */
export interface ClerkUser {
  password_digest: string | null;
  password_hasher?: string | null;
}

/** Hashers whose digests need no conversion. */
const UNCHANGED = [
  "argon2i",
  "argon2id",
  "bcrypt",
  "bcrypt_sha256_django",
  "ldap_ssha",
  "pbkdf2_sha256_django",
  "phpass",
  "scrypt_werkzeug",
];

/**
 * Converts the hash of a Clerk user. The name of the hasher decides how the digest is read: `pbkdf2_sha256` and
 * `pbkdf2_sha256_django` look alike, but the first has its salt in base64 and the second as text.
 *
 * @param user The row.
 * @returns The text to store, or `null` for a user without a password.
 * @throws {CountersignError} `HASH_MALFORMED`: the digest is missing or does not have the form of its hasher.
 * `HASH_UNSUPPORTED`: the hasher is not supported, or it is `awscognito`: Amazon Cognito does not export hashes.
 * @example
 * ```ts
 * const stored = fromClerk(row);
 * ```
 */
export function fromClerk(user: ClerkUser): string | null {
  const row = rowOf(user, ["password_digest", "password_hasher"]);
  if (isEmpty(row, "password_digest")) return null;
  const stored = textOf(row, "password_digest");
  const hasher = textOf(row, "password_hasher");
  if (UNCHANGED.includes(hasher) && isShape(hasher)) return expectShape(stored, hasher, "password_digest");
  if (hasher === "awscognito") {
    throw unsupported("row has no hash: Amazon Cognito exports none, so ask it when the user logs in");
  }
  switch (hasher) {
    case "md5":
    case "sha256": {
      const tag = bytesOf(row, "password_digest", "hex");
      return write.digest(hasher, "before", undefined, tag);
    }
    case "pbkdf2_sha256": {
      const [iterations, salt, tag] = fields(stored, "pbkdf2_sha256", 3);
      const row = { iterations, salt, hash: tag };
      return write.pbkdf2(
        "sha256",
        countOf(row, "iterations"),
        bytesOf(row, "salt", "base64"),
        bytesOf(row, "hash", "base64"),
      );
    }
    case "pbkdf2_sha1": {
      // Django's format, except for the encoding of the tag.
      const [iterations, salt, tag] = fields(stored, "pbkdf2_sha1", 3);
      const row = { iterations, salt, hash: tag };
      const key = base64(bytesOf(row, "hash", "hex"));
      return `pbkdf2_sha1$${countOf(row, "iterations")}$${textOf(row, "salt")}$${key}`;
    }
    case "scrypt_firebase": {
      const [hash, salt, signerKey, saltSeparator, rounds, memoryCost] = fields(stored, undefined, 6);
      const row = { hash, salt, signerKey, saltSeparator, rounds, memoryCost };
      const [tag, bytes, key, separator] = (["hash", "salt", "signerKey", "saltSeparator"] as const).map((name) =>
        bytesOf(row, name, "base64"),
      ) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
      const costs = { rounds: countOf(row, "rounds"), memoryCost: countOf(row, "memoryCost") };
      return write.firebase({ ...costs, signerKey: key, saltSeparator: separator }, bytes, tag);
    }
    default:
      throw unsupported('row\'s "password_hasher" is not one that is read');
  }
}

/** The fields between `$`, after the name with which the text begins. */
function fields(text: string, name: string | undefined, count: number): string[] {
  const all = text.split("$");
  if (name !== undefined && all.shift() !== name) {
    throw malformed('row\'s "password_digest" does not begin with the name of its hasher');
  }
  if (all.length !== count)
    throw malformed('row\'s "password_digest" does not have as many fields as its hasher writes');
  return all;
}
