// What the pages about moving from another library say, by asking that library and this one about the same tokens. Each row of their
// tables of times, errors and refusals has a case here, and each case has a row.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import { test } from "node:test";
import { guard as expressGuard } from "countersign/express";
import { guard as fastifyGuard } from "countersign/fastify";
import { bearerGuard } from "countersign/http";
import { decryptClaims, EncryptionKey } from "countersign/jwe";
import { verifyJws } from "countersign/jws";
import {
  CountersignError,
  decodeUnverified,
  Key,
  KeySet,
  RemoteKeySet,
  Signer,
  sign,
  Verifier,
  verify,
  verifyAsync,
} from "countersign/jwt";
import { createDecoder, createSigner, createVerifier, TOKEN_ERROR_CODES } from "fast-jwt";
import * as jose from "jose";
import jsonwebtoken from "jsonwebtoken";
import { makeKeyPair } from "../interop/key-pair.mjs";
import { section, tableRows } from "./blocks.mjs";

const SECRET = "0123456789abcdef0123456789abcdef";
const BYTES = new TextEncoder().encode(SECRET);
const key = Key.fromSecret(SECRET, { alg: "HS256" });
const now = Math.floor(Date.now() / 1000);
const live = { iat: now, exp: now + 600 };

const page = (name) => `docs/moving-from-${name}.md`;
const json = (value) => (typeof value === "string" ? value : JSON.stringify(value));

/** A token that HS256 signed, whatever is in it. */
function token(payload, header = {}, secret = SECRET, hash = "sha256") {
  const segments = [{ alg: "HS256", typ: "JWT", ...header }, payload];
  const input = segments.map((segment) => Buffer.from(json(segment)).toString("base64url")).join(".");
  return `${input}.${createHmac(hash, secret).update(input).digest("base64url")}`;
}

/** How each library checks a token, with its own options. */
const CHECK = {
  jsonwebtoken: (text, options, secret = SECRET) => jsonwebtoken.verify(text, secret, options),
  jose: (text, options, secret = BYTES) => jose.jwtVerify(text, secret, options),
  "fast-jwt": (text, options, secret = SECRET) => createVerifier({ key: secret, ...options })(text),
};
const LIBRARIES = Object.keys(CHECK);

async function errorOf(call) {
  try {
    await call();
  } catch (error) {
    return error;
  }
  return undefined;
}

/** The rows of a section, by their first cell, compared with the names of the cases. */
function rowsOf(library, title, names) {
  const rows = tableRows(section(page(library), title));
  assert.deepEqual(rows.map(([first]) => first).sort(), [...names].sort(), title);
  return Object.fromEntries(rows);
}

// What is refused here.

const large = token({ ...live, text: "a".repeat(20_000) });
const rsa = makeKeyPair("rsa", { modulusLength: 1024 });
const pem = ({ privateKey }) => privateKey.export({ type: "pkcs8", format: "pem" });
const publicPem = ({ publicKey }) => publicKey.export({ type: "spki", format: "pem" });
const critical = token(live, { crit: ["urn:x"], "urn:x": 1 });

/** Secrets that are a byte too short, and the hash of their algorithm. */
const SHORT = [31, 47, 63].map((length, index) => {
  const bits = [256, 384, 512][index];
  return { secret: "s".repeat(length), alg: `HS${bits}`, hash: `sha${bits}` };
});

/**
 * By the first cell of their row. `tokens` are accepted there with the options in `there`, refused here with `code`, and accepted here
 * with each of `options`. `neighbors` stay refused with these options. A row with other needs has functions.
 */
