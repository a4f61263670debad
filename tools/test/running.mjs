// Records the running tests in a file for the task that started them, because a process that hangs cannot report.
//
// `node --import tools/test/running.mjs --test` notes every test of node:test. Other suites call `started` and `ended`.

import { appendFileSync, readFileSync } from "node:fs";
import { relative } from "node:path";
import { root } from "../command.mjs";

/** The environment variable that names the file. */
export const RUNNING_FILE = "COUNTERSIGN_RUNNING_TESTS";

/** Notes that a test begins. It is written synchronously, because a test that hangs lets this process write nothing later. */
export const started = (name, file = "") => note({ event: "started", name, file });

/** Notes that a test is over. */
export const ended = (name, file = "") => note({ event: "ended", name, file });

function note(entry) {
  const path = process.env[RUNNING_FILE];
  if (path !== undefined) appendFileSync(path, `${JSON.stringify(entry)}\n`);
}

/** The tests that began and are not over, the last one first. */
export function runningTests(path) {
  const running = [];
  for (const line of readFileSync(path, "utf8").split("\n").filter(Boolean)) {
    const { event, name, file } = JSON.parse(line);
    const title = file === "" ? name : `${name} (${file})`;
    if (event === "started") running.unshift(title);
    else if (running.includes(title)) running.splice(running.indexOf(title), 1);
  }
  return running;
}

// Set in the processes that run test files, and not in the one that starts them.
if (process.env.NODE_TEST_CONTEXT !== undefined) {
  const { afterEach, beforeEach } = await import("node:test");
  const file = relative(root, process.argv[1] ?? "").replaceAll("\\", "/");
  beforeEach(({ name }) => started(name, file));
  afterEach(({ name }) => ended(name, file));
}
