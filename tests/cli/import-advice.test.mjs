// `import`: what it says about users without a password, columns that are missing, costly hashes, and files of another shape.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { answered, countersign, folder } from "./program.mjs";

const TAIL = "8O6muQn/.sWdjqlsN8KxB.2SIR1bpIV9o19rqb1IzgEhbo4IwTmDm";
const BCRYPT = `$2b$04$${TAIL}`;
const PARTS = "$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/** Imports rows, and gives what was counted and written. */
async function imported(t, text, ...options) {
  const cwd = folder(t);
  writeFileSync(join(cwd, "users"), text);
  const call = ["import", "users", ...options];
  const counted = await answered([...call, "--out", "out"], { cwd });
  const written = counted.file === undefined ? "" : readFileSync(join(cwd, "out"), "utf8");
  return {
    ...counted,
    users: written
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line)),
  };
}

const rowsOf = (hashes) => hashes.map((password, id) => JSON.stringify({ id, password })).join("\n");
const HASHES = ["--from", "hashes", "--column", "password"];

test("counts_marks_as_users_without_a_password", async (t) => {
  const marks = ["!", `!${"aB3".repeat(13)}z`, "*", "!!", "!*", "*LK*", "{CRYPT}!", "{crypt}*", "", null];
  const { exitCode, withoutPassword, unreadable, users } = await imported(t, rowsOf([BCRYPT, ...marks]), ...HASHES);
  assert.deepEqual([exitCode, withoutPassword, unreadable], [0, marks.length, 0]);
  assert.deepEqual(
    users.map(({ hash }) => hash),
    [BCRYPT, ...marks.map(() => null)],
  );
  // A hash that is locked or elsewhere is not lost without a word.
  const others = [`!${BCRYPT}`, "x", "{CRYPT}x", `*LK*${BCRYPT}`, `!${"a".repeat(65)}`];
  const refused = await imported(t, rowsOf([BCRYPT, ...others]), ...HASHES);
  assert.deepEqual([refused.exitCode, refused.withoutPassword, refused.unreadable], [1, 0, others.length]);
  assert.match(
    refused.problems[1].message,
    /: x says that the hash is in another file, \/etc\/shadow: read that file$/,
  );
  const rejected = await imported(t, rowsOf([`$2x$12$${TAIL}`]), ...HASHES);
  assert.match(rejected.problems[0].message, /: a faulty program made it, .*: let its user set a new password$/);
});

test("counts_hashes_above_a_default_limit", async (t) => {
  const django = (memory) => `argon2$argon2id$v=19$m=${memory},t=2,p=8${PARTS}`;
  const text = rowsOf([BCRYPT, django(19_456), django(102_400), django(80_000), `$2b$15$${TAIL}`]);
  const { exitCode, aboveLimits, limits } = await imported(t, text, ...HASHES);
  assert.deepEqual([exitCode, aboveLimits, limits], [0, 3, { memoryKib: 102_400, bcryptCost: 15 }]);
  const cwd = folder(t);
  writeFileSync(join(cwd, "users"), rowsOf([BCRYPT, django(102_400)]));
  const { stdout } = await countersign(["import", "users", ...HASHES, "--dry-run"], { cwd });
  assert.match(
    stdout,
    /\n {8}1 {2}of them above a default limit: pass limits: \{ memoryKib: 102400 \} to the hasher\n/,
  );
  writeFileSync(join(cwd, "users"), rowsOf([BCRYPT, `$2b$31$${TAIL}`]));
  const hostile = await countersign(["import", "users", ...HASHES, "--dry-run"], { cwd });
  assert.match(hostile.stdout, /\n {8}1 {2}of them above a default limit\n/);
  const none = await imported(t, rowsOf([BCRYPT]), ...HASHES);
  assert.deepEqual([none.aboveLimits, none.limits], [0, {}]);
});

