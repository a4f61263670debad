// Keys, certificates, signatures and encrypted tokens exchanged with the command `openssl`, both ways. What has no command,
// such as Concat KDF and the HMAC of AES-CBC, is computed here.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash, createHmac, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { importEntry, makeConsumer } from "../runtimes/consumer.mjs";

const found = spawnSync("openssl", ["version"], { encoding: "utf8" });
const why = /^OpenSSL 3/.test(found.stdout ?? "") ? undefined : "there is no OpenSSL 3 on this machine";
if (why !== undefined && process.env.CI) throw new Error(why);
if (why !== undefined) console.log(`# the exchange with OpenSSL is skipped: ${why}`);
const options = { skip: why };

const directory = mkdtempSync(join(tmpdir(), "countersign-openssl-"));
after(() => rmSync(directory, { recursive: true, force: true }));
let files = 0;

/** Writes a file and returns its path. */
function file(content) {
  files += 1;
  const path = join(directory, `${files}`);
  writeFileSync(path, content);
  return path;
}

/** Runs a command of `openssl` and returns its output. */
function openssl(args, input) {
  const { status, stdout, stderr } = spawnSync("openssl", args, { input });
  assert.equal(status, 0, `openssl ${args.join(" ")}: ${stderr}`);
  return stdout;
}

