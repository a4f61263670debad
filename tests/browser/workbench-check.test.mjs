// The workbench: tokens are checked with keys of every form, and what is wrong is said in the order of trust.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { EncryptionKey, encrypt, signAndEncrypt } from "countersign/jwe";
import { Key, Signer, sign } from "countersign/jwt";
import { makeKeyPair } from "../interop/key-pair.mjs";
import { says, settle, skip, text } from "./stage.mjs";
import { act, expectState, giveKey, giveToken, openTool, refusing, stepStates, Workbench } from "./workbench.mjs";

let bench;
before(async () => {
  if (!skip) bench = await Workbench.start();
});
after(() => bench?.close());

const ISSUER = "https://login.example";
const AUDIENCE = "https://api.example";
const OPTIONS = { issuer: ISSUER, audience: AUDIENCE, expiresIn: "15m" };

async function slide(page, selector, value) {
  await page.locator(selector).evaluate((slider, to) => {
    slider.value = String(to);
    slider.dispatchEvent(new Event("input", { bubbles: true }));
  }, value);
}

async function demand(page, values = { issuer: ISSUER, audience: AUDIENCE }) {
  for (const [name, value] of Object.entries(values)) await page.fill(`#demands-${name}`, value);
}

/** A page with a token, a key and what is required. */
async function opened(token, key, demands) {
  const page = await bench.open();
  await giveToken(page, token);
  if (key !== undefined) await giveKey(page, key);
  await demand(page, demands);
  return page;
}

/** The type of key of each algorithm on the page, as RFC 7518 and RFC 8037 name it. */
const KEY_TYPES = {
  ...{ HS256: "oct", HS384: "oct", HS512: "oct", ES256: "EC", ES384: "EC", ES512: "EC", EdDSA: "OKP" },
  ...{ RS256: "RSA", RS384: "RSA", RS512: "RSA", PS256: "RSA", PS384: "RSA", PS512: "RSA" },
};

for (const [alg, kty] of Object.entries(KEY_TYPES)) {
  test(`a key for ${alg} is made, signs, and its tokens are valid`, { skip }, async () => {
    const page = await bench.open();
    await openTool(page, "Issue a token");
    await page.getByRole("radio", { name: alg }).check();
    await page.getByRole("button", { name: "Generate a key" }).click();
    await says(page, "#key-outcome", new RegExp(`^A fresh ${alg} key, made in [\\d.]+ m?s\\.$`));
    const type = kty === "oct" ? "secret" : "private";
    const facts = new RegExp(`^Algorithm ${alg} Type ${type} Key ID [\\w-]{43} \\(its thumbprint\\)$`);
    assert.match(await text(page, "#key-facts"), facts);
    await page.getByText("The key as a JWK").click();
    const jwk = JSON.parse(await page.locator("#key-jwk").textContent());
    assert.deepEqual([jwk.kty, jwk.alg], [kty, alg]);

    await page.locator("#claims").getByRole("button", { name: "Issue a token" }).click();
    await says(page, "#claims-outcome", /^Signed in /);
    await page.getByRole("button", { name: "Check it" }).click();
    await expectState(page, "valid", /Valid Every check has passed\.$/);
    assert.equal(await page.getByRole("tab", { name: "Check a token" }).getAttribute("aria-selected"), "true");
    const given = JSON.parse(await page.inputValue("#check-key-text"));
    if (kty !== "oct") assert.equal("d" in given, false, "the private key stays in its tab");
    assert.match(
      await text(page, "#token-anatomy"),
      new RegExp(`alg "${alg}".*kid "${jwk.kid}".*sub "alice".*iss "bench".*aud "api"`),
    );
    await settle(page);
  });
}

