/** Converts the password hashes of an Auth0 export. */

import type { Encoding } from "./encoding.js";
import { bytesOf, countOf, isAbsent, malformed, member, textOf, unsupported } from "./row.js";
import * as write from "./write.js";

/**
 * A user in an Auth0 export, or in a file for its bulk import. Other properties are ignored. Auth0 exports hashes only on
 * request, as bcrypt in `passwordHash`.
 */
export interface Auth0User {
  passwordHash?: string | null;
  password_hash?: string | null;
  custom_password_hash?: {
    algorithm: string;
    hash: { value: string; encoding?: string; digest?: string; key?: unknown };
    salt?: { value: string; encoding?: string; position?: string };
    password?: { encoding?: string };
    keylen?: number;
    cost?: number;
    blockSize?: number;
    parallelization?: number;
  } | null;
}

/**
 * Converts the hash of an Auth0 user. `passwordHash` and `password_hash` stay as they are; `custom_password_hash` is converted
 * by its algorithm. MD5 and SHA become `$digest$…`, which the `PasswordHasher` of
 * `countersign/formats` reads only if its `accept` contains the scheme.
 *
 * @param user The row.
 * @returns The text to store, or `null` for a user without a password.
 * @throws {CountersignError} `HASH_MALFORMED`: a property is missing or malformed. `HASH_UNSUPPORTED`: the algorithm is `hmac`
 * or `md4`, or the password was not hashed as UTF-8.
 * @example
 * ```ts
 * const stored = fromAuth0(JSON.parse(line));
 * ```
 */
export function fromAuth0(user: Auth0User): string | null {
  const custom = member(user, "custom_password_hash");
  const own = ["passwordHash", "password_hash"].filter((name) => !isAbsent(member(user, name)));
  if (own.length + (isAbsent(custom) ? 0 : 1) > 1) throw malformed("row has several hashes");
  if (own[0] !== undefined) return textOf(user, own[0]);
  return isAbsent(custom) ? null : storedOf(custom);
}

function storedOf(custom: unknown): string {
  const algorithm = textOf(custom, "algorithm");
  const hash = member(custom, "hash");
  if (isAbsent(hash)) throw malformed('row has no "hash"');
  checkUtf8(custom);
  switch (algorithm) {
    case "argon2":
    case "bcrypt":
    case "ldap":
    case "pbkdf2":
      return textOf(hash, "value");
    case "md5":
    case "sha1":
    case "sha256":
    case "sha512":
      return digestOf(custom, algorithm, hash);
    case "scrypt": {
      const salt = saltOf(custom);
      if (salt === undefined) throw malformed('row has no "salt"');
      const tag = bytesOf(hash, "value", encodingOf(hash, undefined));
      if (tag.length !== countOf(custom, "keylen")) throw malformed('row\'s "value" is not as long as its "keylen"');
      const [blockSize, parallelism] = [countOf(custom, "blockSize"), countOf(custom, "parallelization")];
      return write.scrypt(countOf(custom, "cost"), blockSize, parallelism, salt, tag);
    }
    default:
      throw unsupported(
        'row\'s "algorithm" is none of argon2, bcrypt, ldap, md5, pbkdf2, scrypt, sha1, sha256 and sha512',
      );
  }
}

function digestOf(custom: unknown, name: write.PlainDigest, hash: unknown): string {
  const tag = bytesOf(hash, "value", encodingOf(hash, undefined));
  const salt = saltOf(custom);
  if (salt === undefined) return write.digest(name, "before", undefined, tag);
  const position = member(member(custom, "salt"), "position");
  if (position !== "prefix" && position !== "suffix") throw malformed('row\'s "position" is neither prefix nor suffix');
  return write.digest(name, position === "prefix" ? "before" : "after", salt, tag);
}

function saltOf(custom: unknown): Uint8Array | undefined {
  const salt = member(custom, "salt");
  if (isAbsent(salt)) return undefined;
  return bytesOf(salt, "value", encodingOf(salt, "utf8"));
}

function encodingOf(object: unknown, fallback: string | undefined): Encoding {
  const encoding = member(object, "encoding") ?? fallback;
  if (encoding === "base64" || encoding === "hex") return encoding;
  if (encoding === "utf8") return "text";
  throw malformed('row\'s "encoding" is none of base64, hex and utf8');
}

function checkUtf8(custom: unknown): void {
  const password = member(custom, "password");
  const encoding = isAbsent(password) ? undefined : member(password, "encoding");
  if (!isAbsent(encoding) && encoding !== "utf8") {
    throw unsupported("row's password was not hashed as UTF-8");
  }
}