const REFUSED = {
  "a token without `exp`": {
    tokens: [token({ iat: now })],
    code: "CLAIM_MISSING",
    options: [{ allowMissingExpiry: true }],
    neighbors: [token({ iat: now, exp: now - 1 })],
  },
  "a token with `aud`, if you name no audience": {
    tokens: [token({ ...live, aud: "api" }), token({ ...live, aud: ["api", "web"] })],
    code: "CLAIM_INVALID",
    options: [{ audience: "api" }, { ignoreAudience: true }],
    neighbors: [token({ ...live, aud: 5 })],
  },
  "a `sub` that is a whole number": {
    tokens: [token({ ...live, sub: 42 })],
    code: "CLAIM_INVALID",
    options: [{ allowNumericSubject: true }],
    neighbors: [4.2, true, null, [42]].map((sub) => token({ ...live, sub })),
  },
  "an `iat` more than 60 seconds in the future": {
    tokens: [token({ ...live, iat: now + 120 })],
    code: "TOKEN_ISSUED_IN_FUTURE",
    options: [{ clockTolerance: "5m" }],
    neighbors: [token({ ...live, iat: now + 400 }), token({ ...live, iat: Date.now() })],
  },
  "a token over 16384 bytes": {
    tokens: [large],
    code: "TOKEN_TOO_LONG",
    options: [{ maxTokenLength: 65536 }],
    neighbors: [token({ ...live, text: "a".repeat(70_000) })],
  },
  "a token without `aud` or `iss`, if you name one": {
    tokens: [token(live)],
    there: [{ allowedAud: "api" }, { allowedIss: "login" }],
    here: [{ audience: "api" }, { issuer: "login" }],
    code: "CLAIM_MISSING",
    options: [{}],
  },
  "a token without `iat`, with `maxAge`": {
    tokens: [token({ exp: now + 600 })],
    there: [{ maxAge: 60_000 }],
    here: [{ maxAge: 60 }],
    code: "CLAIM_MISSING",
  },
  "a header `crit` or `zip`": {
    tokens: [critical, token(live, { zip: "DEF" })],
    code: "TOKEN_HEADER_INVALID",
  },
  "a header `crit` that you understand": {
    tokens: [critical],
    there: [{ crit: { "urn:x": true }, allowedCritHeaders: ["urn:x"] }],
    code: "TOKEN_HEADER_INVALID",
  },
  "a header `zip`": { tokens: [token(live, { zip: "DEF" })], code: "TOKEN_HEADER_INVALID" },
  "a member name twice, or JSON deeper than 64 levels": {
    tokens: [
      token(`{"sub":"alice","sub":"bob","exp":${now + 600}}`),
      token(`{"exp":${now + 600},"deep":${"[".repeat(65)}${"]".repeat(65)}}`),
    ],
    code: "TOKEN_MALFORMED",
  },
  "an `iss`, `jti` or `kid` that is a number": {
    tokens: [token({ ...live, iss: 5 }), token({ ...live, jti: 5 }), token(live, { kid: 5 })],
    code: /^(CLAIM_INVALID|TOKEN_HEADER_INVALID)$/,
  },
  "an HMAC secret under 32 bytes (HS256), 48 (HS384) or 64 (HS512)": {
    async run(library, cell) {
      assert.match(cell, /`allowShort: true` for the key/);
      for (const { alg, hash, secret } of SHORT) {
        const signed = token(live, { alg }, secret, hash);
        await CHECK[library](signed, {}, library === "jose" ? new TextEncoder().encode(secret) : secret);
        assert.throws(() => Key.fromSecret(secret, { alg }), { code: "KEY_TOO_WEAK" });
        verify(signed, Key.fromSecret(secret, { alg, allowShort: true }));
        Key.fromSecret(`${secret}s`, { alg });
      }
    },
  },
  "an RSA key under 2048 bits": {
    async run(library, cell) {
      assert.equal(cell, "none");
      const signed = createSigner({ key: pem(rsa), expiresIn: "1h" })({ sub: "alice" });
      await CHECK[library](signed, {}, publicPem(rsa));
      for (const text of [pem(rsa), publicPem(rsa)]) {
        assert.throws(() => Key.fromPem(text, { alg: "RS256" }), { code: "KEY_TOO_WEAK" });
      }
    },
  },
  "an Ed448 key": {
    async run(library, cell) {
      assert.equal(cell, "none: use Ed25519");
      const pair = makeKeyPair("ed448");
      await CHECK[library](createSigner({ key: pem(pair) })({ sub: "alice" }), {}, publicPem(pair));
      assert.throws(() => Key.fromPem(publicPem(pair), { alg: "EdDSA" }), { code: "KEY_INVALID" });
      verify(
        createSigner({ key: pem(ed25519), expiresIn: "1h" })({}),
        Key.fromPem(publicPem(ed25519), { alg: "EdDSA" }),
      );
    },
  },
  "a token as bytes": {
    async run(library, cell) {
      assert.equal(cell, "`new TextDecoder().decode(bytes)`");
      const bytes = Buffer.from(token(live));
      await CHECK[library](bytes, {});
      assert.throws(() => verify(bytes, key), { code: "TOKEN_MALFORMED" });
      verify(new TextDecoder().decode(bytes), key);
    },
  },
  "a payload that is not a JSON object": {
    async run(library, cell) {
      assert.match(cell, /`verifyJws`/);
      for (const payload of ['"hello"', "[1]"]) {
        const signed = token(payload);
        await CHECK[library](signed, {});
        assert.throws(() => verify(signed, key), { code: "TOKEN_MALFORMED" });
        assert.equal(new TextDecoder().decode(verifyJws(signed, key).payload), payload);
      }
    },
  },
  '`alg: "none"`': {
    async run(library, cell) {
      assert.equal(cell, "none; `decodeUnverified` reads it");
      const unsigned = jsonwebtoken.sign({ ...live, sub: "alice" }, "", { algorithm: "none" });
      await CHECK[library](unsigned, { algorithms: ["none"] }, "");
      assert.throws(() => verify(unsigned, key), { code: "TOKEN_ALGORITHM_MISMATCH" });
      assert.equal(decodeUnverified(unsigned).claims.sub, "alice");
    },
  },
};
const ed25519 = makeKeyPair("ed25519");

const OF_ALL = [
  "a token without `exp`",
  "a token with `aud`, if you name no audience",
  "a `sub` that is a whole number",
  "an `iat` more than 60 seconds in the future",
  "a token over 16384 bytes",
  "an HMAC secret under 32 bytes (HS256), 48 (HS384) or 64 (HS512)",
  "a member name twice, or JSON deeper than 64 levels",
  "an `iss`, `jti` or `kid` that is a number",
];
const ONLY = {
  jsonwebtoken: [
    "a header `crit` or `zip`",
    "a payload that is not a JSON object",
    '`alg: "none"`',
    "an RSA key under 2048 bits",
  ],
  jose: ["a header `crit` that you understand", "a header `zip`", "a token as bytes"],
  "fast-jwt": [
    "a header `crit` that you understand",
    "a header `zip`",
    "a token as bytes",
    "a token without `aud` or `iss`, if you name one",
    "a token without `iat`, with `maxAge`",
    "an RSA key under 2048 bits",
    "an Ed448 key",
  ],
};

for (const library of LIBRARIES) {
  test(`lists_what_${library}_accepts_and_this_package_refuses`, async () => {
    const rows = rowsOf(library, "What is refused here", [...OF_ALL, ...ONLY[library]]);
    for (const [name, cell] of Object.entries(rows)) await checkRefused(library, name, cell);
  });
}

async function checkRefused(library, name, cell) {
  const { run, tokens, there = [{}], here = [{}], code, options = [], neighbors = [] } = REFUSED[name];
  if (run !== undefined) return run(library, cell);
  for (const text of tokens) {
    for (const each of there) assert.equal(await errorOf(() => CHECK[library](text, each)), undefined, name);
    for (const each of here) assert.match((await errorOf(() => verify(text, key, each)))?.code ?? "", new RegExp(code));
    for (const each of options) verify(text, key, each);
  }
  for (const text of neighbors) {
    for (const each of options) assert.throws(() => verify(text, key, each), CountersignError, name);
  }
  const written = options.flatMap((each) => Object.keys(each));
  for (const option of written) assert.ok(cell.includes(`\`${option}: `), `${name}: ${option}`);
  if (written.length === 0) assert.match(cell, /^none/, name);
}

// Errors.

const hs512 = jsonwebtoken.sign(live, SECRET, { algorithm: "HS512" });
const signature = token(live).split(".").at(-1);
const own = { kid: "own" };
const [ownKey, otherKey] = ["own", "other"].map((kid) => Key.generate("ES256", { kid }));
const withoutKid = ({ kid, ...jwk }) => jwk;
const encrypted = new jose.EncryptJWT(live)
  .setProtectedHeader({ alg: "dir", enc: "A256GCM" })
  .encrypt(new Uint8Array(32));

