// An instance whose memory a large hash has grown is wiped and replaced, the next large hash uses it again,
// and the engine may collect it at any time.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { importEntry, importFile, makeConsumer } from "./consumer.mjs";
import { assertGone, traces } from "./memory.mjs";

const consumer = makeConsumer();
const LARGE = { params: { memoryKib: 40_960, passes: 1, lanes: 1 } };
const LARGE_SCRYPT = { scheme: "scrypt", params: { cost: 16, blockSize: 8, parallelism: 1 } };

/** The instances that are left while `work` is done. Weakly, or none could be collected. */
function leftBy(work) {
  const Original = globalThis.WeakRef;
  const left = [];
  globalThis.WeakRef = class extends Original {
    constructor(target) {
      super(target);
      if (target instanceof WebAssembly.Instance) left.push(this);
    }
  };
  try {
    work();
  } finally {
    globalThis.WeakRef = Original;
  }
  return left;
}

const memories = (left) => new Set(left.map((reference) => reference.deref().exports.memory));
const notZero = (memory) => new Uint8Array(memory.buffer).reduce((count, byte) => count + (byte === 0 ? 0 : 1), 0);

// First, as the module of Argon2 alone gives way to the other one for good.
test("lets_a_module_not_have_what_another_has_left", async () => {
  const { hashPassword } = await importEntry(consumer, "./argon2");
  const left = leftBy(() => hashPassword("correct horse", LARGE));
  assert.equal(left.length, 1);
  const { hashPassword: hashByAnyScheme, verifyPassword } = await importEntry(consumer, "./password");
  const others = leftBy(() => {
    const stored = hashByAnyScheme("correct horse", LARGE_SCRYPT);
    assert.equal(verifyPassword("correct horse", stored, LARGE_SCRYPT), true);
  });
  assert.equal(others.length, 2);
  assert.ok(!memories(others).has(left[0].deref()?.exports.memory));
});

test("has_one_large_hash_after_another_in_the_same_memory_and_wipes_it", async () => {
  const { hashPassword, verifyPassword } = await importEntry(consumer, "./password");
  const glue = await importFile(consumer, "dist/glue/password.js");
  const password = randomBytes(30).toString("base64");
  const left = leftBy(() => {
    for (const policy of [LARGE, LARGE_SCRYPT, LARGE]) {
      const stored = hashPassword(password, policy);
      assert.equal(verifyPassword(password, stored, policy), true);
      assert.equal(verifyPassword(`${password}!`, stored, policy), false);
      assert.equal(verifyPassword(password, hashPassword(password)), true);
    }
  });
  assert.equal(left.length, 9);
  assert.equal(memories(left).size, 1, "it worked elsewhere");
  const [memory] = memories(left);
  const inUse = glue.initSync().memory;
  assert.notEqual(memory, inUse);
  assert.ok(40_960 * 1024 < memory.buffer.byteLength && memory.buffer.byteLength < 160 * 1024 * 1024);
  assert.ok(notZero(memory) - notZero(inUse) < 4096, `${notZero(memory) - notZero(inUse)} bytes more are not zero`);
  assertGone(memory, { password, "UTF-16": Buffer.from(password, "utf16le") });
  new Uint8Array(memory.buffer).set(Buffer.from(password), memory.buffer.byteLength - 100);
  assert.notDeepEqual(traces(memory, Buffer.from(password)), [], "the search is blind");
});

test("has_a_large_hash_where_small_ones_of_several_schemes_have_grown_the_memory", async () => {
  const { hashPassword, verifyPassword } = await importEntry(consumer, "./password");
  const smallArgon2 = { params: { memoryKib: 29_000, passes: 1, lanes: 1 } };
  const smallScrypt = { scheme: "scrypt", params: { cost: 14, blockSize: 14, parallelism: 1 } };
  const left = leftBy(() => {
    for (const policy of [smallArgon2, smallScrypt, LARGE]) {
      assert.equal(verifyPassword("correct horse", hashPassword("correct horse", policy), policy), true);
    }
  });
  assert.ok(3 <= left.length, "the small ones have not grown it");
});

test("lets_the_engine_collect_it", async () => {
  const { hashPassword } = await importEntry(consumer, "./password");
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc");
  const left = leftBy(() => hashPassword("correct horse", LARGE));
  assert.equal(left.length, 1);
  // Memory that a job uses is kept until the job is over.
  for (let times = 0; times < 20 && left[0].deref() !== undefined; times += 1) {
    await setTimeout(10);
    collect();
  }
  assert.equal(left[0].deref(), undefined);
  const others = leftBy(() => hashPassword("correct horse", LARGE));
  assert.equal(others.length, 1);
});

test("takes_what_it_needs_where_nothing_can_be_held_weakly", async () => {
  const { hashPassword, verifyPassword } = await importEntry(consumer, "./password");
  const { WeakRef: original } = globalThis;
  globalThis.WeakRef = undefined;
  try {
    assert.equal(verifyPassword("correct horse", hashPassword("correct horse", LARGE), LARGE), true);
  } finally {
    globalThis.WeakRef = original;
  }
});
