// Password hashes exchanged with the software that has made most of those that are stored: Python's libraries, npm's
// packages, PHP.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { importEntry, makeConsumer } from "../runtimes/consumer.mjs";
import { ASCII, another, FORMATS, LONG, UNICODE } from "./passwords/formats.mjs";
import { ask, PEERS, peerOf } from "./passwords/peers.mjs";

for (const { name, software, why } of PEERS) {
  if (why !== undefined && process.env.CI) throw new Error(`${name}: ${why}`);
  const count = FORMATS.filter((format) => software.includes(format.software)).length;
  if (why !== undefined)
    console.log(`# the exchange of password hashes with ${name}, ${count} forms, is skipped: ${why}`);
}
const present = ({ software }) => peerOf(software).why === undefined;

const countersign = await importEntry(makeConsumer(), ".");
const { cases } = JSON.parse(readFileSync(new URL("passwords/stored.json", import.meta.url), "utf8"));

for (const { name, software, why } of PEERS) {
  test(`${name.replaceAll(/[^a-zA-Z]+/g, "_")}_take_the_hashes_that_our_vectors_are_made_of`, {
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

test("every_form_has_a_hash_of_each_of_its_passwords_among_them", () => {
  const wanted = FORMATS.flatMap(({ software, format, scheme, passwords }) =>
    passwords.map((password) => ({ software, format, scheme, password })),
  );
  const found = cases.map(({ software, format, scheme, password }) => ({ software, format, scheme, password }));
  assert.deepEqual(found, wanted);
});

/** Who reads the form of ours: [software, format, what the software calls it before our own text]. */
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
};
const POLICIES = {
  argon2id: { params: { memoryKib: 64, passes: 2, lanes: 1 } },
};

for (const [scheme, readers] of Object.entries(READERS)) {
  test(`the_software_of_others_takes_our_${scheme}_hashes`, async () => {
    const jobs = readers
      .map(([software, format, prefix = ""]) => ({ software, format, prefix }))
      .filter(present)
      .flatMap(({ prefix, ...reader }) =>
        [ASCII, UNICODE, LONG].map((password) => {
          const stored = prefix + countersign.hashPassword(password, POLICIES[scheme]);
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
