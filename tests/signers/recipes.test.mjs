// The modules of docs/keys-elsewhere.md for AWS, Google and Azure, against servers that answer as these services do.

import assert from "node:assert/strict";
import { constants, sign as nodeSign, privateDecrypt } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { decryptAsync, EncryptionKey, encrypt } from "countersign/jwe";
import { Key, Signer, verify } from "countersign/jwt";
import { block, read, root } from "../docs/blocks.mjs";
import { makeKeyPair } from "../interop/key-pair.mjs";

const page = read("docs/keys-elsewhere.md");
const folder = join(root, ".cache", "signers");
mkdirSync(folder, { recursive: true });

/** A module of the page. */
async function moduleOf(name) {
  const path = join(folder, name);
  writeFileSync(path, block(page, "js", `// ${name}\n`));
  return import(pathToFileURL(path).href);
}

const KINDS = {
  ES256: ["ec", { namedCurve: "P-256" }],
  ES384: ["ec", { namedCurve: "P-384" }],
  EdDSA: ["ed25519", {}],
};
const pairs = {};
const pairOf = (alg) => (pairs[alg] ??= makeKeyPair(...(KINDS[alg] ?? ["rsa", { modulusLength: 2048 }])));
const publicKeyOf = (alg) => Key.fromPem(pairOf(alg).publicKey.export({ type: "spki", format: "pem" }), { alg });

/** Signs a digest, as a KMS does. Node signs no digest, so this looks up what was hashed. */
function signDigest(alg, digest, encoding) {
  assert.equal(digest.length, Number(alg.slice(2)) / 8, "a digest of the algorithm");
  const data = inputs.get(digest.toString("hex"));
  assert.ok(data, "the digest of the signing input");
  const pss = alg.startsWith("PS") && { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: digest.length };
  return nodeSign(`sha${alg.slice(2)}`, data, { key: pairOf(alg).privateKey, dsaEncoding: encoding, ...pss });
}

/** What was hashed, by the hex of its digest: `crypto.subtle.digest` is watched. */
const inputs = new Map();
const { digest } = crypto.subtle;
before(() => {
  crypto.subtle.digest = async (name, data) => {
    const hashed = await digest.call(crypto.subtle, name, data);
    inputs.set(Buffer.from(hashed).toString("hex"), Buffer.from(data));
    return hashed;
  };
});

