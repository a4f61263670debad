// examples/node with the packed package: Express and SQLite, with users of bcrypt and tokens of jsonwebtoken.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { cpSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import bcrypt from "bcryptjs";
import jsonwebtoken from "jsonwebtoken";
import { makeConsumer } from "../runtimes/consumer.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const DATABASE = fileURLToPath(new URL("node/database.mjs", import.meta.url));
/** Its SQLite is part of Node. */
const NODE = join(root, "node_modules/node22/bin/node");
const PASSWORD = "correct horse battery staple";
const SECRET = "a secret of 20 chars";

let consumer;
let server;
before(async () => {
  consumer = makeConsumer();
  cpSync(join(root, "examples/node/src"), join(consumer.directory, "src"), { recursive: true });
  symlinkSync(join(root, "node_modules/express"), join(consumer.directory, "node_modules/express"));
  server = await serve();
});
after(async () => {
  await server?.stop();
  consumer?.remove();
});

/** Starts the server on the database of the folder. */
async function serve(environment = { JWT_SECRET: SECRET }) {
  const child = spawn(NODE, ["--no-warnings", "src/server.mjs"], {
    cwd: consumer.directory,
    env: { ...process.env, PORT: "0", ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = new Promise((resolve) => child.once("exit", resolve));
  const url = await new Promise((resolve, reject) => {
    child.stdout.setEncoding("utf8").on("data", (text) => resolve(text.trim().replace("localhost", "127.0.0.1")));
    exited.then((code) => reject(new Error(`the server ended with ${code}`)));
  });
  const stop = async () => {
    child.kill("SIGTERM");
    return exited;
  };
  return { url, stop };
}

/** Runs a statement on the database file of the server: its rows. */
function sql(text, ...values) {
  const args = ["--no-warnings", DATABASE, join(consumer.directory, "login.db"), text, JSON.stringify(values)];
  return JSON.parse(execFileSync(NODE, args, { encoding: "utf8" }));
}

const hashOf = (name) => sql("SELECT hash FROM users WHERE name = ?", name)[0].hash;

/** A row of the old application. */
const addOldUser = (name, hash) => sql("INSERT INTO users (name, hash) VALUES (?, ?)", name, hash);

const ask = (path, { access_token } = {}, init = {}) =>
  fetch(server.url + path, {
    ...init,
    headers: { ...(access_token === undefined ? {} : { Authorization: `Bearer ${access_token}` }), ...init.headers },
  });
const post = (path, body, login) =>
  ask(path, login, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
const send = (path, form) => fetch(server.url + path, { method: "POST", body: new URLSearchParams(form) });
const logIn = async (username, password = PASSWORD) => {
  const answer = await send("/token", { username, password });
  assert.equal(answer.status, 200, username);
  return answer.json();
};
const statusOf = async (login) => (await ask("/me", login)).status;
const old = (claims, options = { expiresIn: "7d" }) => ({ access_token: jsonwebtoken.sign(claims, SECRET, options) });

test("registers_logs_in_refreshes_and_logs_out", async () => {
  assert.equal((await post("/register", { username: "alice", password: PASSWORD })).status, 201);
  assert.equal((await post("/register", { username: "alice", password: PASSWORD })).status, 409);
  assert.equal((await post("/register", { username: "Alice", password: PASSWORD })).status, 400);
  assert.equal((await post("/register", { username: "bob", password: "short" })).status, 400);
  assert.equal((await post("/register", null)).status, 400);
  const login = await logIn("alice");
  assert.deepEqual(await (await ask("/me", login)).json(), { username: "alice" });
  const answer = await send("/token", { grant_type: "refresh_token", refresh_token: login.refresh_token });
  const next = await answer.json();
  assert.equal(await statusOf(next), 200);
  assert.equal((await send("/revoke", { token: next.refresh_token })).status, 200);
  for (const each of [login, next]) assert.equal(await statusOf(each), 401);
  const refused = await ask("/me");
  assert.deepEqual([refused.status, refused.headers.get("WWW-Authenticate")], [401, "Bearer"]);
});

test("refuses_a_wrong_password_and_an_unknown_user_alike", async () => {
  for (const username of ["alice", "nobody"]) {
    const answer = await send("/token", { username, password: "wrong horse battery staple" });
    assert.deepEqual([answer.status, (await answer.json()).error], [400, "invalid_grant"]);
  }
});

test("replaces_the_bcrypt_hash_of_an_old_user_when_they_log_in", async () => {
  const before = await bcrypt.hash(PASSWORD, 10);
  addOldUser("olivia", before);
  assert.equal((await send("/token", { username: "olivia", password: "wrong horse battery staple" })).status, 400);
  assert.equal(hashOf("olivia"), before);
  await logIn("olivia");
  assert.match(hashOf("olivia"), /^\$argon2id\$/);
  await logIn("olivia");
});

test("looks_again_if_the_hash_is_changed_while_a_password_is_hashed", async () => {
  const { Users } = await import(pathToFileURL(join(consumer.directory, "src/users.mjs")).href);
  const [old, current, other] = [await bcrypt.hash(PASSWORD, 4), hashOf("olivia"), await bcrypt.hash("another", 4)];
  const cases = [
    [current, current, true],
    [current, other, false],
    [old, other, false],
    // Another tab has logged in and replaced it.
    [old, current, true],
  ];
  for (const [first, later, answer] of cases) {
    // A table whose row is another one after the first look.
    let looks = 0;
    const row = () => {
      looks += 1;
      return { name: "olivia", hash: looks === 1 ? first : later };
    };
    const run = (_next, _name, before) => ({ changes: before === later ? 1 : 0 });
    const users = new Users({ prepare: () => ({ get: row, run }) });
    assert.equal(await users.check("olivia", PASSWORD), answer);
  }
});

/** Claims that jsonwebtoken of today would not sign. */
function forged(claims) {
  const iat = Math.floor(Date.now() / 1000);
  const parts = [
    { alg: "HS256", typ: "JWT" },
    { iat, exp: iat + 60, ...claims },
  ];
  const signed = parts.map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
  return { access_token: `${signed}.${createHmac("sha256", SECRET).update(signed).digest("base64url")}` };
}

test("accepts_the_tokens_of_jsonwebtoken_until_they_end", async () => {
  for (const name of ["undefined", "null", "true", "[object Object]"]) addOldUser(name, await bcrypt.hash(PASSWORD, 4));
  addOldUser("oscar", await bcrypt.hash(PASSWORD, 4));
  const now = Math.floor(Date.now() / 1000);
  assert.equal(await statusOf(old({ sub: "oscar" })), 200);
  assert.equal(await statusOf(forged({ sub: "oscar" })), 200);
  addOldUser("123", await bcrypt.hash(PASSWORD, 4));
  assert.deepEqual(await (await ask("/me", forged({ sub: 123 }))).json(), { username: "123" });
  // Without `exp`, for as long as the example gives users.
  assert.equal(await statusOf(old({ sub: "oscar" }, {})), 200);
  const refused = [
    old({ sub: "oscar", exp: now - 1 }, {}),
    old({ sub: "oscar", iat: now - 31 * 24 * 3600 }, {}),
    old({ sub: "nobody" }),
    { access_token: jsonwebtoken.sign({ sub: "oscar" }, "another secret of theirs", { expiresIn: "7d" }) },
    { access_token: jsonwebtoken.sign({ sub: "oscar" }, "", { algorithm: "none" }) },
    // `String` turns these into names that somebody may have.
    old({ user: 5 }),
    old({ user: 5 }, {}),
    forged({ sub: null }),
    forged({ sub: true }),
    forged({ sub: {} }),
    // The same secret signed this for another purpose than to log in.
    old({ sub: "oscar", purpose: "reset" }),
    old({ sub: "oscar", email: "oscar@mail.example" }, {}),
  ];
  for (const [index, each] of refused.entries()) assert.equal(await statusOf(each), 401, `case ${index}`);
});

test("a_new_password_ends_all_other_sessions_and_the_old_tokens", async () => {
  addOldUser("otto", await bcrypt.hash(PASSWORD, 4));
  const NEW = "a completely different password";
  const earlier = old({ sub: "otto", iat: Math.floor(Date.now() / 1000) - 60 });
  const [here, there] = [await logIn("otto"), await logIn("otto")];
  const change = (current_password, new_password) => post("/password", { current_password, new_password }, here);
  assert.equal((await change("wrong horse battery staple", NEW)).status, 400);
  assert.equal((await change(PASSWORD, "short")).status, 400);
  for (const odd of ["\ud800", "a\0b", "x".repeat(3000), "", null]) assert.equal((await change(odd, NEW)).status, 400);
  assert.equal((await change(PASSWORD, `\ud800 ${NEW}`)).status, 400);
  assert.deepEqual([await statusOf(earlier), await statusOf(there)], [200, 200]);
  const answer = await change(PASSWORD, NEW);
  assert.deepEqual([answer.status, await answer.json()], [200, { ended: 1 }]);
  assert.deepEqual([await statusOf(here), await statusOf(there), await statusOf(earlier)], [200, 401, 401]);
  await logIn("otto", NEW);
});

test("a_user_logs_out_everywhere", async () => {
  addOldUser("ottilie", await bcrypt.hash(PASSWORD, 4));
  const earlier = old({ sub: "ottilie", iat: Math.floor(Date.now() / 1000) - 60 });
  const logins = [await logIn("ottilie"), await logIn("ottilie")];
  assert.equal((await (await ask("/sessions", logins[0])).json()).length, 2);
  assert.deepEqual(await (await ask("/sessions", logins[0], { method: "DELETE" })).json(), { ended: 2 });
  for (const login of [...logins, earlier]) assert.equal(await statusOf(login), 401);
});

test("keeps_users_sessions_and_keys_over_a_restart", async () => {
  await post("/register", { username: "rosa", password: PASSWORD });
  const login = await logIn("rosa");
  assert.equal(await server.stop(), 0);
  server = await serve();
  assert.equal(await statusOf(login), 200);
  const { refresh_token } = login;
  assert.equal((await send("/token", { grant_type: "refresh_token", refresh_token })).status, 200);
  // The private key is in there.
  assert.equal(statSync(join(consumer.directory, "login.db")).mode & 0o077, 0);
});

test("refuses_the_old_tokens_once_the_secret_is_gone", async () => {
  await server.stop();
  server = await serve({ JWT_SECRET: undefined });
  assert.equal(await statusOf(old({ sub: "oscar" })), 401);
  assert.equal(await statusOf(await logIn("oscar")), 200);
});

test("limits_registrations_from_one_address_and_of_one_name", async () => {
  const status = async (username) => (await post("/register", { username, password: PASSWORD })).status;
  // Names that are taken, because those that are free take a hash each.
  const TAKEN = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
    INSERT INTO users (name, hash) SELECT 'taken' || i, '' FROM n`;
  sql(TAKEN);
  const ofOneName = [];
  // On a slow machine, the first waits may be over before the next attempt.
  while (ofOneName.length < 12 && ofOneName.at(-1) !== 429) ofOneName.push(await status("taken1"));
  assert.deepEqual(ofOneName.slice(0, 6), new Array(6).fill(409));
  assert.equal(ofOneName.at(-1), 429);
  const ofOneAddress = [];
  for (let index = 2; index <= 60 && ofOneAddress.at(-1) !== 429; index += 1) {
    ofOneAddress.push(await status(`taken${index}`));
  }
  assert.equal(ofOneAddress.at(-1), 429);
  assert.equal(await status("somebody"), 429);
  assert.equal(sql("SELECT count(*) AS count FROM users WHERE name = ?", "somebody")[0].count, 0);
});
