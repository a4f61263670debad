// What is compared: each task prepares its contenders and proves that they do the same, before anything is timed.
//
// Runs in every runtime.

import { KeySet, Verifier } from "countersign/jwt";
import { contendersFor, SCHEMES } from "./passwords.mjs";
import {
  ALGORITHMS,
  AUDIENCE,
  claimsOf,
  ISSUER,
  librariesFor,
  materialOf,
  ourKeys,
  preferred,
  REMEMBERING,
  WEB_CRYPTO,
} from "./tokens.mjs";

/** So many different tokens take turns, so that nobody profits from having seen one before. */
const TOKENS = 64;
/** The lengths of tokens, in bytes. */
const LENGTHS = [200, 1024, 4096, 8192];
const KEYS = [1, 10, 100, 1000];

/**
 * The tasks, in order. `prepare` gives the contenders as functions that prepare a call, and the names of which the first
 * that works is the reference. A task is measured in all runtimes, unless it says `detail`.
 */
export const tasks = [
  ...ALGORITHMS.flatMap((alg) =>
    ["sign", "verify"].map((work) => ({
      id: `${work} ${alg}`,
      section: "tokens",
      prepare: () => signOrVerify(alg, work),
    })),
  ),
  ...["HS256", "EdDSA", "ES256", "RS256"].map((alg) => ({
    id: `repeated ${alg}`,
    section: "repeated tokens",
    prepare: () => repeated(alg),
  })),
  ...["EdDSA", "ES256", "RS256"].map((alg) => ({
    id: `import ${alg}`,
    section: "import",
    detail: true,
    prepare: () => imported(alg),
  })),
  ...LENGTHS.map((length) => ({
    id: `verify HS256, ${length.toLocaleString("en")} bytes`,
    section: "token length",
    detail: true,
    prepare: () => ofLength(length),
  })),
  ...KEYS.map((keys) => ({
    id: `verify ES256, ${keys.toLocaleString("en")} ${keys === 1 ? "key" : "keys"} in the set`,
    section: "keys in a set",
    detail: true,
    prepare: () => withSet(keys),
  })),
  { id: "keys in a set, HS256", section: "keys in a set", detail: true, prepare: growingSets },
  ...["another signature", "expired", "another audience"].map((what) => ({
    id: `refuse HS256, ${what}`,
    section: "refused tokens",
    detail: true,
    prepare: () => refused(what),
  })),
  ...["HS256", "ES256"].map((alg) => ({
    id: `refused and accepted, ${alg}`,
    section: "refused tokens",
    detail: true,
    prepare: () => refusedBesideAccepted(alg),
  })),
  ...Object.entries(SCHEMES).flatMap(([name, scheme]) =>
    (scheme.everywhere || name.startsWith("bcrypt") ? ["hash", "verify"] : ["hash"]).map((work) => ({
      id: `${name}, ${work}`,
      section: "passwords",
      once: !scheme.everywhere,
      prepare: async () => ({ references: ["countersign"], contenders: contendersFor(scheme, work) }),
    })),
  ),
];

/**
 * Prepares a task: `{ reference, calls, failed }`. A contender that a runtime cannot load, or that does other work, is in
 * `failed` with the reason.
 */
export async function prepare(task) {
  const { references, contenders } = await task.prepare();
  const calls = {};
  const failed = {};
  for (const [name, make] of Object.entries(contenders)) {
    try {
      calls[name] = await make();
    } catch (error) {
      failed[name] = String(error?.message ?? error)
        .split("\n")[0]
        .slice(0, 160);
    }
  }
  const reference = references.find((name) => name in calls);
  if (reference === undefined) throw new Error(`${references[0]}: ${failed[references[0]]}`);
  return { reference, calls, failed };
}

function claimsOfUser(index) {
  return {
    sub: `user-${String(index).padStart(6, "0")}`,
    scope: "profile orders:read",
    session: btoa(`session ${index}`),
  };
}

const users = Array.from({ length: TOKENS }, (_, index) => claimsOfUser(index));

async function signOrVerify(alg, work) {
  const material = await materialOf(alg);
  const tokens = await tokensOf(material, users);
  const judge = new Verifier(ourKeys(material).publicKey, { issuer: ISSUER, audience: AUDIENCE });
  const make = (load) => async () => {
    const library = await load(material);
    if (library[work] === undefined) throw new Error(`has no ${work} of this kind`);
    if (work === "sign") {
      const { iat, exp, ...claims } = judge.verify(await library.sign(users[0])).claims;
      expectSame(claims, { ...users[0], iss: ISSUER, aud: AUDIENCE });
      if (exp - iat !== 900) throw new Error("sets another expiry");
      return inTurn((claimsToSign) => library.sign(claimsToSign), users);
    }
    await expectVerifies(library.verify, material, tokens);
    return inTurn(library.verify, tokens);
  };
  return { references: preferred(alg), contenders: each(librariesFor(alg), make) };
}

