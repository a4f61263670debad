// A table of users made by other software, at its own default costs, moves to Argon2id: each user by logging in, in a Worker, while the pepper changes.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { makeWorker } from "./login/workerd.mjs";
import { ASCII, UNICODE } from "./passwords/formats.mjs";
import { ask, peerOf } from "./passwords/peers.mjs";

/** [software, format, options]: none where the software has costs of its own. */
const SOFTWARE = [
  ["passlib", "pbkdf2_sha1"],
  ["passlib", "pbkdf2_sha256"],
  ["passlib", "pbkdf2_sha512"],
  ["passlib", "bcrypt"],
  ["passlib", "bcrypt_sha256"],
  ["passlib", "argon2"],
  ["passlib", "scrypt"],
  ["passlib", "phpass"],
  ["passlib", "sha256_crypt"],
  ["passlib", "sha512_crypt"],
  ["Django", "pbkdf2_sha256"],
  ["Django", "pbkdf2_sha1"],
  ["Django", "argon2"],
  ["Django", "bcrypt_sha256"],
  ["Django", "bcrypt"],
  ["Django", "scrypt"],
  ["Werkzeug", "scrypt"],
  ["Werkzeug", "pbkdf2", { method: "pbkdf2" }],
  ["@better-auth/utils", "scrypt"],
  ["lucia", "s2"],
  ["lucia", "legacy"],
  ["bcryptjs", "bcrypt", { rounds: 10 }],
  ["PHP", "bcrypt"],
  ["PHP", "argon2id"],
  ["PHP", "sha512-crypt"],
  ["PHP", "wordpress"],
  ["ASP.NET Identity", "v3", { prf: 2, iterations: 100_000, salt_size: 16, key_size: 32 }],
];
const present = SOFTWARE.filter(([software]) => peerOf(software).why === undefined);
const absent = SOFTWARE.length - present.length;
if (absent > 0) console.log(`# ${absent} of ${SOFTWARE.length} kinds of users have nobody here who makes their hashes`);

const FIRST = { id: "2026", key: "the first pepper, of 32 bytes ok" };
const SECOND = { id: "2027", key: "the next pepper, of 32 bytes, too" };
// The id of the pepper in base64, as Argon2's strings have it.
const under = ({ id }) => {
  const keyid = Buffer.from(id).toString("base64").replaceAll("=", "");
  return new RegExp(`^\\$argon2id\\$v=19\\$m=19456,t=2,p=1,keyid=${keyid}\\$`);
};

let worker;
let running;
let users;

before(async () => {
  const passwords = [ASCII, UNICODE, "hunter2"];
  const jobs = present.map(([software, format, options = {}], index) => {
    return { software, format, op: "hash", password: passwords[index % passwords.length], options };
  });
  const answers = await ask(jobs);
  users = jobs.map(({ software, format, password }, index) => {
    assert.ok("ok" in answers[index], `${software} ${format}: ${answers[index].error}`);
    return { name: `${software} ${format}`, password, stored: answers[index].ok };
  });
  worker = await makeWorker();
  running = await worker.start({ current: FIRST });
  await post("/add", users);
});

after(async () => {
  await running?.stop();
  worker?.remove();
});

test("a_wrong_password_changes_nothing", async () => {
  for (const { name, password } of users) {
    assert.deepEqual(await logIn(name, `${password}?`), { ok: false, renewed: false, replaced: false }, name);
  }
  assert.deepEqual(await logIn("nobody", "password"), { ok: false, renewed: false, replaced: false });
  assert.deepEqual(await table(), Object.fromEntries(users.map(({ name, stored }) => [name, stored])));
});

test("every_second_user_logs_in_once_and_has_a_hash_under_the_first_pepper", async () => {
  const some = users.filter((_, index) => index % 2 === 0);
  for (const { name, password } of some) {
    assert.deepEqual(await logIn(name, password), { ok: true, renewed: true, replaced: true }, name);
  }
  const rows = await table();
  for (const [index, { name, stored }] of users.entries()) {
    if (index % 2 === 0) assert.match(rows[name], under(FIRST), name);
    else assert.equal(rows[name], stored);
  }
});

test("with_the_next_pepper_every_user_logs_in_and_has_a_hash_under_it", async () => {
  await running.stop();
  running = await worker.start({ current: SECOND, previous: [FIRST] });
  for (const { name, password } of users) {
    assert.deepEqual(await logIn(name, `${password}?`), { ok: false, renewed: false, replaced: false }, name);
    assert.deepEqual(await logIn(name, password), { ok: true, renewed: true, replaced: true }, name);
  }
  for (const [name, stored] of Object.entries(await table())) assert.match(stored, under(SECOND), name);
});

test("without_the_first_pepper_every_user_logs_in_and_nothing_is_left_to_replace", async () => {
  await running.stop();
  running = await worker.start({ current: SECOND });
  const rows = await table();
  for (const { name, password } of users) {
    assert.deepEqual(await logIn(name, password), { ok: true, renewed: false, replaced: false }, name);
  }
  assert.deepEqual(await table(), rows);
});

test("of_logins_at_once_all_get_in_and_one_replaces_the_hash", async () => {
  const [{ password, stored }] = users;
  await post("/add", [{ name: "at once", stored }]);
  const answers = await Promise.all(Array.from({ length: 8 }, () => logIn("at once", password)));
  assert.ok(answers.every(({ ok }) => ok));
  assert.equal(answers.filter(({ replaced }) => replaced).length, 1);
  assert.match((await table())["at once"], under(SECOND));
});

async function post(path, body) {
  return fetch(running.url + path, { method: "POST", body: JSON.stringify(body) });
}

async function logIn(name, password) {
  return (await post("/login", { name, password })).json();
}

async function table() {
  const rows = await (await fetch(`${running.url}/all`)).json();
  return Object.fromEntries(rows.map(({ name, stored }) => [name, stored]));
}