test("each change to a token is refused by the check that it concerns", { skip }, async () => {
  const page = await bench.open();
  await page.click("#token-example");
  await expectState(page, "valid");
  const changes = [
    [
      "Change the header",
      "TOKEN_SIGNATURE_INVALID|TOKEN_MALFORMED|TOKEN_HEADER_INVALID|TOKEN_ALGORITHM_MISMATCH|KEY_NOT_FOUND",
      "signature|form|header|key",
    ],
    ["Change the claims: to be admin", "TOKEN_SIGNATURE_INVALID", "signature"],
    ["Change the signature", "TOKEN_SIGNATURE_INVALID", "signature"],
    ["Change alg to none", "TOKEN_ALGORITHM_MISMATCH", "key"],
    ["Cut it short", "TOKEN_MALFORMED", "form"],
  ];
  for (const [name, code, step] of changes) {
    await page.getByRole("button", { name, exact: true }).click();
    await expectState(page, "invalid", new RegExp(code));
    assert.match(await refusing(page), new RegExp(`^(${step})$`), name);
    await page.getByRole("button", { name: "Put it back" }).click();
    await expectState(page, "valid");
  }
  await settle(page);
});

test("says what it can without a key, and which key it needs", { skip }, async () => {
  const key = Key.generate("ES256").withKid("2027");
  const page = await opened(sign({ sub: "alice" }, key, OPTIONS), undefined, {});
  await expectState(page, "unchecked", /Not checked There is no key yet\.$/);
  assert.deepEqual(await stepStates(page), {
    ...{ form: "passed", header: "passed", key: "unreached", signature: "unreached", claims: "unreached" },
  });
  assert.equal(
    await text(page, "#token-next p"),
    "Next: Paste the public key with the kid “2027” of its issuer, or fetch the key set of “https://login.example”.",
  );
  await act(page);
  assert.equal(await page.evaluate(() => document.activeElement.id), "check-key-text");
  // No key could make this one valid.
  const critical = Buffer.from('{"alg":"ES256","crit":["x"],"x":1}').toString("base64url");
  await giveToken(page, `${critical}.e30.${"A".repeat(86)}`);
  await expectState(page, "invalid", /TOKEN_HEADER_INVALID/);
  assert.equal(await refusing(page), "header");
  await settle(page);
});

const pair = Key.generate("ES256").withKid("one");
const rsa = makeKeyPair("rsa", { modulusLength: 2048 });
const rsaPem = rsa.publicKey.export({ type: "spki", format: "pem" });
const rsaKey = (alg) => Key.fromPem(rsa.privateKey.export({ type: "pkcs8", format: "pem" }), { alg });

test("takes the public key in every form", { skip }, async () => {
  const token = sign({ sub: "alice" }, pair, OPTIONS);
  const forms = {
    JWK: JSON.stringify(pair.toJwk()),
    "private JWK": JSON.stringify(pair.toJwk({ private: true })),
    "JWK Set": JSON.stringify({ keys: [Key.generate("ES256").withKid("two").toJwk(), pair.toJwk()] }),
    PEM: pair.toPem(),
    "private PEM": pair.toPem({ private: true }),
    "DER in base64": Buffer.from(pair.toDer()).toString("base64"),
  };
  const page = await opened(token);
  for (const [form, key] of Object.entries(forms)) {
    await giveKey(page, "");
    await expectState(page, "unchecked");
    await giveKey(page, key);
    await expectState(page, "valid").catch((error) => assert.fail(`${form}: ${error.message}`));
  }
  await giveKey(page, pair.toPem({ private: true, passphrase: "tr0ub4dor" }));
  await expectState(page, "unchecked", /encrypted/);
  await act(page);
  await page.keyboard.type("tr0ub4dor");
  await expectState(page, "valid");
  await settle(page);
});

test("lets a person say the algorithm of a key that says none, and never the token", { skip }, async () => {
  const page = await opened(sign({ sub: "alice" }, rsaKey("PS384"), OPTIONS), rsaPem);
  await expectState(page, "invalid", /TOKEN_ALGORITHM_MISMATCH/);
  assert.match(await text(page, "#token-next"), /If you know that it is for “PS384”, choose that\. Choose PS384$/);
  await act(page);
  await expectState(page, "valid");
  assert.equal(await page.inputValue("#check-key-alg"), "PS384");
  // A key with an algorithm of its own offers no choice.
  await giveKey(page, JSON.stringify({ ...rsaKey("RS256").toJwk() }));
  await page.selectOption("#check-key-alg", "");
  await expectState(page, "invalid", /TOKEN_ALGORITHM_MISMATCH/);
  assert.equal(await page.locator("#token-act").count(), 0);
  await settle(page);
});

