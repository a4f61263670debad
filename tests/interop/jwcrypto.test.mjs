// Encrypted tokens, signatures and keys exchanged with jwcrypto for Python, both ways.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { importEntry, makeConsumer } from "../runtimes/consumer.mjs";
import { OF_JWCRYPTO as SIGNING } from "./keys.mjs";
import { askPython, whyNoPython } from "./python.mjs";

const why = await whyNoPython();
if (why !== undefined && process.env.CI) throw new Error(why);
if (why !== undefined) console.log(`# the exchange with jwcrypto is skipped: ${why}`);
const options = { skip: why };

const CONTENT = "Zoë 🦀 attacks at dawn";
const AAD = "not secret";
const ENCS = ["A128GCM", "A192GCM", "A256GCM", "A128CBC-HS256", "A192CBC-HS384", "A256CBC-HS512"];
const PASSWORD = "correct horse bättery";
const bytes = (text) => new TextEncoder().encode(text);
const text = (content) => new TextDecoder().decode(content);
const agreements = ["ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A192KW", "ECDH-ES+A256KW"];

let jwe;
let jwt;
let jws;
const answers = new Map();

/** Our keys of every kind that jwcrypto has, with the content encryptions to try. */
function encryptionKeys() {
  const { EncryptionKey } = jwe;
  const rsa = EncryptionKey.generate("RSA-OAEP-256", { modulusLength: 2048 });
  const wraps = ["A128KW", "A192KW", "A256KW", "A128GCMKW", "A192GCMKW", "A256GCMKW"];
  return [
    ...ENCS.map((enc) => [`dir_with_${enc}`, EncryptionKey.generate("dir", { enc }), [enc]]),
    ...wraps.map((alg) => [alg, EncryptionKey.generate(alg), ENCS]),
    ...["P-256", "P-384", "P-521", "X25519"].flatMap((crv) =>
      agreements.map((alg) => [`${alg}_on_${crv}`, EncryptionKey.generate(alg, { crv }), ["A256GCM", "A128CBC-HS256"]]),
    ),
    ...["RSA-OAEP", "RSA-OAEP-256"].map((alg) => [
      alg,
      EncryptionKey.fromPem(rsa.toPem({ private: true }), { alg }),
      ENCS,
    ]),
    ...["PBES2-HS256+A128KW", "PBES2-HS384+A192KW", "PBES2-HS512+A256KW"].map((alg) => [
      alg,
      EncryptionKey.fromPassword(PASSWORD, { alg, iterations: 2000 }),
      ["A256GCM"],
    ]),
  ];
}

/** The key as jwcrypto takes it. A JWK for `dir` names the content encryption as its `alg`, which jwcrypto does not know. */
function theirs(key) {
  if (key.alg.startsWith("PBES2")) return { password: PASSWORD };
  const { alg: _alg, ...jwk } = key.toJwk({ private: true });
  return jwk;
}

const PAIRS = SIGNING.filter((alg) => !alg.startsWith("HS"));

