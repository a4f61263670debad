// A stolen or broken table must not take a service down: whatever costs a stored hash asks for, a check under the default
// policy answers at once, with the right code, and allocates nothing.

import assert from "node:assert/strict";
import { test } from "node:test";
import { importEntry, importFile, makeConsumer } from "./consumer.mjs";

const consumer = makeConsumer();
const { PasswordHasher } = await importEntry(consumer, "./formats");
const glue = await importFile(consumer, "dist/glue/formats.js");
const hasher = new PasswordHasher();

const SALT = "c29tZXNhbHRzb21lc2FsdA";
const TAG = "A".repeat(43);
const argon2 = (costs) => `$argon2id$v=19$${costs}$${SALT}$${TAG}`;
const scrypt = (costs) => `$scrypt$${costs}$${SALT}$${TAG}`;
const bcrypt = (cost) => `$2b$${cost}$${".".repeat(53)}`;
const pbkdf2 = (costs) => `$pbkdf2-sha256$${costs}$${SALT}$${TAG}`;
const HEX = "a".repeat(128);
/** ASP.NET Core Identity's envelope, with these numbers. */
function identity(iterations, saltBytes) {
  const bytes = Buffer.alloc(13 + 48);
  bytes.writeUInt8(1, 0);
  for (const [place, number] of [1, iterations, saltBytes].entries()) bytes.writeUInt32BE(number, 1 + 4 * place);
  return bytes.toString("base64");
}
/** Supabase's form, with these costs. */
const firebase = (costs) =>
  `$fbscrypt$v=1,${costs},ss=Bw==,sk=${"A".repeat(86)}==$${"A".repeat(14)}==$${"A".repeat(86)}==`;
const MANY = 10_000_000;

