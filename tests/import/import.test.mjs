// countersign/import: rows of other systems become stored strings, or are refused with the reason.

import assert from "node:assert/strict";
import { test } from "node:test";
import { importEntry, makeConsumer } from "../runtimes/consumer.mjs";
import { CONVERTED, PASSWORD, REFUSED, STORED_SAMPLE } from "./rows.mjs";

const consumer = makeConsumer();
const rows = await importEntry(consumer, "./import");
const { PasswordHasher } = await importEntry(consumer, "./formats");

for (const [name, convert, args, stored] of CONVERTED) {
  test(`converts_${words(name)}`, () => {
    assert.equal(rows[convert](...args), stored);
  });
}

for (const [name, convert, args, code, message] of REFUSED) {
  test(`refuses_${words(name)}`, () => {
    const { CountersignError } = rows;
    assert.throws(
      () => rows[convert](...args),
      (error) => {
        assert.ok(error instanceof CountersignError, String(error));
        assert.deepEqual({ code: error.code, message: error.message }, { code, message });
        return true;
      },
    );
  });
}

test("what_is_converted_logs_its_user_in", () => {
  // Plain digests are read only by name.
  const every = [
    "argon2id",
    "bcrypt",
    "firebase-scrypt",
    "pbkdf2-sha1",
    "pbkdf2-sha256",
    "pbkdf2-sha512",
    "salted-digest",
  ];
  const hasher = new PasswordHasher({ accept: [...every, "plain-digest", "scrypt"] });
  let read = 0;
  for (const [name, , , stored, password = stored === STORED_SAMPLE ? "user1password" : PASSWORD] of CONVERTED) {
    if (stored === null) continue;
    assert.equal(hasher.verify(password, stored).ok, true, name);
    assert.equal(hasher.verify(`${password}x`, stored).ok, false, name);
    read += 1;
  }
  assert.ok(read >= 30);
});

test("reads_each_property_of_a_row_once", () => {
  for (const [name, convert, args] of CONVERTED) {
    if (Array.isArray(args[0]) || typeof args[0] !== "object") continue;
    const reads = new Map();
    const row = new Proxy(args[0], {
      get(target, key) {
        reads.set(key, (reads.get(key) ?? 0) + 1);
        return target[key];
      },
    });
    rows[convert](row, ...args.slice(1));
    for (const [key, count] of reads) assert.equal(count, 1, `${name}: ${String(key)}`);
  }
});

test("the_error_class_is_that_of_every_entry", async () => {
  const { CountersignError } = await importEntry(consumer, "./jwt");
  assert.equal(rows.CountersignError, CountersignError);
});

function words(name) {
  return name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "_");
}
