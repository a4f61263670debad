// Runs one file of tests in the copy, until the first test fails.

import { spawn } from "node:child_process";
import { copy } from "./copy.mjs";

/** `{ passed, seconds, reason }`: the first failure, or that it took longer than `limit` seconds. */
export function execute(test, { limit, env = {} }) {
  const start = performance.now();
  return new Promise((resolve) => {
    const args = ["--no-warnings", "--test-reporter=tap", test];
    const child = spawn(process.execPath, args, {
      cwd: copy,
      env: { ...process.env, NODE_OPTIONS: "", ...env },
      stdio: ["ignore", "pipe", "pipe"],
      // A group of its own, so that what it starts ends with it.
      detached: process.platform !== "win32",
    });
    let reason;
    let output = "";
    const end = (because) => {
      reason ??= because;
      kill(child);
    };
    const timer = setTimeout(() => end(`takes longer than ${limit} s`), limit * 1000);
    child.stderr.resume();
    child.stdout.setEncoding("utf8").on("data", (text) => {
      output += text;
      const failed = output.match(/^ *not ok \d+ - (.*)$/m);
      if (failed !== null) end(failed[1]);
      output = output.slice(output.lastIndexOf("\n") + 1);
    });
    child.on("close", (code) => {
      clearTimeout(timer);
      if (code !== 0) reason ??= `ends with exit code ${code}`;
      resolve({ passed: reason === undefined, seconds: (performance.now() - start) / 1000, reason });
    });
  });
}

function kill({ pid }) {
  try {
    process.kill(process.platform === "win32" ? pid : -pid, "SIGKILL");
  } catch {
    // It has ended already.
  }
}
