// Runs one suite or check, prints its result, and counts. One that takes too long is stopped and fails, with the name of the
// test that was running.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root, seconds } from "../command.mjs";
import { countsOf, inWords, none } from "./counts.mjs";
import { inTime, LIMITS } from "./limits.mjs";
import { RUNNING_FILE, runningTests } from "./running.mjs";

/**
 * Runs a suite; its output is shown as it comes when it is `live`, and afterwards when it fails. `limit` is its time
 * limit, and `silence` the time between two lines that say it still runs, in milliseconds.
 */
export async function runSuite(suite, options) {
  const { name, live = false, notes = false } = suite;
  console.log(`${live ? "" : "         "} ${name} …`);
  const start = performance.now();
  const { output, exitCode, problems } = await collect(suite, options);
  const counts = countsOf(output, exitCode);
  if (!live && counts.failed !== 0) console.log(withoutPasses(output));
  for (const problem of problems) console.log(problem);
  if (notes) {
    for (const [, note] of output.matchAll(NOTE)) console.log(`           ${note}`);
  }
  console.log(`${seconds(performance.now() - start)}  ${name}: ${inWords(counts)}`);
  return counts;
}

/** Runs a check, which passes or fails as a whole; its output is shown when it fails. */
export async function runCheck(check, options) {
  const start = performance.now();
  const { output, exitCode, problems } = await collect({ ...check, live: false }, options);
  const passed = exitCode === 0;
  if (!passed) console.log([output, ...problems].join("\n"));
  console.log(`${seconds(performance.now() - start)}  ${check.name}: ${passed ? "passed" : "FAILED"}`);
  return { ...none, [passed ? "passed" : "failed"]: 1 };
}

/** The output and exit code of a program, and in `problems` whether it hung, and in which test. */
async function collect(
  { name, program, args, env = {}, live },
  { limit = LIMITS.suite, silence = LIMITS.silence } = {},
) {
  const folder = mkdtempSync(join(tmpdir(), "countersign-running-"));
  const runningPath = join(folder, "tests");
  writeFileSync(runningPath, "");
  let output = "";
  const start = performance.now();
  let heard = start;
  const sayRunning = setInterval(() => {
    if (live && performance.now() - heard < silence) return;
    const [test] = whatRuns(runningPath, output);
    const time = inTime(performance.now() - start);
    console.log(`           still running: ${name}, ${time}${test === undefined ? "" : `, in ${test}`}`);
  }, silence);
  const { exitCode, stopped } = await toItsEnd(
    { program, args, env: { ...env, [RUNNING_FILE]: runningPath }, limit },
    (text) => {
      output += text;
      heard = performance.now();
      if (live) process.stdout.write(text);
    },
  );
  clearInterval(sayRunning);
  const unfinished = whatRuns(runningPath, output);
  rmSync(folder, { recursive: true, force: true });
  const problems = [];
  if (stopped) problems.push(`${name} was stopped: it took more than ${inTime(limit)}`);
  if (stopped || exitCode !== 0) problems.push(...unfinished.map((test) => `did not end: ${test}`));
  return { output, exitCode, problems };
}

/** The tests that are running, the last one first: those noted in the file, and those that cargo reports as slow. */
function whatRuns(runningPath, output) {
  const slow = [...output.matchAll(/\btest (\S+) has been running for over/g)].map(([, name]) => name);
  return [...runningTests(runningPath), ...slow.filter((name) => !output.includes(`test ${name} ... `)).reverse()];
}

/** The time for a stopped program to clean up, and for its children to close its output. */
const GRACE = 5000;

/** Runs a program until it ends or reaches its limit, and then ends the processes that it started. */
function toItsEnd({ program, args, env, limit }, onOutput) {
  return new Promise((resolve) => {
    // A process group of its own, so that what it started can be ended with it.
    const detached = process.platform !== "win32";
    const stdio = ["ignore", "pipe", "pipe"];
    const child = spawn(program, args, { cwd: root, detached, env: { ...process.env, ...env }, stdio });
    let stopped = false;
    let ended = false;
    const kill = (signal) => {
      try {
        if (detached && child.pid !== undefined) process.kill(-child.pid, signal);
        else child.kill(signal);
      } catch {
        // All of it has ended.
      }
    };
    // The group does not get the terminal's Ctrl-C.
    const interrupt = () => {
      kill("SIGKILL");
      process.exit(130);
    };
    const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
    for (const signal of signals) process.once(signal, interrupt);
    const timer = setTimeout(() => {
      stopped = true;
      kill("SIGTERM");
      setTimeout(() => kill("SIGKILL"), GRACE).unref();
    }, limit);
    const finish = (exitCode) => {
      if (ended) return;
      ended = true;
      clearTimeout(timer);
      for (const signal of signals) process.off(signal, interrupt);
      kill("SIGKILL");
      resolve({ exitCode: stopped ? 1 : exitCode, stopped });
    };
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", onOutput);
    child.on("error", (error) => {
      onOutput(`${program} could not be started: ${error.message}`);
      finish(1);
    });
    child.on("close", (code) => finish(code ?? 1));
    // `close` waits until every process has closed the output, and a leftover child may never do so.
    child.on("exit", (code) => setTimeout(() => finish(code ?? 1), GRACE).unref());
  });
}

// The lines that a test prints with `t.diagnostic`, among node's own.
const NOTE = /^ *# (?!Subtest|tests \d|suites|pass|fail|cancelled|skipped|todo|duration_ms|\(|Warning)(.+)$/gm;

// The parts of node's report that concern a failure.
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
