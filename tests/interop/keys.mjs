// Fresh keys of every algorithm, made by node:crypto, in every form; and tokens with one bit flipped.

import { randomBytes, randomInt } from "node:crypto";
import { makeKeyPair } from "./key-pair.mjs";

export const ALGORITHMS = [
  ...["HS256", "HS384", "HS512"],
  ...["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"],
  ...["ES256", "ES384", "ES512"],
  ...["EdDSA", "Ed25519"],
];
const ML_DSA = ["ML-DSA-44", "ML-DSA-65", "ML-DSA-87"];
/** What `jwcrypto.test.mjs` exchanges with jwcrypto. */
export const OF_JWCRYPTO = ["HS256", "HS512", "RS256", "PS256", "ES256", "ES384", "ES512", "EdDSA", ...ML_DSA];
/** The peers of `post-quantum.test.mjs`. */
export const OF_POST_QUANTUM = { jose: ML_DSA, "@noble/post-quantum": ML_DSA };

/** The algorithms of ours that each library supports. The Python libraries are asked at run time. */
export const PEERS = {
  jose: ALGORITHMS,
  jsonwebtoken: ALGORITHMS.filter((alg) => !alg.startsWith("Ed")),
  "fast-jwt": ALGORITHMS.filter((alg) => alg !== "Ed25519"),
  PyJWT: ALGORITHMS.filter((alg) => alg !== "Ed25519"),
  joserfc: ALGORITHMS,
  "python-jose": ALGORITHMS.filter((alg) => !alg.startsWith("PS") && !alg.startsWith("Ed")),
};

const CURVES = { ES256: "P-256", ES384: "P-384", ES512: "P-521" };

/** The claims of every exchange, with what writers of JSON do differently. */
export const CLAIMS = {
  sub: "alice",
  iss: "https://issuer.example",
  aud: ["api", "web"],
  roles: ["a"],
  name: "Zoë 🦀",
  n: -0.5,
};

/** A key pair, or a secret, as JWK and (pairs) as PEM in the forms of its kind. */
export function makeKey(alg) {
  if (alg.startsWith("HS")) {
    const secret = randomBytes(64);
    return { alg, secret, privateJwk: { kty: "oct", k: secret.toString("base64url"), alg } };
  }
  const { privateKey, publicKey } = generate(alg);
  const written = (key, type) => key.export({ format: "pem", type });
  const kind = privateKey.asymmetricKeyType;
  return {
    alg,
    privateJwk: { ...privateKey.export({ format: "jwk" }), alg },
    publicJwk: { ...publicKey.export({ format: "jwk" }), alg },
    privatePems: {
      pkcs8: written(privateKey, "pkcs8"),
      ...(kind === "rsa" && { pkcs1: written(privateKey, "pkcs1") }),
      ...(kind === "ec" && { sec1: written(privateKey, "sec1") }),
    },
    publicPems: {
      spki: written(publicKey, "spki"),
      ...(kind === "rsa" && { pkcs1: written(publicKey, "pkcs1") }),
    },
  };
}

// RSA keys take long to make: one for all algorithms.
let rsa;
function generate(alg) {
  if (CURVES[alg]) return makeKeyPair("ec", { namedCurve: CURVES[alg] });
  if (alg.startsWith("Ed")) return makeKeyPair("ed25519");
  rsa ??= makeKeyPair("rsa", { modulusLength: 2048 });
  return rsa;
}

/** The token with one bit of its signature changed. */
export function tampered(token) {
  const [header, payload, signature] = token.split(".");
  const bytes = Buffer.from(signature, "base64url");
  bytes[randomInt(bytes.length)] ^= 1 << randomInt(8);
  return `${header}.${payload}.${bytes.toString("base64url")}`;
}

/** A key of ours from what `makeKey` made: its private half by each of its forms. */
export function importPrivate({ Key }, made) {
  const { alg } = made;
  const jwk = Key.fromJwk(made.privateJwk);
  const pems = Object.entries(made.privatePems ?? {}).map(([form, pem]) => [form, Key.fromPem(pem, { alg })]);
  return { jwk, ...Object.fromEntries(pems) };
}

export function importPublic({ Key }, made) {
  const { alg } = made;
  if (made.publicJwk === undefined) return { jwk: Key.fromJwk(made.privateJwk) };
  const pems = Object.entries(made.publicPems).map(([form, pem]) => [form, Key.fromPem(pem, { alg })]);
  return { jwk: Key.fromJwk(made.publicJwk), ...Object.fromEntries(pems) };
}
