// Random tokens, judged by this package and by jose. Nothing may be accepted here that jose refuses, every error must be a
// coded one, and `countersign/decode` must answer as the WebAssembly module does. Runs for 5 seconds with the same tokens each time. For others, set COUNTERSIGN_FUZZ_SECONDS and
// COUNTERSIGN_FUZZ_SEED.

import assert from "node:assert/strict";
import { createHmac, createPrivateKey, sign as signBytes } from "node:crypto";
import { test } from "node:test";
import { deflateRawSync } from "node:zlib";
import * as jose from "jose";
import { encryptionKeys, ephemerals, jwe } from "../vectors/make-jwe.mjs";
import { importEntry, makeConsumer } from "./consumer.mjs";
import { seeded } from "./random.mjs";

const consumer = makeConsumer();
const { CountersignError, decodeHeaderUnverified, decodeUnverified, judgeClaims, Key, KeySet, verify } =
  await importEntry(consumer, "./jwt");
const decode = await importEntry(consumer, "./decode");
const { verifyJws, verifyJwsJson } = await importEntry(consumer, "./jws");
const { decrypt, decryptClaims, decryptJson, EncryptionKey } = await importEntry(consumer, "./jwe");

const seconds = Number(process.env.COUNTERSIGN_FUZZ_SECONDS ?? 5);
const seed = Number(process.env.COUNTERSIGN_FUZZ_SEED ?? 1);
const random = seeded(seed);
const now = new Date(1_800_000_000_000);
const NOW = now.getTime() / 1000;

const below = (count) => Math.floor(random() * count);
const oneOf = (list) => list[below(list.length)];
const sometimes = (share) => random() < share;
const base64url = (value) => Buffer.from(value).toString("base64url");

/** Keys to sign with: ours, theirs, and how a signature is made without either. */
const signing = await Promise.all(
  ["HS256", "HS512", "EdDSA", "ES256", "ES512", "RS256", "PS384"].map(async (alg) => {
    const ours = Key.generate(alg, { kid: "1" });
    const jwk = ours.toJwk({ private: true });
    const theirs = await jose.importJWK(ours.type === "secret" ? jwk : ours.toJwk(), alg);
    return { alg, ours, theirs, sign: signerOf(alg, jwk) };
  }),
);
const set = new KeySet(signing.filter(({ ours }) => ours.type !== "secret").map(({ ours }) => ours.publicKey()));

function signerOf(alg, jwk) {
  const digest = `sha${alg.slice(2)}`;
  if (alg.startsWith("HS")) {
    const secret = Buffer.from(jwk.k, "base64url");
    return (input) => createHmac(digest, secret).update(input).digest();
  }
  const key = createPrivateKey({ key: jwk, format: "jwk" });
  if (alg === "EdDSA") return (input) => signBytes(null, input, key);
  const options = alg.startsWith("ES") ? { dsaEncoding: "ieee-p1363" } : {};
  if (alg.startsWith("PS")) Object.assign(options, { padding: 6, saltLength: Number(alg.slice(2)) / 8 });
  return (input) => signBytes(digest, input, { key, ...options });
}

const encrypting = await Promise.all(
  Object.values(encryptionKeys)
    .filter(({ alg }) => !alg.startsWith("PBES2"))
    .map(async (key) => {
      const { secret, jwk, ...options } = key.spec;
      const ours =
        jwk === undefined ? EncryptionKey.fromSecret(key.secret, options) : EncryptionKey.fromJwk(jwk, options);
      const theirs = key.secret ?? (await jose.importJWK(ours.toJwk({ private: true }), key.alg));
      return { key, ours, theirs, ephemeral: ephemerals[key.jwk?.crv] };
    }),
);

const VALUES = [
  ...[
    null,
    true,
    false,
    0,
    1,
    -1,
    0.5,
    1e300,
    NOW,
    NOW + 1,
    NOW + 60,
    NOW - 1,
    "",
    "1",
    "JWT",
    "none",
    "HS256",
    "EdDSA",
  ],
  ...["Ed25519", "dir", "A256GCM", "DEF", "b64", "x", "\u0000", "\u00e9", [], ["x"], ["b64"], ["exp", 1], {}, { a: 1 }],
  ...[{ kty: "oct", k: "AA" }, [[[]]], "1800000900", `${"9".repeat(30)}`],
];
const HEADER_NAMES = ["alg", "typ", "kid", "cty", "crit", "b64", "zip", "enc", "jwk", "jku", "x5c", "epk", "iv", "tag"];
const CLAIM_NAMES = ["exp", "nbf", "iat", "iss", "aud", "sub", "jti", "x", "__proto__", "toString"];

function edited(object, names) {
  const changed = { ...object };
  for (let edits = below(3); 0 < edits; edits -= 1) {
    const name = oneOf(names);
    if (sometimes(0.2)) delete changed[name];
    else
      Object.defineProperty(changed, name, {
        value: oneOf(VALUES),
        enumerable: true,
        configurable: true,
        writable: true,
      });
  }
  return changed;
}