before(async () => {
  if (why !== undefined) return;
  const consumer = makeConsumer();
  [jwe, jwt, jws] = await Promise.all(["./jwe", "./jwt", "./jws"].map((entry) => importEntry(consumer, entry)));
  (await importEntry(consumer, "./post-quantum")).enablePostQuantum();
  const { encrypt, encryptJson, EncryptionKey } = jwe;
  const { Key } = jwt;
  const jobs = [];
  const put = (name, ours, job) => jobs.push({ name, ours, ...job });
  for (const [name, key, encs] of encryptionKeys()) {
    for (const enc of encs) {
      const ours = encrypt(bytes(CONTENT), key, { enc });
      put(`${name} ${enc} ours`, key, { op: "decrypt", token: ours, key: theirs(key) });
      const header = { protected: { alg: key.alg, enc }, recipients: [{ key: theirs(key) }] };
      put(`${name} ${enc} theirs`, key, { op: "encrypt", content: CONTENT, ...header });
    }
  }
  const several = [
    EncryptionKey.generate("A192KW", { kid: "a" }),
    EncryptionKey.generate("ECDH-ES+A256KW", { crv: "P-256", kid: "b" }),
    EncryptionKey.generate("A256GCMKW", { kid: "c" }),
  ];
  const general = encryptJson(bytes(CONTENT), several, { aad: bytes(AAD), enc: "A128CBC-HS256" });
  for (const key of several)
    put(`general ours ${key.kid}`, key, { op: "decrypt", token: JSON.stringify(general), key: theirs(key) });
  put("general theirs", several, {
    op: "encrypt",
    content: CONTENT,
    aad: AAD,
    compact: false,
    protected: { enc: "A256GCM" },
    unprotected: { jku: "https://them.example" },
    recipients: several.map((key) => ({ key: theirs(key), header: { alg: key.alg, kid: key.kid } })),
  });
  const rsa = Key.generate("RS256", { modulusLength: 2048 });
  const signing = SIGNING.map((alg) =>
    alg === "PS256" ? rsa.withAlg(alg) : alg === "RS256" ? rsa : Key.generate(alg, { kid: alg }),
  );
  for (const key of signing) {
    const jwk = key.toJwk({ private: true });
    const ours = JSON.stringify(jws.signJwsJson(bytes(CONTENT), { key, header: { x: 1 } }));
    put(`sign ${key.alg} ours`, key, { op: "verify", token: ours, key: jwk });
    put(`sign ${key.alg} theirs`, key, {
      op: "sign",
      content: CONTENT,
      signers: [{ key: jwk, alg: key.alg, protected: { kid: key.kid ?? "x" } }],
    });
    if (!PAIRS.includes(key.alg)) continue;
    put(`forms ${key.alg}`, key, { op: "forms", key: jwk });
    put(`encrypted ${key.alg}`, key, { op: "forms", key: jwk, passphrase: PASSWORD });
    put(`read ${key.alg}`, key, { op: "read", pem: key.toPem({ private: true }) });
    put(`thumbprint ${key.alg}`, key, { op: "thumbprint", key: key.toJwk() });
    const pem = key.toPem({ private: true, passphrase: PASSWORD });
    put(`read encrypted ${key.alg}`, key, { op: "read", pem, passphrase: PASSWORD });
  }
  const program = fileURLToPath(new URL("jwcrypto_peer.py", import.meta.url));
  const found = askPython(
    program,
    jobs.map(({ ours: _ours, name: _name, ...job }) => job),
  );
  for (const [index, answer] of found.entries()) answers.set(jobs[index].name, { ...answer, key: jobs[index].ours });
});

/** The answers whose names match, at least `count`, none of them an error. */
function all(pattern, count) {
  const found = [...answers].filter(([name]) => pattern.test(name));
  assert.ok(count <= found.length, `only ${found.length} answers`);
  for (const [name, { error }] of found) assert.equal(error, undefined, name);
  return found;
}

test("jwcrypto_decrypts_what_we_encrypt", options, () => {
  for (const [name, { ok }] of all(/ ours( |$)/, 90)) assert.equal(ok, CONTENT, name);
});

test("we_decrypt_what_jwcrypto_encrypts", options, () => {
  for (const [name, { ok, key }] of all(/^[^ ]+ A\d+[^ ]+ theirs$/, 80)) {
    const enc = name.split(" ")[1];
    assert.equal(text(jwe.decrypt(ok, key, { enc }).plaintext), CONTENT, name);
  }
});

test("we_decrypt_what_jwcrypto_encrypts_for_several_recipients", options, () => {
  const [[, { ok, key: several }]] = all(/^general theirs$/, 1);
  for (const [index, key] of several.entries()) {
    const read = jwe.decryptJson(ok, key);
    assert.deepEqual([text(read.plaintext), text(read.aad), read.recipient], [CONTENT, AAD, index]);
  }
});

test("we_check_what_jwcrypto_signs", options, () => {
  for (const [name, { ok, key }] of all(/^sign .* theirs$/, SIGNING.length)) {
    assert.equal(text(jws.verifyJwsJson(ok, key).payload), CONTENT, name);
  }
});

test("we_read_the_keys_that_jwcrypto_writes", options, () => {
  for (const [name, { ok, key }] of [...all(/^forms /, PAIRS.length), ...all(/^encrypted /, PAIRS.length)]) {
    const { alg } = key;
    const passphrase = name.startsWith("encrypted") ? { passphrase: PASSWORD } : {};
    const own = key.thumbprint();
    assert.equal(ok.thumbprint, own, name);
    assert.equal(jwt.Key.fromPem(ok.private, { alg, ...passphrase }).thumbprint(), own, name);
    assert.equal(jwt.Key.fromPem(ok.public, { alg }).thumbprint(), own, name);
    assert.equal(jwt.Key.fromJwk(ok.jwk, { alg }).thumbprint(), own, name);
  }
});

test("jwcrypto_computes_the_same_thumbprints", options, () => {
  for (const [name, { ok, key }] of all(/^thumbprint /, PAIRS.length)) assert.equal(ok, key.thumbprint(), name);
});

test("jwcrypto_reads_the_keys_that_we_write", options, () => {
  for (const [name, { ok, key }] of all(/^read /, 2 * PAIRS.length)) {
    assert.equal(jwt.Key.fromJwk(ok, { alg: key.alg }).thumbprint(), key.thumbprint(), name);
    const { d, priv } = key.toJwk({ private: true });
    assert.deepEqual([ok.d, ok.priv], [d, priv], name);
  }
});
