// Password hashes exchanged with the software that has made most of those that are stored: Python's libraries, npm's
// packages, PHP, the programs of a Unix system.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { importEntry, makeConsumer } from "../runtimes/consumer.mjs";
import { differences } from "./passwords/differences.mjs";
import { ASCII, another, FORMATS, isRenewed, LONG, READ, UNICODE } from "./passwords/formats.mjs";
import { ask, PEERS, peerOf } from "./passwords/peers.mjs";
import { askRecipes } from "./passwords/recipes.mjs";

for (const { name, software, why } of PEERS) {
  if (why !== undefined && process.env.CI) throw new Error(`${name}: ${why}`);
  const count = FORMATS.filter((format) => software.includes(format.software)).length;
  if (why !== undefined)
    console.log(`# the exchange of password hashes with ${name}, ${count} forms, is skipped: ${why}`);
}

const countersign = await importEntry(makeConsumer(), "./formats");
const { cases } = read("passwords/stored.json");

for (const { name, software, why } of PEERS) {
  test(`${words(name)}_take_the_hashes_that_our_vectors_are_made_of`, {
    skip: why,
  }, async () => {
    const made = cases.filter((one) => software.includes(one.software));
    assert.ok(made.length > 0);
    const right = await ask(made.map((one) => ({ ...one, op: "verify" })));
    const wrong = await ask(made.map((one) => ({ ...one, password: another(one.password), op: "verify" })));
    for (const [index, one] of made.entries()) {
      const what = `${one.software} ${one.format}: ${one.stored}`;
      assert.deepEqual(right[index], { ok: true }, what);
      assert.deepEqual(wrong[index], { ok: false }, what);
    }
  });
}

test("documented_constructions_take_the_hashes_of_the_software_that_they_describe", async () => {
  const { cases: originals } = read("passwords/originals.json");
  const right = await askRecipes(originals.map((one) => ({ ...one, op: "verify" })));
  const wrong = await askRecipes(originals.map((one) => ({ ...one, password: another(one.password), op: "verify" })));
  for (const [index, { stored }] of originals.entries()) {
    assert.deepEqual(right[index], { ok: true }, stored);
    assert.deepEqual(wrong[index], { ok: false }, stored);
  }
});

test("every_form_has_a_hash_of_each_of_its_passwords_among_them", () => {
  const wanted = FORMATS.flatMap(({ software, format, scheme, passwords }) =>
    passwords.map((password) => ({ software, format, scheme, password })),
  );
  const found = cases.map(({ software, format, scheme, password }) => ({ software, format, scheme, password }));
  assert.deepEqual(found, wanted);
});

for (const { name, software, why } of PEERS) {
  test(`we_take_new_hashes_of_${words(name)}`, { skip: why }, async () => {
    const read = FORMATS.filter((format) => software.includes(format.software) && format.scheme !== null);
    const jobs = read.flatMap(({ passwords, ...format }) =>
      passwords.map((password) => ({ ...format, password, op: "hash" })),
    );
    const hasher = new countersign.PasswordHasher({ accept: READ });
    for (const [index, { ok: stored, error }] of (await ask(jobs)).entries()) {
      const { password, scheme, software, format } = jobs[index];
      assert.ok(stored !== undefined, `${software} ${format}: ${error}`);
      // Several programs write this shape. Only the right password tells which one wrote it.
      const first = /^[0-9a-f]{32}:[0-9a-f]{128}$/.test(stored) ? "better-auth" : scheme;
      assert.equal(hasher.identify(stored), first, stored);
      const needsRehash = isRenewed(scheme, password, stored);
      assert.deepEqual(hasher.verify(password, stored), { ok: true, needsRehash, scheme }, stored);
      const refused = { ok: false, needsRehash: false, scheme: first };
      assert.deepEqual(hasher.verify(another(password), stored), refused, stored);
    }
  });
}

