// `check` and `doctor`: the schemes and limits that are accepted, marks of users without a password, and what a hash is taken out of.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { answered, countersign, folder } from "./program.mjs";

const PASSWORD = "correct horse battery staple";
const TAIL = "8O6muQn/.sWdjqlsN8KxB.2SIR1bpIV9o19rqb1IzgEhbo4IwTmDm";
const BCRYPT = `$2b$04$${TAIL}`;
const OTHER = `$2b$05$${TAIL}`;
const MYSQL = "*F4AF2E5D85456A908E0F552F0366375B06267295";
const PARTS = "$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
const ARGON2 = `$argon2id$v=19$m=64,t=2,p=1${PARTS}`;
const DJANGO = `argon2$argon2id$v=19$m=102400,t=2,p=8${PARTS}`;

/** Checks a password against a hash on standard input. */
const check = (input, ...more) => answered(["check", "-", "--password", PASSWORD, ...more], { input });

test("check_accepts_one_scheme_alone", async () => {
  const refused = (scheme) => `stored hash uses a scheme that is not in --accept: give --accept ${scheme}`;
  for (const [stored, accept, expected] of [
    [BCRYPT, ["bcrypt"], true],
    [BCRYPT, ["bcrypt", "argon2id"], true],
    [BCRYPT, ["plain-digest"], refused("bcrypt")],
    [BCRYPT, ["argon2id"], refused("bcrypt")],
    [MYSQL, ["plain-digest"], true],
    [MYSQL, [], refused("plain-digest")],
    [MYSQL, ["bcrypt"], refused("plain-digest")],
    // The scheme of new hashes is in the policy, and still not accepted.
    [ARGON2, ["argon2id"], false],
    [ARGON2, ["bcrypt"], refused("argon2id")],
    [`argon2${ARGON2}`, ["plain-digest"], refused("argon2id")],
    [`{ARGON2ID}${ARGON2}`, ["bcrypt"], refused("argon2id")],
  ]) {
    const options = accept.flatMap((scheme) => ["--accept", scheme]);
    const { exitCode, right, error } = await check(stored, ...options);
    assert.deepEqual([exitCode, right ?? error.message], [expected === true ? 0 : 1, expected], `${stored} ${accept}`);
  }
  const unknown = await check(BCRYPT, "--accept", "nonsense");
  assert.deepEqual([unknown.exitCode, unknown.error.code], [2, "OPTION_INVALID"]);
});

test("says_that_argon2_may_have_a_secret", async () => {
  const note = /an Argon2 hash does not say if it was made with a secret; .*"argon2Secret"/;
  const told = async (stored) => (await countersign(["check", stored, "--password-stdin"], { input: "x" })).stderr;
  assert.match(await told(ARGON2), note);
  assert.doesNotMatch(await told(BCRYPT), note);
});

test("says_that_a_column_has_cut_argon2", async () => {
  const whole = ARGON2.replace("m=64", "m=65536");
  const said = async (input) => (await answered(["doctor"], { input })).findings.map(({ message }) => message).join();
  for (const length of [90, 91]) {
    assert.match(await said(whole.slice(0, length)), /HASH_MALFORMED: stored hash is cut short within its tag/);
  }
  for (const stored of [whole, whole.slice(0, 82), whole.slice(0, 86)]) {
    assert.doesNotMatch(await said(stored), /cut/);
  }
});

