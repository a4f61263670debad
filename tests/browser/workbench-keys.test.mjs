// The workbench: what a key is, what is weak about it, and its other forms.

import assert from "node:assert/strict";
import { createPrivateKey, createPublicKey } from "node:crypto";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { decrypt, EncryptionKey } from "countersign/jwe";
import { Key } from "countersign/jwt";
import { makeKeyPair } from "../interop/key-pair.mjs";
import { photograph, says, settle, skip, text } from "./stage.mjs";
import { giveKey, openTool, Workbench } from "./workbench.mjs";

let bench;
before(async () => {
  if (!skip) bench = await Workbench.start();
});
after(() => bench?.close());

async function opened(key) {
  const page = await bench.open();
  await openTool(page, "Keys");
  if (key !== undefined) await giveKey(page, key, "keys-key");
  return page;
}

const converted = (page) => page.locator("#converted").textContent();

test("shows on a phone what a key is converted into", { skip }, async () => {
  const page = await bench.open("/", "phone");
  await openTool(page, "Keys");
  await giveKey(page, Key.generate("ES256").toPem(), "keys-key");
  await says(page, "#keys-verdict", /^A key as PEM/);
  const width = (selector) => page.locator(selector).evaluate((found) => found.getBoundingClientRect().width);
  assert.equal(await width("#convert-to"), await width("#converted"));
  await settle(page);
});

test("explains a key, and converts it both ways", { skip }, async () => {
  const key = Key.generate("ES256").withKid("2027");
  const page = await opened(JSON.stringify(key.toJwk({ private: true })));
  await says(page, "#keys-report", /Kind P-256, private Algorithm ES256 Key ID 2027 Thumbprint [\w-]{43}/);
  await says(page, "#keys-report", /a private key or secret that is not encrypted: never publish it/);

  await page.selectOption("#convert-to", "public key as PEM");
  assert.equal(await converted(page), key.toPem());
  await page.selectOption("#convert-to", "thumbprint");
  assert.equal(await converted(page), key.thumbprint());
  await page.selectOption("#convert-to", "public key as JWK");
  assert.deepEqual(JSON.parse(await converted(page)), key.toJwk());
  await page.selectOption("#convert-to", "JWK Set to publish");
  assert.deepEqual(JSON.parse(await converted(page)), { keys: [{ ...key.toJwk(), use: "sig" }] });

  await page.selectOption("#convert-to", "private key as PEM");
  assert.match(await text(page, "#converted-told"), /not encrypted/);
  const pem = await converted(page);
  assert.equal(createPrivateKey(pem).asymmetricKeyDetails.namedCurve, "prime256v1");
  await page.fill("#convert-passphrase", "tr0ub4dor");
  const encrypted = await converted(page);
  assert.match(encrypted, /^-----BEGIN ENCRYPTED PRIVATE KEY-----/);
  assert.equal(createPrivateKey({ key: encrypted, passphrase: "tr0ub4dor" }).type, "private");

  // Back again.
  await giveKey(page, pem, "keys-key");
  await says(page, "#keys-verdict", /^A key as PEM/);
  await page.selectOption("#convert-to", "private key as JWK");
  const { kid: _, ...expected } = key.toJwk({ private: true });
  assert.deepEqual(JSON.parse(await converted(page)), expected);
  await settle(page);
});

test("explains what other programs write", { skip }, async () => {
  const { publicKey, privateKey } = makeKeyPair("rsa", { modulusLength: 2048 });
  const page = await opened(publicKey.export({ type: "pkcs1", format: "pem" }));
  await says(
    page,
    "#keys-report",
    /RSA, 2048 bits, public Algorithm not stated; fits RS256, .* NIST SP 800-57 wants 3072/,
  );
  await giveKey(page, publicKey.export({ type: "spki", format: "der" }).toString("base64"), "keys-key");
  await says(page, "#keys-verdict", /^A key as DER/);
  await page.selectOption("#convert-to", "public key as PEM");
  assert.equal(
    createPublicKey(await converted(page)).export({ type: "spki", format: "pem" }),
    publicKey.export({ type: "spki", format: "pem" }),
  );

  const options = { type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "open sesame" };
  await giveKey(page, privateKey.export(options), "keys-key");
  await says(page, "#keys-key-what", /^It is encrypted: give its passphrase\.$/);
  await page.fill("#keys-key-passphrase", "wrong");
  await says(page, "#keys-key-what", /KEY_INVALID|passphrase/);
  await page.fill("#keys-key-passphrase", "open sesame");
  await says(page, "#keys-verdict", /^A key as PEM/);

  await giveKey(page, "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----", "keys-key");
  await says(page, "#keys-key-what", /KEY_INVALID.*OpenSSH|ssh-keygen/i);
  assert.equal(await page.isHidden("#keys-result"), true);
  await settle(page);
});

