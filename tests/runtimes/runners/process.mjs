// Runs a runtime's own program and reads the result that the suite printed.

import { spawn } from "node:child_process";

/** Marks the line that carries the result, among whatever else a runtime prints. */
export const MARK = "@@countersign-result@@";

const TIME_LIMIT_MS = 600_000;

/** Starts `command` and gives the suite's result, or an error with what the program said instead. */
export function resultOf(command, args, cwd) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, NO_COLOR: "1" },
    });
    const timer = setTimeout(() => child.kill("SIGKILL"), TIME_LIMIT_MS);
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8");
      stream.on("data", (text) => {
        output += text;
      });
    }
    child.on("error", reject);
    child.on("close", (status, signal) => {
      clearTimeout(timer);
      const line = output.split("\n").find((text) => text.includes(MARK));
      if (line === undefined || status !== 0) {
        reject(new Error(`ended with ${signal ?? `status ${status}`}: ${output.slice(-2000)}`));
      } else {
        resolve(JSON.parse(line.slice(line.indexOf(MARK) + MARK.length)));
      }
    });
  });
}

/** Part of a program that runs the suite: these files' cases do not run. */
export const without = (files) => `for (const file of ${JSON.stringify(files)}) delete vectors[file];\n`;

/** The end of a program that runs the suite and prints its result. Programs that have another realm say so before. */
export const printResult = `console.log(${JSON.stringify(MARK)} + JSON.stringify(await run(countersign, vectors, undefined, globalThis.otherRealm)));\n`;
