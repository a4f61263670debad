// Password hashes exchanged with argon2 and hash-wasm, both ways. The exchange of tokens is in interop.test.mjs.

import assert from "node:assert/strict";
import { randomBytes, randomInt } from "node:crypto";
import { test } from "node:test";
import * as native from "argon2";
import * as hashWasm from "hash-wasm";
import { importEntry, makeConsumer } from "./consumer.mjs";

const consumer = makeConsumer();
const countersign = await importEntry(consumer, ".");

const NATIVE_TYPES = { argon2d: native.argon2d, argon2i: native.argon2i, argon2id: native.argon2id };
const HASH_WASM = { argon2d: hashWasm.argon2d, argon2i: hashWasm.argon2i, argon2id: hashWasm.argon2id };

for (const scheme of Object.keys(NATIVE_TYPES)) {
  test(`we_verify_${scheme}_hashes_of_argon2_and_hash_wasm`, async () => {
    for (const password of passwords()) {
      const [memoryKib, passes, lanes] = [randomInt(8, 40) * 4, randomInt(2, 4), randomInt(1, 3)];
      const salt = randomBytes(randomInt(8, 33));
      const hashLength = randomInt(4, 17) * 4;
      const policy = { accept: ["argon2id", "argon2i", "argon2d"] };
      const theirs = [
        await native.hash(password, {
          type: NATIVE_TYPES[scheme],
          memoryCost: memoryKib,
          timeCost: passes,
          parallelism: lanes,
          salt,
          hashLength,
        }),
        await HASH_WASM[scheme]({
          password,
          salt,
          memorySize: memoryKib,
          iterations: passes,
          parallelism: lanes,
          hashLength,
          outputType: "encoded",
        }),
      ];
      for (const stored of theirs) {
        assert.equal(countersign.verifyPassword(password, stored, policy), true, stored);
        assert.equal(countersign.verifyPassword(`${password}x`, stored, policy), false, stored);
      }
    }
  });
}

test("argon2_and_hash_wasm_verify_our_hashes", async () => {
  for (const password of passwords()) {
    const params = { memoryKib: randomInt(8, 40) * 4, passes: randomInt(1, 4), lanes: randomInt(1, 3) };
    const stored = countersign.hashPassword(password, { params });
    assert.equal(await native.verify(stored, password), true, stored);
    assert.equal(await native.verify(stored, `${password}x`), false, stored);
    assert.equal(await hashWasm.argon2Verify({ password, hash: stored }), true, stored);
    assert.equal(await hashWasm.argon2Verify({ password: `${password}x`, hash: stored }), false, stored);
  }
});

test("argon2_verifies_a_hash_of_our_defaults", async () => {
  assert.equal(await native.verify(countersign.hashPassword("correct horse"), "correct horse"), true);
});

function passwords() {
  // Composed (NFC) already, because the peers hash what they are given.
  const texts = ["a", "correct horse battery staple", "pässwörd", "密码🦀", "x".repeat(300), " \t\n "];
  return [...texts, randomBytes(24).toString("base64")].map((text) => text.normalize("NFC"));
}