const GENERATE = {
  RS256: ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
  PS256: ["-algorithm", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048"],
  ES256: ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
  ES384: ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"],
  ES512: ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-521"],
  EdDSA: ["-algorithm", "ED25519"],
  X25519: ["-algorithm", "X25519"],
};
const generate = (name) => openssl(["genpkey", ...GENERATE[name]]).toString();
const SIGNING = Object.keys(GENERATE).filter((name) => name !== "X25519");
const CURVES = { ES256: "P-256", ES384: "P-384", ES512: "P-521", X25519: "X25519" };

let jwt;
let jwe;
before(async () => {
  const consumer = makeConsumer();
  [jwt, jwe] = await Promise.all(["./jwt", "./jwe"].map((entry) => importEntry(consumer, entry)));
});

for (const alg of SIGNING) {
  test(`reads_every_form_of_a_key_for_${alg}_that_openssl_writes`, options, () => {
    const { Key } = jwt;
    const pkcs8 = generate(alg);
    const own = Key.fromPem(pkcs8, { alg }).thumbprint();
    const passphrase = "correct horse";
    const encrypt = (...more) => ["pkcs8", "-topk8", "-passout", `pass:${passphrase}`, ...more];
    const pems = [
      [["pkey", "-text"]],
      [["pkey", "-pubout"]],
      [["pkey", "-pubout", "-text"]],
      ...(alg === "RS256" ? [[["rsa", "-traditional"]], [["rsa", "-RSAPublicKey_out"]]] : []),
      ...(alg.startsWith("ES") ? [[["ec"]], [["ec", "-no_public"]]] : []),
      ...["aes-128-cbc", "aes-192-cbc", "aes-256-cbc"].map((cipher) => [encrypt("-v2", cipher), { passphrase }]),
      ...["hmacWithSHA256", "hmacWithSHA512"].map((prf) => [encrypt("-v2prf", prf), { passphrase }]),
    ];
    for (const [args, more] of pems) {
      const pem = openssl(args, pkcs8).toString();
      assert.equal(Key.fromPem(pem, { alg, ...more }).thumbprint(), own, `${args.join(" ")}\n${pem}`);
      const der = openssl([...args.filter((arg) => arg !== "-text"), "-outform", "DER"], pkcs8);
      assert.equal(Key.fromDer(der, { alg, ...more }).thumbprint(), own, `${args.join(" ")} in DER`);
    }
  });

  if (alg.startsWith("ES")) {
    test(`names_the_command_that_converts_a_compressed_key_for_${alg}`, options, () => {
      const { Key } = jwt;
      const pkcs8 = generate(alg);
      for (const more of [[], ["-pubout"]]) {
        const pem = openssl(["ec", "-conv_form", "compressed", ...more], pkcs8).toString();
        const error = thrownBy(() => Key.fromPem(pem, { alg }));
        const [, command] = /convert it with "openssl ([^"]+)"/.exec(error.message);
        const converted = openssl([...command.split(" "), ...(more.length ? ["-pubin"] : [])], pem).toString();
        assert.equal(Key.fromPem(converted, { alg }).thumbprint(), Key.fromPem(pkcs8, { alg }).thumbprint());
      }
    });
  }

  test(`openssl_reads_every_form_of_a_key_for_${alg}_that_we_write`, options, () => {
    const { Key } = jwt;
    const key = Key.fromPem(generate(alg), { alg });
    const forms = alg === "RS256" ? ["pkcs1"] : alg.startsWith("ES") ? ["sec1"] : [];
    const thumbprint = (args, document) =>
      Key.fromPem(openssl(["pkey", "-pubout", ...args], document).toString(), { alg }).thumbprint();
    for (const more of [{}, ...forms.map((format) => ({ format }))]) {
      assert.equal(thumbprint([], key.toPem({ private: true, ...more })), key.thumbprint(), more.format);
      assert.equal(
        thumbprint(["-inform", "DER"], key.toDer({ private: true, ...more })),
        key.thumbprint(),
        more.format,
      );
    }
    assert.equal(thumbprint(["-pubin"], key.toPem()), key.thumbprint());
    const encrypted = key.toPem({ private: true, passphrase: "correct horse" });
    assert.equal(thumbprint(["-passin", "pass:correct horse"], encrypted), key.thumbprint());
  });

  test(`reads_the_key_of_a_certificate_for_${alg}_that_openssl_makes`, options, () => {
    const { Key } = jwt;
    const pem = generate(alg);
    const args = ["req", "-x509", "-new", "-key", file(pem), "-subj", "/CN=login.example", "-days", "30"];
    const key = Key.fromPem(pem, { alg });
    const certificate = openssl([...args, "-addext", "subjectAltName=DNS:login.example"]);
    for (const text of [certificate, openssl(["x509", "-text"], certificate)]) {
      assert.equal(Key.fromUnverifiedCertificate(text.toString(), { alg }).thumbprint(), key.thumbprint());
    }
    const der = openssl(["x509", "-outform", "DER"], certificate);
    assert.equal(Key.fromUnverifiedCertificate(der, { alg }).thumbprint(), key.thumbprint());
  });

  test(`exchanges_signatures_for_${alg}_with_openssl`, options, () => {
    const { Key, sign, verify } = jwt;
    const pem = generate(alg);
    const [privateFile, publicFile] = [file(pem), file(openssl(["pkey", "-pubout"], pem))];
    const key = Key.fromPem(pem, { alg });
    const digest = `-sha${alg.slice(2)}`;
    const pss = alg === "PS256" ? ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:32"] : [];
    const isEdDsa = alg === "EdDSA";

    const head = Buffer.from(JSON.stringify({ alg })).toString("base64url");
    const claims = Buffer.from(JSON.stringify({ sub: "alice", exp: 4_000_000_000 })).toString("base64url");
    const input = file(`${head}.${claims}`);
    const signature = isEdDsa
      ? openssl(["pkeyutl", "-sign", "-rawin", "-inkey", privateFile, "-in", input])
      : openssl(["dgst", digest, "-sign", privateFile, ...pss, input]);
    const theirs = `${head}.${claims}.${(alg.startsWith("ES") ? raw(signature, alg) : signature).toString("base64url")}`;
    assert.equal(verify(theirs, key).claims.sub, "alice");

    const token = sign({ sub: "alice" }, key);
    const dot = token.lastIndexOf(".");
    const [ours, message] = [Buffer.from(token.slice(dot + 1), "base64url"), file(token.slice(0, dot))];
    const signatureFile = file(alg.startsWith("ES") ? der(ours) : ours);
    if (isEdDsa) {
      openssl([
        "pkeyutl",
        "-verify",
        "-rawin",
        "-pubin",
        "-inkey",
        publicFile,
        "-in",
        message,
        "-sigfile",
        signatureFile,
      ]);
    } else openssl(["dgst", digest, "-verify", publicFile, "-signature", signatureFile, ...pss, message]);
  });
}

