import type { Encoding } from "./encoding.js";
import { bytesOf, countOf, invalid, isAbsent, member } from "./row.js";
import * as write from "./write.js";

/** What all columns have in common. */
interface Encoded {
  /** The hash, in `hashEncoding`, or its bytes. */
  hash: string | Uint8Array | null;
  /** `"hex"` unless it is named. */
  hashEncoding?: "base64" | "hex";
}

/**
 * PBKDF2 in columns. passport-local-mongoose and Payload: `digest: "sha256"`, `iterations: 25000`; Grafana: 10000 and
 * `"sha256"`; Gitea: 50000 (before 1.20: 10000) and `"sha256"`; Discourse: 64000 (since 2023: 600000) and `"sha256"`. All
 * of them hash with the salt's text, and so leave out `saltEncoding`.
 */
export interface Pbkdf2Columns extends Encoded {
  algorithm: "pbkdf2";
  digest: "sha1" | "sha256" | "sha512";
  iterations: number;
  salt: string | Uint8Array;
  /** How to read the salt: `"text"`, the characters themselves, unless it is named. */
  saltEncoding?: Encoding;
}

/** scrypt in columns. Node's `scrypt` without options is `cost: 16384`, `blockSize: 8`, `parallelism: 1`, as here. */
export interface ScryptColumns extends Encoded {
  algorithm: "scrypt";
  salt: string | Uint8Array;
  /** How to read the salt: `"text"`, the characters themselves, unless it is named. */
  saltEncoding?: Encoding;
  /** N, a power of two. */
  cost?: number;
  blockSize?: number;
  parallelism?: number;
}

/** A digest of the password and a salt, computed once. It is read only where `accept` names the scheme. */
export interface DigestColumns extends Encoded {
  algorithm: "digest";
  digest: "md5" | "sha1" | "sha256" | "sha512";
  /** None: the password alone was hashed. */
  salt?: string | Uint8Array | null;
  saltEncoding?: Encoding;
  /** Whether the salt stands before the password or after it. Needed where there is a salt. */
  saltPosition?: "before" | "after";
}

export type Columns = DigestColumns | Pbkdf2Columns | ScryptColumns;

/**
 * The stored string of a hash that is spread over columns, with what holds for the whole table beside them.
 *
 * @returns `null` where `hash` is empty or `null`.
 * @throws {@link CountersignError} `HASH_MALFORMED`: a column is missing, or not in its encoding, or the hash is not as long
 * as its digest. `OPTION_INVALID`: `algorithm`, `saltPosition` or an encoding is none that there is. `HASH_UNSUPPORTED`: the digest is
 * not one that is read.
 *
 * @example
 * ```ts
 * // A collection of passport-local-mongoose.
 * const stored = fromColumns({
 *   algorithm: "pbkdf2",
 *   digest: "sha256",
 *   iterations: 25000,
 *   hash: user.hash,
 *   salt: user.salt,
 * });
 * ```
 */
export function fromColumns(columns: Columns): string | null {
  if (isAbsent(member(columns, "hash"))) return null;
  const tag = bytesOf(columns, "hash", encoding("hashEncoding", member(columns, "hashEncoding") ?? "hex"));
  switch (member(columns, "algorithm")) {
    case "pbkdf2": {
      const digest = write.digestNamed(String(member(columns, "digest")), 'row\'s "digest"');
      return write.pbkdf2(digest, countOf(columns, "iterations"), salt(columns), tag);
    }
    case "scrypt": {
      const count = (name: string, fallback: number) =>
        member(columns, name) === undefined ? fallback : countOf(columns, name);
      const [cost, blockSize, parallelism] = [count("cost", 16_384), count("blockSize", 8), count("parallelism", 1)];
      return write.scrypt(cost, blockSize, parallelism, salt(columns), tag);
    }
    case "digest": {
      const digest = write.plainDigestNamed(String(member(columns, "digest")), 'row\'s "digest"');
      if (isAbsent(member(columns, "salt"))) return write.digest(digest, "before", undefined, tag);
      const position = member(columns, "saltPosition");
      if (position !== "before" && position !== "after") {
        throw invalid('option "saltPosition" is neither "before" nor "after"');
      }
      return write.digest(digest, position, salt(columns), tag);
    }
    default:
      throw invalid('option "algorithm" is none of "digest", "pbkdf2" and "scrypt"');
  }
}

function salt(columns: Columns): Uint8Array {
  return bytesOf(columns, "salt", encoding("saltEncoding", member(columns, "saltEncoding") ?? "text"));
}

function encoding(name: string, value: unknown): Encoding {
  if (value === "base64" || value === "hex") return value;
  if (value === "text" && name === "saltEncoding") return value;
  const known = name === "saltEncoding" ? '"base64", "hex" and "text"' : '"base64" and "hex"';
  throw invalid(`option "${name}" is none of ${known}`);
}