test("says_what_another_release_of_a_peer_writes_differently", () => {
  const tell = (stored, password = ASCII) => differences(old, stored, password, countersign.PasswordHasher);
  const find = ({ software, format, password }) => software === "argon2" && format === "argon2id" && password === ASCII;
  const old = cases.find(find).stored;
  assert.deepEqual(tell(old), []);
  // What npm's argon2 0.44 wrote.
  assert.deepEqual(tell(old.replace(",p=2,t=2$", ",t=2,p=2$")), ["parameters: v,m,t,p instead of v,m,p,t"]);
  assert.deepEqual(tell(old, "another"), ["we do not accept it"]);
  assert.deepEqual(tell(old.replace("$argon2id$", "$argon3id$")), [
    "we refuse it: HASH_UNSUPPORTED: stored hash uses an unknown scheme: let its user set a new password",
  ]);
  const params = { memoryKib: 64, passes: 3, lanes: 2 };
  const [costs] = tell(countersign.hashPassword(ASCII, { params }));
  assert.match(costs, /^costs: .*"passes":3.* instead of .*"passes":2/);
});

test("nobody_gets_in_where_django_has_marked_a_password_as_unusable", { skip: peerOf("Django").why }, async () => {
  const [{ ok: stored }] = await ask([
    { software: "Django", format: "unusable", op: "hash", password: "", options: {} },
  ]);
  const nobody = { ok: false, needsRehash: false, scheme: null };
  for (const password of ["", stored, stored.slice(1)]) {
    assert.deepEqual(new countersign.PasswordHasher().verify(password, stored), nobody);
  }
});

/** The software that reads our hashes: [software, format, the prefix that it writes]. */
const READERS = {
  argon2id: [
    ["passlib", "argon2"],
    ["Django", "argon2", "argon2"],
    ["argon2-cffi", "argon2id"],
    ["PyNaCl", "argon2id"],
    ["argon2", "argon2id"],
    ["@node-rs/argon2", "argon2id"],
    ["PHP", "argon2id"],
  ],
  bcrypt: [
    ["passlib", "bcrypt"],
    ["Django", "bcrypt", "bcrypt$"],
    ["bcrypt", "2b"],
    ["bcryptjs", "bcrypt"],
    ["PHP", "bcrypt"],
  ],
  scrypt: [["passlib", "scrypt"]],
  "pbkdf2-sha256": [["passlib", "pbkdf2_sha256"]],
  "pbkdf2-sha512": [["passlib", "pbkdf2_sha512"]],
};
const PARAMS = {
  argon2id: { memoryKib: 64, passes: 2, lanes: 1 },
  bcrypt: { cost: 10 },
  scrypt: { cost: 8 },
  "pbkdf2-sha256": { iterations: 1000 },
  "pbkdf2-sha512": { iterations: 1000 },
};

for (const [scheme, readers] of Object.entries(READERS)) {
  test(`the_software_of_others_takes_our_hashes_of_${words(scheme)}`, async () => {
    // bcrypt would not read all of these passwords, so they are not hashed with it.
    const passwords = [ASCII, UNICODE, ...(scheme === "bcrypt" ? [] : [LONG])];
    const jobs = readers
      .map(([software, format, prefix = ""]) => ({ software, format, prefix }))
      .filter(({ software }) => peerOf(software).why === undefined)
      .flatMap(({ prefix, ...reader }) =>
        passwords.map((password) => {
          const stored = prefix + countersign.hashPassword(password, { scheme, params: PARAMS[scheme] });
          return { ...reader, op: "verify", password, stored };
        }),
      );
    const right = await ask(jobs);
    const wrong = await ask(jobs.map((job) => ({ ...job, password: another(job.password) })));
    for (const [index, job] of jobs.entries()) {
      assert.deepEqual(right[index], { ok: true }, `${job.software}: ${job.stored}`);
      assert.deepEqual(wrong[index], { ok: false }, `${job.software}: ${job.stored}`);
    }
  });
}

function read(name) {
  return JSON.parse(readFileSync(new URL(name, import.meta.url), "utf8"));
}

function words(name) {
  return name.replaceAll(/[^a-zA-Z0-9]+/g, "_");
}
