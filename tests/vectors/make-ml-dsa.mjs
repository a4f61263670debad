// ML-DSA keys, from labels, and their documents. They are made and sign with @noble/post-quantum, in the deterministic variant
// of FIPS 204 §3.4, so that the vectors are the same each time.

import { ml_dsa44, ml_dsa65, ml_dsa87 } from "@noble/post-quantum/ml-dsa.js";
import { der, octetString, pkcs8, sequence, spki } from "./make-asn1.mjs";
import { base64url, bytesOf } from "./make-material.mjs";

const SETS = { 44: ml_dsa44, 65: ml_dsa65, 87: ml_dsa87 };

/** The algorithm identifier of a parameter set: 2.16.840.1.101.3.4.3.17 to .19, without parameters (RFC 9881 §2). */
export const identifier = (set, parameters = Buffer.alloc(0)) =>
  sequence(
    der(0x06, [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, { 44: 0x11, 65: 0x12, 87: 0x13 }[set]]),
    parameters,
  );

/** The seed, as [0] IMPLICIT (RFC 9881 §6). */
export const seedOnly = (seed) => der(0x80, seed);
export const both = (seed, expanded) => sequence(octetString(seed), octetString(expanded));

/** An ML-DSA key pair, given in vectors as a JWK: `spec` the public part, `privateSpec` the private one. */
export function mlDsaKey(name, set, { seed = bytesOf(name, 32), kid } = {}) {
  const scheme = SETS[set];
  const { publicKey, secretKey } = scheme.keygen(new Uint8Array(seed));
  const alg = `ML-DSA-${set}`;
  const jwk = { kty: "AKP", alg, pub: base64url(publicKey), ...(kid && { kid }) };
  const privateJwk = { ...jwk, priv: base64url(seed) };
  const algorithm = identifier(set);
  return {
    ...{ name, alg, set, seed, jwk, privateJwk },
    publicBytes: Buffer.from(publicKey),
    expanded: Buffer.from(secretKey),
    spec: { jwk },
    privateSpec: { jwk: privateJwk },
    spki: spki(publicKey, algorithm),
    /** In PKCS#8, with anything as the private key. */
    pkcs8: (inner = seedOnly(seed), more = {}) => pkcs8(undefined, { inner, algorithm, ...more }),
    sign: (message, options = {}) =>
      Buffer.from(scheme.sign(new Uint8Array(message), secretKey, { extraEntropy: false, ...options })),
    signHashed: (hash, message) =>
      Buffer.from(scheme.prehash(hash).sign(new Uint8Array(message), secretKey, { extraEntropy: false })),
  };
}

export const mlDsa44 = mlDsaKey("ml_dsa_44", 44);
export const mlDsa65 = mlDsaKey("ml_dsa_65", 65);
export const mlDsa87 = mlDsaKey("ml_dsa_87", 87);
export const mlDsaKeys = [mlDsa44, mlDsa65, mlDsa87];
