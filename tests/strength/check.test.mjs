// The check alone: its options, the input of an estimator, the time it takes, and its answers.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { ZxcvbnFactory } from "@zxcvbn-ts/core";
import { CountersignError } from "countersign";
import { breachCount, checkPassword } from "countersign/strength";
import * as esbuild from "esbuild";
import { makeConsumer } from "../runtimes/consumer.mjs";
import { CASES, LEAKED } from "./cases.mjs";

const PASSPHRASE = "correct horse battery staple";
const LEAKED_SUFFIX = createHash("sha1").update(LEAKED).digest("hex").slice(5);

/** An estimator that finds everything good, or what it is told to, and remembers what it was asked. */
function estimatorOf(...scores) {
  const asked = [];
  const check = (password, words) => {
    asked.push({ password, words });
    return { score: scores.shift() ?? 4, sequence: [], feedback: { warning: null, suggestions: [] } };
  };
  return { check, asked };
}

const OPTIONS = {
  "no object": [null, "options are not an object"],
  "a list in their place": [["alice"], "options are not an object"],
  "a misspelled name": [{ userInput: ["alice"] }, 'unknown option "userInput"'],
  "a name for user inputs": [{ userInputs: "alice" }, 'option "userInputs" is not an array'],
  "a number among user inputs": [{ userInputs: [7] }, 'option "userInputs" has an item that is not a string'],
  "101 user inputs": [{ userInputs: Array(101).fill("a") }, 'option "userInputs" has more than 100 items'],
  "a word for multiFactor": [{ multiFactor: "yes" }, 'option "multiFactor" is not a boolean'],
  "a length of 7": [{ minLength: 7 }, 'option "minLength" is not a whole number from 8 to 64'],
  "a least length of 65": [{ minLength: 65 }, 'option "minLength" is not a whole number from 8 to 64'],
  "a most of 63": [{ maxLength: 63 }, 'option "maxLength" is not a whole number from 64 to 1024'],
  "a most of 1025": [{ maxLength: 1025 }, 'option "maxLength" is not a whole number from 64 to 1024'],
  "a score of 5": [{ minScore: 5 }, 'option "minScore" is not a whole number from 0 to 4'],
  "a score of null": [{ minScore: null }, 'option "minScore" is not a whole number from 0 to 4'],
  "an estimator that cannot": [{ estimator: {} }, 'option "estimator" has no method "check"'],
  "an address for breached": [{ breached: "https://list.example" }, 'option "breached" is not a function'],
};

for (const [what, [options, message]] of Object.entries(OPTIONS)) {
  test(`refuses ${what}`, async () => {
    await assert.rejects(checkPassword(PASSPHRASE, options), {
      name: "CountersignError",
      code: "OPTION_INVALID",
      message,
    });
  });
}

test("refuses_what_is_not_a_string", async () => {
  const expected = { name: "CountersignError", code: "PASSWORD_INVALID", message: "password is not a string" };
  for (const password of [undefined, null, 7, ["password"], new String(PASSPHRASE)]) {
    await assert.rejects(checkPassword(password), expected);
    await assert.rejects(
      breachCount(password, () => ""),
      expected,
    );
  }
  const message = "password has a lone surrogate";
  await assert.rejects(
    breachCount("\ud800", () => ""),
    { code: "PASSWORD_INVALID", message },
  );
  await assert.rejects(breachCount(PASSPHRASE), { code: "OPTION_INVALID" });
});

test("throws_the_error_class_of_the_other_entries", async () => {
  await assert.rejects(checkPassword(7), CountersignError);
});

test("shows_an_estimator_64_units_of_a_password_at_a_time", async () => {
  const good = estimatorOf(4);
  await checkPassword("ab".repeat(500), { estimator: good });
  assert.deepEqual(
    good.asked.map(({ password }) => password),
    ["ab".repeat(32)],
  );

  const bad = estimatorOf(1, 2);
  const report = await checkPassword(`${"a".repeat(64)}${"b".repeat(64)}`, { estimator: bad });
  assert.deepEqual(
    bad.asked.map(({ password }) => password),
    ["a".repeat(64), "b".repeat(64)],
  );
  assert.equal(report.score, 2, "the better of the two");
  assert.deepEqual(report.reasons, ["GUESSABLE"]);

  const short = estimatorOf(1);
  await checkPassword("a".repeat(64), { estimator: short });
  assert.equal(short.asked.length, 1, "and not again what it has seen");
});

test("shows_an_estimator_the_composed_form_and_the_short_words_of_the_user", async () => {
  const estimator = estimatorOf();
  const userInputs = ["Zoe\u0301", "Mary-Ann.O'Neil@example.com", "x".repeat(300), null];
  await checkPassword("e\u0301".repeat(20), { estimator, userInputs });
  const [{ password, words }] = estimator.asked;
  assert.equal(password, "é".repeat(20));
  assert.deepEqual(words, ["zoé", "maryannoneilexamplecom", "mary", "ann", "neil", "example", "com"]);
});