test("explains sets, secrets and keys for encryption", { skip }, async () => {
  const keys = [
    Key.generate("EdDSA").withKid("a").toJwk(),
    EncryptionKey.generate("ECDH-ES").withKid("b").toJwk(),
    { kty: "EC", crv: "secp256k1", kid: "c", x: "AA", y: "AA" },
  ];
  const page = await opened(JSON.stringify({ keys }));
  await says(page, "#keys-verdict", /^A JWK Set with 2 usable keys\. Something in it is refused\.$/);
  await says(page, "#keys-report", /key 2 \(kid c\) is left out: /);
  await page.selectOption("#convert-which", "1");
  await page.selectOption("#convert-to", "JWK Set to publish");
  assert.deepEqual(JSON.parse(await converted(page)), { keys: [{ ...keys[1], use: "enc" }] });

  await giveKey(page, "correct horse battery staple, and more", "keys-key");
  await says(page, "#keys-key-what", /^A secret, for HS256, unless you choose another algorithm\.$/);
  assert.doesNotMatch(await text(page, "#keys-report"), /Thumbprint/, "it would be a digest of the secret");
  assert.deepEqual(await page.locator("#convert-to option").allTextContents(), ["secret as JWK"]);

  for (const [given, said] of [
    ["{", /not JSON|INPUT|secret|short/i],
    ['{"a":1}', /neither a JWK/],
    [`{"kty":"oct","k":"AAAA"}`, /KEY_/],
    [`{"kty":"EC","crv":"P-256","x":"${"A".repeat(300_000)}"}`, /longer than 262144 characters/],
    ["https://login.example/jwks.json", /This is a URL/],
  ]) {
    await giveKey(page, given, "keys-key");
    await says(page, "#keys-key-what", said);
  }
  await settle(page);
});

test("reads a key from a file, also a binary one", { skip }, async () => {
  const key = Key.generate("EdDSA");
  const page = await opened();
  await page.setInputFiles("#keys-key-file", {
    name: "key.der",
    mimeType: "application/octet-stream",
    buffer: Buffer.from(key.toDer()),
  });
  await says(page, "#keys-verdict", /^A key as DER\./);
  await page.setInputFiles("#keys-key-file", {
    name: "key.pem",
    mimeType: "text/plain",
    buffer: Buffer.from(key.toPem()),
  });
  await says(page, "#keys-verdict", /^A key as PEM\./);
  await settle(page);
});

test("encrypts a signed token for its reader, and checks both", { skip }, async () => {
  const page = await bench.open();
  await openTool(page, "Issue a token");
  await page.click("#claims [type=submit]");
  await says(page, "#claims-outcome", /^Signed/);
  await page.getByText("Encrypt it for its reader").click();
  await page.click("#encrypt-start");
  await says(page, "#encrypt-outcome", /^Give a key/);
  const key = EncryptionKey.generate("ECDH-ES+A128KW");
  await giveKey(page, JSON.stringify(key.toJwk()), "encrypt-key");
  await says(page, "#encrypt-key-what", /for ECDH-ES\+A128KW/);
  await page.click("#encrypt-start");
  await says(page, "#encrypt-outcome", /^Encrypted with ECDH-ES\+A128KW; \d+ characters\.$/);
  const encrypted = await page.locator("#issued-token").textContent();
  const { header, plaintext } = decrypt(encrypted, key);
  assert.equal(header.cty, "JWT");
  assert.match(new TextDecoder().decode(plaintext), /^ey[\w-]+\.[\w-]+\.[\w-]+$/);

  // A password encrypts and decrypts.
  await giveKey(page, "tr0ub4dor", "encrypt-key");
  await page.selectOption("#encrypt-key-alg", "PBES2-HS256+A128KW");
  await says(page, "#encrypt-key-what", /^A secret, for PBES2-HS256\+A128KW\.$/);
  await page.click("#encrypt-start");
  await says(page, "#encrypt-outcome", /^Encrypted with PBES2/);
  await page.click("#issued-check");
  await page.waitForSelector("#token-verdict[data-state=partly]");
  await page.click("#token-act");
  await says(page, "#token-verdict", /^\S*\s*Not checked .*for encryption/);
  assert.match(await page.inputValue("#token-input"), /^ey[\w-]+\.[\w-]+\.[\w-]+$/);

  // A new token is not encrypted.
  await openTool(page, "Issue a token");
  await page.click("#claims [type=submit]");
  await page.click("#issued-check");
  await page.waitForSelector("#token-verdict[data-state=valid]");
  await settle(page);
});

test("reads sets of up to 1000 keys", { skip }, async () => {
  const page = await opened(JSON.stringify({ keys: Array.from({ length: 60_000 }, () => ({})) }));
  const isRefused = (count) => new RegExp(`^The key is a set of ${count} keys, and at most 1000 are read\\.$`);
  await says(page, "#keys-key-what", isRefused(60_000));
  assert.equal(await page.isHidden("#keys-result"), true);
  const jwk = Key.generate("EdDSA").toJwk();
  const set = (length) => JSON.stringify({ keys: Array.from({ length }, () => jwk) });
  await giveKey(page, set(1001), "keys-key");
  await says(page, "#keys-key-what", isRefused(1001));
  await giveKey(page, set(1000), "keys-key");
  await says(page, "#keys-key-what", /^A JWK Set with 1000 usable keys\.$/);
  await settle(page);
});

