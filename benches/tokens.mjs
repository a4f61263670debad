// The token libraries, each used as its documentation advises, with keys and options prepared once. All do the same work:
// issuer, audience, `iat` and `exp` are set on signing; signature, issuer, audience and expiry are checked on verifying.
//
// A library is imported when it is asked for, so that one that a runtime cannot load is missing in its row only.

import * as ours from "countersign/jwt";
import { ecJwks, ed25519Jwk, secret as longSecret, rsaJwk } from "../tests/runtimes/javascript/materials.mjs";

export const ISSUER = "https://login.example";
export const AUDIENCE = "https://api.example";
const REQUIRED = ["iss", "aud", "exp"];
const SECONDS = 900;

const JWKS = { EdDSA: ed25519Jwk, ES256: ecJwks.ES256, RS256: rsaJwk, PS256: rsaJwk };

/** How WebCrypto names the algorithms. */
export const WEB_CRYPTO = {
  HS256: { name: "HMAC", hash: "SHA-256" },
  EdDSA: { name: "Ed25519" },
  ES256: { name: "ECDSA", namedCurve: "P-256" },
  RS256: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" },
  PS256: { name: "RSA-PSS", hash: "SHA-256" },
};

/** The algorithms that are compared. */
export const ALGORITHMS = Object.keys(WEB_CRYPTO);

/** The fixed key of an algorithm, in every form that a library takes. */
export async function materialOf(alg) {
  if (alg === "HS256") {
    const secret = longSecret.slice(0, 32);
    return { alg, secret, crypto: await crypto.subtle.importKey("raw", secret, WEB_CRYPTO.HS256, false, USES) };
  }
  const { d, p, q, dp, dq, qi, ...publicJwk } = JWKS[alg];
  const cryptoKey = await crypto.subtle.importKey("jwk", JWKS[alg], WEB_CRYPTO[alg], true, ["sign"]);
  const publicCryptoKey = await crypto.subtle.importKey("jwk", publicJwk, WEB_CRYPTO[alg], true, ["verify"]);
  return {
    alg,
    cryptoKey,
    publicCryptoKey,
    privateJwk: JWKS[alg],
    publicJwk,
    pem: pem("PRIVATE KEY", await crypto.subtle.exportKey("pkcs8", cryptoKey)),
    publicPem: pem("PUBLIC KEY", await crypto.subtle.exportKey("spki", publicCryptoKey)),
  };
}

const USES = ["sign", "verify"];

function pem(label, der) {
  const lines = btoa(String.fromCharCode(...new Uint8Array(der))).match(/.{1,64}/g);
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}

/**
 * By library: a function that prepares it for a key and gives `sign(claims)` and `verify(token)`, which answer or throw,
 * perhaps by a promise. `claimsOf` finds the claims in what `verify` answers.
 */
export function librariesFor(alg, expected = { issuer: ISSUER, audience: AUDIENCE }) {
  const all = {
    countersign: async (material) => synchronous(material, expected),
    "countersign, async": async (material) => asynchronous(material, expected),
    "countersign, WebAssembly alone": async (material) => inWasm(material, expected),
    jose: (material) => joseFor(material, expected),
    jsonwebtoken: (material) => auth0For(material, expected),
    "fast-jwt": (material) => fastFor(material, expected, false),
    "hono/jwt": (material) => honoFor(material, expected),
    "@tsndr/cloudflare-worker-jwt": (material) => tsndrFor(material, expected),
    "@node-rs/jsonwebtoken": (material) => nodeRsFor(material, expected),
  };
  const without = ABSENT[alg] ?? [];
  return Object.fromEntries(Object.entries(all).filter(([name]) => !without.includes(name)));
}

/** The algorithms that a library lacks, and rows that would repeat another. */
const ABSENT = {
  HS256: ["countersign, WebAssembly alone"],
  EdDSA: ["jsonwebtoken", "@tsndr/cloudflare-worker-jwt"],
  PS256: ["@tsndr/cloudflare-worker-jwt"],
};

/** The claims in what `verify` answers with. */
export const claimsOf = (answer) => answer.claims ?? answer.payload ?? answer;

/** The way that our documentation advises for an algorithm: synchronous where the platform's cryptography is at hand. */
export function preferred(alg) {
  const advised = ["countersign", "countersign, async"];
  return alg === "HS256" || ours.usePlatformCryptography(true) ? advised : advised.reverse();
}

/** Our keys of a material. */
export function ourKeys({ alg, secret, privateJwk, publicJwk }) {
  if (secret !== undefined) {
    const key = ours.Key.fromSecret(secret, { alg });
    return { key, publicKey: key };
  }
  return { key: ours.Key.fromJwk(privateJwk, { alg }), publicKey: ours.Key.fromJwk(publicJwk, { alg }) };
}

function synchronous(material, { issuer, audience }, { engine, ...more } = {}) {
  const { key, publicKey } = ourKeys(material);
  const signer = new ours.Signer(key, { issuer, audience, expiresIn: "15m", engine });
  const verifier = new ours.Verifier(publicKey, { issuer, audience, engine, ...more });
  return { sign: (claims) => signer.sign(claims), verify: (token) => verifier.verify(token) };
}

