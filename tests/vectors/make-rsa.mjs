// RSA on plain integers (RFC 8017): keys whose primes belong to a label, and paddings written by hand, so that they can
// also be written wrongly and PSS signatures are the same each time.

import { checkPrimeSync, constants, createHash, createPrivateKey, privateEncrypt } from "node:crypto";
import { der, integer, OID, sequence } from "./make-asn1.mjs";
import { base64url, bytesOf } from "./make-material.mjs";
import { bytes, fromBytes, inverse } from "./make-weierstrass.mjs";

export const toInteger = (text) => fromBytes(Buffer.from(text, "base64url"));
/** The fewest bytes that hold a number. */
export const octets = (value) => bytes(value, Math.ceil(value.toString(16).length / 2));
export const uint = (value) => base64url(octets(value));

/** The first prime from a number of this many bits that belongs to a label; its two highest bits are set. */
export function prime(label, bits) {
  const known = primes.get(label);
  if (known !== undefined) return known;
  const surplus = BigInt(Math.ceil(bits / 8) * 8 - bits);
  let candidate = fromBytes(bytesOf(label, Math.ceil(bits / 8))) >> surplus;
  candidate |= (3n << BigInt(bits - 2)) | 1n;
  while (!checkPrimeSync(candidate, { checks: 16 })) candidate += 2n;
  primes.set(label, candidate);
  return candidate;
}
const primes = new Map();

/** The numbers of a key, from its primes, as a JWK with base64url members. */
export function rsaJwk(p, q, { e = 65537n, d = inverse(e, (p - 1n) * (q - 1n)) } = {}) {
  const members = { n: p * q, e, d, p, q, dp: d % (p - 1n), dq: d % (q - 1n), qi: inverse(q, p) };
  return { kty: "RSA", ...Object.fromEntries(Object.entries(members).map(([name, value]) => [name, uint(value)])) };
}

/** Without the members of the private half. */
export const publicOf = ({ kty, n, e }) => ({ kty, n, e });

const SIZES = { sha256: 32, sha384: 48, sha512: 64 };
export const hashOf = (alg) => `sha${alg.slice(2)}`;
const digestOf = (hash, ...parts) => createHash(hash).update(Buffer.concat(parts)).digest();

/** RFC 8017 appendix B.2.1. */
function mask(hash, seed, length) {
  const blocks = [];
  for (let i = 0; i * SIZES[hash] < length; i += 1) blocks.push(digestOf(hash, seed, bytes(BigInt(i), 4)));
  return Buffer.concat(blocks).subarray(0, length);
}

/** EMSA-PSS (RFC 8017 §9.1.1) for a modulus of so many bits, with a salt that belongs to a label. */
export function pss(message, bits, { hash, salt = SIZES[hash], maskHash = hash, trailer = 0xbc, label = "salt" }) {
  const length = Math.ceil((bits - 1) / 8);
  const saltBytes = bytesOf(label, salt);
  const h = digestOf(hash, Buffer.alloc(8), digestOf(hash, Buffer.from(message)), saltBytes);
  const db = Buffer.concat([Buffer.alloc(length - salt - h.length - 2), Buffer.from([1]), saltBytes]);
  const overlay = mask(maskHash, h, db.length);
  const masked = db.map((byte, i) => byte ^ overlay[i]);
  masked[0] &= 0xff >> (8 * length - (bits - 1));
  return Buffer.concat([masked, h, Buffer.from([trailer])]);
}

const HASH_OID = {
  sha256: der(0x06, [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01]),
  sha384: der(0x06, [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02]),
  sha512: der(0x06, [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03]),
};

/** EMSA-PKCS1-v1_5 (RFC 8017 §9.2), in its parts, for changing one. */
export function pkcs1(
  message,
  length,
  { hash, parameters = der(0x05), after = [], start = [0, 1], fill = 0xff, padding },
) {
  const digest = digestOf(hash, Buffer.from(message));
  const info = sequence(sequence(HASH_OID[hash], parameters), der(0x04, digest));
  const tail = Buffer.concat([Buffer.from([0]), info, Buffer.from(after)]);
  const filled = Buffer.alloc(padding ?? length - start.length - tail.length, fill);
  const block = Buffer.concat([Buffer.from(start), filled, tail]);
  return Buffer.concat([block, Buffer.alloc(length - block.length, 0x5a)]);
}

/** id-RSASSA-PSS parameters (RFC 4055 §3.1). */
export function pssParameters(hash, salt, { maskHash = hash } = {}) {
  const of = (name) => sequence(HASH_OID[name], der(0x05));
  const mgf1 = der(0x06, [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x08]);
  return sequence(
    der(0xa0, of(hash)),
    der(0xa1, sequence(mgf1, of(maskHash))),
    der(0xa2, integer(Buffer.from([salt]))),
  );
}

const opened = new Map();

/** The private key operation on a whole block. */
export function rawSign(jwk, block) {
  const key = opened.get(jwk) ?? createPrivateKey({ key: jwk, format: "jwk" });
  opened.set(jwk, key);
  return privateEncrypt({ key, padding: constants.RSA_NO_PADDING }, block);
}

/** A key for one algorithm: `spec` and `privateSpec` for the vectors, `sign` with a fixed salt. */
export function rsaKey(name, alg, jwk, { kid } = {}) {
  const bits = toInteger(jwk.n).toString(2).length;
  const length = Math.ceil(bits / 8);
  const hash = hashOf(alg);
  const blockOf = (message, changes) =>
    alg.startsWith("PS") ? pss(message, bits, { hash, ...changes }) : pkcs1(message, length, { hash, ...changes });
  return {
    name,
    alg,
    bits,
    jwk: publicOf(jwk),
    privateJwk: jwk,
    spec: { jwk: publicOf(jwk), alg, kid },
    privateSpec: { jwk, alg, kid },
    block: blockOf,
    signWith: (message, changes) => rawSign(jwk, blockOf(message, changes)),
    sign: (message) => rawSign(jwk, blockOf(message)),
  };
}

/** PKCS#1 (RFC 8017 appendix A.1.1, A.1.2). */
const numbers = (jwk, names) => names.map((name) => integer(Buffer.from(jwk[name], "base64url")));
export const pkcs1Public = (jwk) => sequence(...numbers(jwk, ["n", "e"]));
export function pkcs1Private(jwk, { version = 0, more = [] } = {}) {
  const parts = numbers(jwk, ["n", "e", "d", "p", "q", "dp", "dq", "qi"]);
  return sequence(integer(Buffer.from([version])), ...parts, ...more);
}

export const RSA_ALGORITHM = sequence(OID.rsa, der(0x05));