test("finds out how a secret was meant", { skip }, async () => {
  const bytes = Buffer.from("3f9a".repeat(16), "hex");
  const token = sign({ sub: "alice" }, Key.fromSecret(bytes, { alg: "HS256" }), OPTIONS);
  const page = await opened(token, bytes.toString("base64"));
  await expectState(page, "invalid", /TOKEN_SIGNATURE_INVALID/);
  assert.match(await text(page, "#token-next"), /The signature fits if the secret is base64/);
  await act(page);
  await expectState(page, "valid");
  await page.selectOption("#check-key-encoding", "text");
  await giveKey(page, bytes.toString("hex"));
  await says(page, "#token-next", /The signature fits if the secret is hex/);

  const secret = "correct horse battery staple, and more";
  await giveToken(page, sign({ sub: "alice" }, Key.fromSecret(secret, { alg: "HS256" }), OPTIONS));
  await giveKey(page, `${secret} \n`);
  await says(page, "#token-next", /without the white space around it/);
  await act(page);
  await expectState(page, "valid");

  await giveToken(page, sign({ sub: "alice" }, Key.fromSecret("s3cr3t", { alg: "HS384", allowShort: true }), OPTIONS));
  await giveKey(page, "s3cr3t");
  await expectState(page, "unchecked", /KEY_TOO_WEAK/);
  await act(page);
  await expectState(page, "valid");
  await giveKey(page, "another");
  await expectState(page, "invalid", /TOKEN_SIGNATURE_INVALID/);
  assert.equal(await page.locator("#token-act").count(), 0);
  await settle(page);
});

test("removes what was copied along", { skip }, async () => {
  const token = sign({ sub: "alice" }, pair, OPTIONS);
  const page = await opened(token, pair.toPem());
  await expectState(page, "valid");
  for (const given of [
    `Bearer ${token}`,
    `Authorization: Bearer ${token}`,
    `"${token}"`,
    ` ${token} `,
    token.replace(".", " ."),
  ]) {
    await giveToken(page, given);
    await expectState(page, "invalid", /TOKEN_MALFORMED/);
    assert.equal(await refusing(page), "form");
    await act(page);
    await expectState(page, "valid");
  }
  // Line breaks come along with pasting and are no part of a token.
  await giveToken(page, token.replace(/.{40}/g, "$&\n"));
  assert.equal(await page.inputValue("#token-input"), token);
  await settle(page);
});

test("judges claims by the requirements, at the chosen time", { skip }, async () => {
  const token = sign({ sub: "alice", aud: [AUDIENCE, "other"] }, pair, { issuer: ISSUER, expiresIn: "15m" });
  const page = await opened(token, pair.toPem(), {});
  await expectState(page, "partly", /Signature valid Its issuer and audience were not checked\.$/);
  assert.equal((await stepStates(page)).claims, "partly");
  assert.match(
    await text(page, "#token-scope"),
    /Not checked the issuer \(iss\) the audience \(aud\) whether it was revoked/,
  );
  await act(page);
  await expectState(page, "valid");
  assert.deepEqual(
    [await page.inputValue("#demands-issuer"), await page.inputValue("#demands-audience")],
    [ISSUER, AUDIENCE],
  );
  await page.fill("#demands-audience", "");
  await expectState(page, "partly", /Its audience was not checked/);

  for (const [name, value, usual] of [
    ["issuer", "other", ISSUER],
    ["audience", "nobody", AUDIENCE],
    ["subject", "bob", ""],
    ["typ", "at+jwt", ""],
  ]) {
    await demand(page, { audience: AUDIENCE, [name]: value });
    await expectState(page, "invalid", name === "typ" ? /TOKEN_HEADER_INVALID|CLAIM_INVALID/ : /CLAIM_INVALID/);
    await demand(page, { [name]: usual });
    await expectState(page, "valid");
  }
  await slide(page, "#demands-clock", 900);
  await expectState(page, "invalid", /TOKEN_EXPIRED/);
  assert.equal(await text(page, "#demands-clock-text"), "15 min ahead");
  assert.equal(await page.locator("#token-lifetime .lifetime").getAttribute("data-state"), "over");
  assert.match(await text(page, "#token-findings"), /the token has expired, \d/);
  await act(page);
  assert.equal(await page.inputValue("#demands-clockTolerance"), "60s");
  await expectState(page, "valid");
  await demand(page, { clockTolerance: "soon" });
  await expectState(page, "unchecked", /OPTION_INVALID: option "clockTolerance".* so the token was not checked\.$/);
  assert.equal(await page.locator("#token-checks .passed").count(), 0);
  await demand(page, { clockTolerance: "" });
  await slide(page, "#demands-clock", -120);
  await expectState(page, "invalid", /TOKEN_ISSUED_IN_FUTURE/);
  await slide(page, "#demands-clock", 0);
  await giveToken(page, sign({}, pair, { issuer: ISSUER, audience: AUDIENCE, expiresIn: null }));
  await expectState(page, "invalid", /CLAIM_MISSING/);
  await act(page);
  await expectState(page, "valid");
  await settle(page);
});