const HOSTILE = {
  HASH_COST_TOO_HIGH: {
    "argon2 of 4 GiB": argon2("m=4194304,t=1,p=1"),
    "argon2 of 4 TiB": argon2("m=4294967295,t=1,p=1"),
    "argon2 of 2^32 - 1 passes": argon2("m=64,t=4294967295,p=1"),
    "argon2 of 2^32 - 1 lanes": argon2("m=64,t=1,p=4294967295"),
    "scrypt of N = 2^31": scrypt("ln=31,r=8,p=1"),
    "scrypt of N = 2^63": scrypt("ln=63,r=8,p=1"),
    "scrypt of N = 2^64": scrypt("ln=64,r=8,p=1"),
    "scrypt of the greatest cost": scrypt("ln=4294967295,r=8,p=1"),
    "scrypt of the greatest block size": scrypt("ln=1,r=4294967295,p=1"),
    "scrypt of the greatest parallelism": scrypt("ln=1,r=1,p=4294967295"),
    "scrypt whose r * p overflows": scrypt("ln=1,r=65536,p=65537"),
    "scrypt of the greatest everything": scrypt("ln=4294967295,r=4294967295,p=4294967295"),
    "bcrypt of cost 31": bcrypt("31"),
    "bcrypt of cost 99": bcrypt("99"),
    "pbkdf2 of a billion iterations": pbkdf2("1000000000"),
    "pbkdf2 of 2^32 - 1 iterations": pbkdf2("4294967295"),
    "pbkdf2 of a billion iterations as a PHC string": pbkdf2("i=1000000000,l=32"),
    "2^32 - 1 iterations of Django": `pbkdf2_sha256$4294967295$salt$${TAG}=`,
    "N = 2^31 of Django": `scrypt$2147483648$salt$8$5$${"A".repeat(86)}==`,
    "the greatest parallelism of Werkzeug": `scrypt:16:8:4294967295$salt$${HEX}`,
    "cost 31 of bcrypt-sha256": `$bcrypt-sha256$v=2,t=2b,r=31$${".".repeat(22)}$${".".repeat(31)}`,
    "cost 31 of WordPress": `$wp$2y$31$${".".repeat(53)}`,
    "2^30 rounds of phpass": `$P$S${".".repeat(30)}`,
    "999999999 rounds of sha512-crypt": `$6$rounds=999999999$salt$${".".repeat(86)}`,
    "N = 2^63 of libsodium": `$7$z6..../....${".".repeat(43)}$${".".repeat(43)}`,
    "the greatest block size of libsodium": `$7$4zzzzz/....${".".repeat(43)}$${".".repeat(43)}`,
    "2^32 - 1 iterations of Identity": identity(0xffffffff, 16),
    "pbkdf2 of a billion iterations under a pepper": `$pepper$old${pbkdf2("1000000000")}`,
    "argon2 of 4 GiB behind a label": `{ARGON2ID}${argon2("m=4194304,t=1,p=1")}`,
    "bcrypt of cost 31 behind a label": `#jbcrypt:${bcrypt("31")}`,
    "999999999 rounds behind a label": `{CRYPT}$6$rounds=999999999$salt$${".".repeat(86)}`,
    "the greatest cost of gost-yescrypt": `$gy$jj5$salt$${".".repeat(43)}`,
    "2^32 - 1 rounds of sha1-crypt": `$sha1$4294967295$salt$${".".repeat(28)}`,
    "2^32 - 1 iterations of Cryptacular": `$p5k2$ffffffff$${"A".repeat(22)}==$${"A".repeat(27)}=`,
    "2^32 - 1 iterations of Litzenberger": `$p5k2$ffffffff$saltsalt$${"A".repeat(32)}`,
    "2^32 - 1 iterations of GRUB": `grub.pbkdf2.sha512.4294967295.${"AB".repeat(64)}.${"AB".repeat(64)}`,
    "2^32 - 1 rounds of FSHP": `{FSHP1|16|4294967295}${"A".repeat(64)}`,
    "2^32 - 1 iterations of passlib's SCRAM": `$scram$4294967295$${SALT}$sha-512=${"A".repeat(86)}`,
    "2^32 - 1 iterations of 389 Directory Server": `{PBKDF2_SHA256}/////${"A".repeat(427)}`,
    "the greatest cost of yescrypt": `$y$jj5$salt$${".".repeat(43)}`,
    "the greatest block size of yescrypt": `$y$j7zzzzzz$salt$${".".repeat(43)}`,
    "the greatest parallelism of yescrypt": `$y$j75.zzzzzz$salt$${".".repeat(43)}`,
    "the greatest time of yescrypt": `$y$j75/zzzzzz$salt$${".".repeat(43)}`,
    "a billion iterations of Seafile": `PBKDF2SHA256$1000000000$${"a".repeat(64)}$${"a".repeat(64)}`,
    "999999999 rounds in base64": `{CRYPT.b64}${btoa(`$6$rounds=999999999$salt$${".".repeat(86)}`)}`,
    "bcrypt of cost 31 in hexadecimal": `{BLF-CRYPT.HEX}${Buffer.from(bcrypt("31")).toString("hex")}`,
    "N = 2^31 of Firebase": firebase("n=31,r=8,p=1"),
    "the greatest rounds of Firebase": firebase("n=1,r=4294967295,p=1"),
    "the greatest parallelism of Firebase": firebase("n=1,r=1,p=4294967295"),
    "2^30 rounds of Drupal": `$S$S${".".repeat(51)}`,
    "a billion iterations of mosquitto": `$7$1000000000$${"A".repeat(16)}$${"A".repeat(86)}==`,
    "a billion iterations of LDAP": `{PBKDF2-SHA256}1000000000$${SALT}$${TAG}`,
    "a billion iterations of Dovecot": `{PBKDF2}$1$salt$1000000000$${"a".repeat(40)}`,
    "a billion iterations of MediaWiki": `:pbkdf2:sha512:1000000000:64:${"A".repeat(22)}==:${"A".repeat(86)}==`,
    "the greatest costs of Spring Security": `{scrypt}$ffffff$${"A".repeat(22)}==$${TAG}=`,
  },
  HASH_MALFORMED: {
    "ten million characters": "A".repeat(MANY),
    "ten million dollar signs": "$".repeat(MANY),
    "ten million characters of argon2": argon2(`m=64,t=1,p=1,data=${"A".repeat(MANY)}`),
    "ten million digits": argon2(`m=${"9".repeat(MANY)},t=1,p=1`),
    "ten million parameters": scrypt("ln=4,".repeat(MANY / 5)),
    "ten million characters of bcrypt": bcrypt("04") + ".".repeat(MANY),
    "a parameter of argon2 twice": argon2("m=64,m=64,t=1,p=1"),
    "a parameter of argon2 missing": argon2("m=64,p=1"),
    "a parameter of scrypt twice": scrypt("ln=4,ln=4,r=8,p=1"),
    "a parameter of scrypt missing": scrypt("ln=4,p=1"),
    "no parameter of scrypt": scrypt(""),
    "a salt of Identity of 4 GiB": identity(1, 0xffffffff),
    "ten million digits of Django": `pbkdf2_sha256$${"9".repeat(MANY)}`,
    "ten million characters of better-auth": `${"a".repeat(32)}:${"a".repeat(MANY)}`,
    "a number beyond every word": pbkdf2("99999999999999999999999999"),
    "a cost of bcrypt missing": "$2b$",
    "a pepper without an end": `$pepper$${"a".repeat(400)}`,
    "ten million characters of LDAP": `{SSHA}${"A".repeat(MANY)}`,
    "ten million labels": "{CRYPT}".repeat(MANY / 7),
    "ten million digits of MediaWiki": `:pbkdf2:sha512:${"9".repeat(MANY)}`,
    "ten million digits of yescrypt": `$y$${"z".repeat(MANY)}`,
    "a number of yescrypt without its end": "$y$z",
    "ten million digits of gost-yescrypt": `$gy$${"z".repeat(MANY)}`,
    "ten million digits of GRUB": `grub.pbkdf2.sha512.${"9".repeat(MANY)}`,
    "ten million digits of Cryptacular": `$p5k2$${"f".repeat(MANY)}`,
    "ten million characters of FSHP": `{FSHP1|16|1}${"A".repeat(MANY)}`,
    "ten million tags of SCRAM": `$scram$1$salt$${"sha-1=A,".repeat(MANY / 8)}`,
    "ten million digits of Spring Security": `{pbkdf2}${"a".repeat(MANY)}`,
    "ten million digits of Spring's standard encoder": `{sha256}${"a".repeat(MANY)}`,
    "ten million digits of MySQL": `*${"A".repeat(MANY)}`,
    "ten million letters in braces": `{${"A".repeat(MANY)}}`,
    "the empty text": "",
  },
  HASH_UNSUPPORTED: {
    "a name that nobody knows": `$nobody$${SALT}$${TAG}`,
    "a version that nobody knows": argon2("m=64,t=1,p=1").replace("v=19", "v=4294967295"),
    "bcrypt of another computation": bcrypt("04").replace("$2b$", "$2x$"),
  },
};

