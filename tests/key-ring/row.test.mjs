// The row in the store: what is encrypted, and which rows are refused.

import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { memoryStore } from "countersign/key-ring";
import { error, MINUTE, open, pass, SECRET, START } from "./rings.mjs";

const NAME = "key-ring:default";

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["Date"], now: START });
});

test("encrypts_with_another_key_each_time_which_nobody_can_export", async (t) => {
  const derive = t.mock.method(crypto.subtle, "deriveKey");
  const imported = t.mock.method(crypto.subtle, "importKey");
  const store = memoryStore();
  const { kid, ring } = open({ store });
  await kid();
  const first = JSON.parse(store.get(NAME).value);
  await ring.rotate();
  const second = JSON.parse(store.get(NAME).value);
  const bytes = (text) => Buffer.from(text, "base64url").length;
  assert.deepEqual(
    [first, second].map(({ salt, iv, secret }) => [bytes(salt), bytes(iv), bytes(secret)]),
    [
      [16, 12, 9],
      [16, 12, 9],
    ],
  );
  assert.deepEqual([first.writes, second.writes], [1, 2]);
  assert.equal(first.secret, second.secret);
  for (const member of ["salt", "iv", "data"]) assert.notEqual(first[member], second[member]);
  const calls = [...derive.mock.calls.map(({ arguments: all }) => all[3])];
  assert.ok(2 <= calls.length && calls.every((isExtractable) => isExtractable === false));
  assert.deepEqual(
    imported.mock.calls.map(({ arguments: all }) => all[3]),
    [false],
  );
});

test("refuses_a_row_whose_form_is_another_one", async () => {
  const store = memoryStore();
  const { kid, ring } = open({ store });
  await kid();
  const row = store.get(NAME);
  const parsed = JSON.parse(row.value);
  const notOurs = error("STORE_UNAVAILABLE", "the store returned a row that was not written here");
  const others = ["v", "writes", "secret", "salt", "iv", "data"].flatMap((name) => [
    { ...parsed, [name]: undefined },
    // These are read as the same text or number by what reads no types.
    { ...parsed, [name]: [parsed[name]] },
    { ...parsed, [name]: name === "v" || name === "writes" ? `${parsed[name]}` : null },
  ]);
  for (const other of [...others, { ...parsed, writes: 1.5 }, [], 1, "row"]) {
    store.replace(NAME, store.get(NAME).value, { ...row, value: JSON.stringify(other) });
    await assert.rejects(open({ store }).kid(), notOurs, JSON.stringify(other));
    await assert.rejects(ring.rotate({ withdraw: true }), notOurs);
  }
  store.replace(NAME, store.get(NAME).value, row);
  assert.equal(await open({ store }).kid(), await kid());
});

test("encrypts_again_with_a_new_secret_once", async () => {
  const store = memoryStore();
  await open({ store }).kid();
  const next = "another secret, also of 32 bytes";
  const { kid } = open({ store, secret: [next, SECRET] });
  await kid();
  const { value } = store.get(NAME);
  assert.equal(JSON.parse(value).writes, 2);
  pass(MINUTE);
  // It notes that it has seen the other server, and nothing more.
  await kid();
  pass(MINUTE);
  await kid();
  assert.ok(JSON.parse(store.get(NAME).value).writes <= 3);
  await open({ store, secret: next }).kid();
});

test("keeps_the_row_of_a_ring_without_end_and_by_its_owner", async () => {
  const store = memoryStore();
  await open({ store, name: "other_Ring-1" }).kid();
  const { owner, expiresAt } = store.get("key-ring:other_Ring-1");
  assert.deepEqual([owner, expiresAt], ["key-ring:other_Ring-1", Number.MAX_SAFE_INTEGER]);
});

test("reads_rows_of_every_length", async () => {
  // Bytes become text in parts, so a row of several is longer than one of them.
  const store = memoryStore();
  const { kid, ring } = open({ store });
  for (let count = 0; count < 99; count += 1) await ring.rotate();
  assert.ok(24_000 * 1.4 < store.get(NAME).value.length);
  assert.equal(await open({ store }).kid(), await kid());
});
