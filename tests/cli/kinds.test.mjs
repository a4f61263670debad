// Whatever somebody passes, `doctor` and `inspect` say what it is, or that they do not know.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { KINDS } from "./kinds.mjs";
import { answered, folder } from "./program.mjs";

/** The checks of what `doctor` says, by what a text is. */
const DOCTOR = {
  token({ name }, { exitCode, is, findings }) {
    assert.deepEqual([exitCode, is], [2, "token"]);
    const message = `this is ${name}: only the token was looked at`;
    assert.equal(
      findings.some((finding) => finding.message === message),
      / in it$/.test(name),
    );
  },
  hash({ name, text }, { is, findings }) {
    assert.equal(is, "hash");
    const message = `this is ${name}: only the hash was looked at`;
    assert.equal(
      findings.some((finding) => finding.message === message),
      / in it$/.test(name),
      text,
    );
  },
  key({ refused, told, passphrase }, { exitCode, is, keys, findings, error }) {
    if (passphrase) return assert.match(error.message, / is encrypted: give --passphrase-file/);
    assert.equal(is, told === "A JWK Set with 1 usable key." ? "key-set" : "key");
    if (refused === undefined) return assert.equal(keys.length, 1);
    assert.equal(exitCode, 1);
    return assert.match(findings[0].message, refused);
  },
  several: ({ name, names }, { exitCode, error }) =>
    assert.deepEqual(
      [exitCode, error],
      [2, { code: "INPUT_INVALID", message: `this is ${name} (${names}): give one of them alone` }],
    ),
  hashes: ({ name }, { exitCode, error }) =>
    assert.deepEqual(
      [exitCode, error],
      [2, { code: "INPUT_INVALID", message: `this is ${name}: give one of them alone` }],
    ),
  answer: (_, { exitCode, error }) =>
    assert.deepEqual(
      [exitCode, error.message],
      [2, "the key is the answer of a token endpoint: pass one of its tokens alone"],
    ),
  discovery: (_, { exitCode, error }) =>
    assert.deepEqual(
      [exitCode, error.message],
      [2, 'the key is the discovery document of an issuer: pass the keys that its "jwks_uri" names'],
    ),
  url: (_, { exitCode, error }) =>
    assert.deepEqual([exitCode, error.message], [2, "this is a URL: countersign verify --jwks fetches keys"]),
  unknown: (_, { exitCode }) => assert.ok(exitCode > 0),
};

test("doctor_says_what_it_is", { concurrency: 4 }, async (t) => {
  await Promise.all(
    Object.entries(KINDS).map(([title, kind]) =>
      t.test(title, async () => DOCTOR[kind.is](kind, await answered(["doctor"], { input: kind.text }))),
    ),
  );
});

test("inspect_finds_the_token_and_nothing_else", { concurrency: 4 }, async (t) => {
  const others = ["a public key in PEM", "a JWK Set", "a hash of bcrypt", "a row of CSV", "a secret"];
  const chosen = Object.entries(KINDS).filter(
    ([title, { is }]) => others.includes(title) || !/^(key|hash|unk)/.test(is),
  );
  await Promise.all(
    chosen.map(([title, { text, is, name }]) =>
      t.test(title, async () => {
        const { exitCode, kind, header, findings } = await answered(["inspect"], { input: text });
        assert.equal(exitCode, 2);
        if (is === "token") return assert.equal(typeof header.alg, "string");
        assert.equal(kind, "unknown");
        const message = `this is ${name}${is === "several" ? ": look at one of them" : ", not a token"}`;
        return assert.equal(
          findings.some((finding) => finding.message === message),
          is !== "unknown",
        );
      }),
    ),
  );
});

test("a_key_file_that_is_something_else_is_named", async (t) => {
  const cwd = folder(t);
  const name = "file";
  const others = Object.values(KINDS).filter(
    ({ is, isDoubtful }) => /^(token|hash|hashes|several|url)$/.test(is) && !isDoubtful,
  );
  await Promise.all(
    others.map(async ({ text, name: named }, index) => {
      const path = `${name}${index}`;
      writeFileSync(join(cwd, path), text);
      const { exitCode, error } = await answered(["convert", path, "--to", "jwk"], { cwd });
      const isAnswer = /^the answer/.test(named);
      const said = isAnswer ? "the answer of a token endpoint: pass one of its tokens alone" : `${named}, not a key`;
      assert.deepEqual([exitCode, error.code], [2, "INPUT_INVALID"]);
      assert.ok(error.message.startsWith(`${path} is ${said}`), error.message);
    }),
  );
});