test("names the keys of a set that does not have the right one", { skip }, async () => {
  const set = { keys: ["two", "three"].map((kid) => Key.generate("ES256").withKid(kid).toJwk()) };
  const page = await opened(sign({}, pair, OPTIONS), JSON.stringify(set));
  await expectState(page, "invalid", /KEY_NOT_FOUND/);
  assert.match(
    await text(page, "#token-next"),
    /no key with the kid “one”\. It has “two”, “three”\. Fetch the set again/,
  );
  await settle(page);
});

test("sends keys and hashes to the tab that explains them", { skip }, async () => {
  const page = await opened(pair.toPem(), undefined, {});
  await expectState(page, "invalid");
  await says(page, "#token-next", /This is a key, not a token\./);
  await act(page);
  await says(page, "#keys-verdict", /^A key as PEM\./);
  await openTool(page, "Check a token");
  await giveToken(page, "$2b$12$abcdefghijklmnopqrstuuXgtK2Yk2qDAzVqk1v0b1rCkJmY7u7G2");
  await says(page, "#token-next", /This looks like a stored hash/);
  await act(page);
  await says(page, "#check-report", /bcrypt/);
  for (const stored of [
    "$2b$12$abc.efghijklmnopqrstuuXgtK2Yk2qDAzVqk1v0b1.CkJmY7u7G2",
    "pbkdf2_sha256$600000$c2FsdA$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g=",
    "5f4dcc3b5aa765d61d8327deb882cf99",
  ]) {
    await openTool(page, "Check a token");
    await giveToken(page, "");
    await expectState(page, "empty");
    await giveToken(page, stored);
    await says(page, "#token-next", /This looks like a stored hash/);
  }
  // The rest of a token that was cut is not a hash.
  await giveToken(page, "eyJhbGciOiJIUzI1NiJ9");
  await says(page, "#token-next", /^Next: Copy the token again/);
  await settle(page);
});

const encoder = new TextEncoder();

test("decrypts, and says what decrypting does not prove", { skip }, async () => {
  const key = EncryptionKey.generate("ECDH-ES+A256KW").withKid("theirs");
  const page = await opened(encrypt(encoder.encode("attack at dawn"), key), undefined, {});
  await expectState(page, "unchecked", /There is no key yet/);
  assert.match(await text(page, "#token-next"), /Paste the private key with the kid “theirs” for “ECDH-ES\+A256KW”\./);
  assert.match(await text(page, "#token-anatomy"), /alg "ECDH-ES\+A256KW".*enc "A256GCM"/);
  await giveKey(page, JSON.stringify(key.toJwk({ private: true })));
  await expectState(page, "partly", /Decrypted Anybody with the public key can have encrypted it\.$/);
  assert.equal(await text(page, "#token-content"), "attack at dawn");
  assert.deepEqual(await stepStates(page), {
    ...{ form: "passed", header: "passed", key: "passed", decryption: "passed", author: "unreached" },
  });
  // Another key, and a changed token.
  await giveKey(
    page,
    JSON.stringify(EncryptionKey.generate("ECDH-ES+A256KW").withKid("theirs").toJwk({ private: true })),
  );
  await expectState(page, "invalid", /DECRYPTION_FAILED/);
  assert.equal(await refusing(page), "decryption");
  await giveKey(page, JSON.stringify(key.toJwk()));
  await expectState(page, "unchecked", /KEY_USAGE/);
  assert.equal(await refusing(page), "key");
  await giveToken(page, "eyJhbGciOiJSU0ExXzUiLCJlbmMiOiJBMTI4R0NNIn0.AA.AA.AA.AA");
  await expectState(page, "invalid", /RSA1_5/);
  assert.equal(await refusing(page), "header");
  await settle(page);
});

