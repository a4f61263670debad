// `npm run test:frameworks`: installs frameworks from npm, each in a folder of its own, builds a program with the packed
// package, runs it, and prints a table. It takes about half an hour and needs the network, so it is not part of `npm test`.
//
// npm run test:frameworks -- [--only TEXT] [--jobs N] [--keep]
//   --only   the frameworks whose names contain this text
//   --jobs   how many at a time, 2 unless given
//   --keep   leaves the folders, and prints where they are

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { FRAMEWORKS } from "./list.mjs";
import { makeProject, packTo } from "./project.mjs";
import { ask } from "./server.mjs";

const { values } = parseArgs({
  options: {
    jobs: { type: "string", default: "2" },
    keep: { type: "boolean" },
    only: { type: "string", default: "" },
  },
});
const started = performance.now();
const chosen = FRAMEWORKS.filter(({ name }) => name.toLowerCase().includes(values.only.toLowerCase()));
const folder = mkdtempSync(join(tmpdir(), "countersign-frameworks-"));
const tarball = packTo(folder);
const results = new Map();

const waiting = [...chosen];
await Promise.all(Array.from({ length: Number(values.jobs) }, work));
if (values.keep) console.log(folder);
else rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
report();

async function work() {
  for (let framework = waiting.shift(); framework !== undefined; framework = waiting.shift()) {
    const start = performance.now();
    const { outcome, problem } = await attempt(framework);
    const result = { outcome, problem, seconds: Math.round((performance.now() - start) / 1000) };
    results.set(framework, result);
    console.log(`[${results.size}/${chosen.length}] ${outcome}  ${framework.name} (${result.seconds} s)`);
  }
}

/** Builds and runs one framework: how it ended and, if that is not well, why. */
async function attempt({ name, packages = [], files, run = [], scripts, serve = [], ask: paths = [], ...own }) {
  if ("needs" in own && own.needs === undefined) return { outcome: "not run", problem: own.hint };
  const project = makeProject(join(folder, name.replaceAll(/\W+/g, "-")), { files, scripts });
  try {
    await project.install([...packages, tarball]);
  } catch (error) {
    return { outcome: "NOT INSTALLED", problem: error.message };
  }
  try {
    for (const command of run) await project.execute(command);
    for (const command of serve) await ask(project, command, paths);
    return { outcome: "passed" };
  } catch (error) {
    return { outcome: "FAILED", problem: error.message };
  } finally {
    if (!values.keep) project.remove();
  }
}

function report() {
  const ended = chosen.map(({ name }, index) => ({ name, ...results.get(chosen[index]) }));
  for (const { name, problem } of ended) if (problem !== undefined) console.log(`\n${name}\n${problem}`);
  const width = Math.max(...ended.map(({ name }) => name.length));
  console.log();
  for (const { name, outcome, seconds } of ended) {
    console.log(`${name.padEnd(width)}  ${String(seconds).padStart(4)} s  ${outcome}`);
  }
  const count = (...outcomes) => ended.filter(({ outcome }) => outcomes.includes(outcome)).length;
  const passed = count("passed");
  const failed = count("FAILED", "NOT INSTALLED");
  const minutes = ((performance.now() - started) / 60_000).toFixed(1);
  console.log(`\n${ended.length} frameworks in ${minutes} minutes, ${count("not run")} not run`);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 && 0 < passed ? 0 : 1;
}
