// Runs the conformance suite on the packed package in every runtime and prints a table. A runtime that runs fewer cases
// than it must is a failure, and so is a missing one where CI is set. The last line is "N passed, N failed".
//
// node tests/runtimes/run.mjs [--only <part of a runtime's name>] [--browsers]
//   --browsers   also in Firefox and WebKit

import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { ended, started } from "../../tools/test/running.mjs";
import { countCases } from "./conformance.mjs";
import { addCopy, addSuite, makeConsumer, vectorTexts } from "./consumer.mjs";
import { chromium, findChromium } from "./runners/chromium.mjs";
import { bun, deno } from "./runners/deno-bun.mjs";
import { edgeVm, leftOutOfEdgeVm } from "./runners/edge-vm.mjs";
import { leftOut, node } from "./runners/node.mjs";
import { findFirefox, findWebkit, firefox, webkit } from "./runners/other-browsers.mjs";
import { leftOutOfWorkerd, workerd } from "./runners/workerd.mjs";
import { shortfalls, table } from "./summary.mjs";

const root = resolve(fileURLToPath(import.meta.url), "../../..");
const { values: options } = parseArgs({
  options: { browsers: { type: "boolean" }, only: { type: "string", default: "" } },
});

// On Windows, npm's scripts can only be started by a shell.
const WINDOWS = {
  bun: "bun/bin/bun.exe",
  deno: "deno/deno.exe",
  workerd: "@cloudflare/workerd-windows-64/bin/workerd.exe",
};
const bin = (name) => join(root, "node_modules", process.platform === "win32" ? WINDOWS[name] : `.bin/${name}`);
const nodeOf = (major) => join(root, "node_modules", `node${major}`, "bin", "node");
const majors = ["20", "22", "24"];
const host = process.versions.node.split(".")[0];

/** Every runtime and way to the package: where its program is, and how the suite is run there. */
const runtimes = [
  ...["esm", "commonjs"].flatMap((way) => majors.map((major) => nodeRow(`Node ${major}`, nodeOf(major), way))),
  ...["slim", "halves", "formats"].map((way) => nodeRow("Node 20", nodeOf("20"), way)),
  // The one that runs this, where it is another.
  ...(majors.includes(host) ? [] : [nodeRow(`Node ${host}`, process.execPath, "esm")]),
  ...["workerd", "inline"].map((kind) => ({
    name: kind === "workerd" ? "workerd" : "workerd, inline entry",
    program: bin("workerd"),
    leftOut: leftOutOfWorkerd(kind),
    run: (consumer, program) => workerd(consumer, program, kind),
  })),
  { name: "Deno", program: bin("deno"), run: deno },
  { name: "Bun", program: bin("bun"), run: bun },
  { name: "Edge VM", program: process.execPath, leftOut: leftOutOfEdgeVm, run: edgeVm },
  { name: "Chromium", program: findChromium(), run: chromium },
  ...(options.browsers
    ? [
        { name: "Firefox", program: findFirefox(), run: firefox },
        { name: "WebKit", program: findWebkit(), run: webkit },
      ]
    : []),
];

function nodeRow(name, program, way) {
  return {
    name: `${name} ${way === "esm" ? "ESM" : way === "commonjs" ? "CommonJS" : way}`,
    program,
    leftOut: leftOut(way),
    run: (consumer, path) => node(consumer, path, way),
  };
}

const texts = vectorTexts();
const expected = countCases(Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, JSON.parse(text)])));
const consumer = makeConsumer();
addSuite(consumer, texts);
addCopy(consumer);

const rows = runtimes
  .filter(({ name }) => name.includes(options.only))
  .map((runtime) => ({ ...runtime, files: {}, problems: [], expected: expectedOf(runtime) }));
const waiting = [...rows];
await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, worker));
consumer.remove();
finish();

async function worker() {
  for (let row = waiting.shift(); row !== undefined; row = waiting.shift()) await runRow(row);
}

async function runRow(row) {
  if (row.program === undefined || !existsSync(row.program)) {
    row.skipped = true;
    return;
  }
  const start = performance.now();
  started(row.name);
  try {
    const { files, failures } = await row.run(consumer, row.program);
    row.files = files;
    row.problems.push(...failures.map(({ file, name, failure }) => `${file} · ${name}: ${failure}`));
  } catch (error) {
    row.crashed = true;
    row.problems.push(error.message);
  }
  ended(row.name);
  row.seconds = (performance.now() - start) / 1000;
  row.missing = shortfalls(row.files, row.expected);
}

/** How many cases of each file a runtime must run. */
function expectedOf({ leftOut: files = [] }) {
  return Object.fromEntries(Object.entries(expected).filter(([file]) => !files.includes(file)));
}

function finish() {
  const { text, passed, failed } = table(rows, expected, process.env.CI !== undefined && process.env.CI !== "");
  console.log(text);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 && 0 < passed ? 0 : 1;
}