/** Tokens that every library refuses, with the options of each. `set`: checked here with a key set. */
const SITUATIONS = {
  expired: { text: token({ ...live, exp: now - 5 }) },
  "too old": {
    text: token({ ...live, iat: now - 600 }),
    there: { maxAge: "1m", maxTokenAge: "1m" },
    fast: { maxAge: 60_000 },
    here: { maxAge: "1m" },
  },
  "no iat": { text: token({ exp: now + 600 }), there: { maxAge: "1m", maxTokenAge: "1m" }, here: { maxAge: "1m" } },
  "not yet": { text: token({ ...live, nbf: now + 60 }) },
  "issued later": { text: token({ ...live, iat: now + 120 }), there: { maxTokenAge: "1m" } },
  typ: { text: token(live), there: { typ: "at+jwt", checkTyp: "at+jwt" }, here: { typ: "at+jwt" } },
  crit: { text: critical },
  "no token": { text: undefined },
  number: { text: 5 },
  malformed: { text: "abc" },
  unreadable: { text: "a.b.c" },
  "not an object": { text: token("[1]") },
  signature: { text: token(live, {}, "another secret of thirty-two byte") },
  "no signature": { text: token(live).slice(0, -signature.length) },
  unsigned: { text: jsonwebtoken.sign(live, "", { algorithm: "none" }) },
  algorithm: { text: hs512, there: { algorithms: ["HS256"] } },
  "algorithm, with a set": { text: hs512, there: { algorithms: ["HS256"] }, set: true },
  audience: {
    text: token({ ...live, aud: "web" }),
    there: { audience: "api", allowedAud: "api" },
    here: { audience: "api" },
  },
  "no audience": { text: token(live), there: { audience: "api" }, here: { audience: "api" } },
  issuer: {
    text: token({ ...live, iss: "other" }),
    there: { issuer: "login", allowedIss: "login" },
    here: { issuer: "login" },
  },
  "no issuer": { text: token(live), there: { issuer: "login" }, here: { issuer: "login" } },
  subject: {
    text: token({ ...live, sub: "bob" }),
    there: { subject: "alice", allowedSub: "alice" },
    here: { subject: "alice" },
  },
  "no subject": { text: token(live), there: { subject: "alice" }, here: { subject: "alice" } },
  required: { text: token(live), there: { requiredClaims: ["email"] }, here: { requiredClaims: ["email"] } },
  "exp is text": { text: token({ ...live, exp: "later" }) },
  "nbf is text": { text: token({ ...live, nbf: "later" }) },
};

