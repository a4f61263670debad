// The keys of the vectors. Every one is derived from a label, so that anybody can make it again; none is secret.

import { createHash, createHmac, createPrivateKey, createPublicKey, sign as signBytes } from "node:crypto";
import { pkcs8 } from "./make-asn1.mjs";

export const base64url = (bytes) => Buffer.from(bytes).toString("base64url");

/** `length` bytes that belong to a label. */
export function bytesOf(label, length) {
  const blocks = [];
  for (let i = 0; i * 64 < length; i += 1) blocks.push(createHash("sha512").update(`${label} ${i}`).digest());
  return Buffer.concat(blocks).subarray(0, length);
}

const DIGEST = { HS256: "sha256", HS384: "sha384", HS512: "sha512" };

/** An HMAC key: `spec` is its form in a vector, `sign` its function. */
export function hmacKey(name, alg, secret, more = {}) {
  return {
    name,
    alg,
    secret,
    spec: { secret: base64url(secret), alg, ...more },
    sign: (message) => createHmac(DIGEST[alg], secret).update(message).digest(),
  };
}

/** An Ed25519 key pair, given in vectors as a JWK: `spec` the public part, `privateSpec` the private one. */
export function ed25519Key(name, seed, { alg = "EdDSA", kid } = {}) {
  const privateKey = createPrivateKey({ key: pkcs8(seed), format: "der", type: "pkcs8" });
  const x = createPublicKey(privateKey).export({ format: "jwk" }).x;
  const jwk = { kty: "OKP", crv: "Ed25519", x };
  return {
    name,
    alg,
    seed,
    publicBytes: Buffer.from(x, "base64url"),
    jwk,
    privateJwk: { ...jwk, d: base64url(seed) },
    spec: { jwk, alg, kid },
    privateSpec: { jwk: { ...jwk, d: base64url(seed) }, alg, kid },
    privateKey,
    sign: (message) => signBytes(null, message, privateKey),
  };
}

export const hs256 = hmacKey("hs256", "HS256", bytesOf("hs256", 32));
export const hs384 = hmacKey("hs384", "HS384", bytesOf("hs384", 48));
export const hs512 = hmacKey("hs512", "HS512", bytesOf("hs512", 64));
export const other256 = hmacKey("other256", "HS256", bytesOf("another hs256", 32));
export const ed25519 = ed25519Key("ed25519", bytesOf("ed25519", 32));
export const other25519 = ed25519Key("other25519", bytesOf("another ed25519", 32));
