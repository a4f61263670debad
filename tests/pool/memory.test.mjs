// What a thread keeps: little memory, no password and no key; and a process that does not grow.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, test } from "node:test";
import { importEntry, makeConsumer } from "../runtimes/consumer.mjs";
import { Observed } from "./worker.mjs";

const consumer = makeConsumer();
const { closePasswordPool, configurePasswordPool, PasswordHasher } = await importEntry(consumer, "./password");

const quick = new PasswordHasher({ params: { memoryKib: 8, passes: 1, lanes: 1 } });
const password = "correct horse battery staple";

// Threads without work keep no process; here something is to wait for them.
const alive = setInterval(() => {}, 60_000);
after(() => clearInterval(alive));

let observed;
const start = (options) => {
  observed = new Observed();
  configurePasswordPool(options);
};
afterEach(async () => {
  await closePasswordPool();
  observed?.remove();
});

test("gives_back_the_memory_of_a_large_hash", async () => {
  start({ threads: 1 });
  await new PasswordHasher({ params: { memoryKib: 65_536, passes: 1 } }).hashAsync(password);
  const { memoryBytes } = observed.answers.at(-1);
  assert.ok(memoryBytes < 2 * 1024 * 1024, `${memoryBytes} bytes are held`);
  await new PasswordHasher().hashAsync(password);
  const kept = observed.answers.at(-1).memoryBytes;
  assert.ok(19 * 1024 * 1024 < kept && kept < 32 * 1024 * 1024, `${kept} bytes are held`);
});

test("leaves_no_password_in_a_worker", async () => {
  start({ threads: 1 });
  const secret = randomBytes(30).toString("base64");
  const stored = await quick.hashAsync(secret);
  await quick.verifyAsync(secret, stored);
  await quick.verifyAndUpdateAsync(secret, null);
  await assert.rejects(quick.verifyAsync(secret, "$argon2id$"), { code: "HASH_MALFORMED" });
  await assert.rejects(quick.hashAsync(secret.repeat(200)), { code: "PASSWORD_TOO_LONG" });
  const tasks = observed.answers.filter((answer) => !answer.ready);
  assert.deepEqual(
    tasks.map(({ wiped }) => wiped),
    [true, true, true, true, true],
  );
  assert.equal(await observed.holds(observed.workers[0], Buffer.from(secret).subarray(0, 12)), false);
});

test("wipes_the_keys_of_a_policy_that_was_handed_over", async () => {
  start({ threads: 1 });
  await quick.hashAsync(password);
  const [worker] = observed.workers;
  const answered = once(observed, "answer");
  const policy = { pepper: { current: { id: "a", key: new Uint8Array(randomBytes(32)) } } };
  worker.postMessage({ kind: "hash", password: new TextEncoder().encode("a"), stored: undefined, policy });
  const [answer] = await answered;
  assert.equal(answer.wiped, true);
});

for (const [what, key] of [
  ["bytes", new Uint8Array(randomBytes(32))],
  ["a_text", randomBytes(32).toString("base64")],
]) {
  test(`leaves_no_pepper_of_${what}_in_a_worker_and_keeps_its_own`, async () => {
    start({ threads: 1 });
    const params = { memoryKib: 8, passes: 1, lanes: 1 };
    const hasher = new PasswordHasher({ params, pepper: { current: { id: "a", key } } });
    const needle = Buffer.from(key);
    for (let times = 0; times < 3; times += 1) {
      const stored = await hasher.hashAsync(password);
      assert.match(stored, /keyid=/);
      assert.equal(hasher.verify(password, stored).ok, true);
      assert.deepEqual(await hasher.verifyAsync(password, stored), {
        ok: true,
        needsRehash: false,
        scheme: "argon2id",
      });
    }
    assert.deepEqual(Buffer.from(key), needle, "the caller's own key was wiped");
    if (what === "bytes") assert.ok(observed.answers.every(({ ready, wiped }) => ready || wiped));
    assert.equal(await observed.holds(observed.workers[0], needle.subarray(0, 12)), false);
  });
}

/** The resident memory of a process, in MiB, every 2,000 hashes. */
const GROWTH = `
import { PasswordHasher } from "countersign/password";
const quick = new PasswordHasher({ params: { memoryKib: 8, passes: 1, lanes: 1 } });
const figures = [];
while (figures.length < 7) {
  const one = async () => { for (let done = 0; done < 125; done += 1) await quick.hashAsync("a password"); };
  await Promise.all(Array.from({ length: 16 }, one));
  figures.push(process.memoryUsage().rss / 2 ** 20);
}
console.log(JSON.stringify(figures));
`;

test("lets_ten_thousand_hashes_grow_nothing", (context) => {
  writeFileSync(join(consumer.directory, "growth.mjs"), GROWTH);
  const output = execFileSync(process.execPath, ["growth.mjs"], { cwd: consumer.directory, encoding: "utf8" });
  const figures = JSON.parse(output);
  context.diagnostic(`resident, every 2,000 hashes: ${figures.map((mib) => mib.toFixed(0)).join(" ")} MiB`);
  // The first ones are for the engines of the threads to settle. 10,000 leaks of 1 KiB would be 10 MiB.
  const [, settled] = figures;
  assert.ok(figures.at(-1) - settled < 8, `grown by ${(figures.at(-1) - settled).toFixed(1)} MiB`);
});