let server;
let origin;
let answer;
const requests = [];
before(async () => {
  server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    requests.push({ url: request.url, headers: request.headers, body: JSON.parse(body) });
    try {
      const { status, json, text } = await answer(requests.at(-1));
      response.writeHead(status, { "Content-Type": "application/json" }).end(text ?? JSON.stringify(json));
    } catch (error) {
      response.writeHead(418).end(JSON.stringify({ test: String(error) }));
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${server.address().port}`;
});
after(() => {
  crypto.subtle.digest = digest;
  server?.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});

async function signsWith(signer, alg) {
  const token = await new Signer(signer, { issuer: "https://login.example", audience: "api" }).signAsync({
    sub: "alice",
  });
  const { header, claims } = verify(token, publicKeyOf(alg), { audience: "api" });
  assert.deepEqual([header.alg, header.kid, claims.sub], [alg, "2026-11", "alice"]);
}

const unavailable = (message) => ({ name: "CountersignError", code: "KEY_UNAVAILABLE", message });

// AWS ------------------------------------------------------------------------------------------------------------------

/** As aws4fetch does: adds the signature of the request. */
const aws = {
  fetch: (url, init) => {
    const credential =
      "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261130/eu-central-1/kms/aws4_request, SignedHeaders=host, Signature=00";
    return fetch(url, { ...init, headers: { ...init.headers, Authorization: credential } });
  },
};

const AWS_ALGORITHMS = {
  ES256: "ECDSA_SHA_256",
  ES384: "ECDSA_SHA_384",
  RS256: "RSASSA_PKCS1_V1_5_SHA_256",
  PS256: "RSASSA_PSS_SHA_256",
  EdDSA: "ED25519_SHA_512",
};

/** Answers `TrentService.Sign`. */
function awsSign(alg) {
  return ({ headers, body }) => {
    assert.equal(headers["content-type"], "application/x-amz-json-1.1");
    assert.equal(headers["x-amz-target"], "TrentService.Sign");
    assert.match(headers.authorization, /^AWS4-HMAC-SHA256 /);
    const { KeyId, Message, MessageType, SigningAlgorithm, ...others } = body;
    assert.deepEqual([KeyId, others], ["alias/tokens", {}]);
    assert.equal(SigningAlgorithm, AWS_ALGORITHMS[alg]);
    const message = Buffer.from(Message, "base64");
    assert.equal(MessageType, alg === "EdDSA" ? "RAW" : "DIGEST");
    const signature =
      alg === "EdDSA" ? nodeSign(null, message, pairOf(alg).privateKey) : signDigest(alg, message, "der");
    const arn = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    return { status: 200, json: { KeyId: arn, Signature: signature.toString("base64"), SigningAlgorithm } };
  };
}

const awsOptions = (alg) => ({
  aws,
  region: "eu-central-1",
  keyId: "alias/tokens",
  alg,
  kid: "2026-11",
  endpoint: `${origin}/`,
});

for (const alg of Object.keys(AWS_ALGORITHMS)) {
  test(`signs_with_a_key_in_aws_kms_with_${alg}`, async () => {
    const { awsKms } = await moduleOf("aws-kms.mjs");
    answer = awsSign(alg);
    await signsWith(awsKms({ ...awsOptions(alg), publicKey: publicKeyOf(alg) }), alg);
  });
}

test("tells_what_aws_kms_answers_when_it_fails", async () => {
  const { awsKms } = await moduleOf("aws-kms.mjs");
  const signer = new Signer(awsKms({ ...awsOptions("ES256"), publicKey: publicKeyOf("ES256") }));
  for (const json of [
    { __type: "com.amazonaws.kms#KMSInternalException" },
    { __type: "AccessDeniedException", message: "User: arn:aws:iam::111122223333:user/x is not authorized" },
    { __type: "ThrottlingException" },
  ]) {
    answer = () => ({ status: 400, json });
    await assert.rejects(signer.signAsync({}), unavailable("AWS KMS did not answer"));
  }
  answer = () => ({ status: 502, text: "<html>" });
  await assert.rejects(signer.signAsync({}), unavailable("AWS KMS did not answer"));
  const elsewhere = awsKms({ ...awsOptions("ES256"), endpoint: "http://127.0.0.1:1/" });
  await assert.rejects(new Signer(elsewhere).signAsync({}), unavailable("AWS KMS did not answer"));
});

// Google ---------------------------------------------------------------------------------------------------------------

const version = "projects/p/locations/europe-west3/keyRings/r/cryptoKeys/k/cryptoKeyVersions/1";
const accessToken = async () => "ya29.token";
const googleOptions = (alg) => ({ accessToken, version, alg, kid: "2026-11", endpoint: origin });

/** Answers `:asymmetricSign`. */
function googleSign(alg) {
  return ({ url, headers, body }) => {
    assert.equal(url, `/v1/${version}:asymmetricSign`);
    assert.deepEqual([headers.authorization, headers["content-type"]], ["Bearer ya29.token", "application/json"]);
    const name = `sha${alg.slice(2)}`;
    assert.deepEqual(Object.keys(body), [alg === "EdDSA" ? "data" : "digest"]);
    if (alg !== "EdDSA") assert.deepEqual(Object.keys(body.digest), [name]);
    const signature =
      alg === "EdDSA"
        ? nodeSign(null, Buffer.from(body.data, "base64"), pairOf(alg).privateKey)
        : signDigest(alg, Buffer.from(body.digest[name], "base64"), "der");
    const json = {
      signature: signature.toString("base64"),
      signatureCrc32c: "3518393126",
      name: version,
      protectionLevel: "HSM",
    };
    return { status: 200, json };
  };
}

for (const alg of ["ES256", "ES384", "RS256", "PS256", "EdDSA"]) {
  test(`signs_with_a_key_in_google_cloud_kms_with_${alg}`, async () => {
    const { googleKms } = await moduleOf("google-kms.mjs");
    answer = googleSign(alg);
    await signsWith(googleKms({ ...googleOptions(alg), publicKey: publicKeyOf(alg) }), alg);
  });
}

// Azure ----------------------------------------------------------------------------------------------------------------

const azureKey = "/keys/tokens/9885aa558e8d448789683188f8c194b0";
const azureOptions = (alg) => ({ accessToken, key: `${origin}${azureKey}`, alg, kid: "2026-11" });

/** Answers `/sign`: ECDSA signatures are r followed by s. */
function azureSign(alg) {
  return ({ url, headers, body }) => {
    assert.equal(url, `${azureKey}/sign?api-version=7.4`);
    assert.equal(headers.authorization, "Bearer ya29.token");
    assert.deepEqual([Object.keys(body), body.alg], [["alg", "value"], alg]);
    assert.match(body.value, /^[\w-]+$/);
    const value = signDigest(alg, Buffer.from(body.value, "base64url"), "ieee-p1363").toString("base64url");
    return { status: 200, json: { kid: `https://vault.example${azureKey}`, value } };
  };
}

for (const alg of ["ES256", "ES384", "RS256", "PS256"]) {
  test(`signs_with_a_key_in_azure_key_vault_with_${alg}`, async () => {
    const { azureKeyVault } = await moduleOf("azure-key-vault.mjs");
    answer = azureSign(alg);
    await signsWith(azureKeyVault({ ...azureOptions(alg), publicKey: publicKeyOf(alg) }), alg);
  });
}

for (const [service, name, make, message] of [
  [
    "google cloud kms",
    "google-kms.mjs",
    ({ googleKms }) => googleKms(googleOptions("ES256")),
    "Google Cloud KMS did not answer",
  ],
  [
    "azure key vault",
    "azure-key-vault.mjs",
    ({ azureKeyVault }) => azureKeyVault(azureOptions("ES256")),
    "Azure Key Vault did not answer",
  ],
]) {
  test(`tells_what_${service.replaceAll(" ", "_")}_answers_when_it_fails`, async () => {
    const signer = new Signer(make(await moduleOf(name)));
    for (const [status, json] of [
      [403, { error: { code: 403, status: "PERMISSION_DENIED" } }],
      [429, { error: { code: "Throttled" } }],
      [500, {}],
    ]) {
      answer = () => ({ status, json });
      await assert.rejects(signer.signAsync({}), unavailable(message));
    }
    answer = () => ({ status: 200, text: "not json" });
    await assert.rejects(signer.signAsync({}), unavailable(message));
  });
}

// Decrypting -----------------------------------------------------------------------------------------------------------

const oaep = (key, bytes, hash) =>
  privateDecrypt({ key, oaepHash: hash, padding: constants.RSA_PKCS1_OAEP_PADDING }, bytes);

/** How each service answers what it can decrypt, and what it cannot. */
const DECRYPTERS = {
  "aws kms": {
    load: async () => (await moduleOf("aws-kms.mjs")).awsKmsDecrypter(awsOptions("RSA-OAEP-256")),
    input: ({ headers, body }) => {
      assert.equal(headers["x-amz-target"], "TrentService.Decrypt");
      assert.equal(body.EncryptionAlgorithm, "RSAES_OAEP_SHA_256");
      return Buffer.from(body.CiphertextBlob, "base64");
    },
    output: (bytes) => ({
      KeyId: "arn",
      Plaintext: bytes.toString("base64"),
      EncryptionAlgorithm: "RSAES_OAEP_SHA_256",
    }),
    refusal: [400, { __type: "InvalidCiphertextException" }],
    outage: [400, { __type: "ThrottlingException" }],
  },
  "google cloud kms": {
    load: async () => (await moduleOf("google-kms.mjs")).googleKmsDecrypter(googleOptions("RSA-OAEP-256")),
    input: ({ url, body }) => {
      assert.equal(url, `/v1/${version}:asymmetricDecrypt`);
      return Buffer.from(body.ciphertext, "base64");
    },
    output: (bytes) => ({ plaintext: bytes.toString("base64"), plaintextCrc32c: "1" }),
    refusal: [400, { error: { code: 400, status: "INVALID_ARGUMENT" } }],
    outage: [503, { error: { code: 503, status: "UNAVAILABLE" } }],
  },
  "azure key vault": {
    load: async () => (await moduleOf("azure-key-vault.mjs")).azureKeyVaultDecrypter(azureOptions("RSA-OAEP-256")),
    input: ({ url, body }) => {
      assert.equal(url, `${azureKey}/unwrapkey?api-version=7.4`);
      assert.equal(body.alg, "RSA-OAEP-256");
      return Buffer.from(body.value, "base64url");
    },
    output: (bytes) => ({ kid: "k", value: bytes.toString("base64url") }),
    refusal: [400, { error: { code: "BadParameter", message: "The parameter is incorrect." } }],
    outage: [401, { error: { code: "Unauthorized" } }],
  },
};

for (const [service, { load, input, output, refusal, outage }] of Object.entries(DECRYPTERS)) {
  test(`decrypts_with_a_key_in_${service.replaceAll(" ", "_")}`, async () => {
    const { privateKey, publicKey } = pairOf("RS256");
    const pem = publicKey.export({ type: "spki", format: "pem" });
    const recipient = EncryptionKey.fromPem(pem, { alg: "RSA-OAEP-256", kid: "2026-11" });
    const token = encrypt(new TextEncoder().encode("attack at dawn"), recipient);
    const decrypter = await load();
    answer = (request) => ({ status: 200, json: output(oaep(privateKey, input(request), "sha256")) });
    assert.equal(new TextDecoder().decode((await decryptAsync(token, decrypter)).plaintext), "attack at dawn");
    const failed = { code: "DECRYPTION_FAILED", message: "token cannot be decrypted with this key" };
    answer = () => ({ status: refusal[0], json: refusal[1] });
    await assert.rejects(decryptAsync(token, decrypter), failed);
    answer = () => ({ status: 200, json: output(Buffer.alloc(32)) });
    await assert.rejects(decryptAsync(token, decrypter), failed);
    answer = () => ({ status: outage[0], json: outage[1] });
    await assert.rejects(decryptAsync(token, decrypter), { code: "KEY_UNAVAILABLE", message: /did not answer$/ });
  });
}
