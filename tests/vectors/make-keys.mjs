// The RSA and EC keys of the vectors: those of the RFCs where they publish one, the others derived from a label.

import { p256of7515Private, p521of7515Private, rsa7515Private } from "./make-keys-rfc.mjs";
import { bytesOf, ed25519, hs256, hs384, hs512 } from "./make-material.mjs";
import { rsaKey, toInteger } from "./make-rsa.mjs";
import { ecKey, fromBytes, P256, P384, P521 } from "./make-weierstrass.mjs";

const number = ({ n, length }, label) => fromBytes(bytesOf(label, length)) % n;

export const es256 = ecKey("es256", P256, toInteger(p256of7515Private.d));
export const es384 = ecKey("es384", P384, number(P384, "es384"));
export const es512 = ecKey("es512", P521, toInteger(p521of7515Private.d));
export const ecKeys = [es256, es384, es512];
export const otherEcKeys = [P256, P384, P521].map((curve) =>
  ecKey(`other_${curve.alg.toLowerCase()}`, curve, number(curve, `another ${curve.alg}`)),
);

const RSA = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"];
export const rsaKeys = RSA.map((alg) => rsaKey(alg.toLowerCase(), alg, rsa7515Private));
export const [rs256, , , ps256] = rsaKeys;

/** A key for each algorithm. */
export const allKeys = [hs256, hs384, hs512, ed25519, ...ecKeys, ...rsaKeys];