test("names_the_limit_that_a_costly_hash_needs", async () => {
  const cost = 'stored hash\'s "m" is more than the option "limits.memoryKib" allows: needs 102400 KiB: ';
  const { error } = await check(DJANGO);
  assert.equal(
    error.message,
    `${cost}give --limit memoryKib=102400, and pass limits: { memoryKib: 102400 } to the hasher`,
  );
  assert.equal((await check(DJANGO, "--limit", "memoryKib=102400")).right, false);
  const said = async (input) => (await answered(["doctor"], { input })).findings[0].message;
  assert.equal(await said(DJANGO), `HASH_COST_TOO_HIGH: ${cost}pass limits: { memoryKib: 102400 } to the hasher`);
  const advice = (text) => / allows(?:: needs (.*) to the hasher)?$/.exec(text)[1];
  for (const [stored, expected] of [
    [`$2b$15$${TAIL}`, "cost 15: pass limits: { bcryptCost: 15 }"],
    [`$scrypt$ln=17,r=8,p=1${PARTS}`, "131072 KiB: pass limits: { scryptMemoryKib: 131072 }"],
    [`$scrypt$ln=16,r=8,p=8${PARTS}`, "131072 KiB: pass limits: { scryptMemoryKib: 131072 }"],
    [
      `$argon2id$v=19$m=102400,t=20,p=17${PARTS}`,
      "102400 KiB and 17 lanes and 20 passes: pass limits: { memoryKib: 102400, lanes: 17, passes: 20 }",
    ],
    [
      "pbkdf2_sha256$4000000$salt$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
      "4000000 iterations: pass limits: { pbkdf2Iterations: 4000000 }",
    ],
    // No honest software asks for so much.
    [`$2b$31$${TAIL}`, undefined],
    [`$argon2id$v=19$m=2097151,t=2,p=1${PARTS}`, undefined],
  ]) {
    assert.equal(advice(await said(stored)), expected, stored);
  }
  for (const [limits, message] of [
    [["memoryKib"], "--limit is not a name and a whole number, such as memoryKib=102400"],
    [["memoryKib=1e5"], "--limit is not a name and a whole number, such as memoryKib=102400"],
    [["passes=1", "passes=2"], "--limit gives one limit twice"],
    [["memory=8"], 'unknown option "limits.memory"'],
  ]) {
    const { exitCode, error: wrong } = await check(BCRYPT, ...limits.flatMap((limit) => ["--limit", limit]));
    assert.deepEqual([exitCode, wrong.message], [2, message]);
  }
});

/** Marks, each with the systems that write it. */
const MARKS = {
  "!abcdefghijABCDEFGHIJabcdefghijABCDEFGHIJ": "Django marks",
  "!": "Django and Unix mark",
  "*": "Unix marks",
  "!!": "Unix marks",
  "*LK*": "Unix marks",
  "alice:!:19000:0:99999:7:::": "Django and Unix mark",
  "alice:*:19000:0:99999:7:::": "Unix marks",
  "{CRYPT}!": "LDAP servers mark",
  "{crypt}*": "LDAP servers mark",
  "userPassword: {CRYPT}!": "LDAP servers mark",
  "userPassword:: e0NSWVBUfSE=": "LDAP servers mark",
};

test("knows_the_marks_of_users_without_a_password", async () => {
  await Promise.all(
    Object.entries(MARKS).map(async ([mark, who]) => {
      const meaning = `${who} a user without a password so`;
      const report = await answered(["doctor"], { input: mark });
      assert.deepEqual(
        [report.exitCode, report.withoutPassword, report.findings],
        [0, true, [{ level: "note", message: `${meaning}: no password is right` }]],
        mark,
      );
      if (mark.length > 5) return;
      const { exitCode, stdout } = await countersign(["check", "-", "--password", ""], { input: mark });
      assert.deepEqual([exitCode, stdout], [1, `wrong: ${meaning}\n`]);
    }),
  );
  // A hash that is locked or elsewhere, and text that is no mark.
  for (const text of [
    `!${BCRYPT}`,
    `*LK*${BCRYPT}`,
    "x",
    `{CRYPT}!${BCRYPT}`,
    "{CRYPT}x",
    `!${"a".repeat(65)}`,
    "!!!",
  ]) {
    const { exitCode, error } = await check(text);
    assert.equal(exitCode, 1, text);
    assert.match(error.code, /^HASH_/);
    assert.ok((await answered(["doctor"], { input: text })).withoutPassword !== true);
  }
});