async function repeated(alg) {
  const material = await materialOf(alg);
  const tokens = await tokensOf(material, users);
  const make = (load) => async () => {
    const { verify } = await load(material);
    await expectVerifies(verify, material, tokens);
    return inTurn(verify, tokens);
  };
  return { references: ["countersign, cache", "countersign"], contenders: each(REMEMBERING, make) };
}

/** From a public key in PEM to the first verified token. */
async function imported(alg) {
  const material = await materialOf(alg);
  const [token] = await tokensOf(material, users.slice(0, 1));
  const { publicPem, publicCryptoKey: _, ...rest } = material;
  const expected = { issuer: ISSUER, audience: AUDIENCE };
  const makers = {
    countersign: async () => {
      const { Key } = await import("countersign/jwt");
      return () => {
        const key = Key.fromPem(publicPem, { alg });
        const verifier = new Verifier(key, expected);
        const answer = verifier.verify(token);
        verifier.free();
        key.free();
        return answer;
      };
    },
    jose: async () => {
      const { importSPKI, jwtVerify } = await import("jose");
      const options = { algorithms: [alg], ...expected, requiredClaims: ["exp"] };
      return async () => jwtVerify(token, await importSPKI(publicPem, alg), options);
    },
    jsonwebtoken: async () => {
      const { default: jsonwebtoken } = await import("jsonwebtoken");
      const { createPublicKey } = await import("node:crypto");
      const options = { algorithms: [alg], ...expected };
      return () => jsonwebtoken.verify(token, createPublicKey(publicPem), options);
    },
    "fast-jwt": async () => {
      const { createVerifier } = await import("fast-jwt");
      const options = { algorithms: [alg], allowedIss: ISSUER, allowedAud: AUDIENCE, requiredClaims: ["exp"] };
      return () => createVerifier({ key: publicPem, ...options, cache: false })(token);
    },
    "hono/jwt": async () => {
      const { verify } = await import("hono/jwt");
      const options = { alg, iss: ISSUER, aud: AUDIENCE };
      return () => verify(token, material.publicJwk, options);
    },
    "@node-rs/jsonwebtoken": async () => {
      const { verifySync } = await import("@node-rs/jsonwebtoken");
      const options = { algorithms: [alg], iss: [ISSUER], aud: [AUDIENCE], requiredSpecClaims: ["exp", "iss", "aud"] };
      return () => verifySync(token, rest.publicPem ?? publicPem, options);
    },
  };
  if (alg === "EdDSA") delete makers.jsonwebtoken;
  return { references: ["countersign"], contenders: each(makers, proven(users[0].sub)) };
}

/** Tokens of a length, which carry a list of permissions. */
async function ofLength(length) {
  const material = await materialOf("HS256");
  const expected = { issuer: "login", audience: "api" };
  const made = (permissions) =>
    tokensOf(
      material,
      users.slice(0, 16).map(({ sub }) => ({ sub, ...(permissions > 0 && { permissions: list(permissions) }) })),
      expected,
    );
  const list = (count) => Array.from({ length: count }, (_, index) => `orders:${String(index).padStart(5, "0")}`);
  let count = 0;
  while ((await made(count + 1))[0].length <= length) count += 1;
  const tokens = await made(count);
  const make = (load) => async () => {
    const { verify } = await load(material);
    for (const token of tokens) await verify(token);
    return inTurn(verify, tokens);
  };
  const { "countersign, async": _, ...libraries } = librariesFor("HS256", expected);
  return { references: ["countersign"], contenders: each(libraries, make) };
}