test("waits_for_an_estimator_that_takes_its_time", async () => {
  const { check } = estimatorOf(0);
  const report = await checkPassword(PASSPHRASE, { estimator: { check: async (...given) => check(...given) } });
  assert.deepEqual(report, { ok: false, reasons: ["GUESSABLE"], score: 0, suggestions: [] });
});

for (const [what, given] of Object.entries({
  nothing: undefined,
  a_number: 4,
  no_score: { sequence: [], feedback: { warning: null, suggestions: [] } },
  a_score_of_5: { score: 5, sequence: [], feedback: { warning: null, suggestions: [] } },
  no_sequence: { score: 4, feedback: { warning: null, suggestions: [] } },
  a_part_of_null: { score: 0, sequence: [null], feedback: { warning: null, suggestions: [] } },
  no_feedback: { score: 4, sequence: [] },
  no_suggestions: { score: 4, sequence: [], feedback: {} },
})) {
  test(`refuses_an_estimator_that_gives_${what}`, async () => {
    await assert.rejects(checkPassword(PASSPHRASE, { estimator: { check: () => given } }), {
      name: "CountersignError",
      code: "OPTION_INVALID",
      message: 'option "estimator" returned something that is not an estimate',
    });
  });
}

test("refuses_an_option_that_cannot_be_read", async () => {
  const options = Object.defineProperty({}, "minLength", {
    get() {
      throw new RangeError("fallen");
    },
  });
  const message = 'option "minLength" cannot be read';
  await assert.rejects(checkPassword(PASSPHRASE, options), {
    name: "CountersignError",
    code: "OPTION_INVALID",
    message,
  });
});

test("asks_a_list_about_the_other_form_too", async () => {
  const other = "\uff50urple otters count";
  const prefixOf = (text) => createHash("sha1").update(text).digest("hex").toUpperCase();
  const leaked = prefixOf(other.normalize("NFKC"));
  const asked = [];
  const breached = async (prefix) => {
    asked.push(prefix);
    return leaked.startsWith(prefix) ? `${leaked.slice(5)}:3` : `${"0".repeat(35)}:0`;
  };
  assert.equal(await breachCount(other, breached), 3);
  assert.deepEqual(
    asked,
    [prefixOf(other), leaked].map((digest) => digest.slice(0, 5)),
  );
  const { reasons } = await checkPassword(other, { breached, estimator: estimatorOf() });
  assert.deepEqual(reasons, ["BREACHED"]);
});

test("takes_a_factory_of_zxcvbn_with_words_of_its_own", async () => {
  const estimator = new ZxcvbnFactory({ dictionary: { "passwords-fi": ["hevosenkenkätehdas"] } });
  const { reasons, score } = await checkPassword("hevosenkenkätehdas", { estimator });
  assert.deepEqual([reasons, score], [["COMMON"], 0]);
  assert.deepEqual((await checkPassword("hevosenkenkätehdas")).reasons, [], "unknown in English");
});

test("says_what_would_be_better_in_sentences", async () => {
  const { suggestions } = await checkPassword("passwordpassword");
  assert.deepEqual(suggestions, [
    "This password is easy to guess: use several words that have nothing to do with each other.",
    'Repeated character patterns like "abcabcabc" are easy to guess.',
    "Add more words that are less common.",
    "Avoid repeated words and characters.",
  ]);
  // zxcvbn says this one twice.
  assert.deepEqual((await checkPassword("monkeydragonmaster")).suggestions.slice(1), [
    "Add more words that are less common.",
  ]);
});

test("says_in_a_sentence_what_speaks_against_a_password", async () => {
  const breached = async () => `${"0".repeat(35)}:0\n${LEAKED_SUFFIX}:1`;
  const refused = {
    TOO_SHORT: ["purple-otters", { minLength: 64 }, /^Use at least 64 characters/],
    TOO_LONG: ["a".repeat(65), { maxLength: 64 }, /^Use at most 64 characters\.$/],
    NOT_TEXT: ["\ud800", {}, /is not text/],
    COMMON: ["internationalization", {}, /common/],
    PERSONAL: ["Alice-My-Service-1", { userInputs: ["alice", "My Service"] }, /your own data/],
    GUESSABLE: ["passwordpassword", {}, /easy to guess/],
    BREACHED: [LEAKED, { breached }, /leak/],
  };
  for (const [reason, [password, options, sentence]] of Object.entries(refused)) {
    const report = await checkPassword(password, options);
    assert.ok(report.reasons.includes(reason), `${reason}: ${report.reasons}`);
    assert.match(report.suggestions[0], sentence, reason);
    const { suggestions } = await checkPassword(password, { ...options, estimator: estimatorOf(0) });
    assert.deepEqual(suggestions, [], "an estimator in another language is not answered in English");
  }
  const { ok, suggestions } = await checkPassword("purple otters count to nine");
  assert.deepEqual([ok, suggestions], [true, []]);
});