test("check_takes_a_hash_out_of_a_line", async (t) => {
  const cwd = folder(t);
  const base64 = Buffer.from(`{CRYPT}${BCRYPT}`).toString("base64");
  const line = "this is a line with a stored hash in it: only the hash was checked\n";
  const ldif = "this is a line of LDIF with a stored hash in it: only the hash was checked\n";
  for (const [text, note] of [
    [`${BCRYPT}\n\n`, ""],
    [`  ${BCRYPT}\r\n\r\n`, ""],
    [`\ufeff${BCRYPT}`, ""],
    [`alice:${BCRYPT}\n\n`, line],
    [`alice:${BCRYPT}:19000:0:99999:7:::\n`, line],
    [`userPassword:: ${base64}\n`, ldif],
    [`userPassword: {CRYPT}${BCRYPT}`, ldif],
  ]) {
    writeFileSync(join(cwd, "hash"), text);
    const { exitCode, stdout, stderr } = await countersign(["check", "--hash-file", "hash", "--password-stdin"], {
      cwd,
      input: PASSWORD,
    });
    assert.deepEqual([exitCode, stderr], [0, note], text);
    assert.match(stdout, /^right \(bcrypt\); /);
    const other = await countersign(["check", "--hash-file", "hash", "--password-stdin"], { cwd, input: "x" });
    assert.deepEqual([other.exitCode, other.stdout], [1, "wrong\n"]);
  }
  for (const [text, code, message] of [
    [
      `alice:${BCRYPT}\nbob:${OTHER}\n`,
      2,
      "this is a text of several lines with 2 stored hashes in it: give one of them alone",
    ],
    [`alice,${BCRYPT},${OTHER}`, 2, "this is a line with 2 stored hashes in it: give one of them alone"],
    [
      `alice:!${BCRYPT}:19000:0:99999:7:::`,
      1,
      'stored hash begins with "!", which locks the account: nobody can log in',
    ],
    ["\n \n", 2, "the stored hash is empty"],
    [Buffer.from(`\ufeff${BCRYPT}`, "utf16le"), 2, "hash is UTF-16, as PowerShell writes it: save it as UTF-8"],
    [Buffer.from(BCRYPT, "utf16le"), 2, "hash is UTF-16, as PowerShell writes it: save it as UTF-8"],
  ]) {
    writeFileSync(join(cwd, "hash"), text);
    const { exitCode, error } = await answered(["check", "--hash-file", "hash", "--password", PASSWORD], { cwd });
    assert.deepEqual([exitCode, error.message], [code, message]);
  }
});

test("says_what_to_do_with_a_hash_that_is_refused", async () => {
  const faulty = "a faulty program made it, which confused passwords: let its user set a new password";
  const first =
    "the first version of bcrypt reads passwords in another way than all later ones: let its user set a new password";
  const cut =
    "no password matches a hash whose end is missing: widen the column and take the hash from a backup, or let its user set a new password";
  const escaped = 'a program wrote a backslash before each "$": take the backslashes away';
  for (const [stored, message, advice] of [
    [`$2x$12$${TAIL}`, 'stored hash is bcrypt version "2x", which is not supported', faulty],
    [`$2$12$${TAIL}`, 'stored hash is bcrypt version "2", which is not supported', first],
    [BCRYPT.slice(0, 45), "stored hash is cut short: 38 of 53 characters after its cost", cut],
    [BCRYPT.replaceAll("$", "\\$"), "stored hash is not in a known format", escaped],
    [ARGON2.replaceAll("$", "\\$"), "stored hash is not in a known format", escaped],
  ]) {
    const { findings } = await answered(["doctor"], { input: stored });
    assert.deepEqual(
      findings.map((finding) => finding.message.replace(/^HASH_\w+: /, "")),
      [message, advice],
    );
    assert.equal((await check(stored)).error.message, `${message}: ${advice}`);
  }
  const { error } = await check("5f4dcc3b5aa765d61d8327deb882cf99");
  assert.match(error.message, /, or with countersign import --from columns --config FILE$/);
});
