// No password stays in the memory of the module with every format, whichever scheme checks it.

import assert from "node:assert/strict";
import { createHash, createHmac, randomBytes } from "node:crypto";
import { test } from "node:test";
import { importEntry, importFile, makeConsumer } from "./consumer.mjs";
import { assertGone, traces } from "./memory.mjs";

const consumer = makeConsumer();
const { PasswordHasher } = await importEntry(consumer, "./formats");
const glue = await importFile(consumer, "dist/glue/formats.js");
const memory = () => glue.initSync().memory;
const hasher = new PasswordHasher({ accept: ["argon2id", "md5-crypt", "plain-digest", "salted-digest", "yescrypt"] });
const rest = new PasswordHasher();

const SALT = "somesalt";
const HEX = (bytes) => "ab".repeat(bytes);
const BASE64 = (bytes) => Buffer.alloc(bytes).toString("base64");
/** A stored hash of each rare scheme. That none is of the password makes no difference: all of it is computed. */
const STORED = {
  "aspnet-identity-v2": `AA${"A".repeat(64)}==`,
  "digest, stretched": `$digest$d=sha512,s=braces,i=20$c29tZXNhbHQ$${BASE64(64).replaceAll("=", "")}`,
  "digest, Spring's": `{SHA-256}{${SALT}}${HEX(32)}`,
  "digest, Spring's standard": `{sha256}${HEX(40)}`,
  "digest, LDAP's": `{SSHA}${BASE64(28)}`,
  "digest, LDAP's of MD5": `{SMD5}${BASE64(24)}`,
  "digest, Werkzeug's": `sha256$${SALT}$${HEX(32)}`,
  "digest, MediaWiki's": `:B:ad313991:${HEX(16)}`,
  drupal: `$S$5${SALT}${".".repeat(43)}`,
  "drupal of MD5": `U$S$5${SALT}${".".repeat(43)}`,
  "firebase-scrypt": `$fbscrypt$v=1,n=6,r=8,p=1,ss=Bw==,sk=${BASE64(64)}$${BASE64(10)}$${BASE64(64)}`,
  "md5-crypt": `$1$${SALT}$${".".repeat(22)}`,
  seafile: `PBKDF2SHA256$2$${HEX(16)}$${HEX(32)}`,
  yescrypt: `$y$j75$abcdefgh$${".".repeat(43)}`,
  "gost-yescrypt": `$gy$j75$abcdefgh$${".".repeat(43)}`,
  "sha1-crypt": `$sha1$2$${SALT}$${".".repeat(28)}`,
  fshp: `{FSHP1|8|2}${BASE64(40)}`,
  mysql: `*${HEX(20)}`,
};

for (const [name, stored] of Object.entries(STORED)) {
  test(`leaves_no_password_of_${name.replaceAll(/[^a-z0-9]+/gi, "_").toLowerCase()}`, () => {
    const password = randomBytes(30).toString("base64");
    const { ok } = (/^(\$digest\$|\*)/.test(stored) ? hasher : rest).verify(password, stored);
    assert.equal(ok, false);
    const digests = ["md5", "sha1", "sha256", "sha512"].map((digest) => createHash(digest).update(password).digest());
    assertGone(memory(), {
      password,
      "password in UTF-16": Buffer.from(password, "utf16le"),
      "password with inner padding": Buffer.from(password).map((byte) => byte ^ 0x36),
      "password with outer padding": Buffer.from(password).map((byte) => byte ^ 0x5c),
      "digests of the password": Buffer.concat(digests),
      "MD5 of the password as text": digests[0].toString("hex"),
      "code of Werkzeug": createHmac("sha256", SALT).update(password).digest(),
    });
  });
}

test("finds_a_password_that_was_put_in_the_memory_of_formats", () => {
  const password = randomBytes(30);
  const at = glue.initSync().__wbindgen_malloc(password.length, 1);
  new Uint8Array(memory().buffer).set(password, at);
  assert.notDeepEqual(traces(memory(), password), []);
  glue.initSync().__wbindgen_free(at, password.length, 1);
});
