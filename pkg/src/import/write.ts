/** The stored strings that rows become: each in the grammar in which `PasswordHasher` reads it. */

import { adapted, base64, unpadded } from "./encoding.js";
import { malformed, unsupported } from "./row.js";

/** The digests that PBKDF2 is read with, by the spellings that rows have. */
export type Digest = "sha1" | "sha256" | "sha512";
/** The digests that a password may have been hashed with once. */
export type PlainDigest = "md5" | Digest;

const DIGEST_BYTES: Record<PlainDigest, number> = { md5: 16, sha1: 20, sha256: 32, sha512: 64 };

/** A digest by any of its spellings: `SHA-256`, `sha256`, `HmacSHA256`, `pbkdf2-sha256`. */
export function digestNamed(name: string, what: string): Digest {
  const found = plainDigestNamed(name, what);
  if (found === "md5") throw unsupported(`${what} is none of sha1, sha256 and sha512`);
  return found;
}

/** The same, and MD5. */
export function plainDigestNamed(name: string, what: string): PlainDigest {
  const found = /^(?:pbkdf2[-_]?)?(?:hmac)?[-_]?(md5|sha-?(?:1|256|512))$/i.exec(name)?.[1];
  if (found === undefined) throw unsupported(`${what} is none of md5, sha1, sha256 and sha512`);
  return found.toLowerCase().replace("-", "") as PlainDigest;
}

/** `$pbkdf2-sha256$<iterations>$<salt>$<tag>` as passlib has it, and a PHC string for a tag shorter than the digest. */
export function pbkdf2(digest: Digest, iterations: number, salt: Uint8Array, tag: Uint8Array): string {
  const name = digest === "sha1" ? "pbkdf2" : `pbkdf2-${digest}`;
  if (tag.length < DIGEST_BYTES[digest]) {
    return `$${name}$i=${iterations},l=${tag.length}$${unpadded(salt)}$${unpadded(tag)}`;
  }
  return `$${name}$${iterations}$${adapted(salt)}$${adapted(tag)}`;
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
  return `$scrypt$ln=${logarithm},r=${blockSize},p=${parallelism}$${unpadded(salt)}$${unpadded(tag)}`;
}

/** Firebase's scrypt with the keys of its project, as Supabase writes it. */
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
 * `$digest$d=sha256,s=before$<salt>$<tag>`: a digest computed once, of the salt and the password in this order. `s=after`:
 * of the password and the salt; `s=none`: of the password alone, with nothing between the last two `$`.
 */
export function digest(
  name: PlainDigest,
  where: "before" | "after",
  salt: Uint8Array | undefined,
  tag: Uint8Array,
): string {
  if (tag.length !== DIGEST_BYTES[name]) throw malformed(`row's hash is not as long as its digest`);
  const place = salt === undefined ? "none" : where;
  return `$digest$d=${name},s=${place}$${salt === undefined ? "" : unpadded(salt)}$${unpadded(tag)}`;
}
