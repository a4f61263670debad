// Cases that import a key, and the Ed25519 documents that several makers put into them.

import { pem, pkcs8, spki } from "./make-asn1.mjs";
import { answers, fails } from "./make-compact.mjs";
import { ed25519 } from "./make-material.mjs";

export const takes = (name, ...rest) => answers("importKey", `takes_${name}`, ...rest);
export const refuses = (name, ...rest) => fails("importKey", `refuses_${name}`, ...rest);

/** A key given as a JWK, or as PEM. */
export const jwkKey = (members, options = {}) => ({ key: { jwk: members, ...options } });
export const pemKey = (text, more = {}) => ({ key: { pem: text, alg: "EdDSA", ...more } });

/** What a key is described as. */
export const described = (type, alg = "EdDSA", kid = null) => ({ alg, kid, type });
export const publicKey = described("public");
export const privateKey = described("private");

const { seed, publicBytes } = ed25519;
export const SPKI = spki(publicBytes);
export const PKCS8 = pkcs8(seed);
export const PKCS8_V2 = pkcs8(seed, { publicKey: publicBytes });
export const publicPem = pem("PUBLIC KEY", SPKI);