test("decrypts with secrets and passwords once a person says what they are", { skip }, async () => {
  const bytes = Buffer.from("a5".repeat(32), "hex");
  const page = await bench.open();
  await giveToken(
    page,
    encrypt(encoder.encode("direct"), EncryptionKey.fromSecret(bytes, { alg: "dir", enc: "A256GCM" })),
  );
  await giveKey(page, bytes.toString("hex"));
  await page.selectOption("#check-key-encoding", "hex");
  await expectState(page, "unchecked", /no algorithm of encryption yet/);
  await act(page);
  await expectState(page, "partly", /Somebody with the same secret encrypted it/);
  assert.equal(await text(page, "#token-content"), "direct");

  await giveToken(page, encrypt(encoder.encode("wrapped"), EncryptionKey.fromSecret(bytes, { alg: "A256KW" })));
  await page.selectOption("#check-key-alg", "A256KW");
  await says(page, "#token-content", /^wrapped$/);

  const password = { alg: "PBES2-HS256+A128KW", iterations: 1000 };
  await giveToken(page, encrypt(encoder.encode("by password"), EncryptionKey.fromPassword("tr0ub4dor", password)));
  await giveKey(page, "tr0ub4dor");
  await page.selectOption("#check-key-encoding", "text");
  await page.selectOption("#check-key-alg", "PBES2-HS256+A128KW");
  await says(page, "#token-content", /^by password$/);
  await settle(page);
});

test("goes on with the signed token inside an encrypted one", { skip }, async () => {
  const key = EncryptionKey.generate("RSA-OAEP-256", { modulusLength: 2048 });
  const signer = new Signer(pair, OPTIONS);
  const page = await opened(signAndEncrypt({ sub: "alice" }, signer, key), key.toPem({ private: true }), {});
  // A PEM says no algorithm.
  await expectState(page, "unchecked", /no algorithm of encryption yet/);
  await act(page);
  await expectState(page, "partly", /Decrypted/);
  assert.match(await text(page, "#token-next"), /The content is a signed token/);
  await act(page);
  await expectState(page, "unchecked", /for encryption/);
  await giveKey(page, pair.toPem());
  await page.selectOption("#check-key-alg", "");
  await expectState(page, "partly", /Signature valid/);
  await settle(page);
});

const HOUR = 3600;
const now = () => Math.floor(Date.now() / 1000);
const steps = (page) =>
  page
    .locator("#token-checks li")
    .evaluateAll((items) =>
      Object.fromEntries(items.map((item) => [item.dataset.step, item.querySelector(".what").textContent])),
    );

test("blames the wrong key before the token", { skip }, async () => {
  const token = sign({ sub: "alice" }, Key.generate("ES256"), OPTIONS);
  const page = await opened(token, Key.generate("ES256").toPem());
  await expectState(
    page,
    "invalid",
    /This key did not make this signature: it is another key, or the token was changed\./,
  );
  // The bar speaks of the time only.
  assert.match(await text(page, "#token-lifetime"), /^issued \S.* not expired expires /);
  assert.equal((await stepStates(page)).key, "partly");
  assert.match((await steps(page)).key, /whether it is the right key, the signature tells/);
  // With its kid, the key is the one that the token names.
  await giveToken(page, sign({ sub: "alice" }, pair, OPTIONS).replace(/.{4}$/, "AAAA"));
  await giveKey(page, JSON.stringify(pair.toJwk()));
  await page.waitForSelector("#token-checks [data-step=key].passed");
  await expectState(page, "invalid", /TOKEN_SIGNATURE_INVALID/);
  await settle(page);
});