/** Tokens of many signers, checked with one set of ES256 keys. */
async function withSet(count) {
  const { jwks, pems, tokens } = await makeSet(count);
  const expected = { issuer: ISSUER, audience: AUDIENCE };
  const makers = {
    countersign: async () => {
      const verifier = new Verifier(KeySet.fromJwks({ keys: jwks }), expected);
      return inTurn((token) => verifier.verify(token), tokens);
    },
    "countersign, async": async () => {
      const verifier = new Verifier(KeySet.fromJwks({ keys: jwks }), expected);
      return inTurn((token) => verifier.verifyAsync(token), tokens);
    },
    jose: async () => {
      const { createLocalJWKSet, jwtVerify } = await import("jose");
      const keys = createLocalJWKSet({ keys: jwks });
      const options = { algorithms: ["ES256"], ...expected, requiredClaims: ["exp"] };
      return inTurn((token) => jwtVerify(token, keys, options), tokens);
    },
    "fast-jwt": async () => {
      const { createVerifier } = await import("fast-jwt");
      const key = async ({ header }) => pems.get(header.kid);
      const options = { algorithms: ["ES256"], allowedIss: ISSUER, allowedAud: AUDIENCE, requiredClaims: ["exp"] };
      return inTurn(createVerifier({ key, ...options, cache: false }), tokens);
    },
    "hono/jwt": async () => {
      const { verifyWithJwks } = await import("hono/jwt");
      const options = { keys: jwks, allowedAlgorithms: ["ES256"], verification: { iss: ISSUER, aud: AUDIENCE } };
      return inTurn((token) => verifyWithJwks(token, options), tokens);
    },
  };
  return { references: preferred("ES256"), contenders: each(makers, proven()) };
}

async function makeSet(count) {
  const indices = Array.from({ length: count }, (_, index) => index);
  const signing = [];
  const pairs = await Promise.all(
    indices.map(() => crypto.subtle.generateKey(WEB_CRYPTO.ES256, true, ["sign", "verify"])),
  );
  const jwks = [];
  const pems = new Map();
  for (const [index, { publicKey }] of pairs.entries()) {
    const der = new Uint8Array(await crypto.subtle.exportKey("spki", publicKey));
    const kid = `key-${index}`;
    // The point is at the end of the DER. To export a JWK of a key that was generated can deadlock Node 20.
    const [x, y] = [der.slice(-64, -32), der.slice(-32)].map(base64url);
    jwks.push({ kty: "EC", crv: "P-256", x, y, kid, alg: "ES256", use: "sig" });
    pems.set(kid, `-----BEGIN PUBLIC KEY-----\n${btoa(String.fromCharCode(...der))}\n-----END PUBLIC KEY-----\n`);
  }
  for (let index = 0; index < TOKENS; index += 1) {
    const chosen = Math.floor((index * count) / TOKENS);
    signing.push(makeToken({ alg: "ES256", kid: `key-${chosen}` }, stamped(users[index]), pairs[chosen].privateKey));
  }
  return { jwks, pems, tokens: await Promise.all(signing) };
}

/** What our own verifier takes with one key and with more, for tokens of all of them. HS256 shows the cost of the search best. */
async function growingSets() {
  const { Key } = await import("countersign/jwt");
  const make = (count) => async () => {
    const secrets = Array.from({ length: count }, () => crypto.getRandomValues(new Uint8Array(32)));
    const keys = secrets.map((secret, index) => Key.fromSecret(secret, { alg: "HS256", kid: `key-${index}` }));
    const chosen = Array.from({ length: TOKENS }, (_, index) => Math.floor((index * count) / TOKENS));
    const tokens = await Promise.all(
      chosen.map(async (place, index) => {
        const key = await crypto.subtle.importKey("raw", secrets[place], WEB_CRYPTO.HS256, false, ["sign"]);
        return makeToken({ alg: "HS256", kid: `key-${place}` }, stamped(users[index]), key);
      }),
    );
    const verifier = new Verifier(new KeySet(keys), { issuer: ISSUER, audience: AUDIENCE });
    for (const [index, token] of tokens.entries()) expectSame(verifier.verify(token).claims.sub, users[index].sub);
    return inTurn((token) => verifier.verify(token), tokens);
  };
  const named = KEYS.map((count) => [
    `countersign, ${count.toLocaleString("en")} ${count === 1 ? "key" : "keys"}`,
    make(count),
  ]);
  return { references: [named[0][0]], contenders: Object.fromEntries(named) };
}

const WRONG = {
  "another signature": (claims) => claims,
  expired: (claims) => ({ ...claims, iat: claims.iat - 7200, exp: claims.iat - 3600 }),
  "another audience": (claims) => ({ ...claims, aud: "https://other.example" }),
};

