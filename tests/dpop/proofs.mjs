// Proofs of any shape, made with Node's own cryptography, and the examples of RFC 9449.

import { createHash, generateKeyPairSync, sign } from "node:crypto";

export const URL_OF_API = "https://api.example/orders";
export const TOKEN = "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU";
export const encode = (value) =>
  Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
export const hashOf = (text) => createHash("sha256").update(text).digest("base64url");
export const seconds = () => Math.floor(Date.now() / 1000);

/** A key pair of Node, and its public JWK. */
function pair(type, options) {
  const { privateKey, publicKey } = generateKeyPairSync(type, {
    ...options,
    // Node 20 can deadlock when it exports a key that it has just made: read from PEM, it is another.
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  return { privateKey, publicKey };
}

const jwkOf = async (pem, isPrivate) => {
  const { createPrivateKey, createPublicKey } = await import("node:crypto");
  return (isPrivate ? createPrivateKey : createPublicKey)(pem).export({ format: "jwk" });
};

/** The keys of the tests, by algorithm. */
export async function makeKeys() {
  const kinds = {
    ES256: ["ec", { namedCurve: "P-256" }],
    ES384: ["ec", { namedCurve: "P-384" }],
    ES512: ["ec", { namedCurve: "P-521" }],
    EdDSA: ["ed25519", {}],
    RS256: ["rsa", { modulusLength: 2048 }],
    PS256: ["rsa", { modulusLength: 2048 }],
    weak: ["rsa", { modulusLength: 1024 }],
    secp256k1: ["ec", { namedCurve: "secp256k1" }],
  };
  const keys = {};
  for (const [name, [type, options]] of Object.entries(kinds)) {
    const { privateKey, publicKey } = pair(type, options);
    keys[name] = {
      privateKey,
      jwk: await jwkOf(publicKey),
      privateJwk: await jwkOf(privateKey, true),
    };
  }
  return keys;
}

/** Signs a proof: `header` and `claims` are changes to a right one; `undefined` leaves a member out. */
export function prove(key, { alg = "ES256", claims = {}, header = {}, payload, signedBy = key.privateKey } = {}) {
  const head = { typ: "dpop+jwt", alg, jwk: key.jwk, ...header };
  const body = payload ?? {
    jti: encode(String(Math.random()) + Math.random()),
    htm: "GET",
    htu: URL_OF_API,
    iat: seconds(),
    ath: hashOf(TOKEN),
    ...claims,
  };
  const input = `${encode(head)}.${encode(body)}`;
  const hash = /^Ed/.test(alg) ? null : `sha${/\d+$/.exec(alg)?.[0] ?? 256}`;
  const options = {
    key: signedBy,
    dsaEncoding: "ieee-p1363",
    ...(alg.startsWith("PS") && { padding: 6, saltLength: 32 }),
  };
  return `${input}.${sign(hash, Buffer.from(input), options).toString("base64url")}`;
}

/** A request with a proof. */
export const withProof = (proof, url = URL_OF_API, init = {}) => {
  return new Request(url, { ...init, headers: { ...init.headers, ...(proof === undefined ? {} : { DPoP: proof }) } });
};

const JWK =
  "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19";

/** The thumbprint of the key of all examples (RFC 9449 §6.1, figure 9). */
export const RFC_THUMBPRINT = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";

/** The proofs of RFC 9449: figures 2 and 5, 7, and 13. */
export const RFC_PROOFS = {
  "figure 5, a token request": {
    proof: `${JWK}.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg`,
    url: "https://server.example.com/token",
    method: "POST",
    iat: 1_562_262_616,
    jti: "-BwC3ESc6acc2lTc",
  },
  "figure 7, a refresh request": {
    proof: `${JWK}.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjY1Mjk2fQ.pAqut2IRDm_De6PR93SYmGBPXpwrAk90e8cP2hjiaG5QsGSuKDYW7_X620BxqhvYC8ynrrvZLTk41mSRroapUA`,
    url: "https://server.example.com/token",
    method: "POST",
    iat: 1_562_265_296,
    jti: "-BwC3ESc6acc2lTc",
  },
  "figure 13, a request with a token": {
    proof: `${JWK}.eyJqdGkiOiJlMWozVl9iS2ljOC1MQUVCIiwiaHRtIjoiR0VUIiwiaHR1IjoiaHR0cHM6Ly9yZXNvdXJjZS5leGFtcGxlLm9yZy9wcm90ZWN0ZWRyZXNvdXJjZSIsImlhdCI6MTU2MjI2MjYxOCwiYXRoIjoiZlVIeU8ycjJaM0RaNTNFc05yV0JiMHhXWG9hTnk1OUlpS0NBcWtzbVFFbyJ9.2oW9RP35yRqzhrtNP86L-Ey71EOptxRimPPToA1plemAgR6pxHF8y6-yqyVnmcw6Fy1dqd-jfxSYoMxhAJpLjA`,
    url: "https://resource.example.org/protectedresource",
    method: "GET",
    iat: 1_562_262_618,
    jti: "e1j3V_bKic8-LAEB",
    accessToken: "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU",
  },
};