test("a failed check says what failed, not what should be", { skip }, async () => {
  const page = await opened(sign({ sub: "alice" }, pair, OPTIONS), pair.toPem(), {
    issuer: "other",
    audience: AUDIENCE,
  });
  await expectState(page, "invalid", /CLAIM_INVALID/);
  assert.equal((await steps(page)).claims, '"iss" claim is not an accepted issuer');
  await settle(page);
});

test("leads with the length of a signature that was cut", { skip }, async () => {
  const token = sign({ sub: "alice" }, pair, OPTIONS);
  const page = await opened(token.slice(0, -10), pair.toPem());
  const cut = /The signature has 57 bytes; one of ES256 has 64: the token may be cut short\./;
  await expectState(page, "invalid", new RegExp(`^✕?\\s*Not valid ${cut.source}`));
  assert.match(await text(page, "#token-next"), /Copy the token again: it may have been cut short/);
  await giveToken(page, token.slice(0, -9));
  await expectState(page, "invalid", /TOKEN_MALFORMED/);
  await says(page, "#token-verdict", /one of ES256 has 64/);
  await giveToken(page, token.slice(0, -10));
  await giveKey(page, "");
  await expectState(page, "unchecked", new RegExp(`There is no key yet\\. ${cut.source}`));
  // The length of an RSA signature is that of the key.
  const [header, payload, signature] = sign({}, rsaKey("RS256"), OPTIONS).split(".");
  await giveToken(page, [header, payload, signature.slice(0, -22)].join("."));
  await giveKey(page, rsaPem);
  await expectState(page, "invalid", /The signature has 240 bytes; one of RS256 with this key has 256/);
  // One of the right length is not said to be cut.
  await giveToken(
    page,
    sign({}, Key.fromJwk(rsaKey("RS256").toJwk({ private: true })), OPTIONS).replace(/.{4}$/, "AAAA"),
  );
  await expectState(page, "invalid", /^(?!.*bytes).*TOKEN_SIGNATURE_INVALID/);
  await settle(page);
});

test("says that a token expired, also without its key", { skip }, async () => {
  const past = { exp: now() - HOUR - 90, iat: now() - 2 * HOUR };
  const token = sign({ ...past }, pair, { issuer: ISSUER, audience: AUDIENCE, expiresIn: null });
  const page = await opened(token, undefined, {});
  await expectState(page, "unchecked", /There is no key yet\. It says that it expired 1 h ago\.$/);
  const key = EncryptionKey.generate("ECDH-ES+A256KW");
  await giveToken(page, encrypt(encoder.encode(JSON.stringify({ ...past, iss: "somebody", sub: "alice" })), key));
  await giveKey(page, JSON.stringify(key.toJwk({ private: true })));
  await expectState(page, "partly", /Decrypted .* It says that it expired 1 h ago\.$/);
  await demand(page, { issuer: ISSUER, subject: "alice" });
  await says(
    page,
    "#token-scope",
    /Not checked who wrote it whether it has expired \(exp\) the issuer \(iss\) the audience \(aud, which it lacks\) the subject \(sub\)$/,
  );
  // Other contents have no claims to list.
  await demand(page, { issuer: "", subject: "" });
  await giveToken(page, encrypt(encoder.encode("attack at dawn"), key));
  await says(page, "#token-scope", /Not checked who wrote it$/);
  await settle(page);
});