function thrownBy(call) {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

/** Converts a DER signature of ECDSA to the form of JWS: both numbers in the length of the curve. */
function raw(signature, alg) {
  const length = { ES256: 32, ES384: 48, ES512: 66 }[alg];
  let at = signature[1] === 0x81 ? 3 : 2;
  const numbers = [0, 1].map(() => {
    const start = at + 2;
    at = start + signature[at + 1];
    const number = signature.subarray(start, at);
    return Buffer.concat([Buffer.alloc(length), number]).subarray(-length);
  });
  return Buffer.concat(numbers);
}

function der(signature) {
  const numbers = [signature.subarray(0, signature.length / 2), signature.subarray(signature.length / 2)].map(
    (half) => {
      const first = half.findIndex((byte) => byte !== 0);
      const number = Buffer.concat([half[first] < 0x80 ? Buffer.alloc(0) : Buffer.alloc(1), half.subarray(first)]);
      return Buffer.concat([Buffer.from([2, number.length]), number]);
    },
  );
  const body = Buffer.concat(numbers);
  return Buffer.concat([Buffer.from(body.length < 128 ? [0x30, body.length] : [0x30, 0x81, body.length]), body]);
}

const CONTENT = Buffer.from("Zoë 🦀 attacks at dawn");
const base64url = (value) => Buffer.from(value).toString("base64url");

/** A token whose content `openssl` encrypts with AES-256-CBC, under a content key that `wrap` encrypts. */
function made(header, wrap) {
  const contentKey = randomBytes(64);
  const { encrypted, more } = wrap(contentKey);
  const head = base64url(JSON.stringify({ ...header, enc: "A256CBC-HS512", ...more }));
  const iv = randomBytes(16);
  const cipher = ["enc", "-aes-256-cbc", "-K", contentKey.subarray(32).toString("hex"), "-iv", iv.toString("hex")];
  const ciphertext = openssl(cipher, CONTENT);
  const tag = tagOf(contentKey, head, iv, ciphertext);
  return [head, ...[encrypted, iv, ciphertext, tag].map(base64url)].join(".");
}

/** What `openssl` finds in a token, under the content key that `unwrap` finds. */
function opened(token, unwrap) {
  const [head, ...segments] = token.split(".");
  const [encrypted, iv, ciphertext, tag] = segments.map((segment) => Buffer.from(segment, "base64url"));
  const contentKey = unwrap(encrypted, JSON.parse(Buffer.from(head, "base64url")));
  assert.deepEqual(tagOf(contentKey, head, iv, ciphertext), tag);
  const key = contentKey.subarray(32).toString("hex");
  return openssl(["enc", "-d", "-aes-256-cbc", "-K", key, "-iv", iv.toString("hex")], ciphertext);
}

function tagOf(contentKey, head, iv, ciphertext) {
  const bits = Buffer.alloc(8);
  bits.writeBigUInt64BE(BigInt(head.length * 8));
  const mac = createHmac("sha512", contentKey.subarray(0, 32));
  return mac.update(head).update(iv).update(ciphertext).update(bits).digest().subarray(0, 32);
}

/** AES key wrap (RFC 3394) by `openssl`. */
function keyWrap(key, bytes, ...direction) {
  const cipher = `-id-aes${key.length * 8}-wrap`;
  return openssl(["enc", cipher, ...direction, "-K", key.toString("hex"), "-iv", "A6A6A6A6A6A6A6A6"], bytes);
}

/** Our token, and theirs, for one key. */
function exchange(key, wrap, unwrap) {
  const { decrypt, encrypt } = jwe;
  const theirs = made({ alg: key.alg }, wrap);
  assert.deepEqual(Buffer.from(decrypt(theirs, key).plaintext), CONTENT);
  assert.deepEqual(opened(encrypt(CONTENT, key, { enc: "A256CBC-HS512" }), unwrap), CONTENT);
}

for (const bits of [128, 192, 256]) {
  test(`exchanges_tokens_for_A${bits}KW_with_openssl`, options, () => {
    const secret = randomBytes(bits / 8);
    exchange(
      jwe.EncryptionKey.fromSecret(secret, { alg: `A${bits}KW` }),
      (contentKey) => ({ encrypted: keyWrap(secret, contentKey) }),
      (encrypted) => keyWrap(secret, encrypted, "-d"),
    );
  });
}

test("exchanges_tokens_for_dir_with_openssl", options, () => {
  const { decrypt, EncryptionKey, encrypt } = jwe;
  const secret = randomBytes(64);
  const key = EncryptionKey.fromSecret(secret, { alg: "dir", enc: "A256CBC-HS512" });
  assert.deepEqual(
    opened(encrypt(CONTENT, key), () => secret),
    CONTENT,
  );
  assert.throws(
    () =>
      decrypt(
        made({ alg: "dir" }, () => ({ encrypted: "" })),
        key,
      ),
    { code: "DECRYPTION_FAILED" },
  );
});

for (const [alg, digest] of [
  ["RSA-OAEP", "sha1"],
  ["RSA-OAEP-256", "sha256"],
  ["RSA-OAEP-384", "sha384"],
  ["RSA-OAEP-512", "sha512"],
]) {
  test(`exchanges_tokens_for_${alg}_with_openssl`, options, () => {
    const pem = generate("RS256");
    const oaep = ["rsa_padding_mode:oaep", `rsa_oaep_md:${digest}`, `rsa_mgf1_md:${digest}`];
    const args = ["-inkey", file(pem), ...oaep.flatMap((option) => ["-pkeyopt", option])];
    exchange(
      jwe.EncryptionKey.fromPem(pem, { alg }),
      (contentKey) => ({ encrypted: openssl(["pkeyutl", "-encrypt", ...args], contentKey) }),
      (encrypted) => openssl(["pkeyutl", "-decrypt", ...args], encrypted),
    );
  });
}

for (const name of Object.keys(CURVES)) {
  test(`exchanges_tokens_for_ECDH-ES+A256KW_on_${CURVES[name]}_with_openssl`, options, () => {
    const alg = "ECDH-ES+A256KW";
    const pem = generate(name);
    const { EncryptionKey } = jwe;
    const publicFile = file(openssl(["pkey", "-pubout"], pem));
    const agreed = (own, peer) => concatKdf(openssl(["pkeyutl", "-derive", "-inkey", own, "-peerkey", peer]), alg);
    exchange(
      EncryptionKey.fromPem(pem, { alg }),
      (contentKey) => {
        const sender = generate(name);
        const { alg: _alg, ...epk } = EncryptionKey.fromPem(sender, { alg }).publicKey().toJwk();
        return { encrypted: keyWrap(agreed(file(sender), publicFile), contentKey), more: { epk } };
      },
      (encrypted, { epk }) => {
        const sender = file(EncryptionKey.fromJwk(epk, { alg }).toPem());
        return keyWrap(agreed(file(pem), sender), encrypted, "-d");
      },
    );
  });
}

/** Concat KDF for a key of 256 bits, without names of the parties (RFC 7518 §4.6.2). */
function concatKdf(secret, alg) {
  const number = (value) => Buffer.from(Uint32Array.of(value).buffer).swap32();
  const parts = [number(1), secret, number(alg.length), Buffer.from(alg), number(0), number(0), number(256)];
  return createHash("sha256").update(Buffer.concat(parts)).digest();
}

for (const [alg, digest, length] of [
  ["PBES2-HS256+A128KW", "SHA256", 16],
  ["PBES2-HS384+A192KW", "SHA384", 24],
  ["PBES2-HS512+A256KW", "SHA512", 32],
]) {
  test(`exchanges_tokens_for_${alg}_with_openssl`, options, () => {
    const password = "correct horse";
    const derived = (p2s, p2c) => {
      const salt = Buffer.concat([Buffer.from(`${alg}\0`), Buffer.from(p2s, "base64url")]).toString("hex");
      const kdf = [`digest:${digest}`, `pass:${password}`, `hexsalt:${salt}`, `iter:${p2c}`];
      const args = kdf.flatMap((option) => ["-kdfopt", option]);
      return openssl(["kdf", "-keylen", `${length}`, "-binary", ...args, "PBKDF2"]);
    };
    exchange(
      jwe.EncryptionKey.fromPassword(password, { alg, iterations: 2000 }),
      (contentKey) => {
        const [p2s, p2c] = [base64url(randomBytes(16)), 3000];
        return { encrypted: keyWrap(derived(p2s, p2c), contentKey), more: { p2s, p2c } };
      },
      (encrypted, { p2s, p2c }) => keyWrap(derived(p2s, p2c), encrypted, "-d"),
    );
  });
}
