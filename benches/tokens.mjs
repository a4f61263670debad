// The token libraries, each with its keys and options prepared once, doing the same work: three claims of the caller's,
// issuer, audience, `iat` and `exp` stamped on signing; signature, issuer, audience and expiry checked on verifying.

import { createPrivateKey, createPublicKey, createSecretKey, randomBytes } from "node:crypto";
import { Key, Signer, usePlatformCryptography, Verifier } from "countersign/jwt";
import { createSigner, createVerifier } from "fast-jwt";
import * as jose from "jose";
import jsonwebtoken from "jsonwebtoken";

const ISSUER = "https://login.example";
const AUDIENCE = "https://api.example";
const REQUIRED = ["iss", "aud", "exp"];

/** So many different tokens take turns, so that nobody profits from having seen one before. */
const TOKENS = 64;

/** The libraries for HS256. `sign(claims)` and `verify(token)` answer or throw, perhaps by a promise. */
export async function hs256(secret = randomBytes(32)) {
  const key = Key.fromSecret(secret, { alg: "HS256" });
  const joseKey = await crypto.subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, [
    "sign",
    "verify",
  ]);
  return {
    countersign: ours(key, key),
    jose: joses("HS256", joseKey, joseKey),
    jsonwebtoken: auth0s("HS256", createSecretKey(secret)),
    "fast-jwt": fasts("HS256", secret, secret),
  };
}

/** The libraries for EdDSA. jsonwebtoken has no EdDSA. */
export async function edDsa() {
  const key = Key.generate("EdDSA");
  const pem = key.toPem({ private: true });
  const publicPem = createPublicKey(pem).export({ type: "spki", format: "pem" });
  return {
    countersign: ours(key, key.publicKey()),
    jose: joses("EdDSA", await jose.importPKCS8(pem, "EdDSA"), await jose.importSPKI(publicPem, "EdDSA")),
    "fast-jwt": fasts("EdDSA", pem, publicPem),
  };
}

/** The libraries for an algorithm of RSA or ECDSA, and this one a second time, with everything done in WebAssembly. */
export async function pairs(alg) {
  const key = await Key.generateAsync(alg);
  const pem = key.toPem({ private: true });
  const publicPem = key.toPem();
  return {
    countersign: ours(key, key.publicKey()),
    "countersign, WebAssembly alone": inWasm(ours(key, key.publicKey())),
    jose: joses(alg, await jose.importPKCS8(pem, alg), await jose.importSPKI(publicPem, alg)),
    jsonwebtoken: auth0s(alg, createPrivateKey(pem), createPublicKey(publicPem)),
    "fast-jwt": fasts(alg, pem, publicPem),
  };
}

function inWasm(library) {
  const alone = (work) => (input) => {
    usePlatformCryptography(false);
    try {
      return work(input);
    } finally {
      usePlatformCryptography(true);
    }
  };
  return { sign: alone(library.sign), verify: alone(library.verify) };
}

/** The contenders of a comparison: each signs, or verifies, one after another of the same claims or tokens. */
export async function contenders(libraries, task) {
  const claims = Array.from({ length: TOKENS }, (_, index) => ({
    sub: `user-${String(index).padStart(6, "0")}`,
    scope: "profile orders:read",
    session: Buffer.from(`session ${index}`).toString("hex"),
  }));
  // All verify the same tokens, whoever issued them.
  const tokens = await Promise.all(claims.map((each) => libraries.jose.sign(each)));
  const inputs = task === "sign" ? claims : tokens;
  return Object.fromEntries(
    Object.entries(libraries).map(([name, library]) => {
      let next = 0;
      return [
        name,
        () => {
          next = (next + 1) % TOKENS;
          return library[task](inputs[next]);
        },
      ];
    }),
  );
}

/** Proves that what is timed is the work: what each library signs, all others read, with the same claims in it. */
export async function expectAgreement(libraries) {
  for (const [signer, { sign }] of Object.entries(libraries)) {
    const token = await sign({ sub: "alice", scope: "profile" });
    for (const [verifier, { verify }] of Object.entries(libraries)) {
      const { iat, exp, ...claims } = claimsOf(await verify(token));
      const expected = { sub: "alice", scope: "profile", iss: ISSUER, aud: AUDIENCE };
      const agree = JSON.stringify(sorted(claims)) === JSON.stringify(sorted(expected)) && exp - iat === 900;
      if (!agree) throw new Error(`${verifier} reads other claims than ${signer} signed`);
    }
  }
}

/** The claims in what `verify` answers with: nothing is unpacked while the clock runs. */
function claimsOf(answer) {
  return answer.claims ?? answer.payload ?? answer;
}

const sorted = (object) => Object.entries(object).sort();

function ours(key, publicKey) {
  const signer = new Signer(key, { issuer: ISSUER, audience: AUDIENCE, expiresIn: "15m" });
  const verifier = new Verifier(publicKey, { issuer: ISSUER, audience: AUDIENCE });
  return { sign: (claims) => signer.sign(claims), verify: (token) => verifier.verify(token) };
}

function joses(alg, key, publicKey) {
  const options = { algorithms: [alg], issuer: ISSUER, audience: AUDIENCE, requiredClaims: REQUIRED };
  return {
    sign: (claims) =>
      new jose.SignJWT(claims)
        .setProtectedHeader({ alg, typ: "JWT" })
        .setIssuedAt()
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setExpirationTime("15m")
        .sign(key),
    verify: (token) => jose.jwtVerify(token, publicKey, options),
  };
}

function auth0s(algorithm, key, publicKey = key) {
  const signing = { algorithm, issuer: ISSUER, audience: AUDIENCE, expiresIn: "15m" };
  const verifying = { algorithms: [algorithm], issuer: ISSUER, audience: AUDIENCE };
  return {
    sign: (claims) => jsonwebtoken.sign(claims, key, signing),
    verify: (token) => jsonwebtoken.verify(token, publicKey, verifying),
  };
}

function fasts(algorithm, key, publicKey) {
  const sign = createSigner({ algorithm, key, iss: ISSUER, aud: AUDIENCE, expiresIn: 900_000 });
  const verify = createVerifier({
    algorithms: [algorithm],
    key: publicKey,
    allowedIss: ISSUER,
    allowedAud: AUDIENCE,
    requiredClaims: REQUIRED,
    // Its cache answers for a token it has seen without checking the signature again.
    cache: false,
  });
  return { sign, verify };
}
