// A run never hangs: what takes too long is stopped and named, and a quiet suite says that it still runs.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { none } from "../../tools/test/counts.mjs";
import { runAll } from "../../tools/test/run-all.mjs";
import { runSuite } from "../../tools/test/run-suite.mjs";
import { suites } from "../../tools/test/suites.mjs";
import { root } from "./package.mjs";

const folder = mkdtempSync(join(tmpdir(), "countersign-run-suite-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** A suite of one test file with this text, as tools/test/suites.mjs makes them. */
function suite(name, text, { fileLimit = 60_000 } = {}) {
  const file = join(folder, `${name}.test.mjs`);
  writeFileSync(file, `import { test } from "node:test";\n${text}`);
  const noting = pathToFileURL(`${root}tools/test/running.mjs`).href;
  const args = ["--import", noting, "--test", `--test-timeout=${fileLimit}`, "--test-reporter=tap", file];
  return { name, program: process.execPath, args };
}

/** The counts of a suite, and what was printed meanwhile. */
async function run(made, options) {
  const { log } = console;
  const { NODE_TEST_CONTEXT: context } = process.env;
  const lines = [];
  console.log = (text) => lines.push(text);
  // Or the suite would take itself for a part of this one.
  delete process.env.NODE_TEST_CONTEXT;
  try {
    return { counts: await runSuite(made, options), text: lines.join("\n") };
  } finally {
    console.log = log;
    process.env.NODE_TEST_CONTEXT = context;
  }
}

const HANGS = 'test("passes", () => {});\ntest("hangs_for_ever", () => { for (;;); });\n';

test("stops_a_suite_that_hangs_and_names_the_test", async () => {
  const { counts, text } = await run(suite("hanging", HANGS), { limit: 2000 });
  assert.equal(counts.failed, 1);
  assert.match(text, /^hanging was stopped: it took more than 2 s$/m);
  assert.match(text, /^did not end: hangs_for_ever \(.*hanging\.test\.mjs\)$/m);
  assert.doesNotMatch(text, /did not end: passes/);
});

test("stops_a_test_file_that_hangs_and_names_the_test", async () => {
  // Node 24 waits for the file anyway, until the limit of the suite.
  const { counts, text } = await run(suite("file", HANGS, { fileLimit: 1500 }), { limit: 20_000 });
  assert.equal(counts.failed, 1);
  assert.match(text, /^did not end: hangs_for_ever \(.*file\.test\.mjs\)$/m);
});

test("stops_what_a_suite_leaves_behind", async () => {
  const pidFile = join(folder, "pid");
  const program = `const { spawn } = require("node:child_process");
const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "inherit" });
require("node:fs").writeFileSync(${JSON.stringify(pidFile)}, String(child.pid));
child.unref();
console.log("1 passed, 0 failed");`;
  const { counts } = await run(
    { name: "leaving", program: process.execPath, args: ["-e", program] },
    { limit: 60_000 },
  );
  assert.deepEqual(counts, { ...none, passed: 1 });
  const pid = Number(readFileSync(pidFile, "utf8"));
  assert.ok(0 < pid);
  // The system takes a moment to end it.
  for (let time = 0; time < 50 && isAlive(pid); time += 1) await new Promise((resolve) => setTimeout(resolve, 100));
  assert.ok(!isAlive(pid));
});

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    // A process that has ended and that nobody waited for is a zombie.
    return !existsSync(`/proc/${pid}/stat`) || !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

test("says_that_a_quiet_suite_still_runs", async () => {
  const quiet = 'test("sleeps", () => new Promise((resolve) => setTimeout(resolve, 1500)));\n';
  const { counts, text } = await run(suite("quiet", quiet), { limit: 60_000, silence: 1000 });
  assert.deepEqual(counts, { ...none, passed: 1 });
  assert.match(text, /^ +still running: quiet, 1 s, in sleeps \(.*quiet\.test\.mjs\)$/m);
  assert.doesNotMatch(text, /did not end/);
});

test("names_the_rust_test_that_hangs", async () => {
  const program = 'console.log("..test jwt::hangs has been running for over 60 seconds"); setInterval(() => {}, 1000);';
  const { counts, text } = await run(
    { name: "rust", program: process.execPath, args: ["-e", program] },
    { limit: 1000 },
  );
  assert.equal(counts.failed, 1);
  assert.match(text, /^did not end: jwt::hangs$/m);
});

test("fails_what_the_time_of_the_whole_run_does_not_suffice_for", async () => {
  const ran = [];
  const runOne = async ({ name }, { limit }) => {
    ran.push([name, limit <= 300]);
    await new Promise((resolve) => setTimeout(resolve, 400));
    return { ...none, passed: 1 };
  };
  const counts = await runAll([{ name: "a" }, { name: "b" }], runOne, { limit: 300, suiteLimit: 10_000 });
  assert.deepEqual(counts, { ...none, passed: 1, failed: 1 });
  assert.deepEqual(ran, [["a", true]]);
});

test("has_a_suite_for_every_file_of_tests", () => {
  const committed = execFileSync(
    "git",
    ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.test.mjs"],
    {
      cwd: root,
      encoding: "utf8",
    },
  );
  const inFolders = readdirSync(`${root}tests`, { recursive: true }).filter((path) => !path.includes("node_modules"));
  const files = new Set([
    ...committed.split("\0").filter((path) => existsSync(root + path) && path !== ""),
    ...inFolders.filter((path) => path.endsWith(".test.mjs")).map((path) => `tests/${path.replaceAll("\\", "/")}`),
  ]);
  const run = new Set(suites.flatMap(({ args }) => args.map((each) => each.replaceAll("\\", "/"))));
  assert.ok(150 < files.size, `${files.size} files`);
  assert.deepEqual(
    [...files].filter((path) => !run.has(path)),
    // The job `site` of .github/workflows/ci.yml builds the site first.
    ["site/accessibility.test.mjs"],
  );
  assert.ok(
    readFileSync(`${root}.github/workflows/ci.yml`, "utf8").includes("node --test site/accessibility.test.mjs"),
  );
});
