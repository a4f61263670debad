/** Converts the password hashes of an Auth0 export. */

import type { Encoding } from "./encoding.js";
import { bytesOf, countOf, isAbsent, malformed, type Row, rowOf, textOf, unsupported } from "./row.js";
import { expectShape } from "./shape.js";
import * as write from "./write.js";

/**
 * A user in an Auth0 export, or in a file for its bulk import. Other properties are ignored. Auth0 exports hashes only on
 * request, as bcrypt in `passwordHash`.
 */
export interface Auth0User {
  /** `null` for a user of a database who has no password, such as one with a passkey. */
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
 * A row without these properties is a user without a password only if Auth0 says so: if "identities" or "user_id" name
 * providers other than `auth0`, or if the row has the `connection` that exports with hashes have.
 *
 * @param user The row.
 * @returns The text to store, or `null` for a user without a password.
 * @throws {CountersignError} `HASH_MALFORMED`: a property is missing or malformed, or the hash is missing from a user with the
 * provider `auth0`. Pass `passwordHash: null` for one who has no password. `HASH_UNSUPPORTED`: the algorithm is `hmac`
 * or `md4`, or the password was not hashed as UTF-8.
 * @example
 * ```ts
 * const stored = fromAuth0(JSON.parse(line));
 * ```
 */
export function fromAuth0(user: Auth0User): string | null {
  const row = rowOf(user, [...HASHES, "user_id", "identities", "connection"]);
  const custom = row.custom_password_hash;
  const own = ["passwordHash", "password_hash"].filter((name) => !isAbsent(row[name]));
  if (own.length + (isAbsent(custom) ? 0 : 1) > 1) throw malformed("row has several hashes");
  if (own[0] !== undefined) return expectShape(textOf(row, own[0]), "bcrypt", own[0]);
  if (!isAbsent(custom)) return storedOf(readCustom(custom));
  if (HASHES.every((name) => row[name] === undefined)) expectWithoutPassword(row);
  return null;
}

const HASHES = ["passwordHash", "password_hash", "custom_password_hash"] as const;

/** Exports of the Management API have no hashes, and other systems have other names for them: all would be lost. */
function expectWithoutPassword(row: Row): void {
  const providers = providersOf(row);
  if (providers.includes("auth0")) {
    throw malformed(
      'row has the provider "auth0" and no "passwordHash": Auth0\'s support exports the hashes; without a password, pass null',
    );
  }
  if (providers.length > 0 || (typeof row.connection === "string" && row.connection !== "")) return;
  throw malformed(
    'row has no "passwordHash", "password_hash" or "custom_password_hash", and no "identities" or "connection" either: it seems to be of another system',
  );
}

/** The providers that a user logs in with: those of the identities, and the one before the `|` of the identifier. */
function providersOf({ user_id: id, identities }: Row): unknown[] {
  const own = typeof id === "string" ? /^([\w-]+)\|/.exec(id)?.[1] : undefined;
  let others: unknown[];
  try {
    others = Array.isArray(identities) ? identities.map((identity) => identity?.provider) : [];
  } catch {
    throw malformed("row cannot be read");
  }
  return [own, ...others].filter((provider) => typeof provider === "string" && provider !== "");
}

/** A `custom_password_hash`. */
interface Custom {
  readonly own: Row;
  readonly hash: Row;
  readonly salt: Row | undefined;
}

function readCustom(custom: unknown): Custom {
  const costs = ["keylen", "cost", "blockSize", "parallelization"];
  const own = rowOf(custom, ["algorithm", "hash", "salt", "password", ...costs]);
  if (isAbsent(own.hash)) throw malformed('row has no "hash"');
  const encoding = isAbsent(own.password) ? undefined : rowOf(own.password, ["encoding"]).encoding;
  if (!isAbsent(encoding) && encoding !== "utf8") throw unsupported("row's password was not hashed as UTF-8");
  const salt = isAbsent(own.salt) ? undefined : rowOf(own.salt, ["value", "encoding", "position"]);
  return { own, hash: rowOf(own.hash, ["value", "encoding"]), salt };
}

function storedOf(custom: Custom): string {
  const { own, hash } = custom;
  const algorithm = textOf(own, "algorithm");
  switch (algorithm) {
    case "argon2":
    case "bcrypt":
    case "ldap":
    case "pbkdf2":
      return expectShape(textOf(hash, "value"), algorithm, "value");
    case "md5":
    case "sha1":
    case "sha256":
    case "sha512":
      return digestOf(custom, algorithm);
    case "scrypt": {
      const salt = saltOf(custom);
      if (salt === undefined) throw malformed('row has no "salt"');
      const tag = bytesOf(hash, "value", encodingOf(hash, undefined));
      if (tag.length !== countOf(own, "keylen")) throw malformed('row\'s "value" is not as long as its "keylen"');
      const [blockSize, parallelism] = [countOf(own, "blockSize"), countOf(own, "parallelization")];
      return write.scrypt(countOf(own, "cost"), blockSize, parallelism, salt, tag);
    }
    default:
      throw unsupported(
        'row\'s "algorithm" is none of argon2, bcrypt, ldap, md5, pbkdf2, scrypt, sha1, sha256 and sha512',
      );
  }
}

function digestOf(custom: Custom, name: write.PlainDigest): string {
  const tag = bytesOf(custom.hash, "value", encodingOf(custom.hash, undefined));
  const salt = saltOf(custom);
  if (salt === undefined) return write.digest(name, "before", undefined, tag);
  const position = custom.salt?.position;
  if (position !== "prefix" && position !== "suffix") throw malformed('row\'s "position" is neither prefix nor suffix');
  return write.digest(name, position === "prefix" ? "before" : "after", salt, tag);
}

function saltOf({ salt }: Custom): Uint8Array | undefined {
  return salt === undefined ? undefined : bytesOf(salt, "value", encodingOf(salt, "utf8"));
}

function encodingOf(row: Row, fallback: string | undefined): Encoding {
  const encoding = row.encoding ?? fallback;
  if (encoding === "base64" || encoding === "hex") return encoding;
  if (encoding === "utf8") return "text";
  throw malformed('row\'s "encoding" is none of base64, hex and utf8');
}