/** By page and the first cell of their row: the names of situations, or a function that gets the second cell. */
const ERRORS = {
  jsonwebtoken: {
    "`TokenExpiredError: jwt expired`": ["expired"],
    "`TokenExpiredError: maxAge exceeded`": ["too old"],
    "`NotBeforeError: jwt not active`": ["not yet"],
    "`jwt malformed`, `invalid token`, `jwt must be provided`, `jwt must be a string`": [
      "malformed",
      "unreadable",
      "no token",
      "number",
    ],
    "`invalid signature`": ["signature"],
    "`jwt signature is required`": ["no signature", "unsigned"],
    "`invalid algorithm`": ["algorithm", "algorithm, with a set"],
    "`jwt audience invalid`, `jwt issuer invalid`, `jwt subject invalid`": [
      ...["audience", "issuer", "subject"],
      ...["no audience", "no issuer", "no subject"],
    ],
    "`iat required when maxAge is specified`": ["no iat"],
    "`invalid exp value`, `invalid nbf value`": ["exp is text", "nbf is text"],
    async "`jwt jwtid invalid`, `jwt nonce invalid`"(cell) {
      assert.equal(cell, "none: you compare");
      const text = token({ ...live, jti: "a", nonce: "a" });
      for (const option of ["jwtid", "nonce"]) {
        const { message } = await errorOf(() => CHECK.jsonwebtoken(text, { [option]: "b" }));
        assert.ok(message.startsWith(`jwt ${option} invalid`));
        assert.throws(() => verify(text, key, { [option]: "b" }), { code: "OPTION_INVALID", reason: "unknown" });
      }
    },
    async "`err.expiredAt`, `err.date`"() {
      for (const [name, member, claim] of [
        ["expired", "expiredAt", "exp"],
        ["not yet", "date", "nbf"],
      ]) {
        const { text } = SITUATIONS[name];
        const error = await errorOf(() => CHECK.jsonwebtoken(text, {}));
        assert.equal(error[member].getTime(), decodeUnverified(text).claims[claim] * 1000);
        assert.equal((await errorOf(() => verify(text, key)))[member], undefined);
      }
    },
    async "an `iat` in the future is accepted"() {
      const { text } = SITUATIONS["issued later"];
      assert.equal(await errorOf(() => CHECK.jsonwebtoken(text, {})), undefined);
      assert.throws(() => verify(text, key), { code: "TOKEN_ISSUED_IN_FUTURE" });
    },
  },
  jose: {
    "`ERR_JWT_EXPIRED`, because of `exp`": ["expired"],
    "`ERR_JWT_EXPIRED`, because of `maxTokenAge`": ["too old"],
    "`ERR_JWT_CLAIM_VALIDATION_FAILED`, because of `nbf`": ["not yet"],
    "`ERR_JWT_CLAIM_VALIDATION_FAILED`, because of `iat` in the future": ["issued later"],
    "`ERR_JWT_CLAIM_VALIDATION_FAILED`, because of `typ`": ["typ"],
    "`ERR_JWT_CLAIM_VALIDATION_FAILED`, because of another claim": [
      ...["audience", "issuer", "subject", "exp is text", "nbf is text"],
      ...["no audience", "no issuer", "no subject", "required", "no iat"],
    ],
    "`ERR_JOSE_ALG_NOT_ALLOWED`": ["algorithm", "algorithm, with a set"],
    "`ERR_JOSE_NOT_SUPPORTED`, because of `crit`": ["crit"],
    async "`ERR_JWS_INVALID`, `ERR_JWE_INVALID`, `ERR_JWT_INVALID`"(cell) {
      const cases = ["malformed", "unreadable", "no token", "number", "not an object"];
      await checkErrors("jose", "`ERR_JWS_INVALID`, `ERR_JWT_INVALID`", cell, cases);
      for (const text of ["abc", "a.b.c.d.e", token(live)]) {
        assert.equal((await errorOf(() => jose.jwtDecrypt(text, new Uint8Array(32)))).code, "ERR_JWE_INVALID");
        const secret = EncryptionKey.fromSecret(new Uint8Array(32), { alg: "dir", enc: "A256GCM" });
        assert.equal(cell, `\`${(await errorOf(() => decryptClaims(text, secret))).code}\``);
      }
    },
    async "`ERR_JWK_INVALID`"(cell) {
      assert.equal((await errorOf(() => jose.calculateJwkThumbprint({ kty: "EC" }))).code, "ERR_JWK_INVALID");
      assert.equal(cell, `\`${(await errorOf(() => Key.fromJwk({ kty: "EC" }, { alg: "ES256" }))).code}\``);
    },
    "`ERR_JWS_SIGNATURE_VERIFICATION_FAILED`": ["signature", "no signature"],
    async "`ERR_JWKS_NO_MATCHING_KEY`"(cell) {
      await bothFail(cell, otherSigned, { keys: [ownKey.toJwk()] }, "ERR_JWKS_NO_MATCHING_KEY");
    },
    async "`ERR_JWKS_MULTIPLE_MATCHING_KEYS`"(cell) {
      const signed = sign({}, Key.fromJwk(withoutKid(ownKey.toJwk({ private: true }))));
      const jwks = { keys: [ownKey.toJwk(), otherKey.toJwk()] };
      await bothFail(cell, signed, jwks, "ERR_JWKS_MULTIPLE_MATCHING_KEYS");
    },
    async "`ERR_JWKS_TIMEOUT`, and any failure of `fetch`"(cell) {
      const silent = createServer(() => {});
      const url = await new Promise((resolve) => {
        silent.listen(0, "127.0.0.1", () => resolve(`http://127.0.0.1:${silent.address().port}/`));
      });
      const there = (options) => jose.jwtVerify(otherSigned, jose.createRemoteJWKSet(new URL(url), options));
      const here = (options) =>
        verifyAsync(otherSigned, new RemoteKeySet(url, { allowInsecureLoopback: true, ...options }));
      assert.equal((await errorOf(() => there({ timeoutDuration: 50 }))).code, "ERR_JWKS_TIMEOUT");
      const late = await errorOf(() => here({ timeoutMs: 50 }));
      assert.deepEqual([late.code, late.reason], ["JWKS_UNAVAILABLE", "timeout"]);
      silent.closeAllConnections();
      await new Promise((resolve) => silent.close(resolve));
      assert.ok((await errorOf(() => there({}))) instanceof TypeError);
      assert.equal((await errorOf(() => here({}))).code, "JWKS_UNAVAILABLE");
      assert.match(cell, /^`JWKS_UNAVAILABLE`; `reason` is `timeout`/);
    },
    async "`ERR_JWKS_INVALID`"(cell) {
      assert.equal((await errorOf(() => jose.createLocalJWKSet({}))).code, "ERR_JWKS_INVALID");
      assert.throws(() => KeySet.fromJwks({}), { code: "KEY_INVALID" });
      const remote = new RemoteKeySet("https://login.example/", { fetch: async () => Response.json({}) });
      assert.equal((await errorOf(() => verifyAsync(otherSigned, remote))).code, "JWKS_UNAVAILABLE");
      assert.equal(cell, "`KEY_INVALID`; from a server, `JWKS_UNAVAILABLE`");
    },
    async "`ERR_JWE_DECRYPTION_FAILED`"(cell) {
      const wrong = new Uint8Array(32).fill(1);
      const { code } = await errorOf(async () => jose.jwtDecrypt(await encrypted, wrong));
      assert.equal(code, "ERR_JWE_DECRYPTION_FAILED");
      const secret = EncryptionKey.fromSecret(wrong, { alg: "dir", enc: "A256GCM" });
      const here = await errorOf(async () => decryptClaims(await encrypted, secret));
      assert.equal(cell, `\`${here.code}\``);
    },
  },
  "fast-jwt": {
    "`FAST_JWT_EXPIRED`, because of `exp`": ["expired"],
    "`FAST_JWT_EXPIRED`, because of `maxAge`": ["too old"],
    "`FAST_JWT_INACTIVE`": ["not yet"],
    "`FAST_JWT_MALFORMED`, `FAST_JWT_INVALID_PAYLOAD`": ["malformed", "unreadable", "not an object"],
    "`FAST_JWT_INVALID_TYPE`, because the token is not text": ["no token", "number"],
    "`FAST_JWT_INVALID_TYPE`, because of `typ`": ["typ"],
    "`FAST_JWT_INVALID_CRIT_HEADER`": ["crit"],
    "`FAST_JWT_INVALID_SIGNATURE`": ["signature"],
    "`FAST_JWT_MISSING_SIGNATURE`": ["no signature", "unsigned"],
    "`FAST_JWT_INVALID_ALGORITHM`": ["algorithm", "algorithm, with a set"],
    "`FAST_JWT_INVALID_CLAIM_VALUE`, `FAST_JWT_INVALID_CLAIM_TYPE`": ["audience", "issuer", "subject", "exp is text"],
    "`FAST_JWT_MISSING_REQUIRED_CLAIM`": ["required"],
    async "`FAST_JWT_INVALID_KEY`, `FAST_JWT_MISSING_KEY`"(cell) {
      const missing = await errorOf(() => createVerifier({ algorithms: ["none"] })(token(live)));
      assert.deepEqual(
        [missing.code, (await errorOf(() => new Verifier())).code],
        ["FAST_JWT_MISSING_KEY", "KEY_INVALID"],
      );
      const there = await errorOf(() => createSigner({ key: SECRET, algorithm: "RS256" }));
      assert.equal(there.code, "FAST_JWT_INVALID_KEY");
      const here = await errorOf(() => Key.fromPem(SECRET, { alg: "RS256" }));
      assert.equal(cell, `\`${here.code}\``);
    },
    async "`FAST_JWT_INVALID_OPTION`"(cell) {
      assert.equal((await errorOf(() => createSigner({ key: SECRET, iss: 5 }))).code, "FAST_JWT_INVALID_OPTION");
      const here = await errorOf(() => new Signer(key, { issuer: 5 }));
      assert.equal(cell, `\`${here.code}\``);
    },
    async "`FAST_JWT_KEY_FETCHING_ERROR`"(cell) {
      const fails = async () => Promise.reject(new Error("the server is away"));
      const there = await errorOf(() => createVerifier({ key: fails })(otherSigned));
      assert.equal(there.code, "FAST_JWT_KEY_FETCHING_ERROR");
      const here = await errorOf(() =>
        verifyAsync(otherSigned, new RemoteKeySet("https://login.example/", { fetch: fails })),
      );
      assert.equal(cell, `\`${here.code}\` with a \`RemoteKeySet\``);
    },
  },
};
const otherSigned = sign(own, otherKey);