test("reads a certificate, and says that it was not verified", { skip }, async () => {
  const { cases } = JSON.parse(await readFile(new URL("../vectors/key-pem.json", import.meta.url), "utf8"));
  const pem = JSON.stringify(cases).match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/)[0];
  const page = await opened(pem.replaceAll("\\n", "\n"));
  await says(page, "#keys-verdict", /^A key as certificate\./);
  await says(
    page,
    "#keys-report",
    /nothing of the certificate was verified: it only says that it is valid from \d{4}-\S+ until \d{4}-/,
  );
  await page.selectOption("#convert-to", "public key as JWK");
  assert.ok(JSON.parse(await converted(page)).kty);
  await settle(page);
});

test("signs with a person’s own key", { skip }, async () => {
  const key = Key.generate("ES384").withKid("mine");
  const page = await bench.open();
  await openTool(page, "Issue a token");
  await page.getByText("Use my own key").click();
  await giveKey(page, key.toPem(), "issue-key");
  await says(page, "#key-outcome", /^There is no key that can sign\.$/);
  await page.click("#claims [type=submit]");
  await says(page, "#claims-outcome", /Generate a key first, or paste one/);
  await giveKey(page, JSON.stringify(key.toJwk({ private: true })), "issue-key");
  await says(page, "#key-outcome", /^Your own ES384 key\.$/);

  const claims = [
    ["{", /^The claims are not JSON\.$/],
    ["[]", /^CLAIMS_NOT_SERIALIZABLE: /],
    ['"text"', /^CLAIMS_NOT_SERIALIZABLE: /],
    ['{"exp":"tomorrow"}', /^CLAIM_INVALID: /],
    ['{"iss":"x"}', /^OPTION_INVALID: /],
  ];
  for (const [given, said] of claims) {
    await page.fill("#claims-json", given);
    await page.click("#claims [type=submit]");
    await says(page, "#claims-outcome", said);
  }
  await page.fill("#claims-json", '{"sub":"alice","name":"Zoë 🦔","nested":{"list":[1,2.5,null]}}');
  await page.fill("#claims-expiresIn", "soon");
  await page.click("#claims [type=submit]");
  await says(page, "#claims-outcome", /^OPTION_INVALID: /);
  await page.fill("#claims-expiresIn", "90");
  await page.uncheck("[name=jwtId]");
  await page.click("#claims [type=submit]");
  await says(page, "#claims-outcome", /^Signed/);
  await page.click("#issued-check");
  await page.waitForSelector("#token-verdict[data-state=valid]");
  const anatomy = await text(page, "#token-anatomy");
  assert.match(anatomy, /name "Zoë 🦔" nested \{"list":\[1,2\.5,null\]\}/);
  assert.match(await text(page, "#token-lifetime"), /in 1 min (30|29|28|27) s/);
  assert.doesNotMatch(anatomy, /jti/);
  await settle(page);
});

for (const view of ["dark", "phone"]) {
  test(`photographs of the workbench (${view})`, { skip }, async () => {
    const page = await bench.open("/", view);
    await photograph(page, `bench-1-empty-${view}`);
    await page.click("#token-example");
    await page.waitForSelector("#token-verdict[data-state=valid]");
    await photograph(page, `bench-2-valid-${view}`);
    await giveKey(page, "");
    await page.waitForSelector("#token-verdict[data-state=unchecked]");
    await page.getByText("Fetch keys from a URL").click();
    await page.frameLocator("iframe").locator("#url").waitFor();
    await photograph(page, `bench-3-unchecked-${view}`);
    await page.click("[data-alter=none]");
    await giveKey(page, Key.generate("ES256").toPem());
    await page.waitForSelector("#token-verdict[data-state=invalid]");
    await photograph(page, `bench-4-invalid-${view}`);
    await openTool(page, "Issue a token");
    await page.click("#claims [type=submit]");
    await says(page, "#claims-outcome", /^Signed/);
    await photograph(page, `bench-5-issued-${view}`);
    await openTool(page, "Keys");
    await giveKey(
      page,
      JSON.stringify({ keys: [Key.generate("ES256").toJwk(), { kty: "EC", crv: "secp256k1" }] }),
      "keys-key",
    );
    await says(page, "#keys-verdict", /refused/);
    await photograph(page, `bench-6-keys-${view}`);
    await openTool(page, "Passwords");
    await page.fill("#check-stored", "$2b$08$abcdefghijklmnopqrstuuXgtK2Yk2qDAzVqk1v0b1rCkJmY7u7G2");
    await says(page, "#check-report", /OWASP recommends/);
    await photograph(page, `bench-7-passwords-${view}`);
    await settle(page);
  });
}