async function wrongTokens(material, what) {
  const key = material.crypto ?? material.cryptoKey;
  const header = { alg: material.alg, typ: "JWT" };
  const tokens = await Promise.all(users.map((each) => makeToken(header, WRONG[what](stamped(each)), key)));
  if (what !== "another signature") return tokens;
  // The signature of the next token.
  return tokens.map((token, index) => {
    const other = tokens[(index + 1) % tokens.length];
    return token.slice(0, token.lastIndexOf(".")) + other.slice(other.lastIndexOf("."));
  });
}

async function refused(what) {
  const material = await materialOf("HS256");
  const tokens = await wrongTokens(material, what);
  const make = (load) => async () => {
    const { verify } = await load(material);
    await expectVerifies(verify, material, await tokensOf(material, users.slice(0, 1)));
    return refusing(verify, tokens);
  };
  const { "countersign, async": _, ...libraries } = librariesFor("HS256");
  return { references: ["countersign"], contenders: each(libraries, make) };
}

async function refusedBesideAccepted(alg) {
  const material = await materialOf(alg);
  const accepted = await tokensOf(material, users);
  const { verify } = await librariesFor(alg).countersign(material);
  const contenders = { "countersign, accepted": async () => inTurn(verify, accepted) };
  for (const what of Object.keys(WRONG)) {
    contenders[`countersign, ${what}`] = async () => refusing(verify, await wrongTokens(material, what));
  }
  return { references: ["countersign, accepted"], contenders };
}

/** A call that verifies tokens in turn. Each must be refused, whether by throwing or by a promise. */
async function refusing(verify, tokens) {
  for (const token of tokens) {
    const accepted = await Promise.resolve()
      .then(() => verify(token))
      .then(Boolean, () => false);
    if (accepted) throw new Error("accepts the token");
  }
  const next = turns(tokens);
  let isAsync = false;
  try {
    const answer = verify(tokens[0]);
    isAsync = answer instanceof Promise;
    await answer;
  } catch {}
  if (isAsync) {
    return async () => {
      try {
        return await verify(next());
      } catch (error) {
        return error;
      }
    };
  }
  return () => {
    try {
      return verify(next());
    } catch (error) {
      return error;
    }
  };
}

/** Each token's claims are read, and tokens that are wrong in one thing are refused. */
async function expectVerifies(verify, material, tokens) {
  for (const [index, token] of tokens.entries()) expectSame(claimsOf(await verify(token)).sub, users[index].sub);
  for (const what of Object.keys(WRONG)) {
    const [token] = await wrongTokens(material, what);
    const accepted = await Promise.resolve()
      .then(() => verify(token))
      .then(Boolean, () => false);
    if (accepted) throw new Error(`accepts a token with ${what}`);
  }
}

/** Prepares a call whose first answer has the claims of this user, or of anyone. */
const proven = (subject) => (make) => async () => {
  const call = await make();
  const { sub } = claimsOf(await call());
  if (subject === undefined ? typeof sub !== "string" : sub !== subject) throw new Error("reads other claims");
  return call;
};

/** The same for every contender. */
const each = (makers, make) => Object.fromEntries(Object.entries(makers).map(([name, load]) => [name, make(load)]));

function turns(inputs) {
  let next = 0;
  return () => {
    next = (next + 1) % inputs.length;
    return inputs[next];
  };
}

function inTurn(work, inputs) {
  const next = turns(inputs);
  return () => work(next());
}

function expectSame(found, wanted) {
  const sorted = (value) => JSON.stringify(typeof value === "object" ? Object.entries(value).sort() : value);
  if (sorted(found) !== sorted(wanted)) throw new Error("reads or signs other claims");
}

function stamped(claims, { issuer, audience } = { issuer: ISSUER, audience: AUDIENCE }) {
  const iat = Math.floor(Date.now() / 1000);
  return { ...claims, iss: issuer, aud: audience, iat, exp: iat + 3600 };
}

/** The same tokens for all, made by WebCrypto. */
function tokensOf(material, claims, expected) {
  const key = material.crypto ?? material.cryptoKey;
  const header = { alg: material.alg, typ: "JWT" };
  return Promise.all(claims.map((one) => makeToken(header, stamped(one, expected), key)));
}

async function makeToken(header, claims, key) {
  const input = `${base64url(new TextEncoder().encode(JSON.stringify(header)))}.${base64url(new TextEncoder().encode(JSON.stringify(claims)))}`;
  const how = { ...key.algorithm, hash: "SHA-256", saltLength: 32 };
  const signature = await crypto.subtle.sign(how, key, new TextEncoder().encode(input));
  return `${input}.${base64url(new Uint8Array(signature))}`;
}

function base64url(bytes) {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}