async function bothFail(cell, text, jwks, code) {
  assert.equal((await errorOf(() => jose.jwtVerify(text, jose.createLocalJWKSet(jwks)))).code, code);
  assert.equal(cell, `\`${(await errorOf(() => verify(text, KeySet.fromJwks(jwks)))).code}\``);
}

for (const library of LIBRARIES) {
  test(`names_the_code_for_each_error_of_${library}`, async () => {
    const rows = rowsOf(library, "Errors", Object.keys(ERRORS[library]));
    for (const [first, cell] of Object.entries(rows)) {
      const cases = ERRORS[library][first];
      if (typeof cases === "function") await cases(cell);
      else await checkErrors(library, first, cell, cases);
    }
  });
}

/** Each case gives a name in the first cell and a code in the second, and each of these has a case. */
async function checkErrors(library, first, cell, cases) {
  const [names] = first.split(", because");
  const left = new Set(names.match(/(?<=`)[A-Za-z][^`]*(?=`)/g));
  const codes = new Set(cell.match(/`[A-Z]+(_[A-Z]+)+`/g));
  const [namedThere, namedHere] = [new Set(), new Set()];
  for (const name of cases) {
    const { text, there = {}, fast = there, here = {}, set } = SITUATIONS[name];
    const theirs = await errorOf(() => CHECK[library](text, library === "fast-jwt" ? fast : there));
    assert.ok(theirs, `${library} accepts: ${name}`);
    const said = library === "jsonwebtoken" ? `${theirs.name}: ${theirs.message}` : theirs.code;
    const named = [...left].filter((each) => said.includes(each));
    assert.equal(named.length, 1, `${name}: ${said}`);
    namedThere.add(named[0]);
    const ours = await errorOf(() => verify(text, set ? new KeySet([key]) : key, here));
    assert.ok(codes.has(`\`${ours?.code}\``), `${name}: ${ours?.code}`);
    namedHere.add(`\`${ours.code}\``);
    // The claim or the header parameter, where the row names one.
    const about = cell.match(/`(?:claim|parameter)` is ([^|]*)/)?.[1].match(/`(\w+)`/g);
    if (about) assert.ok(about.includes(`\`${ours.claim ?? ours.parameter}\``), `${name}: ${ours.message}`);
    assert.equal(/`claim` names it/.test(cell) && ours.claim === undefined, false, name);
  }
  assert.deepEqual([...namedThere].sort(), [...left].sort(), first);
  assert.deepEqual([...namedHere].sort(), [...codes].sort(), first);
}

test("names_every_error_code_of_jose_and_fast_jwt", () => {
  const ofJose = Object.values(jose.errors).map(({ code }) => code);
  const known = { jose: ofJose, "fast-jwt": Object.values(TOKEN_ERROR_CODES) };
  // The base class of jose, and defects of node:crypto in fast-jwt.
  const unnamed = ["ERR_JOSE_GENERIC", "FAST_JWT_SIGN_ERROR", "FAST_JWT_VERIFY_ERROR"];
  for (const [library, codes] of Object.entries(known)) {
    const text = section(page(library), "Errors");
    assert.ok(10 < codes.length);
    for (const code of codes) assert.equal(text.includes(`\`${code}\``), !unnamed.includes(code), code);
  }
});

test("takes_both_codes_for_a_token_to_refresh", () => {
  for (const library of LIBRARIES) {
    const text = section(page(library), "Errors").replaceAll("\n", " ");
    assert.match(text, /must look for both `TOKEN_EXPIRED` and `TOKEN_TOO_OLD`/, library);
  }
});

// Times.

const YEAR_2030 = 1_893_456_000;
const DATE = new Date(YEAR_2030 * 1000 + 900);
const decode = createDecoder();
const ofJose = async (build) => {
  return jose.decodeJwt(await build(new jose.SignJWT({}).setProtectedHeader({ alg: "HS256" })).sign(BYTES));
};
const ofJsonwebtoken = (options) => jsonwebtoken.decode(jsonwebtoken.sign({}, SECRET, options));
const ofFastJwt = (options) => decode(createSigner({ key: SECRET, ...options })({}));
const ours = (options, claims = {}) =>
  decodeUnverified(sign(claims, key, { expiresIn: null, issuedAt: false, ...options })).claims;
const issued = { issuedAt: undefined };
/** Whether a token passes. */
const passes = async (call) => (await errorOf(call)) === undefined;

