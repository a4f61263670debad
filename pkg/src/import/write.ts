/** Writes stored hashes in the formats that `PasswordHasher` reads. */

import type { CountersignError } from "../errors.js";
import { adapted, base64, unpadded } from "./encoding.js";
import { malformed, unsupported } from "./row.js";

/** The digests of PBKDF2. */
export type Digest = "sha1" | "sha256" | "sha512";
/** The digests of hashes that were computed in one step. */
export type PlainDigest = "md5" | "sha384" | Digest;

const DIGEST_BYTES: Record<PlainDigest, number> = { md5: 16, sha1: 20, sha256: 32, sha384: 48, sha512: 64 };

/** Finds a digest by its name in any spelling: `SHA-256`, `sha256`, `HmacSHA256`, `pbkdf2-sha256`. */
export function digestNamed(name: string, what: string): Digest {
  const found = plainDigestNamed(name.replace(/^(?:pbkdf2[-_]?)?(?:hmac)?[-_]?/i, ""), what);
  if (found === "md5" || found === "sha384") throw unsupported(`${what} is none of sha1, sha256 and sha512`);
  return found;
}

/** The digest's name, MD5 included. A name of PBKDF2 or HMAC is refused: neither is a plain digest. */
export function plainDigestNamed(name: string, what: string): PlainDigest {
  const found = /^(md5|sha-?(?:1|256|384|512))$/i.exec(name)?.[1];
  if (found === undefined) throw unsupported(`${what} is none of md5, sha1, sha256, sha384 and sha512`);
  return found.toLowerCase().replace("-", "") as PlainDigest;
}

/** What known software stores where that is more than the digest: Gitea and Grafana, Keycloak, passport-local-mongoose. */
const LONG_TAG_BYTES = [50, 64, 512];

/**
 * `$pbkdf2-sha256$<iterations>$<salt>$<tag>` as in passlib, or a PHC string with the length of the tag, if nothing but the caller
 * says that it is right.
 *
 * @param stated How many bytes the caller says that there are.
 */
export function pbkdf2(digest: Digest, iterations: number, salt: Uint8Array, tag: Uint8Array, stated?: number): string {
  const name = digest === "sha1" ? "pbkdf2" : `pbkdf2-${digest}`;
  const [length, whole] = [tag.length, DIGEST_BYTES[digest]];
  if (length === whole || (whole < length && LONG_TAG_BYTES.includes(length))) {
    if (stated !== undefined && stated !== length) throw notAsStated();
    return `$${name}$${iterations}$${adapted(readable(salt))}$${adapted(tag)}`;
  }
  if (stated === undefined && length < whole) {
    throw malformed(`row's hash is cut short: it has ${length} of ${whole} bytes`);
  }
  if (stated === undefined) {
    throw malformed(
      `row's hash has ${length} bytes: it may be cut short; pass "keyLength" if that is how many there are`,
    );
  }
  if (stated !== length) throw notAsStated();
  if (length < 16 || 512 < length) throw malformed("row's hash is not 16 to 512 bytes long");
  return `$${name}$i=${iterations},l=${length}$${unpadded(readable(salt))}$${unpadded(tag)}`;
}

/** The longest salt that `PasswordHasher` reads, in bytes. */
const MOST_SALT = 128;

/** The salt, if it can be read. */
function readable(salt: Uint8Array): Uint8Array {
  if (salt.length <= MOST_SALT) return salt;
  throw unsupported(
    `row's salt is longer than ${MOST_SALT} bytes, which no module reads: let its user set a new password`,
  );
}

function notAsStated(): CountersignError {
  return malformed('row\'s hash is not as long as "keyLength" says: it may be cut short');
}

/** `$scrypt$ln=<log2 N>,r=<r>,p=<p>$<salt>$<tag>`, a PHC string. */
export function scrypt(
  cost: number,
  blockSize: number,
  parallelism: number,
  salt: Uint8Array,
  tag: Uint8Array,
): string {
  const logarithm = Math.log2(cost);
  if (!Number.isInteger(logarithm)) throw malformed(`row's "cost" is not a power of two`);
  if (tag.length !== 32 && tag.length !== 64) {
    throw malformed("row's hash is neither 32 nor 64 bytes long: it may be cut short");
  }
  return `$scrypt$ln=${logarithm},r=${blockSize},p=${parallelism}$${unpadded(readable(salt))}$${unpadded(tag)}`;
}

/** Firebase's scrypt with the keys of its project, in the format of Supabase. */
export function firebase(
  project: { memoryCost: number; rounds: number; saltSeparator: Uint8Array; signerKey: Uint8Array },
  salt: Uint8Array,
  tag: Uint8Array,
): string {
  const { memoryCost, rounds, saltSeparator, signerKey } = project;
  const keys = `ss=${base64(saltSeparator)},sk=${base64(signerKey)}`;
  return `$fbscrypt$v=1,n=${memoryCost},r=${rounds},p=1,${keys}$${base64(salt)}$${base64(tag)}`;
}

/**
 * `$digest$d=sha256,s=before$<salt>$<tag>`: a digest of the salt followed by the password. `s=after`: of the password followed
 * by the salt. `s=braces`: of the password followed by the salt in braces. `s=none`: of the password alone, with nothing between
 * the last two `$`. `i=5000` after it: so many rounds, as in Symfony.
 */
export function digest(
  name: PlainDigest,
  where: "before" | "after" | "braces",
  salt: Uint8Array | undefined,
  tag: Uint8Array,
  rounds?: number,
): string {
  if (tag.length !== DIGEST_BYTES[name]) throw malformed(`row's hash is not as long as its digest`);
  const place = salt === undefined ? "none" : where;
  const costs = rounds === undefined ? "" : `,i=${rounds}`;
  return `$digest$d=${name},s=${place}${costs}$${salt === undefined ? "" : unpadded(readable(salt))}$${unpadded(tag)}`;
}