/** The JSON text of an object, now and then in a spelling that readers may understand differently. */
function written(object) {
  const text = JSON.stringify(object);
  if (sometimes(0.9)) return text;
  return oneOf([
    () => ` ${text}\n`,
    () => `\ufeff${text}`,
    () => text.replace(/^\{/, '{"alg":"none",'),
    () => text.replace(/\}$/, ',"exp":9e9}'),
    () => text.replace(/"alg"/, '"\\u0061lg"'),
    () => text.replace(/(\d{6,})/, "$1.0e0"),
    () => text.slice(0, -1),
    () => `${text}x`,
    () => `[${text}]`,
    () => text.replace(/\}$/, ",}"),
    () => text.replace(/"x"/, "'x'"),
    () => text.replace(/\}$/, ',"y":"\ud800"}'),
    () => text.replace(/\}$/, ',"y":1e400}'),
    () => text.replace(/\}$/, ',"y":"\t"}'),
  ])();
}

const LETTERS = [..."ABCZabcz0129-_+/=. \n.é\0"];
/** Changes some letters of a text. */
function garbled(text) {
  let changed = text;
  for (let edits = below(3); 0 < edits; edits -= 1) {
    const at = below(changed.length + 1);
    changed =
      changed.slice(0, at) +
      oneOf(["", oneOf(LETTERS), oneOf(LETTERS) + oneOf(LETTERS)]) +
      changed.slice(at + below(3));
  }
  return changed;
}
const maybeGarbled = (text) => (sometimes(0.3) ? garbled(text) : text);

async function outcome(call) {
  try {
    return { value: await call() };
  } catch (error) {
    return { error };
  }
}

let tried = 0;
let accepted = 0;
const finds = [];
async function compare(what, input, ours, theirs) {
  tried += 1;
  const mine = await outcome(ours);
  if (mine.error !== undefined) {
    const { error } = mine;
    if (!(error instanceof CountersignError) || error.code === "INTERNAL") finds.push([what, input, `${error.stack}`]);
    return;
  }
  accepted += 1;
  const yours = theirs === undefined ? { value: mine.value } : await outcome(theirs);
  if (yours.error !== undefined) finds.push([what, input, `only jose refuses: ${yours.error.message}`]);
  else if (yours.value !== undefined && !sameBytes(mine.value, yours.value))
    finds.push([what, input, "another content"]);
}

/** Both ways to the same answer must give it, or the same code. */
async function compareWays(what, input, ...ways) {
  tried += 1;
  const [first, second] = await Promise.all(ways.map(outcome));
  const answer = ({ value, error }) => (error === undefined ? value : { code: error.code });
  if (!sameBytes(answer(first), answer(second))) finds.push([what, input, "two ways give two answers"]);
}

function sameBytes(mine, yours) {
  const text = (value) => (value instanceof Uint8Array ? base64url(value) : JSON.stringify(value));
  return text(mine) === text(yours);
}

