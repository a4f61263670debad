// Where address space is scarce, as on shared hosting with `ulimit -v`, and where threads are forbidden: nothing raw is thrown,
// no process ends, and what cannot run on a thread runs here.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { makeConsumer } from "../runtimes/consumer.mjs";

const consumer = makeConsumer();
const node24 = createRequire(import.meta.url).resolve("node24/bin/node");

const PROGRAM = `
const outcomes = {};
const step = async (name, action) => {
  try {
    const made = await action();
    outcomes[name] = made === undefined ? "done" : typeof made;
  } catch (error) {
    outcomes[name] = error?.constructor?.name + " " + error?.code;
  }
};
let all;
await step("import", async () => { all = await LOAD; });
let hasher;
await step("constructor", () => { hasher = new all.PasswordHasher({ params: { memoryKib: 64, passes: 1 } }); });
await step("configure", () => all.configurePasswordPool({ threads: 4 }));
await step("hash", () => new all.PasswordHasher().hash("x"));
await step("large", () => new all.PasswordHasher({ params: { memoryKib: 65536, passes: 1 } }).hash("x"));
await step("small", () => new all.PasswordHasher({ params: { memoryKib: 64, passes: 1 } }).hash("x"));
await step("verify", () => all.verifyPassword("x", null));
await step("one", () => new all.PasswordHasher().hashAsync("x"));
await step("many", () => Promise.all(Array.from({ length: 8 }, () => new all.PasswordHasher().hashAsync("x"))));
await step("later", () => all.verifyPasswordAsync("x", null));
await step("sign", () => all.sign({ sub: "x" }, all.Key.generate("HS256"), { expiresIn: 60 }));
console.log(JSON.stringify(outcomes));
await all.closePasswordPool();
`;
const STEPS = [
  "import",
  "constructor",
  "configure",
  "hash",
  "large",
  "small",
  "verify",
  "one",
  "many",
  "later",
  "sign",
];
const LOADS = { esm: 'import("countersign")', cjs: 'createRequire(import.meta.url)("countersign")' };

for (const [kind, load] of Object.entries(LOADS)) {
  writeFileSync(
    join(consumer.directory, `scarce-${kind}.mjs`),
    `import { createRequire } from "node:module";\n${PROGRAM.replace("LOAD", load)}`,
  );
}

/** Runs the program with so much address space. */
function run(kibibytes, kind, program, flags = "") {
  const command = `ulimit -v ${kibibytes} && exec "${program}" ${flags} scarce-${kind}.mjs`;
  const { status, signal, stderr, stdout } = spawnSync("bash", ["-c", command], {
    cwd: consumer.directory,
    encoding: "utf8",
    timeout: 60_000,
  });
  assert.deepEqual({ status, signal }, { status: 0, signal: null }, stderr);
  return { outcomes: JSON.parse(stdout), stderr };
}

const CODED = /^(CountersignError OUT_OF_MEMORY|done|string|boolean)$/;

for (const [version, program] of [
  ["node_20", process.execPath],
  ["node_24", node24],
]) {
  for (const gibibytes of [2, 12, 20, 30]) {
    for (const kind of Object.keys(LOADS)) {
      const options = { skip: process.platform !== "linux" };
      test(`throws_nothing_raw_with_${gibibytes}_gib_on_${version}_as_${kind}`, options, () => {
        const { outcomes } = run(gibibytes * 1024 ** 2, kind, program);
        assert.deepEqual(Object.keys(outcomes), STEPS);
        for (const [step, outcome] of Object.entries(outcomes)) {
          if (step === "import") assert.equal(outcome, "done");
          else if (step === "many") assert.match(outcome, /^(object|CountersignError OUT_OF_MEMORY)$/);
          else assert.match(outcome, CODED, step);
        }
        // Node 24 does without guards where it has to.
        if (gibibytes === 2 && version === "node_20") {
          assert.equal(outcomes.constructor, "CountersignError OUT_OF_MEMORY");
        }
      });
    }
  }

  for (const gibibytes of [2, 3]) {
    const options = { skip: process.platform !== "linux" };
    test(`ends_no_process_with_${gibibytes}_gib_and_without_guards_on_${version}`, options, () => {
      const { outcomes, stderr } = run(gibibytes * 1024 ** 2, "esm", program, "--disable-wasm-trap-handler");
      const { many, ...rest } = outcomes;
      for (const [step, outcome] of Object.entries(rest)) assert.match(outcome, CODED, step);
      assert.match(many, version === "node_24" ? /^object$/ : /^(object|CountersignError OUT_OF_MEMORY)$/);
      assert.equal(stderr.split("no worker thread can be started").length, 2, stderr);
    });
  }
}

test("says_once_that_calls_block_without_permission_for_threads", () => {
  const flags = ["--permission", "--allow-fs-read=*", "scarce-esm.mjs"];
  const { status, stderr, stdout } = spawnSync(node24, flags, { cwd: consumer.directory, encoding: "utf8" });
  assert.equal(status, 0, stderr);
  const { many, ...rest } = JSON.parse(stdout);
  assert.equal(many, "object");
  for (const [step, outcome] of Object.entries(rest)) assert.match(outcome, /^(done|string|boolean)$/, step);
  assert.equal(stderr.split("which blocks it").length, 2, stderr);
  assert.match(stderr, /--allow-worker/);
});