test("may_give_a_refused_password_the_highest_score", async () => {
  const breached = async () => `${LEAKED_SUFFIX}:1`;
  const { ok, score } = await checkPassword(LEAKED, { breached });
  assert.deepEqual([ok, score], [false, 4]);
});

test("has_no_password_in_its_answers", async () => {
  for (const [name, [password, options]] of Object.entries(CASES)) {
    // One of them is "password", which the sentences have in them.
    if (password.length < 10) continue;
    const text = JSON.stringify(await checkPassword(password, options));
    assert.ok(!text.includes(password), name);
  }
});

test("hands_on_what_the_list_threw_which_never_heard_of_the_password", async () => {
  const thrown = new Error("status 503");
  const heard = [];
  const breached = (...given) => {
    heard.push(...given);
    throw thrown;
  };
  const message = "list of leaked passwords cannot be reached";
  await assert.rejects(checkPassword(PASSPHRASE, { breached }), (error) => {
    assert.equal(error.cause, thrown);
    return error.code === "BREACHES_UNAVAILABLE" && error.message === message;
  });
  assert.deepEqual(heard, ["ABF7A"]);
});

const LENGTHS = [15, 64, 128, 256, 1024, 4096];
const ATTACKS = {
  "signs for letters": "4@8({[</369&#!1/|0$5+7%2/",
  "a word with signs": "p@ssw0rd1!",
  digits: "0718293645",
  dates: "1/2/1993-04-05.12121987",
  "one and zero": "10",
  words: "correct horse battery staple ",
  alphabet: "abcdefghijklmnopqrstuvwxyz",
  vowels: "a4@",
};

test("takes_bounded_time_whatever_is_typed", async (context) => {
  await checkPassword(PASSPHRASE);
  const userInputs = Array.from({ length: 100 }, (_, index) => `${index}-alice.smith@example.com`.repeat(9));
  for (const length of LENGTHS) {
    let [worst, which] = [0, ""];
    for (const [name, text] of Object.entries(ATTACKS)) {
      const start = performance.now();
      await checkPassword(text.repeat(length).slice(0, length), { userInputs });
      const took = performance.now() - start;
      if (worst < took) [worst, which] = [took, name];
    }
    context.diagnostic(`${length} characters: ${worst.toFixed(0)} ms at most (${which})`);
    // Not a figure to be proud of, but one that a search without bound is far beyond.
    assert.ok(worst < 3000, `${which}: ${worst} ms for ${length} characters`);
  }
});

let consumer;
before(() => {
  consumer = makeConsumer();
  const program = (load) => `${load}
strength.checkPassword("correct horse battery staple").catch(({ code, message, cause }) => {
  console.log(JSON.stringify({ code, message, cause: cause instanceof Error }));
});
const estimator = { check: () => ({ score: 4, sequence: [], feedback: { warning: null, suggestions: [] } }) };
strength.checkPassword("correct horse battery staple", { estimator }).then(({ ok }) => console.log(ok));
`;
  writeFileSync(join(consumer.directory, "main.mjs"), program('import * as strength from "countersign/strength";'));
  writeFileSync(join(consumer.directory, "main.cjs"), program('const strength = require("countersign/strength");'));
});
after(() => consumer.remove());

const MISSING = {
  code: "OPTION_INVALID",
  message:
    'option "estimator" is not given, and its default cannot be loaded: npm install @zxcvbn-ts/core @zxcvbn-ts/language-common @zxcvbn-ts/language-en',
  cause: true,
};

for (const file of ["main.mjs", "main.cjs"]) {
  test(`says_in_${file}_what_to_install`, () => {
    assert.deepEqual(linesOf(file), [true, MISSING]);
  });
}

test("says_it_in_a_bundle_too", async () => {
  const { warnings } = await esbuild.build({
    absWorkingDir: consumer.directory,
    bundle: true,
    entryPoints: ["main.mjs"],
    format: "esm",
    logLevel: "silent",
    outfile: "bundle.mjs",
  });
  assert.deepEqual(warnings, []);
  assert.deepEqual(linesOf("bundle.mjs"), [true, MISSING]);
});

function linesOf(file) {
  const output = execFileSync(process.execPath, [file], { cwd: consumer.directory, encoding: "utf8" });
  return output
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}
