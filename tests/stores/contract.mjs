// The contract of a store, as a program for each runtime: `contract.mjs PACKAGE KIND FILE` prints the checks that passed, and
// `contract.mjs PACKAGE KIND FILE count N` adds 1 to the row "counter" N times.

import assert from "node:assert/strict";

const [, , entry, kind, file, job, times] = process.argv;
const { memoryStore, sqliteStore } = await import(entry);
const open = {
  memory: () => memoryStore(),
  async node() {
    const { DatabaseSync } = await import("node:sqlite");
    const database = new DatabaseSync(file);
    database.exec("PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL");
    return sqliteStore(database);
  },
  async better() {
    const { default: Database } = await import("better-sqlite3");
    const database = new Database(file);
    database.exec("PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL");
    return sqliteStore(database);
  },
  async bun() {
    const { Database } = await import("bun:sqlite");
    const database = new Database(file);
    database.exec("PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL");
    return sqliteStore(database);
  },
};
const store = await open[kind]();
const row = (value, owner = "", expiresAt = Date.now() + 60_000) => ({ value, owner, expiresAt });

if (job === "count") {
  for (let done = 0; done < Number(times); ) {
    const before = await store.get("counter");
    const next = Number(before?.value ?? 0) + 1;
    if (await store.replace("counter", before?.value, row(String(next)))) done += 1;
  }
  process.exit(0);
}

const checks = {
  async has_no_row_at_first() {
    assert.equal(await store.get("a"), undefined);
    assert.deepEqual([...(await store.list("alice"))], []);
    assert.equal(await store.replace("a", undefined, undefined), true);
    assert.equal(await store.replace("a", "x", undefined), false);
    assert.equal(await store.replace("a", "x", row("y")), false);
    assert.equal(await store.get("a"), undefined);
  },
  async writes_only_where_nothing_was() {
    const first = row("one", "alice", 4_102_444_800_123);
    assert.equal(await store.replace("a", undefined, first), true);
    assert.equal(await store.replace("a", undefined, row("two")), false);
    assert.equal(await store.replace("a", undefined, undefined), false);
    const { value, owner, expiresAt } = await store.get("a");
    assert.deepEqual({ value, owner, expiresAt }, first);
  },
  async writes_only_over_what_was_read() {
    assert.equal(await store.replace("a", "other", row("two")), false);
    assert.equal(await store.replace("a", "one", row("two", "bob")), true);
    assert.equal(await store.replace("a", "one", row("three")), false);
    assert.equal((await store.get("a")).value, "two");
  },
  async lists_the_rows_of_an_owner() {
    await store.replace("b", undefined, row("b", "bob"));
    await store.replace("c", undefined, row("c", "carol"));
    const keys = async (owner) => [...(await store.list(owner))].map(({ key, value }) => `${key} ${value}`).sort();
    assert.deepEqual(await keys("bob"), ["a two", "b b"]);
    assert.deepEqual(await keys("alice"), []);
    assert.deepEqual(await keys("carol' OR ''='"), []);
  },
  async deletes_only_what_was_read() {
    assert.equal(await store.replace("b", "x", undefined), false);
    assert.equal(await store.replace("b", "b", undefined), true);
    assert.equal(await store.get("b"), undefined);
    assert.equal([...(await store.list("bob"))].length, 1);
  },
  async keeps_any_text() {
    for (const text of ["", "'; DROP TABLE countersign; --", "ü🦔\n", "a".repeat(100_000)]) {
      assert.equal(await store.replace(`key ${text}`, undefined, row(text, text)), true);
      assert.equal((await store.get(`key ${text}`)).value, text);
    }
  },
  async lets_one_of_many_writers_win() {
    const wins = await Promise.all(
      Array.from({ length: 100 }, async (_, index) => store.replace("race", undefined, row(String(index)))),
    );
    assert.equal(wins.filter(Boolean).length, 1);
  },
  async forgets_what_has_expired() {
    for (let index = 0; index < 300; index += 1) await store.replace(`old ${index}`, undefined, row("x", "old", 1));
    for (let index = 0; index < 300; index += 1) await store.replace(`new ${index}`, undefined, row("x", "new"));
    assert.ok([...(await store.list("old"))].length < 200);
    assert.equal([...(await store.list("new"))].length, 300);
  },
};

for (const [name, check] of Object.entries(checks)) {
  await check();
  console.log(name);
}