function asynchronous(material, { issuer, audience }) {
  const { key, publicKey } = ourKeys(material);
  const signer = new ours.Signer(key, { issuer, audience, expiresIn: "15m" });
  const verifier = new ours.Verifier(publicKey, { issuer, audience });
  const sign = signer.signAsync === undefined ? undefined : (claims) => signer.signAsync(claims);
  return { sign, verify: (token) => verifier.verifyAsync(token) };
}

function inWasm(material, expected) {
  if (!ours.usePlatformCryptography(true)) throw new Error("is the same as countersign here");
  return synchronous(material, expected, { engine: "wasm" });
}

/** The verifiers that remember tokens, by library, and ours without its cache. */
export const REMEMBERING = {
  "countersign, cache": async (material) =>
    synchronous(material, { issuer: ISSUER, audience: AUDIENCE }, { cache: { maxEntries: 1000 } }),
  countersign: async (material) => synchronous(material, { issuer: ISSUER, audience: AUDIENCE }),
  "fast-jwt, cache": (material) => fastFor(material, { issuer: ISSUER, audience: AUDIENCE }, { cache: 1000 }),
  "fast-jwt, cache by token": (material) =>
    fastFor(material, { issuer: ISSUER, audience: AUDIENCE }, { cache: 1000, cacheKeyBuilder: (token) => token }),
};

async function joseFor({ alg, crypto: shared, cryptoKey = shared, publicCryptoKey = shared }, { issuer, audience }) {
  const { jwtVerify, SignJWT } = await import("jose");
  const options = { algorithms: [alg], issuer, audience, requiredClaims: REQUIRED };
  return {
    sign: (claims) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg, typ: "JWT" })
        .setIssuedAt()
        .setIssuer(issuer)
        .setAudience(audience)
        .setExpirationTime("15m")
        .sign(cryptoKey),
    verify: (token) => jwtVerify(token, publicCryptoKey, options),
  };
}

async function auth0For({ alg, secret, pem, publicPem }, { issuer, audience }) {
  const { default: jsonwebtoken } = await import("jsonwebtoken");
  const { createPrivateKey, createPublicKey, createSecretKey } = await import("node:crypto");
  const key = secret === undefined ? createPrivateKey(pem) : createSecretKey(secret);
  const publicKey = secret === undefined ? createPublicKey(publicPem) : key;
  const signing = { algorithm: alg, issuer, audience, expiresIn: SECONDS };
  const verifying = { algorithms: [alg], issuer, audience };
  return {
    sign: (claims) => jsonwebtoken.sign(claims, key, signing),
    verify: (token) => jsonwebtoken.verify(token, publicKey, verifying),
  };
}

async function fastFor({ alg, secret, pem, publicPem }, { issuer, audience }, cache) {
  const { createSigner, createVerifier } = await import("fast-jwt");
  const [key, publicKey] = secret === undefined ? [pem, publicPem] : [Buffer.from(secret), Buffer.from(secret)];
  const expected = { algorithms: [alg], allowedIss: issuer, allowedAud: audience, requiredClaims: REQUIRED };
  return {
    sign: createSigner({ algorithm: alg, key, iss: issuer, aud: audience, expiresIn: 1000 * SECONDS }),
    // Without `cache`, it checks every signature.
    verify: createVerifier({ key: publicKey, ...expected, cache: false, ...cache }),
  };
}

/** Sets what the libraries below leave to their caller. */
function stamped(claims, { issuer, audience }) {
  const iat = Math.floor(Date.now() / 1000);
  return { ...claims, iss: issuer, aud: audience, iat, exp: iat + SECONDS };
}

async function honoFor({ alg, crypto: shared, cryptoKey = shared, publicCryptoKey = shared }, expected) {
  const { sign, verify } = await import("hono/jwt");
  const options = { alg, iss: expected.issuer, aud: expected.audience };
  return {
    sign: (claims) => sign(stamped(claims, expected), cryptoKey, alg),
    verify: (token) => verify(token, publicCryptoKey, options),
  };
}

async function tsndrFor({ alg, crypto: shared, cryptoKey = shared, publicCryptoKey = shared }, expected) {
  const { sign, verify } = await import("@tsndr/cloudflare-worker-jwt");
  const options = { algorithm: alg, throwError: true };
  return {
    sign: (claims) => sign(stamped(claims, expected), cryptoKey, alg),
    // It checks neither issuer nor audience nor that there is an expiry: its caller does.
    verify: async (token) => {
      const { payload } = await verify(token, publicCryptoKey, options);
      const { iss, aud, exp } = payload;
      if (iss !== expected.issuer || aud !== expected.audience || typeof exp !== "number") throw new Error("refused");
      return payload;
    },
  };
}

async function nodeRsFor({ alg, secret, pem, publicPem }, expected) {
  const { signSync, verifySync } = await import("@node-rs/jsonwebtoken");
  const [key, publicKey] = secret === undefined ? [pem, publicPem] : [secret, secret];
  const { issuer, audience } = expected;
  const options = { algorithms: [alg], iss: [issuer], aud: [audience], requiredSpecClaims: REQUIRED, leeway: 0 };
  return {
    sign: (claims) => signSync(stamped(claims, expected), key, { algorithm: alg }),
    verify: (token) => verifySync(token, publicKey, options),
  };
}