test("asks for the private key of encryption, and offers no choice that changes nothing", { skip }, async () => {
  const key = EncryptionKey.generate("ECDH-ES+A256KW");
  const page = await opened(encrypt(encoder.encode("attack at dawn"), key), undefined, {});
  const set = { keys: ["a", "b"].map((kid) => ({ ...Key.generate("ES256").withKid(kid).toJwk(), use: "sig" })) };
  const publics = "Next: Paste the private key for encryption; these are public keys. Go to the key";
  await giveKey(page, JSON.stringify(set));
  await expectState(page, "unchecked", /a public key cannot decrypt/);
  assert.equal(await text(page, "#token-next"), publics);
  assert.equal(await refusing(page), "key");
  await giveKey(page, JSON.stringify(key.toJwk()));
  await expectState(page, "unchecked", /KEY_USAGE/);
  await says(page, "#token-next", /^Next: Paste the private key for encryption; this is a public key\./);
  // A private key for signatures is of no use either, whatever is chosen.
  await giveKey(page, JSON.stringify(Key.generate("ES256").toJwk({ private: true })));
  await says(page, "#token-next", /^Next: Paste the private key for “ECDH-ES\+A256KW”\./);
  // A key of another kind, and a set without keys.
  await giveKey(
    page,
    JSON.stringify(EncryptionKey.generate("RSA-OAEP-256", { modulusLength: 2048 }).toJwk({ private: true })),
  );
  await expectState(page, "unchecked", /No key that you gave is for “ECDH-ES\+A256KW”\./);
  await giveKey(page, '{"keys":[]}');
  await expectState(page, "unchecked", /the set has no usable key/);
  await giveToken(page, sign({ sub: "alice" }, pair, OPTIONS));
  await expectState(page, "unchecked", /the set has no usable key/);
  // A secret that is chosen and too short.
  await giveToken(page, encrypt(encoder.encode("x"), EncryptionKey.fromSecret(Buffer.alloc(32, 1), { alg: "A256KW" })));
  await giveKey(page, "short");
  await says(page, "#token-next", /Choose A256KW/);
  await act(page);
  await says(page, "#token-next", /^(?!.*Choose)/);
  await expectState(page, "unchecked", /The key cannot be used/);
  await settle(page);
});

test("says that a secret is of the wrong kind before it says that it is short", { skip }, async () => {
  const page = await opened(sign({ sub: "alice" }, pair, OPTIONS), "mysecret", {});
  await expectState(page, "unchecked", /The key is a secret, and the token is for “ES256”\./);
  await says(page, "#token-next", /^Next: Paste the public key with the kid “one” of its issuer/);
  assert.equal(await text(page, "#token-act"), "Go to the key");
  await giveToken(page, encrypt(encoder.encode("x"), EncryptionKey.generate("ECDH-ES")));
  await expectState(page, "unchecked", /The key is a secret, and the token is for “ECDH-ES”\./);
  await says(page, "#token-next", /^Next: Paste the private key for “ECDH-ES”\./);
  await settle(page);
});

test("says when a token expired, and what else one look has to tell", { skip }, async () => {
  const past = { exp: now() - 2 * HOUR - 90, iat: now() - 3 * HOUR };
  const expired = sign(past, pair, { issuer: ISSUER, audience: AUDIENCE, expiresIn: null });
  const page = await opened(expired, pair.toPem());
  await expectState(page, "invalid", /It is authentic, but it expired 2 h ago\. TOKEN_EXPIRED/);
  await giveToken(page, sign({ nbf: now() + 2 * HOUR + 90 }, pair, { ...OPTIONS, expiresIn: "3h" }));
  await expectState(page, "invalid", /It is authentic, but it becomes valid in 2 h\. TOKEN_NOT_YET_VALID/);

  // A slash at the end is no other issuer for a person, but it is one for every verifier.
  await giveToken(page, sign({}, pair, { ...OPTIONS, audience: [AUDIENCE, "account"] }));
  await demand(page, { issuer: `${ISSUER}/` });
  await expectState(page, "invalid", /It is authentic, but it has another issuer than you require\. CLAIM_INVALID/);
  await says(page, "#token-next", /Both have to be the same to the letter, also the slash at the end\./);
  await act(page);
  await expectState(page, "valid");
  await demand(page, { audience: "https://other.example" });
  await says(
    page,
    "#token-next",
    /has “https:\/\/api\.example” and “account”\. If that is somebody else, refuse it\.$/,
  );
  assert.equal(await page.locator("#token-act").count(), 0, "another audience is not taken from the token");

  // A token without a kid fits several keys; one without a signature fits none, whatever keys there are.
  const keys = [pair, Key.generate("ES256").withKid("two")].map((each) => each.toJwk());
  const nameless = Key.fromJwk({ ...pair.toJwk({ private: true }), kid: undefined });
  await giveKey(page, JSON.stringify({ keys }));
  await giveToken(page, sign({}, nameless, OPTIONS));
  await expectState(page, "invalid", /KEY_AMBIGUOUS/);
  await says(page, "#token-next", /Several keys of the set are for its algorithm, and it has no kid\./);
  const [, claims] = expired.split(".");
  const header = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  for (const given of [JSON.stringify({ keys }), pair.toPem()]) {
    await giveKey(page, given);
    await giveToken(page, `${header({ alg: "none" })}.${claims}.`);
    await expectState(page, "invalid", /Nobody signed it: its header says that it has no signature\./);
    await says(page, "#token-next", /^Next: Refuse it\. Anybody can write a token without a signature\.$/);
    // The public key as a secret: algorithm confusion.
    await giveToken(page, `${header({ alg: "HS256", kid: "one" })}.${claims}.${"A".repeat(43)}`);
    await says(
      page,
      "#token-next",
      /^Next: Refuse it\. It claims to be signed with a secret, and your key is a public one/,
    );
    assert.equal(await refusing(page), "key");
  }
  await giveKey(page, JSON.stringify({ keys }));
  await giveToken(page, sign({}, Key.generate("ES384"), OPTIONS));
  await says(page, "#token-next", /^Next: The key set has no key for “ES384”\./);
  await settle(page);
});