/** By page, section and first cell: the claims there, the claims here, and text that the second cell must have. */
const TIMES = {
  "jose/Times": {
    "`setExpirationTime(1893456000)`": [
      () => ofJose((jwt) => jwt.setExpirationTime(YEAR_2030)),
      () => ours({}, { exp: YEAR_2030 }),
      "`sign({ …, exp: 1893456000 }, key)`",
    ],
    "`setExpirationTime(date)`": [
      () => ofJose((jwt) => jwt.setExpirationTime(DATE)),
      () => ours({}, { exp: Math.floor(DATE.getTime() / 1000) }),
      "exp: Math.floor(date.getTime() / 1000)",
    ],
    '`setExpirationTime("2 hours")`': [
      () => ofJose((jwt) => jwt.setIssuedAt().setExpirationTime("2 hours")),
      () => [ours({ ...issued, expiresIn: "2h" }), ours({ ...issued, expiresIn: 7200 })],
      '`expiresIn: "2h"`, or `7200` seconds',
    ],
    '`setExpirationTime("1y")` (365.25 days)': [
      () => ofJose((jwt) => jwt.setIssuedAt().setExpirationTime("1y")),
      () => ours({ ...issued, expiresIn: "365.25d" }),
      '`expiresIn: "365.25d"`',
    ],
    "no `setExpirationTime`": [() => ofJose((jwt) => jwt), () => ours({ expiresIn: null }), "`expiresIn: null`"],
    "`setNotBefore(1893456000)`, `setNotBefore(date)`": [
      async () => [await ofJose((jwt) => jwt.setNotBefore(YEAR_2030)), await ofJose((jwt) => jwt.setNotBefore(DATE))],
      () => ours({}, { nbf: YEAR_2030 }),
      "the claim `nbf`, in seconds",
    ],
    '`setNotBefore("5 minutes")`': [
      () => ofJose((jwt) => jwt.setNotBefore("5 minutes")),
      () => ours({ notBefore: "5m" }),
      '`notBefore: "5m"`',
    ],
    "`setIssuedAt()`": [
      () => ofJose((jwt) => jwt.setIssuedAt()),
      () => decodeUnverified(sign({}, key, { expiresIn: null })).claims,
      "the default",
    ],
    "no `setIssuedAt`": [() => ofJose((jwt) => jwt), () => ours({ issuedAt: false }), "`issuedAt: false`"],
    "`setIssuedAt(1767225600)`, `setIssuedAt(date)`": [
      async () => [
        await ofJose((jwt) => jwt.setIssuedAt(1_767_225_600)),
        await ofJose((jwt) => jwt.setIssuedAt(new Date(1_767_225_600_900))),
      ],
      () => ours(issued, { iat: 1_767_225_600 }),
      "the claim `iat`, in seconds",
    ],
    '`setIssuedAt("1 hour ago")`': [
      () => ofJose((jwt) => jwt.setIssuedAt("1 hour ago").setExpirationTime("1 hour ago")),
      () => ours({ ...issued, now: new Date(Date.now() - 3600_000), expiresIn: 0 }),
      "`now: new Date(Date.now() - 3600_000)`, from which `expiresIn` counts too",
    ],
    '`maxTokenAge: "2 hours"`, `clockTolerance: "5 seconds"`': [
      async () => [
        await Promise.all([7190, 7210].map((age) => passes(() => CHECK.jose(aged(age), { maxTokenAge: "2 hours" })))),
        await Promise.all([7190, 7210].map((age) => passes(() => CHECK.jose(aged(age), { maxTokenAge: 7200 })))),
        await Promise.all([2, 60].map((age) => passes(() => CHECK.jose(late(age), { clockTolerance: "5 seconds" })))),
        await Promise.all([2, 60].map((age) => passes(() => CHECK.jose(late(age), { clockTolerance: 5 })))),
      ],
      async () => [
        await Promise.all([7190, 7210].map((age) => passes(() => verify(aged(age), key, { maxAge: "2h" })))),
        await Promise.all([7190, 7210].map((age) => passes(() => verify(aged(age), key, { maxAge: 7200 })))),
        await Promise.all([2, 60].map((age) => passes(() => verify(late(age), key, { clockTolerance: "5s" })))),
        await Promise.all([2, 60].map((age) => passes(() => verify(late(age), key, { clockTolerance: 5 })))),
      ],
      '`maxAge: "2h"`, `clockTolerance: "5s"`; numbers are seconds in both',
    ],
  },
  "jsonwebtoken/Options": {
    "`expiresIn: 60`": [
      () => ofJsonwebtoken({ expiresIn: 60 }),
      () => ours({ ...issued, expiresIn: 60 }),
      "`expiresIn: 60`",
    ],
    '`expiresIn: "2 days"`': [
      () => ofJsonwebtoken({ expiresIn: "2 days" }),
      () => ours({ ...issued, expiresIn: "2d" }),
      '`expiresIn: "2d"`',
    ],
    '`expiresIn: "1y"` (365.25 days)': [
      () => ofJsonwebtoken({ expiresIn: "1y" }),
      () => ours({ ...issued, expiresIn: "365.25d" }),
      '`expiresIn: "365.25d"`',
    ],
    '`expiresIn: "120000"` (milliseconds)': [
      () => ofJsonwebtoken({ expiresIn: "120000" }),
      () => ours({ ...issued, expiresIn: 120 }),
      "`expiresIn: 120`",
    ],
    "no `expiresIn`": [() => ofJsonwebtoken({}), () => ours({ ...issued, expiresIn: null }), "`expiresIn: null`"],
    '`notBefore: "5 minutes"`': [
      () => ofJsonwebtoken({ notBefore: "5 minutes" }),
      () => ours({ ...issued, notBefore: "5m" }),
      '`notBefore: "5m"`',
    ],
    "`noTimestamp: true`": [
      () => ofJsonwebtoken({ noTimestamp: true }),
      () => ours({ issuedAt: false }),
      "`issuedAt: false`",
    ],
    "`clockTimestamp` (seconds)": [
      () => [1000, 1001].map((clockTimestamp) => jsonwebtoken.verify(old, SECRET, { clockTimestamp }).exp),
      () => [1000, 1001].map((clockTimestamp) => verify(old, key, { now: new Date(clockTimestamp * 1000) }).claims.exp),
      "`now: new Date(clockTimestamp * 1000)`",
    ],
  },
  "fast-jwt/createSigner": {
    "`expiresIn: 60000` (milliseconds)": [
      () => ofFastJwt({ expiresIn: 60_000 }),
      () => ours({ ...issued, expiresIn: 60 }),
      "`expiresIn: 60`",
    ],
    '`expiresIn: "60000"` (milliseconds)': [
      () => ofFastJwt({ expiresIn: "60000" }),
      () => ours({ ...issued, expiresIn: 60 }),
      "`expiresIn: 60`",
    ],
    '`expiresIn: "2 days"`': [
      () => ofFastJwt({ expiresIn: "2 days" }),
      () => ours({ ...issued, expiresIn: "2d" }),
      '`expiresIn: "2d"`',
    ],
    "no `expiresIn`": [() => ofFastJwt({}), () => ours({ ...issued, expiresIn: null }), "`expiresIn: null`"],
    "`notBefore: 5000` (milliseconds)": [
      () => ofFastJwt({ notBefore: 5000 }),
      () => ours({ ...issued, notBefore: 5 }),
      "`notBefore: 5`",
    ],
    "`clockTimestamp: 1767225600000`": [
      () => ofFastJwt({ clockTimestamp: 1_767_225_600_000 }),
      () => ours({ ...issued, now: new Date(1_767_225_600_000) }),
      "`now: new Date(1767225600000)`",
    ],
    "`noTimestamp: true`": [() => ofFastJwt({ noTimestamp: true }), () => ours({}), "`issuedAt: false`"],
  },
  "fast-jwt/createVerifier": {
    "`clockTolerance: 5000` (milliseconds)": [
      () => Promise.all([2, 60].map((age) => passes(() => CHECK["fast-jwt"](late(age), { clockTolerance: 5000 })))),
      () => Promise.all([2, 60].map((age) => passes(() => verify(late(age), key, { clockTolerance: 5 })))),
      "`clockTolerance: 5`",
    ],
    "`maxAge: 60000` (milliseconds)": [
      () => Promise.all([50, 70].map((age) => passes(() => CHECK["fast-jwt"](aged(age), { maxAge: 60_000 })))),
      () => Promise.all([50, 70].map((age) => passes(() => verify(aged(age), key, { maxAge: 60 })))),
      "`maxAge: 60`",
    ],
    "`clockTimestamp: 1767225600000`": [
      () => CHECK["fast-jwt"](old2025, { clockTimestamp: 1_767_225_600_000 }),
      () => verify(old2025, key, { now: new Date(1_767_225_600_000) }).claims,
      "`now: new Date(1767225600000)`",
    ],
  },
};
const old = token({ iat: 900, exp: 1100 });
const old2025 = token({ iat: 1_767_225_500, exp: 1_767_225_700 });
const aged = (seconds) => token({ iat: Math.floor(Date.now() / 1000) - seconds, exp: now + 600 });
const late = (seconds) => token({ iat: now - 600, exp: Math.floor(Date.now() / 1000) - seconds });

