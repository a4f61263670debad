// Arithmetic on the curves of NIST SP 800-186 and on secp256k1, on plain integers, with the signatures of FIPS 186-5 and
// the nonces of RFC 6979: for keys and signatures that no honest library makes, and for signatures that are the same
// each time. Slow and not constant in time: for test material only.

import { createHash, createHmac } from "node:crypto";
import { base64url } from "./make-material.mjs";

const hex = (text) => BigInt(`0x${text.replaceAll(/\s/g, "")}`);
const curve = (crv, alg, hash, length, p, a, b, n, x, y) => ({
  crv,
  alg,
  hash,
  length,
  p: hex(p),
  a: hex(p) + a,
  b: hex(b),
  n: hex(n),
  base: { x: hex(x), y: hex(y) },
});

/** SP 800-186 §3.2.1.3. */
export const P256 = curve(
  "P-256",
  "ES256",
  "sha256",
  32,
  "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff",
  -3n,
  "5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b",
  "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
  "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296",
  "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
);

/** SP 800-186 §3.2.1.4. */
export const P384 = curve(
  "P-384",
  "ES384",
  "sha384",
  48,
  "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffff",
  -3n,
  "b3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aef",
  "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973",
  "aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7",
  "3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f",
);

/** SP 800-186 §3.2.1.5. */
export const P521 = curve(
  "P-521",
  "ES512",
  "sha512",
  66,
  `01ff${"ff".repeat(64)}`,
  -3n,
  "0051953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00",
  "01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409",
  "00c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3dbaa14b5e77efe75928fe1dc127a2ffa8de3348b3c1856a429bf97e7e31c2e5bd66",
  "011839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e662c97ee72995ef42640c550b9013fad0761353c7086a272c24088be94769fd16650",
);

/** SEC 2 §2.4.1: a curve for which no algorithm is here. */
export const SECP256K1 = curve(
  "secp256k1",
  "ES256K",
  "sha256",
  32,
  "fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f",
  0n,
  "07",
  "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141",
  "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798",
  "483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8",
);

const mod = (a, m) => ((a % m) + m) % m;

/** The inverse modulo a prime or another coprime modulus. */
export function inverse(a, m) {
  let [r, next, s, following] = [m, mod(a, m), 0n, 1n];
  while (next !== 0n) {
    const quotient = r / next;
    [r, next] = [next, r - quotient * next];
    [s, following] = [following, s - quotient * following];
  }
  return mod(s, m);
}

/** The point, or `undefined` for that at infinity. */
export function add({ p, a }, left, right) {
  if (left === undefined || right === undefined) return left ?? right;
  if (left.x === right.x && mod(left.y + right.y, p) === 0n) return undefined;
  const slope =
    left.x === right.x
      ? (3n * left.x * left.x + a) * inverse(2n * left.y, p)
      : (right.y - left.y) * inverse(right.x - left.x, p);
  const x = mod(slope * slope - left.x - right.x, p);
  return { x, y: mod(slope * (left.x - x) - left.y, p) };
}

export function multiply(curve, scalar, point = curve.base) {
  let result;
  for (let i = 0; scalar >> BigInt(i) > 0n; i += 1) {
    if ((scalar >> BigInt(i)) & 1n) result = add(curve, result, doubled(curve, point, i));
  }
  return result;
}

const doublings = new Map();
/** The point times 2^i. Kept, as most multiples are those of the base point. */
function doubled(curve, point, i) {
  if (!doublings.has(point)) doublings.set(point, [point]);
  const known = doublings.get(point);
  while (known.length <= i) known.push(add(curve, known.at(-1), known.at(-1)));
  return known[i];
}

/** Big-endian bytes. */
export const bytes = (value, length) => Buffer.from(value.toString(16).padStart(length * 2, "0"), "hex");
export const fromBytes = (buffer) => (buffer.length === 0 ? 0n : BigInt(`0x${buffer.toString("hex")}`));

/** The bits of a digest that count (FIPS 186-5 §6.4.1). */
function bitsToInt({ n }, digest) {
  const surplus = digest.length * 8 - n.toString(2).length;
  return surplus > 0 ? fromBytes(digest) >> BigInt(surplus) : fromBytes(digest);
}

/** The first nonce of RFC 6979 §3.2 for a digest. */
function nonceOf(curve, d, digest) {
  const length = Math.ceil(curve.n.toString(2).length / 8);
  const size = digest.length;
  const seed = Buffer.concat([bytes(d, length), bytes(mod(bitsToInt(curve, digest), curve.n), length)]);
  let [k, v] = [Buffer.alloc(size), Buffer.alloc(size, 1)];
  const hmac = (...parts) => createHmac(curve.hash, k).update(Buffer.concat(parts)).digest();
  for (const separator of [0, 1]) {
    k = hmac(v, Buffer.from([separator]), seed);
    v = hmac(v);
  }
  for (;;) {
    let t = Buffer.alloc(0);
    while (t.length < length) {
      v = hmac(v);
      t = Buffer.concat([t, v]);
    }
    const nonce = bitsToInt(curve, t.subarray(0, length));
    if (0n < nonce && nonce < curve.n) return nonce;
    k = hmac(v, Buffer.from([0]));
    v = hmac(v);
  }
}

/** r and s of a message. */
export function signature(curve, d, message, { hash = curve.hash, nonce } = {}) {
  const digest = createHash(hash).update(message).digest();
  const k = nonce ?? nonceOf(curve, d, digest);
  const r = mod(multiply(curve, k).x, curve.n);
  return { r, s: mod(inverse(k, curve.n) * (bitsToInt(curve, digest) + r * d), curve.n) };
}

/** r and s side by side, each as long as the field (RFC 7518 §3.4). */
export const joined = ({ length }, { r, s }) => Buffer.concat([bytes(r, length), bytes(s, length)]);

/** A key pair by its private number: `spec` and `privateSpec` are JWKs for the vectors, `sign` makes raw signatures. */
export function ecKey(name, curve, d, { kid } = {}) {
  const { crv, alg, length } = curve;
  const point = multiply(curve, d);
  const [x, y] = [point.x, point.y].map((coordinate) => base64url(bytes(coordinate, length)));
  const jwk = { kty: "EC", crv, x, y };
  const privateJwk = { ...jwk, d: base64url(bytes(d, length)) };
  return {
    name,
    alg,
    curve,
    d,
    point,
    jwk,
    privateJwk,
    spec: { jwk, kid },
    privateSpec: { jwk: privateJwk, kid },
    sign: (message) => joined(curve, signature(curve, d, message)),
  };
}

/** SEC 1 §2.3.3. */
export function uncompressed({ length }, { x, y }) {
  return Buffer.concat([Buffer.from([4]), bytes(x, length), bytes(y, length)]);
}

export function compressed({ length }, { x, y }) {
  return Buffer.concat([Buffer.from([y & 1n ? 3 : 2]), bytes(x, length)]);
}
