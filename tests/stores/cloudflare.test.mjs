// D1 and Durable Objects keep the contract of a store in workerd, also with many requests at once and after workerd was killed.

import assert from "node:assert/strict";
import { test } from "node:test";
import { d1Store, durableObjectStore } from "countersign/session";
import { invalid } from "../http/errors.mjs";
import { contract, sessions } from "./checks.mjs";
import { serveInWorkerd } from "./cloudflare/workerd.mjs";

const server = serveInWorkerd(new URL("cloudflare/worker.mjs", import.meta.url), "TestObject");

for (const store of ["d1", "object"]) {
  test(`keeps_the_contract_with_${store}_in_workerd`, async () => {
    const names = await server.ask({ store, job: "check" });
    assert.deepEqual(names, [...Object.keys(contract), ...Object.keys(sessions)]);
  });

  test(`loses_no_change_of_many_requests_or_of_a_killed_workerd_with_${store}`, async () => {
    await Promise.all(Array.from({ length: 4 }, () => server.ask({ store, job: "count", times: 50 })));
    assert.equal(await server.ask({ store, job: "counter" }), 200);
    // The requests fail, and the row is what some write left.
    let isKilled = false;
    const counting = (async () => {
      while (!isKilled) await server.ask({ store, job: "count", times: 3 });
    })().catch(() => {});
    const written = await server.ask({ store, job: "counter" });
    isKilled = true;
    await server.kill();
    await counting;
    await server.start();
    assert.ok(written <= (await server.ask({ store, job: "counter" })));
    await server.ask({ store, job: "count", times: 1 });
  });
}

test("spreads_rows_over_all_objects_and_deletes_those_that_expired_by_an_alarm", async () => {
  const objects = await server.ask({ store: "object", job: "objects" });
  assert.equal(objects.length, 8);
  for (const { rows, days } of objects) {
    assert.ok(5 < rows, `${rows} rows`);
    assert.ok(0.9 < days && days <= 1, `an alarm in ${days} days`);
  }
});

test("reads_its_options_strictly", () => {
  const database = { prepare() {}, batch() {} };
  assert.throws(() => d1Store(), invalid('option "database" has no method "prepare"'));
  assert.throws(
    () => d1Store({ ...database, getBookmark: () => "" }),
    invalid('option "database" is a session of D1, which may read old rows: pass the database'),
  );
  assert.throws(() => d1Store(database, { table: "a b" }), invalid('option "table" is not the name of a table'));
  assert.throws(() => d1Store(database, { name: "a" }), invalid('unknown option "name"'));
  const namespace = { idFromName() {}, get() {} };
  assert.throws(() => durableObjectStore({}), invalid('option "namespace" has no method "idFromName"'));
  for (const shards of [0, 257, 1.5, "8", null]) {
    assert.throws(
      () => durableObjectStore(namespace, { shards }),
      invalid('option "shards" is not a whole number from 1 to 256'),
    );
  }
  assert.equal(typeof durableObjectStore(namespace, { shards: 256 }).get, "function");
});
