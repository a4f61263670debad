// Every store keeps the contract in every runtime that has it, also with two processes and after one was killed.

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { memoryStore, sqliteStore } from "countersign/http";
import { invalid } from "../http/errors.mjs";
import { contract, sessions } from "./checks.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const program = fileURLToPath(new URL("contract.mjs", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "countersign-stores-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const RUNTIMES = {
  "memory in Node 20": [process.execPath, "memory"],
  "memory in Bun": [join(root, "node_modules/.bin/bun"), "memory"],
  "node:sqlite in Node 22": [join(root, "node_modules/node22/bin/node"), "node"],
  "node:sqlite in Node 24": [join(root, "node_modules/node24/bin/node"), "node"],
  "bun:sqlite in Bun": [join(root, "node_modules/.bin/bun"), "bun"],
  "better-sqlite3 in Node 22": [join(root, "node_modules/node22/bin/node"), "better"],
};
const CHECKS = [...Object.keys(contract), ...Object.keys(sessions)];

const args = (kind, file, ...more) => [
  program,
  new URL(".", import.meta.resolve("countersign/http")).href.replace(/\/$/, ""),
  kind,
  join(folder, file),
  ...more,
];
const run = promisify(execFile);
let files = 0;
const nextFile = () => {
  files += 1;
  return files;
};

for (const [name, [command, kind]] of Object.entries(RUNTIMES)) {
  test(`keeps_the_contract_with_${name.replaceAll(/\W/g, "_")}`, async () => {
    const { stdout } = await run(command, args(kind, `contract-${nextFile()}.db`));
    assert.deepEqual(stdout.trim().split("\n"), CHECKS);
    assert.equal(CHECKS.length, 16);
  });
}

for (const [name, [command, kind]] of Object.entries(RUNTIMES).filter(([, [, each]]) => each !== "memory")) {
  test(`loses_no_change_of_two_processes_with_${name.replaceAll(/\W/g, "_")}`, async () => {
    const file = `counter-${nextFile()}.db`;
    await run(command, args(kind, file, "count", "1"));
    await Promise.all([1, 2].map(() => run(command, args(kind, file, "count", "300"))));
    // Killed in the middle, several times: the row is what some write left.
    for (let times = 0; times < 3; times += 1) {
      const child = spawn(command, args(kind, file, "count", "100000000"), { stdio: "ignore" });
      const exited = new Promise((resolve) => child.once("exit", (...how) => resolve(how)));
      await sleep(300);
      child.kill("SIGKILL");
      assert.deepEqual(await exited, [null, "SIGKILL"]);
    }
    // In a process of its own, because Node 20 has no node:sqlite.
    const look = `const { DatabaseSync } = require("node:sqlite");
      console.log(new DatabaseSync(process.argv[1]).prepare("SELECT value FROM countersign WHERE key = 'counter'").get().value)`;
    const { stdout } = await run(join(root, "node_modules/node24/bin/node"), ["-e", look, join(folder, file)]);
    assert.match(stdout, /^\d+\n$/);
    assert.ok(601 <= Number(stdout), stdout);
  });
}

test("drops_the_rows_of_a_full_memory_that_expire_first_and_those_without_an_owner_before_all_others", () => {
  const store = memoryStore({ maxRows: 4 });
  const now = Date.now();
  const write = (key, seconds, owner = "") =>
    store.replace(key, store.get(key)?.value, { value: "x", owner, expiresAt: now + seconds * 1000 });
  const kept = () => [..."abcdefghi"].filter((key) => store.get(key) !== undefined).join("");
  write("a", 60, "alice");
  write("b", 50, "alice");
  write("c", 90);
  write("c", 70);
  write("d", 80);
  assert.equal(kept(), "abcd");
  write("e", 60);
  assert.equal(kept(), "abde", "c was changed, and expires first");
  write("f", 70, "bob");
  write("g", 70, "bob");
  assert.equal(kept(), "abfg");
  write("h", 10);
  assert.equal(kept(), "afgh", "also a row without an owner is written");
  write("i", 5, "bob");
  assert.equal(kept(), "afgi");
  assert.deepEqual(
    [...store.list("bob")].map(({ key }) => key),
    ["f", "g", "i"],
  );
});

test("keeps_what_was_just_written_in_a_memory_full_of_rows_that_expire_later", () => {
  for (const later of [Number.MAX_SAFE_INTEGER, Date.now() + 100_000]) {
    const store = memoryStore({ maxRows: 100 });
    const write = (key, owner, expiresAt) => store.replace(key, undefined, { value: "x", owner, expiresAt });
    write("session", "alice", Date.now() + 1000);
    for (let index = 0; index < 200; index += 1) write(`locked ${index}`, "", later);
    write("count", "", Date.now() + 50_000);
    for (let index = 0; index < 49; index += 1) write(`flood ${index}`, "", Date.now() + 60_000);
    assert.deepEqual([store.get("count")?.value, store.get("session")?.value], ["x", "x"]);
    // The locks written last are there as well.
    for (let index = 151; index < 200; index += 1)
      assert.equal(store.get(`locked ${index}`)?.value, "x", String(index));
    for (const index of [49, 50]) write(`flood ${index}`, "", Date.now() + 60_000);
    assert.equal(store.get("count"), undefined, "it expired first, and was no longer new");
  }
});

test("keeps_sessions_and_locks_through_a_flood_of_rows_and_is_quick_at_it", () => {
  const store = memoryStore();
  const row = (owner, expiresAt) => ({ value: "x", owner, expiresAt });
  const soon = Date.now() + 60_000;
  store.replace("session", undefined, row("alice", soon));
  store.replace("lock", undefined, row("", Number.MAX_SAFE_INTEGER));
  const start = performance.now();
  for (let index = 0; index < 300_000; index += 1) {
    const key = `flood ${index % 150_000}`;
    store.replace(key, store.get(key)?.value, row("", soon + index));
  }
  const took = performance.now() - start;
  assert.ok(took < 10_000, `${took} ms`);
  assert.deepEqual([store.get("session")?.value, store.get("lock")?.value], ["x", "x"]);
  assert.equal(store.list("alice").length, 1);
});

test("reads_its_options_strictly", () => {
  for (const maxRows of [0, -1, 1.5, "7", null, 16_000_001]) {
    assert.throws(() => memoryStore({ maxRows }), invalid('option "maxRows" is not a whole number from 1 to 16000000'));
  }
  assert.throws(() => memoryStore({ max: 7 }), invalid('unknown option "max"'));
  assert.throws(() => sqliteStore(), invalid('option "database" has no method "exec"'));
  assert.throws(() => sqliteStore("login.db"), invalid('option "database" is a path: open the database first'));
  const database = { exec() {}, prepare: () => ({}) };
  for (const table of ["", "a b", "a;b", "1a", "a-b", "ä", "x".repeat(64), 7, null]) {
    assert.throws(() => sqliteStore(database, { table }), invalid('option "table" is not the name of a table'));
  }
  assert.equal(typeof sqliteStore(database, { table: "my_sessions" }).get, "function");
});
