// Threads in each runtime that has them: the work is done elsewhere, the process lives as long as there is work and no
// longer, and what is given up is given up. Each program is a process of its own.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { makeConsumer } from "../runtimes/consumer.mjs";
import { MARK, resultOf } from "../runtimes/runners/process.mjs";

const root = resolve(fileURLToPath(import.meta.url), "../../..");
const bin = (name) => join(root, "node_modules/.bin", name);
const nodeOf = (major) => join(root, `node_modules/node${major}/bin/node`);
const consumer = makeConsumer();

const RUNTIMES = {
  node_20: (file) => [nodeOf("20"), [file]],
  node_22: (file) => [nodeOf("22"), [file]],
  node_24: (file) => [nodeOf("24"), [file]],
  deno: (file) => [bin("deno"), ["run", "--no-prompt", "--no-check", "--cached-only", file]],
  bun: (file) => [bin("bun"), ["run", "--no-install", file]],
};

/** How long threads without work are kept here: an hour, so that nothing ends because they do. */
const PRELUDE = `import { closePasswordPool, configurePasswordPool, PasswordHasher } from "countersign/password";
configurePasswordPool({ threads: 2, idleMs: 3_600_000 });
const hasher = new PasswordHasher();
const slow = new PasswordHasher({ params: { memoryKib: 65536, passes: 6, lanes: 1 } });
const print = (result) => console.log(${JSON.stringify(MARK)} + JSON.stringify({ at: Date.now(), ...result }));
let ticks = 0;
const counting = () => setInterval(() => { ticks += 1; }, 5);
`;

const PROGRAMS = {
  // Nothing but the promise is there to keep the process.
  stays_until_the_work_is_done: [
    'hasher.hashAsync("a password").then((stored) => print({ ok: hasher.verify("a password", stored).ok }));',
    ({ ok }) => assert.equal(ok, true),
  ],
  goes_on_meanwhile: [
    `const timer = counting();
     await slow.hashAsync("a password");
     const beside = ticks;
     clearInterval(timer);
     print({ beside });`,
    ({ beside }) => assert.ok(5 < beside, `${beside} turns of a timer of 5 ms during a hash of 64 MiB and 6 passes`),
  ],
  // The control: by a call that blocks, no timer gets its turn.
  would_stand_still_on_its_own_thread: [
    `configurePasswordPool({ threads: 0 });
     const timer = counting();
     await slow.hashAsync("a password");
     const beside = ticks;
     clearInterval(timer);
     print({ beside });`,
    ({ beside }) => assert.equal(beside, 0),
  ],
  gives_work_up_in_its_midst: [
    `const controller = new AbortController();
     const endless = new PasswordHasher({ params: { memoryKib: 65536, passes: 16, lanes: 1 } });
     const work = endless.hashAsync("a password", { signal: controller.signal }).then(() => "done", (error) => error.name);
     let begun;
     setTimeout(() => { begun = Date.now(); controller.abort(); }, 150);
     const outcome = await work;
     const waited = Date.now() - begun;
     const { ok } = await hasher.verifyAsync("a password", hasher.hash("a password"));
     print({ outcome, waited, ok });`,
    ({ outcome, waited, ok }) => {
      assert.deepEqual({ outcome, ok }, { outcome: "AbortError", ok: true });
      assert.ok(waited < 100, `${waited} ms after the signal`);
    },
  ],
  keeps_to_its_threads_whatever_is_given_up: [
    `await Promise.all([slow.hashAsync("a password"), slow.hashAsync("a password")]);
     const resident = () => process.memoryUsage().rss / 2 ** 20;
     const before = resident();
     let most = 0;
     for (let times = 0; times < 8; times += 1) {
       const signal = AbortSignal.timeout(100);
       const given = await Promise.allSettled([1, 2].map(() => slow.hashAsync("a password", { signal })));
       if (given.some(({ status }) => status === "fulfilled")) throw new Error("faster than the signal");
       most = Math.max(most, resident());
     }
     const { ok } = await hasher.verifyAsync("a password", hasher.hash("a password"));
     print({ ok, grown: Math.round(most - before) });`,
    ({ ok, grown }) => {
      assert.equal(ok, true);
      // Each thread beyond the two would have 64 MiB, which is 1024 in all. The memory that both had twice may not have been
      // collected yet.
      assert.ok(grown < 512, `grown by ${grown} MiB`);
    },
  ],
  waits_for_a_thread_that_cannot_be_interrupted: [
    `configurePasswordPool({ threads: 1 });
     const endless = new PasswordHasher({ params: { memoryKib: 65536, passes: 16, lanes: 1 } });
     await hasher.hashAsync("a password");
     // Of all threads together. Unlike the time it takes, it is the same on a busy machine.
     const computed = () => { const { user, system } = process.cpuUsage(); return user + system; };
     let before = computed();
     await endless.hashAsync("a password");
     const whole = computed() - before;
     const controller = new AbortController();
     setTimeout(() => controller.abort(), 50);
     await endless.hashAsync("a password", { signal: controller.signal }).catch(() => {});
     before = computed();
     await hasher.hashAsync("a password");
     print({ share: (computed() - before) / whole });`,
    ({ share }, runtime) => {
      const waits = runtime === "deno" || runtime === "bun";
      assert.equal(0.5 < share, waits, `another hash took ${share} of the whole of what was given up at its beginning`);
    },
  ],
  ends_while_a_thread_works_for_nobody: [
    `await slow.hashAsync("a password", { signal: AbortSignal.timeout(100) }).catch(() => {});
     print({ ok: true });`,
    ({ ok }) => assert.equal(ok, true),
  ],
  begins_again_after_it_was_closed: [
    `const stored = await hasher.hashAsync("a password");
     await closePasswordPool();
     const { ok } = await hasher.verifyAsync("a password", stored);
     await closePasswordPool();
     print({ ok });`,
    ({ ok }) => assert.equal(ok, true),
  ],
};

const GIVING_UP = /^(gives_work_up|keeps_to|ends_while)/;

/** From the last line of the program to the end of its process. On a machine at rest it is some tens of milliseconds. */
const EXIT_MS = 3000;

for (const [runtime, command] of Object.entries(RUNTIMES)) {
  for (const [name, [program, judge]] of Object.entries(PROGRAMS)) {
    test(`${name}_in_${runtime}_and_exits_at_once`, async (context) => {
      const file = `${name}-${runtime}.mjs`;
      writeFileSync(join(consumer.directory, file), PRELUDE + program);
      const { at, ...result } = await resultOf(...command(file), consumer.directory);
      const exiting = Date.now() - at;
      judge(result, runtime);
      context.diagnostic(`${runtime}, ${name}: gone ${exiting} ms after its last line; ${JSON.stringify(result)}`);
      // A wasm function cannot be interrupted in Bun, and the process waits for its end.
      const allowed = runtime === "bun" && GIVING_UP.test(name) ? 10 * EXIT_MS : EXIT_MS;
      assert.ok(exiting < allowed, `the process lived for ${exiting} ms more`);
    });
  }
}