// The first call starts the module, and grows what it needs once.
hasher.hash("correct horse battery staple");
const memory = () => glue.initSync().memory.buffer.byteLength;

for (const [code, texts] of Object.entries(HOSTILE)) {
  for (const [what, given] of Object.entries(texts)) {
    // In one piece, as it comes from a database, and not as the engine keeps what was just put together.
    const text = Buffer.from(given, "latin1").toString("latin1");

    test(`answers_${what.replaceAll(/\W+/g, "_")}_at_once`, () => {
      const before = memory();
      const start = performance.now();
      for (const call of [
        () => hasher.verify("correct horse battery staple", text),
        () => hasher.verifyAndUpdate("correct horse battery staple", text),
        () => hasher.needsRehash(text),
      ]) {
        assert.throws(call, { name: "CountersignError", code });
      }
      const milliseconds = performance.now() - start;
      assert.ok(milliseconds < 50, `${milliseconds} ms`);
      assert.equal(memory(), before, "memory was asked for");
    });
  }
}

test("describes_what_it_does_not_compute_at_once", () => {
  const before = memory();
  const start = performance.now();
  assert.deepEqual(hasher.describe(argon2("m=4194304,t=9999,p=1")), {
    scheme: "argon2id",
    format: "phc",
    memoryKib: 4_194_304,
    passes: 9999,
    lanes: 1,
  });
  assert.deepEqual(hasher.describe(scrypt("ln=31,r=8,p=1")), {
    scheme: "scrypt",
    format: "phc",
    cost: 31,
    blockSize: 8,
    parallelism: 1,
  });
  assert.equal(hasher.describe(bcrypt("31")).cost, 31);
  assert.equal(hasher.describe(pbkdf2("4294967295")).iterations, 4_294_967_295);
  assert.ok(performance.now() - start < 50);
  assert.equal(memory(), before, "memory was asked for");
});

test("still_checks_what_is_within_limits", () => {
  const quick = new PasswordHasher({ scheme: "scrypt", params: { cost: 4 } });
  const stored = quick.hash("correct horse battery staple");
  assert.ok(hasher.verify("correct horse battery staple", stored).ok);
});