for (const [where, cases] of Object.entries(TIMES)) {
  test(`converts_the_times_of_${where.replace("/", "_in_")}`, async () => {
    const [library, title] = where.split("/");
    const rows = Object.fromEntries(tableRows(section(page(library), title)));
    // The whole section is about times.
    if (title === "Times") assert.deepEqual(Object.keys(rows).sort(), Object.keys(cases).sort());
    for (const [first, [theirs, here, text]] of Object.entries(cases)) {
      assert.ok(rows[first]?.includes(text), `${first}: ${rows[first]}`);
      // Calls that say the same may be in an array, on either side.
      const [left, right] = [await theirs(), await here()].map((value) => [value].flat());
      for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
        assertSame(left[index] ?? left.at(-1), right[index] ?? right.at(-1), first);
      }
    }
  });
}

/** Equal claims, except for a second that passes between two calls. */
function assertSame(left, right, message) {
  if (typeof left !== "object") return assert.equal(left, right, message);
  assert.deepEqual(Object.keys(left).sort(), Object.keys(right).sort(), message);
  for (const [name, value] of Object.entries(left))
    assert.ok(Math.abs(value - right[name]) <= 1, `${message}: ${name}`);
}

test("warns_that_a_number_of_jose_is_a_time", async () => {
  const later = now + 3600;
  assert.equal((await ofJose((jwt) => jwt.setExpirationTime(later))).exp, later);
  assert.equal((await ofJose((jwt) => jwt.setExpirationTime(3600))).exp, 3600);
  // As a duration, it is refused, or ends in decades.
  const error = await errorOf(() => ours({ expiresIn: later }));
  assert.ok(error?.code === "OPTION_INVALID" || 20 * 365 * 24 * 3600 < ours({ expiresIn: later }).exp - now);
  assert.match(section(page("jose"), "Times"), /\*\*A number in jose is a time, in seconds since 1970\./);
});

test("refuses_durations_with_a_space_or_a_year_as_the_pages_say", () => {
  for (const expiresIn of ["2 hours", "2 h", "1y", "120", "2 days"]) {
    assert.throws(() => sign({}, key, { expiresIn }), { code: "OPTION_INVALID", parameter: "expiresIn" });
  }
  for (const expiresIn of ["2s", "2m", "2h", "2d", "2w"]) sign({}, key, { expiresIn });
});

// Options and keys.