test("says_which_column_names_the_users", async (t) => {
  const wordpress = `ID,user_login,user_pass\n1,al,${BCRYPT}\n2,bo,${BCRYPT}\n`;
  const from = ["--from", "hashes", "--column", "user_pass"];
  const lost = await imported(t, wordpress, ...from);
  assert.deepEqual([lost.exitCode, lost.stderr], [0, 'warning: no row has "id": name its column with --id ID\n']);
  const named = await imported(t, wordpress, ...from, "--id", "ID");
  assert.deepEqual([named.stderr, named.users.map(({ id }) => id)], ["", ["1", "2"]]);
  const columns = "the columns are ID, user_login, user_pass\n";
  const wrong = await imported(t, wordpress, ...from, "--id", "uid");
  assert.equal(wrong.stderr, `warning: no row has "uid": name its column with --id NAME; ${columns}`);
  const other = await imported(t, wordpress, "--from", "hashes", "--column", "pass");
  assert.equal(other.stderr, `line 2: row has no "pass"\nline 3: row has no "pass"\n${columns}`);
  // One user with a name is enough.
  const some = await imported(t, `{"id":1,"password":"${BCRYPT}"}\n{"password":"${BCRYPT}"}`, ...HASHES);
  assert.equal(some.stderr, "");
  // Without a header, the first row has values.
  for (const row of [`1,al,${BCRYPT}`, "al,5f4dcc3b5aa765d61d8327deb882cf99", "a@example.com,x"]) {
    const bare = await imported(t, `${row}\n${row.replace("a", "b")}\n`, ...HASHES);
    assert.equal(bare.stderr, 'line 2: row has no "password"\n');
  }
});

test("reads_the_users_of_djangos_dumpdata", async (t) => {
  const dump = JSON.stringify([
    { model: "auth.group", pk: 1, fields: { name: "staff" } },
    { model: "auth.user", pk: 7, fields: { email: "a@example.com", password: BCRYPT } },
    { model: "auth.user", pk: 8, fields: { email: "", password: "!" } },
  ]);
  for (const more of [[], ["--column", "password"]]) {
    const { exitCode, notPasswords, users } = await imported(t, dump, "--from", "hashes", ...more);
    assert.deepEqual(
      [exitCode, notPasswords, users],
      [
        0,
        1,
        [
          { row: 2, line: 1, id: "7", email: "a@example.com", hash: BCRYPT },
          { row: 3, line: 1, id: "8", hash: null },
        ],
      ],
    );
  }
  const wrong = await imported(t, dump, "--from", "hashes", "--column", "pass");
  assert.deepEqual([wrong.exitCode, wrong.notPasswords], [1, 3]);
  assert.match(wrong.stderr, /^warning: no row has a password: /);
});

test("says_what_is_missing_in_a_realm_of_keycloak", async (t) => {
  const message = 'this realm has no "users": export them with "kc.sh export --users realm_file" or "same_file"';
  const realm = { id: "r", realm: "r", enabled: true, clients: [], roles: {} };
  const none = await imported(t, JSON.stringify(realm, undefined, 2), "--from", "keycloak");
  assert.deepEqual([none.exitCode, none.stderr], [1, `line 1: ${message}\n`]);
  const user = { id: "1", credentials: [] };
  const list = await imported(t, JSON.stringify([{ ...realm, users: [user] }]), "--from", "keycloak");
  assert.equal(list.stderr, "line 1: row is a whole realm: give the file of one realm, without a list around it\n");
  const former = {
    type: "password",
    hashedSaltedValue: "xiyANeGLsyMSyaOnlmzZPFiWnFc=",
    salt: "c29tZXNhbHRzb21lc2FsdA==",
    hashIterations: 1000,
    algorithm: "pbkdf2",
  };
  const old = JSON.stringify({ ...realm, users: [{ id: "1", credentials: [former] }, user] });
  const read = await imported(t, old, "--from", "keycloak");
  assert.deepEqual([read.exitCode, read.formats, read.withoutPassword], [0, { "pbkdf2-sha1, passlib": 1 }, 1]);
});

test("says_that_an_account_may_not_export_the_hashes_of_firebase", async (t) => {
  const project = join(folder(t), "project");
  writeFileSync(project, JSON.stringify({ signerKey: "AAAA", saltSeparator: "Bw==", rounds: 8, memCost: 14 }));
  const user = JSON.stringify({ localId: "1", passwordHash: "UkVEQUNURUQ=" });
  const { exitCode, stderr } = await imported(t, user, "--from", "firebase", "--config", project);
  const why = `row's "passwordHash" is "REDACTED" in base64`;
  assert.deepEqual(
    [exitCode, stderr],
    [1, `line 1: ${why}: export it with the permission "firebaseauth.configs.getHashConfig"\n`],
  );
});