test("keeps what was selected, and tells below its buttons what a change does", { skip }, async () => {
  const page = await bench.open();
  await page.click("#token-example");
  await expectState(page, "valid");
  const before = await page.locator("#token-lifetime").textContent();
  await page.locator("#token-anatomy dd").first().selectText();
  const chosen = await page.evaluate(() => String(getSelection()));
  // Once a second, the times are written anew.
  await page.waitForFunction((known) => !document.getElementById("token-lifetime").textContent.includes(known), before);
  assert.equal(await page.evaluate(() => String(getSelection())), chosen);
  await page.click("[data-alter=payload]");
  await says(page, "#alteration-told", /^Not valid\. ?This key did not make this signature/);
  await page.click("[data-alter=restore]");
  await says(page, "#alteration-told", /^Valid\. ?Every check has passed\.$/);
  await giveToken(page, "");
  await says(page, "#alteration-told", /^$/);
  await settle(page);
});

test("tells when an encrypted token expires meanwhile", { skip }, async () => {
  const key = EncryptionKey.generate("ECDH-ES+A256KW");
  const page = await bench.open();
  await page.clock.install();
  const exp = (await page.evaluate(() => Math.floor(Date.now() / 1000))) + 60;
  await giveToken(page, encrypt(encoder.encode(JSON.stringify({ exp })), key));
  await giveKey(page, JSON.stringify(key.toJwk({ private: true })));
  await page.clock.runFor(2000);
  await expectState(page, "partly", /encrypted it\.$/);
  await page.clock.runFor(61_000);
  await says(page, "#token-verdict", /It says that it expired less than 1 min ago\.$/);
  await page.clock.runFor(120_000);
  await says(page, "#token-verdict", /It says that it expired 2 min ago\.$/);
  await settle(page);
});

test("goes to the result when a token or a key is pasted on a phone", { skip }, async () => {
  const page = await bench.open("/", "phone");
  const token = sign({ text: "x".repeat(1500) }, pair, OPTIONS);
  const paste = (id, pasted) =>
    page.locator(`#${id}`).evaluate((field, text) => {
      field.scrollIntoView();
      field.focus();
      field.dispatchEvent(new ClipboardEvent("paste", { bubbles: true }));
      document.execCommand("insertText", false, text);
    }, pasted);
  const expectInSight = async (id) => {
    await page.waitForFunction(() => {
      const { top, bottom } = document.getElementById("token-verdict").getBoundingClientRect();
      return 0 <= top && bottom <= window.innerHeight;
    });
    assert.equal(await page.evaluate(() => document.activeElement.id), id);
  };
  await paste("token-input", token);
  await expectState(page, "unchecked", /There is no key yet/);
  await expectInSight("token-input");
  await paste("check-key-text", JSON.stringify(pair.toJwk(), null, 2));
  await expectState(page, "partly");
  await expectInSight("check-key-text");
  await settle(page);
});
