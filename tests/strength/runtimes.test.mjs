// The same answers in every runtime, each with its own fetch and its own SHA-1.

import assert from "node:assert/strict";
import { cpSync, existsSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { EdgeVM } from "@edge-runtime/vm";
import * as esbuild from "esbuild";
import workerd from "workerd";
import { makeConsumer } from "../runtimes/consumer.mjs";
import { findChromium, launch } from "../runtimes/runners/chromium.mjs";
import { MARK, resultOf } from "../runtimes/runners/process.mjs";
import { CASES, RANGES } from "./cases.mjs";
import { startList } from "./list.mjs";
import { addEstimator } from "./peers.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const bin = (path) => join(root, "node_modules", path);
const print = (run) => `console.log(${JSON.stringify(MARK)} + JSON.stringify(await ${run}));\n`;

let list;
let consumer;
before(async () => {
  list = await startList();
  consumer = makeConsumer();
  addEstimator(consumer.directory);
  for (const name of ["cases.mjs", "program.mjs"]) {
    cpSync(new URL(name, import.meta.url), join(consumer.directory, name));
  }
  const run = `run(strength, ${JSON.stringify({ origin: list.origin })})`;
  const start = 'import * as strength from "countersign/strength";\nimport { run } from "./program.mjs";\n';
  write("main.mjs", start + print(run));
  write(
    "commonjs.cjs",
    `const strength = require("countersign/strength");\nimport("./program.mjs").then(async ({ run }) => {\n${print(run)}});\n`,
  );
  write("worker.mjs", `${start}export default { async test() { ${print(run)} } };\n`);
  write(
    "page.mjs",
    `${start}globalThis.result = JSON.stringify(await ${run.replace(/"origin":"[^"]*"/, '"origin":""')});\n`,
  );
  write("edge.mjs", `${start}globalThis.result = ${run}.then(JSON.stringify);\n`);
});
after(async () => {
  consumer?.remove();
  await list?.close();
});

/** Each is given a program and says how it is run. */
const RUNTIMES = {
  node_20: [bin("node20/bin/node"), ["main.mjs"]],
  node_22: [bin("node22/bin/node"), ["main.mjs"]],
  node_24: [bin("node24/bin/node"), ["main.mjs"]],
  commonjs_in_node_20: [bin("node20/bin/node"), ["commonjs.cjs"]],
  deno: [bin(".bin/deno"), ["run", "--allow-net=127.0.0.1", "--no-prompt", "--cached-only", "main.mjs"]],
  bun: [bin(".bin/bun"), ["run", "--no-install", "main.mjs"]],
};

for (const [name, [command, args]] of Object.entries(RUNTIMES)) {
  const skip = existsSync(command) || process.env.CI ? false : `there is no ${dirname(command)}`;
  test(`judges_alike_in_${name}`, { skip }, async () => {
    judge(await resultOf(command, args, consumer.directory));
  });
}

test("judges_alike_in_workerd", async () => {
  write("worker.js", await bundle("worker.mjs", { conditions: ["workerd", "worker", "browser"] }));
  write("worker.capnp", WORKER);
  judge(await resultOf(workerd.default ?? workerd, ["test", "worker.capnp"], consumer.directory));
});

test("judges_alike_in_the_edge_runtime", async () => {
  const vm = new EdgeVM();
  vm.evaluate(await bundle("edge.mjs", { conditions: ["edge-light", "worker", "browser"], format: "iife" }));
  judge(JSON.parse(await vm.context.result));
});

const chromium = findChromium();
test("judges_alike_in_chromium", { skip: skipWithoutBrowser() }, async () => {
  list.files["/main.mjs"] = await bundle("page.mjs");
  // Without `unsafe-eval`: nothing is compiled from text.
  list.files["/"] =
    `<!doctype html><meta http-equiv="Content-Security-Policy" content="default-src 'self'"><script type="module" src="/main.mjs"></script>`;
  const browser = await launch(chromium);
  try {
    const page = await browser.newPage();
    const failed = new Promise((_, reject) => page.on("pageerror", reject));
    await page.goto(`${list.origin}/`);
    const done = page.waitForFunction(() => globalThis.result !== undefined, undefined, { timeout: 120_000 });
    await Promise.race([done, failed]);
    judge(JSON.parse(await page.evaluate(() => globalThis.result)));
  } finally {
    await browser.close();
  }
});

function judge({ reports, counts, good, bad, asked }) {
  const reasons = Object.entries(reports).map(([name, report]) => [name, report.reasons ?? report]);
  assert.deepEqual(
    Object.fromEntries(reasons),
    Object.fromEntries(Object.entries(CASES).map(([name, [, , expected]]) => [name, expected])),
  );
  for (const [name, { ok, reasons, score, suggestions }] of Object.entries(reports)) {
    assert.equal(ok, reasons.length === 0, name);
    assert.ok(score === undefined || [0, 1, 2, 3, 4].includes(score), name);
    assert.ok(
      suggestions.every((text) => /^[A-Z].*\.$/.test(text)),
      name,
    );
  }
  const expected = Object.entries(RANGES).map(([name, answer]) => [
    name,
    typeof answer === "number" ? answer : `CountersignError BREACHES_UNAVAILABLE: ${answer}`,
  ]);
  assert.deepEqual(counts, Object.fromEntries(expected));
  assert.deepEqual(
    list.requests.splice(0),
    Object.keys(RANGES).map((name) => `${name} true`),
    "one request each, with the prefix and no more",
  );
  assert.equal(good.ok, true);
  assert.deepEqual(bad.reasons, ["GUESSABLE"]);
  assert.deepEqual(asked, ["ABF7A"], "only a password that is otherwise good is asked about");
}

function write(path, text) {
  writeFileSync(join(consumer.directory, path), text);
}

async function bundle(entry, options = {}) {
  const { outputFiles, warnings } = await esbuild.build({
    absWorkingDir: consumer.directory,
    bundle: true,
    entryPoints: [entry],
    format: "esm",
    logLevel: "silent",
    write: false,
    ...options,
  });
  assert.deepEqual(warnings, []);
  return outputFiles[0].text;
}

const WORKER = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (services = [
  (name = "main", worker = .worker),
  (name = "internet", network = (allow = ["private"])),
]);
const worker :Workerd.Worker = (
  compatibilityDate = "2026-01-01",
  modules = [(name = "worker.js", esModule = embed "worker.js")],
);
`;

function skipWithoutBrowser() {
  if (chromium !== undefined) return false;
  if (process.env.CI) throw new Error("no Chromium found, and CI is set");
  return "no Chromium found";
}
