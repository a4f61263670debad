// The suite itself: that no case passes on a package that does nothing, and that the summary counts what it should.

import assert from "node:assert/strict";
import { test } from "node:test";
import { countCases, run } from "./conformance.mjs";
import { vectorTexts } from "./consumer.mjs";
import { difference } from "./equal.mjs";
import { leaked, secretsOf } from "./secrecy.mjs";
import { shortfalls, table } from "./summary.mjs";

const vectors = Object.fromEntries(Object.entries(vectorTexts()).map(([name, text]) => [name, JSON.parse(text)]));

class CountersignError extends Error {
  constructor(code, message, claim) {
    super(message);
    // Without its name, which has a case of its own.
    Object.assign(this, { code }, claim === undefined ? {} : { claim });
  }
}

/** Packages that answer everything alike: what a case must not be content with. */
const packages = {
  that_throws_always: () => {
    throw new CountersignError("INTERNAL", "internal error");
  },
  that_throws_plain_errors: () => {
    throw new TypeError("unreachable");
  },
  that_accepts_everything: () => ({}),
  that_gives_nothing: () => undefined,
};

for (const [what, answer] of Object.entries(packages)) {
  test(`fails_every_case_on_a_package_${what}`, async () => {
    const { files, failures } = await run(packageOf(answer), vectors);
    const passed = Object.entries(files).filter(([, file]) => file.passed !== 0);
    const failed = new Set(failures.map(({ file, name }) => `${file} · ${name}`));
    const all = [];
    await run(packageOf(answer), vectors, ({ file, name }) => all.push(`${file} · ${name}`));
    assert.deepEqual(
      all.filter((name) => !failed.has(name)),
      [],
      `passed: ${JSON.stringify(passed)}`,
    );
  });
}

function packageOf(answer) {
  const object = () => ({
    free() {},
    sign: answer,
    verify: answer,
    toJwks: answer,
    toJwk: answer,
    toPem: answer,
    hash: answer,
    hashAsync: later(answer),
    verifyAsync: later(answer),
    verifyAndUpdateAsync: later(answer),
    thumbprint: answer,
  });
  class Anything {
    constructor() {
      answer();
      Object.assign(this, object());
    }
  }
  const makers = ["fromSecret", "fromPassword", "fromPem", "fromDer", "fromJwk", "fromJwks", "generate"];
  for (const name of makers) Anything[name] = () => new Anything();
  const functions = [
    ...["sign", "verify", "decodeUnverified", "hashPassword", "verifyPassword", "configurePasswordPool"],
    ...["signJws", "verifyJws", "signJwsJson", "verifyJwsJson"],
  ];
  const promising = ["closePasswordPool", "hashPasswordAsync", "verifyPasswordAsync"];
  const classes = ["Key", "KeySet", "Signer", "Verifier", "PasswordHasher"];
  const jwe = { EncryptionKey: Anything, encrypt: answer, decrypt: answer, decryptAndVerify: answer };
  return {
    CountersignError,
    jwe,
    ...Object.fromEntries(functions.map((name) => [name, answer])),
    ...Object.fromEntries(promising.map((name) => [name, later(answer)])),
    ...Object.fromEntries(classes.map((name) => [name, Anything])),
  };
}

function later(answer) {
  return async () => answer();
}

test("names_every_case_once", async () => {
  const names = [];
  await run(packageOf(packages.that_gives_nothing), vectors, ({ name }) => names.push(name));
  const repeated = names.filter((name, index) => names.indexOf(name) !== index);
  assert.deepEqual(repeated, []);
  assert.equal(
    names.length,
    Object.values(countCases(vectors)).reduce((total, count) => total + count, 0),
  );
  for (const name of names) assert.match(name, /^[A-Za-z0-9_]+$/u);
});

test("tells_values_apart", () => {
  const alike = [
    [1, 1],
    [NaN, NaN],
    [{ a: [1, { b: null }] }, { a: [1, { b: null }] }],
    [[], []],
  ];
  for (const [left, right] of alike) assert.equal(difference(left, right), undefined);
  const parted = [
    [0, -0],
    [1, "1"],
    [null, undefined],
    [[], {}],
    [[1], [1, 2]],
    [[1, 2], [1]],
    [{ a: 1 }, { a: 2 }],
    [{ a: 1 }, {}],
    [{}, { a: undefined }],
    [{}, Object.create(null)],
    [{}, JSON.parse('{"__proto__":{}}')],
    [{ a: { b: 1 } }, { a: { b: 2 } }],
  ];
  for (const [left, right] of parted) {
    assert.notEqual(difference(left, right), undefined);
    assert.notEqual(difference(right, left), undefined);
  }
});

test("finds_inputs_in_messages", () => {
  const secrets = secretsOf({
    alg: "HS256",
    token: "header.payload.signature",
    keys: { secretText: "correct horse" },
    stored: "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$dGFndGFndGFn",
  });
  const says = (message) => leaked(new CountersignError("TOKEN_MALFORMED", message), secrets);
  for (const leak of ["bad token header.payload.signature", "payload", "not correct horse", "c2FsdHNhbHQ"])
    assert.notEqual(says(leak), undefined);
  for (const fine of ["HS256 needs a secret of at least 32 bytes", "argon2id is not accepted"])
    assert.equal(says(fine), undefined);
});

const expected = { one: 2, two: 3 };
const row = (name, files, more = {}) => ({
  name,
  files,
  problems: [],
  missing: shortfalls(files, expected),
  seconds: 1,
  ...more,
});
const complete = { one: { passed: 2, failed: 0 }, two: { passed: 3, failed: 0 } };

test("counts_what_passed", () => {
  const { text, passed, failed } = table([row("a", complete), row("b", complete)], expected, true);
  assert.deepEqual({ passed, failed }, { passed: 10, failed: 0 });
  assert.match(text, /^b +5 +5 +0 +1\.0$/mu);
});

test("counts_what_failed_and_what_was_not_run_as_failed", () => {
  for (const files of [
    {},
    { one: complete.one },
    { one: { passed: 1, failed: 1 }, two: complete.two },
    { ...complete, three: { passed: 1, failed: 0 } },
  ]) {
    assert.notEqual(table([row("a", complete), row("b", files)], expected, true).failed, 0, JSON.stringify(files));
  }
  assert.equal(table([row("a", {})], expected, true).failed, 5);
});

test("counts_a_row_by_what_it_must_run", () => {
  const own = { one: 2 };
  const part = { one: complete.one };
  const fine = row("b", part, { expected: own, missing: shortfalls(part, own) });
  assert.deepEqual(table([row("a", complete), fine], expected, true).failed, 0);
  const more = row("b", complete, { expected: own, missing: shortfalls(complete, own) });
  assert.notEqual(table([row("a", complete), more], expected, true).failed, 0);
});

test("counts_a_missing_runtime_as_failed_where_none_may_be_missing", () => {
  const rows = [row("a", complete), { name: "b", files: {}, problems: [], skipped: true }];
  assert.equal(table(rows, expected, true).failed, 5);
  const elsewhere = table(rows, expected, false);
  assert.equal(elsewhere.failed, 0);
  assert.match(elsewhere.text, /not found, 5 cases SKIPPED/u);
});
