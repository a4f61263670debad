// Runs one suite or check, prints what people want to see of it, and counts.

import { spawn } from "node:child_process";
import { root, seconds } from "../command.mjs";
import { countsOf, inWords, none } from "./counts.mjs";

/** Runs a suite; its output is shown as it comes when it is `live`, and afterwards when it fails. */
export async function runSuite({ name, program, args, env = {}, live = false, notes = false }) {
  console.log(`${live ? "" : "         "} ${name} …`);
  const start = performance.now();
  const { output, exitCode } = await collect(program, args, env, live);
  const counts = countsOf(output, exitCode);
  if (!live && counts.failed !== 0) console.log(withoutPasses(output));
  if (notes) {
    for (const [, note] of output.matchAll(NOTE)) console.log(`           ${note}`);
  }
  console.log(`${seconds(performance.now() - start)}  ${name}: ${inWords(counts)}`);
  return counts;
}

/** Runs a check, which passes or fails as a whole; its output is shown when it fails. */
export async function runCheck({ name, program, args, env = {} }) {
  const start = performance.now();
  const { output, exitCode } = await collect(program, args, env, false);
  const passed = exitCode === 0;
  if (!passed) console.log(output);
  console.log(`${seconds(performance.now() - start)}  ${name}: ${passed ? "passed" : "FAILED"}`);
  return { ...none, [passed ? "passed" : "failed"]: 1 };
}

function collect(program, args, env, live) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => {
        output += text;
        if (live) process.stdout.write(text);
      });
    }
    child.on("error", (error) => resolve({ output: `${program} could not be started: ${error.message}`, exitCode: 1 }));
    child.on("close", (code) => resolve({ output, exitCode: code ?? 1 }));
  });
}

// What a test reports of its own accord, among what node reports.
const NOTE = /^ *# (?!Subtest|tests \d|suites|pass|fail|cancelled|skipped|todo|duration_ms|\(|Warning)(.+)$/gm;

// Of node's report, only what concerns a failure.
function withoutPasses(output) {
  if (!output.startsWith("TAP version")) return output;
  const kept = [];
  let keeping = false;
  for (const line of output.split("\n")) {
    if (/^ *(# Subtest|1\.\.|# (tests|suites|pass|fail|cancelled|skipped|todo|duration_ms))/.test(line))
      keeping = false;
    else if (/^ *(not )?ok \d/.test(line)) keeping = line.trimStart().startsWith("not ok");
    if (keeping) kept.push(line);
  }
  return kept.join("\n");
}
