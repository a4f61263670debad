/** Converts password hashes whose parts are in several columns of a table. */

import { invalid } from "../options.js";
import type { Encoding } from "./encoding.js";
import { bytesOf, countOf, isAbsent, isEmpty, type Row, rowOf, textOf } from "./row.js";
import * as write from "./write.js";

/** The columns of every kind of hash. */
interface Encoded {
  /** The hash, in `hashEncoding`, or its bytes. */
  hash: string | Uint8Array | null;
  /** The encoding of `hash`. Default `"hex"`. */
  hashEncoding?: "base64" | "hex";
}

/**
 * PBKDF2 in columns. These all use `digest: "sha256"` and the text of the salt, so they need no `saltEncoding`. Iterations:
 * passport-local-mongoose and Payload 25000; Grafana 10000; Gitea 50000, before 1.20 10000; Discourse 64000, since 2023 600000.
 */
export interface Pbkdf2Columns extends Encoded {
  algorithm: "pbkdf2";
  digest: "sha1" | "sha256" | "sha512";
  iterations: number;
  /**
   * How many bytes the software asked PBKDF2 for, `keylen` in Node. Required if that is neither the length of the digest nor 50,
   * 64 or 512: any other length looks like a column that was too narrow.
   */
  keyLength?: number;
  salt: string | Uint8Array;
  /** The encoding of the salt. Default `"text"`: its UTF-8. */
  saltEncoding?: Encoding;
}

/** scrypt in columns. The defaults are those of Node's `scrypt`: `cost: 16384`, `blockSize: 8`, `parallelism: 1`. */
export interface ScryptColumns extends Encoded {
  algorithm: "scrypt";
  salt: string | Uint8Array;
  /** The encoding of the salt. Default `"text"`: its UTF-8. */
  saltEncoding?: Encoding;
  /** N, a power of two. */
  cost?: number;
  blockSize?: number;
  parallelism?: number;
}

/** A digest of the password and a salt. `countersign/formats` reads it if `accept` contains the scheme. */
export interface DigestColumns extends Encoded {
  algorithm: "digest";
  digest: "md5" | "sha1" | "sha256" | "sha384" | "sha512";
  /** Leave it out if the password was hashed alone. */
  salt?: string | Uint8Array | null;
  saltEncoding?: Encoding;
  /** Whether the salt comes before or after the password, or after it in braces, as in Symfony. Required if there is a salt. */
  saltPosition?: "before" | "after" | "braces";
  /**
   * Symfony's `iterations`, 5000 by default. Each round hashes the digest, the password and the salt again. Leave it out for a
   * digest that was computed once.
   */
  iterations?: number;
}

/** The columns of a hash. */
export type Columns = DigestColumns | Pbkdf2Columns | ScryptColumns;

/**
 * Converts a hash that is spread over several columns.
 *
 * @param columns The values of the row, and the settings of the whole table, such as `algorithm`.
 * @returns The text to store, or `null` if `hash` is empty or `null`.
 * @throws {CountersignError} `HASH_MALFORMED`: a column is missing or not in its encoding, or the hash has a length that no
 * known software writes and `keyLength` does not state. `HASH_UNSUPPORTED`: the digest is not supported. `OPTION_INVALID`: `algorithm`, `saltPosition` or an encoding is
 * unknown.
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
 *
 * // A table of Symfony's message-digest encoder.
 * const digest = fromColumns({
 *   algorithm: "digest",
 *   digest: "sha512",
 *   iterations: 5000,
 *   hash: row.password,
 *   hashEncoding: "base64",
 *   salt: row.salt,
 *   saltPosition: "braces",
 * });
 * ```
 */
export function fromColumns(columns: Columns): string | null {
  const row = rowOf(columns, NAMES);
  if (!ALGORITHMS.includes(row.algorithm))
    throw invalid('option "algorithm" is none of "digest", "pbkdf2" and "scrypt"');
  if (isEmpty(row, "hash")) return null;
  const tag = bytesOf(row, "hash", encoding("hashEncoding", row.hashEncoding ?? "hex"));
  switch (row.algorithm) {
    case "pbkdf2": {
      const digest = write.digestNamed(textOf(row, "digest"), 'row\'s "digest"');
      const length = isAbsent(row.keyLength) ? undefined : countOf(row, "keyLength");
      return write.pbkdf2(digest, countOf(row, "iterations"), salt(row), tag, length);
    }
    case "scrypt": {
      const count = (name: string, fallback: number) => (row[name] === undefined ? fallback : countOf(row, name));
      const [cost, blockSize, parallelism] = [count("cost", 16_384), count("blockSize", 8), count("parallelism", 1)];
      return write.scrypt(cost, blockSize, parallelism, salt(row), tag);
    }
    default: {
      const digest = write.plainDigestNamed(textOf(row, "digest"), 'row\'s "digest"');
      const rounds = isAbsent(row.iterations) ? undefined : countOf(row, "iterations");
      if (isAbsent(row.salt)) return write.digest(digest, "before", undefined, tag, rounds);
      const position = row.saltPosition;
      if (position !== "before" && position !== "after" && position !== "braces") {
        throw invalid('option "saltPosition" is none of "before", "after" and "braces"');
      }
      return write.digest(digest, position, salt(row), tag, rounds);
    }
  }
}

const ALGORITHMS: unknown[] = ["digest", "pbkdf2", "scrypt"];

const NAMES = [
  "algorithm",
  "blockSize",
  "cost",
  "digest",
  "hash",
  "hashEncoding",
  "iterations",
  "keyLength",
  "parallelism",
  "salt",
  "saltEncoding",
  "saltPosition",
];

function salt(row: Row): Uint8Array {
  return bytesOf(row, "salt", encoding("saltEncoding", row.saltEncoding ?? "text"));
}

function encoding(name: string, value: unknown): Encoding {
  if (value === "base64" || value === "hex") return value;
  if (value === "text" && name === "saltEncoding") return value;
  const known = name === "saltEncoding" ? '"base64", "hex" and "text"' : '"base64" and "hex"';
  throw invalid(`option "${name}" is none of ${known}`);
}