const claims = () => ({ sub: "alice", iat: NOW, exp: NOW + 900 });
const rounds = [
  async function tokens() {
    const by = oneOf(signing);
    const other = sometimes(0.1) ? oneOf(signing) : by;
    const header = written(edited({ alg: by.alg, typ: "JWT", kid: "1" }, HEADER_NAMES));
    const payload = written(edited(claims(), CLAIM_NAMES));
    const input = maybeGarbled(`${base64url(header)}.${base64url(payload)}`);
    const token = maybeGarbled(`${input}.${base64url(other.sign(Buffer.from(input)))}`);
    const keys = sometimes(0.3) ? set : by.ours.type === "secret" ? by.ours : by.ours.publicKey();
    const options = { currentDate: now, requiredClaims: ["exp"] };
    await compare(
      "token",
      token,
      () => verify(token, keys, { now }).claims,
      async () => {
        for (const { theirs } of keys === set ? signing : [by]) {
          const read = await outcome(() => jose.jwtVerify(token, theirs, options));
          if (read.error === undefined) return read.value.payload;
        }
        return (await jose.jwtVerify(token, by.theirs, options)).payload;
      },
    );
    await compare("header", token, () => decodeHeaderUnverified(token));
    const headerOf = (from) => () => from.decodeHeaderUnverified(token);
    await compareWays("header without wasm", token, headerOf({ decodeHeaderUnverified }), headerOf(decode));
    await compare("unverified", token, () => decodeUnverified(token));
    const decoding = (from) => () => from.decodeUnverified(token);
    await compareWays("without wasm", token, decoding({ decodeUnverified }), decoding(decode));
    const judged = edited(claims(), CLAIM_NAMES);
    await compare("claims", JSON.stringify(judged), () => judgeClaims(judged, { now }) ?? 0);
  },
  async function signatures() {
    const by = oneOf(signing);
    const header = edited({ alg: by.alg }, HEADER_NAMES);
    const isPlain = header.b64 === false && Array.isArray(header.crit) && header.crit.includes("b64");
    const payload = oneOf(["any bytes", "", "a.b", "{}", "\u00e9"]);
    const body = isPlain ? payload : base64url(payload);
    const head = base64url(written(header));
    const signature = base64url(by.sign(Buffer.from(`${head}.${body}`)));
    const jws = maybeGarbled(`${head}.${body}.${signature}`);
    const key = by.ours.type === "secret" ? by.ours : by.ours.publicKey();
    await compare(
      "jws",
      jws,
      () => verifyJws(jws, key).payload,
      async () => {
        const { payload: read } = await jose.compactVerify(jws, by.theirs);
        return new Uint8Array(read);
      },
    );
    await compare("padded jws", jws, () => verifyJws(jws, key, { allowPadding: true }).payload);
    const members = edited({ payload: body, protected: head, signature }, [
      "payload",
      "protected",
      "signature",
      "header",
      "x",
    ]);
    const flattened = sometimes(0.5)
      ? members
      : {
          payload: members.payload,
          signatures: [{ ...members, payload: undefined }, oneOf(VALUES)].slice(0, 1 + below(2)),
        };
    const text = maybeGarbled(JSON.stringify(flattened));
    const parse = () => JSON.parse(text);
    await compare(
      "jws in json",
      text,
      () => verifyJwsJson(text, key).payload,
      async () => {
        const parsed = parse();
        const check = parsed.signatures === undefined ? jose.flattenedVerify : jose.generalVerify;
        const { payload: read } = await check(parsed, by.theirs);
        return typeof read === "string" ? new TextEncoder().encode(read) : new Uint8Array(read);
      },
    );
  },
  async function encrypted() {
    const { key, ours, theirs, ephemeral } = oneOf(encrypting);
    const enc =
      key.spec.enc ?? oneOf(["A128GCM", "A192GCM", "A256GCM", "A128CBC-HS256", "A192CBC-HS384", "A256CBC-HS512"]);
    const zipped = sometimes(0.2);
    const content = sometimes(0.5) ? written(edited(claims(), CLAIM_NAMES)) : "attack at dawn";
    const parts = {
      key,
      enc,
      ephemeral,
      plaintext: content,
      ...(zipped && { compressed: sometimes(0.8) ? deflateRawSync(content) : Buffer.from(content) }),
      headerText: (header) => written(edited(zipped ? { ...header, zip: "DEF" } : header, HEADER_NAMES)),
    };
    const token = maybeGarbled(jwe(parts));
    const options = { keyManagementAlgorithms: [key.alg] };
    await compare(
      "jwe",
      token,
      () => decrypt(token, ours).plaintext,
      async () => new Uint8Array((await jose.compactDecrypt(token, theirs, options)).plaintext),
    );
    await compare(
      "encrypted claims",
      token,
      () => decryptClaims(token, ours, { now }).claims,
      async () =>
        (await jose.jwtDecrypt(token, theirs, { ...options, currentDate: now, requiredClaims: ["exp"] })).payload,
    );
    await compare("header", token, () => decodeHeaderUnverified(token));
    const headerOf = (from) => () => from.decodeHeaderUnverified(token);
    await compareWays("header without wasm", token, headerOf({ decodeHeaderUnverified }), headerOf(decode));
    const [head, encryptedKey, iv, ciphertext, tag] = jwe({ key, enc, ephemeral, plaintext: content }).split(".");
    const members = edited(
      { protected: head, iv, ciphertext, tag, ...(encryptedKey !== "" && { encrypted_key: encryptedKey }) },
      ["protected", "unprotected", "header", "iv", "ciphertext", "tag", "aad", "encrypted_key", "x"],
    );
    const { encrypted_key, header, ...shared } = members;
    const general = {
      ...shared,
      recipients: [{ ...(encrypted_key !== undefined && { encrypted_key }), ...(header !== undefined && { header }) }],
    };
    const text = maybeGarbled(JSON.stringify(sometimes(0.5) ? members : general));
    await compare(
      "jwe in json",
      text,
      () => decryptJson(text, ours).plaintext,
      async () => {
        const parsed = JSON.parse(text);
        const open = parsed.recipients === undefined ? jose.flattenedDecrypt : jose.generalDecrypt;
        return new Uint8Array((await open(parsed, theirs, options)).plaintext);
      },
    );
  },
];

test("accepts_nothing_that_jose_refuses_and_throws_only_coded_errors", { timeout: (seconds + 60) * 1000 }, async () => {
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end && finds.length < 20) await oneOf(rounds)();
  console.log(`${tried} inputs, ${accepted} accepted, seed ${seed}`);
  assert.deepEqual(
    finds.map((find) => find.join("\n")),
    [],
    `seed ${seed}`,
  );
  assert.ok(accepted > tried / 50, `only ${accepted} of ${tried} inputs were accepted`);
});