/** The options that a table tells to write: `name: value` in its second cell. */
function optionsIn(library, title, names) {
  const written = tableRows(section(page(library), title)).flatMap(([, cell]) =>
    Array.from((cell ?? "").matchAll(/`((\w+): [^`]+)`/g), ([, code, name]) => ({ code, name })),
  );
  const known = written.filter(({ name }) => names.includes(name));
  assert.deepEqual([...new Set(known.map(({ name }) => name))].sort(), names.toSorted(), title);
  return known.map(({ code }) => new Function("isRevoked", `return { ${code.replaceAll("…", "true")} }`)());
}

test("tells_options_that_the_guards_and_the_key_sets_take", () => {
  const verifier = new Verifier(key);
  for (const options of optionsIn("jsonwebtoken", "From express-jwt", ["accept", "from", "optional"])) {
    expressGuard(verifier, options);
  }
  for (const options of optionsIn("fast-jwt", "From @fastify/jwt", ["accept", "errors", "from"]))
    fastifyGuard(verifier, options);
  const ofSets = ["cooldown", "maxAge", "timeoutMs"];
  for (const options of optionsIn("jsonwebtoken", "From jwks-rsa", [...ofSets, "staleIfError"])) {
    new RemoteKeySet("https://login.example/", options);
  }
  for (const options of optionsIn("jose", "Options", [...ofSets, "allowInsecureLoopback"])) {
    new RemoteKeySet("https://login.example/", options);
  }
  for (const options of optionsIn("fast-jwt", "createVerifier", ["cache", "clockTolerance", "maxAge", "now"])) {
    new Verifier(key, options);
  }
  // What these libraries take is refused by name, so that no check gets lost.
  for (const name of [
    "credentialsRequired",
    "getToken",
    "isRevoked",
    "requestProperty",
    "onExpired",
    "algorithms",
    "trusted",
  ]) {
    assert.throws(() => expressGuard(verifier, { [name]: undefined }), { code: "OPTION_INVALID", reason: "unknown" });
  }
  for (const name of [
    "cacheMaxAge",
    "cooldownDuration",
    "timeoutDuration",
    "jwksRequestsPerMinute",
    "requestHeaders",
  ]) {
    const url = "https://login.example/";
    assert.throws(() => new RemoteKeySet(url, { [name]: 600 }), { code: "OPTION_INVALID", reason: "unknown" });
  }
});

test("guards_as_the_tables_of_express_jwt_and_fastify_jwt_say", async () => {
  const text = token({ ...live, sub: "alice", jti: "1" });
  const [inHeader, inCookie] = [{ Authorization: `Bearer ${text}` }, { Cookie: `token=${text}` }];
  const ask = async (options, headers, method = "GET") => {
    const request = new Request("https://api.example/", { headers, method });
    const caller = await bearerGuard(new Verifier(key), options)(request);
    return caller instanceof Response ? caller.status : caller?.claims.sub;
  };
  assert.equal(await ask({}, {}), 401);
  assert.equal(await ask({ optional: true }, {}), undefined);
  assert.equal(await ask({ optional: true }, { Authorization: "Bearer abc" }), 401);
  // A preflight has no token.
  assert.equal(await ask({}, { "Access-Control-Request-Headers": "authorization" }, "OPTIONS"), 401);
  const revoked = new Set(["1"]);
  assert.equal(await ask({ accept: ({ claims }) => !revoked.has(claims.jti) }, inHeader), 401);
  assert.equal(await ask({ accept: ({ claims }) => revoked.has(claims.jti) }, inHeader), "alice");
  const from = ["authorization", { cookie: "token" }];
  for (const headers of [inHeader, inCookie]) assert.equal(await ask({ from }, headers), "alice");
  assert.equal(await ask({ from }, { ...inHeader, ...inCookie }), 400);
  assert.equal(await ask({ from }, { ...inCookie, "Sec-Fetch-Site": "cross-site" }, "POST"), 403);
  assert.equal(await ask({ from: { cookie: "token" } }, inHeader), 401);
});

test("maps_imports_of_encryption_keys_to_encryption_keys", async () => {
  const rows = tableRows(section(page("jose"), "Keys"));
  const [, cell] = rows.find(([there]) => there.startsWith("all of these with an `alg` that encrypts"));
  assert.match(cell, /`EncryptionKey\.fromPem\(pem, \{ alg \}\)`, `EncryptionKey\.generate\(alg\)`/);
  for (const alg of ["RSA-OAEP-256", "ECDH-ES"]) {
    const { privateKey, publicKey } = await jose.generateKeyPair(alg, { extractable: true });
    const [pkcs8, spki] = [await jose.exportPKCS8(privateKey), await jose.exportSPKI(publicKey)];
    const jwk = await jose.exportJWK(privateKey);
    assert.throws(() => Key.fromPem(pkcs8, { alg }), { code: "OPTION_INVALID" });
    assert.throws(() => Key.fromJwk(jwk, { alg }), { code: "OPTION_INVALID" });
    assert.throws(() => Key.generate(alg), { code: "OPTION_INVALID" });
    const claims = new jose.EncryptJWT(live).setProtectedHeader({ alg, enc: "A256GCM" });
    const text = await claims.encrypt(publicKey);
    for (const imported of [EncryptionKey.fromPem(pkcs8, { alg }), EncryptionKey.fromJwk(jwk, { alg })]) {
      assert.equal(decryptClaims(text, imported).claims.exp, live.exp);
    }
    EncryptionKey.fromPem(spki, { alg });
    EncryptionKey.generate(alg);
  }
  EncryptionKey.generate("A256KW");
  const secret = EncryptionKey.fromSecret(new Uint8Array(32), { alg: "dir", enc: "A256GCM" });
  assert.equal(decryptClaims(await encrypted, secret).claims.exp, live.exp);
  assert.equal(EncryptionKey.generate("dir", { enc: "A256GCM" }).alg, "dir");
});

test("takes_the_keys_of_node_crypto_as_the_pages_say", () => {
  const pair = makeKeyPair("ec", { namedCurve: "P-256" });
  const [own, known] = [pair.privateKey, pair.publicKey].map((each) =>
    Key.fromJwk(each.export({ format: "jwk" }), { alg: "ES256" }),
  );
  assert.equal(verify(sign({ sub: "alice" }, own), known).claims.sub, "alice");
  const locked = pair.privateKey.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "open" });
  assert.equal(jsonwebtoken.sign({}, { key: locked, passphrase: "open" }, { algorithm: "ES256" }).split(".").length, 3);
  verify(sign({}, Key.fromPem(locked, { alg: "ES256", passphrase: "open" })), known);
});

test("calls_no_callback_and_takes_no_function_as_a_key", async () => {
  let called = 0;
  const callback = () => {
    called += 1;
  };
  const text = token(live);
  assert.throws(() => verify(text, key, callback), { code: "OPTION_INVALID" });
  // Whether a fourth argument is refused or ignored.
  await errorOf(() => verify(text, key, {}, callback));
  await errorOf(() => sign({}, key, {}, callback));
  assert.throws(() => verify(text, async () => SECRET), { code: "KEY_INVALID" });
  assert.throws(() => new Verifier((_header, done) => done(null, SECRET)), { code: "KEY_INVALID" });
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(called, 0);
});

test("throws_where_jwt_decode_returns_null", () => {
  for (const text of ["abc", "a.b.c", "", undefined, null]) {
    assert.equal(jsonwebtoken.decode(text), null);
    assert.throws(() => decodeUnverified(text), { code: "TOKEN_MALFORMED" });
  }
});

test("leaves_claims_as_they_are_and_refuses_other_encodings", () => {
  const claims = { sub: "alice" };
  sign(claims, key);
  assert.deepEqual(claims, { sub: "alice" });
  const latin1 = (name) => jsonwebtoken.sign({ name }, SECRET, { encoding: "latin1", expiresIn: "1h" });
  assert.equal(verify(latin1("Zoe"), key).claims.name, "Zoe");
  assert.throws(() => verify(latin1("Zoë"), key), { code: "TOKEN_MALFORMED" });
  assert.throws(() => sign({ sub: 42 }, key), { code: "CLAIM_INVALID", claim: "sub" });
  assert.throws(() => new Verifier(key, { audience: /x/ }), { code: "OPTION_INVALID", parameter: "audience" });
});

test("refuses_an_exp_beside_expires_in_where_fast_jwt_replaces_it", () => {
  const exp = now + 60;
  assert.notEqual(decode(createSigner({ key: SECRET, expiresIn: "1h" })({ exp })).exp, exp);
  assert.equal(decodeUnverified(new Signer(key).sign({ exp })).claims.exp, exp);
  const signer = new Signer(key, { expiresIn: "1h" });
  for (const call of [() => signer.sign({ exp }), () => new Signer(key).sign({ exp }, { expiresIn: "1h" })]) {
    assert.throws(call, { code: "OPTION_INVALID" });
  }
});
