// Ed25519 arithmetic on plain integers (RFC 8032 §5.1), for the keys and signatures that no honest library makes:
// points of small order, encodings that are not canonical, signatures that only a lax check accepts.
// Slow and not constant in time: for test material only.

import { createHash } from "node:crypto";

export const P = 2n ** 255n - 19n;
export const L = 2n ** 252n + 27742317777372353535851937790883648493n;

const mod = (a, m = P) => ((a % m) + m) % m;

function power(base, exponent, m = P) {
  let result = 1n;
  for (let b = mod(base, m), e = exponent; e > 0n; e >>= 1n) {
    if (e & 1n) result = (result * b) % m;
    b = (b * b) % m;
  }
  return result;
}

const inverse = (a) => power(a, P - 2n);
const D = mod(-121665n * inverse(121666n));
const SQRT_MINUS_ONE = power(2n, (P - 1n) / 4n);

/** The x of RFC 8032 §5.1.3 for a y and a sign, or undefined where no point has that y. */
function recoverX(y, sign) {
  const u = mod(y * y - 1n);
  const v = mod(D * y * y + 1n);
  let x = mod(u * power(v, 3n) * power(u * power(v, 7n), (P - 5n) / 8n));
  if (mod(v * x * x) === mod(-u)) x = mod(x * SQRT_MINUS_ONE);
  if (mod(v * x * x) !== u) return undefined;
  return (x & 1n) === sign ? x : mod(-x);
}

export const IDENTITY = { x: 0n, y: 1n };
export const BASE = (() => {
  const y = mod(4n * inverse(5n));
  return { x: recoverX(y, 0n), y };
})();

export function add(a, b) {
  const product = mod(D * a.x * b.x * a.y * b.y);
  return {
    x: mod((a.x * b.y + a.y * b.x) * inverse(1n + product)),
    y: mod((a.y * b.y + a.x * b.x) * inverse(1n - product)),
  };
}

export function multiply(scalar, point) {
  let result = IDENTITY;
  for (let doubled = point, rest = scalar; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = add(result, doubled);
    doubled = add(doubled, doubled);
  }
  return result;
}

/** Little-endian bytes of an integer. */
export function littleEndian(value, length = 32) {
  const bytes = Buffer.alloc(length);
  for (let i = 0, rest = value; i < length; i += 1, rest >>= 8n) bytes[i] = Number(rest & 255n);
  return bytes;
}

export function fromLittleEndian(bytes) {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

/** The 32 bytes of a point: y, and the parity of x in the top bit. `above` writes y + p instead of y. */
export function encode(point, { above = false, flipSign = false } = {}) {
  const sign = (point.x & 1n) ^ (flipSign ? 1n : 0n);
  return littleEndian(point.y + (above ? P : 0n) + (sign << 255n));
}

/** The point of order 8 that generates the eight of small order. */
export const TORSION = (() => {
  for (let y = 2n; ; y += 1n) {
    const x = recoverX(y, 0n);
    if (x === undefined) continue;
    const point = multiply(L, { x, y });
    if (!same(multiply(4n, point), IDENTITY)) return point;
  }
})();

/** The least y from 2 to 18 with a point: y + p then still fits 255 bits, and is not canonical. */
export const SMALL_Y = (() => {
  for (let y = 2n; y < 19n; y += 1n) {
    const x = recoverX(y, 0n);
    if (x !== undefined) return { x, y };
  }
  throw new Error("no such point");
})();

/** A y of which no point exists. */
export const NO_POINT_Y = (() => {
  for (let y = 2n; ; y += 1n) if (recoverX(y, 0n) === undefined) return y;
})();

export function same(a, b) {
  return a.x === b.x && a.y === b.y;
}

/** The secret scalar and the nonce prefix of a seed (RFC 8032 §5.1.5). */
export function expand(seed) {
  const digest = createHash("sha512").update(seed).digest();
  digest[0] &= 248;
  digest[31] = (digest[31] & 127) | 64;
  return { scalar: fromLittleEndian(digest.subarray(0, 32)), prefix: digest.subarray(32) };
}

/** k = SHA-512(R ‖ A ‖ M) mod L. */
export function challenge(r, a, message) {
  return mod(fromLittleEndian(createHash("sha512").update(r).update(a).update(message).digest()), L);
}

export const modL = (value) => mod(value, L);
