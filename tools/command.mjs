// Runs other programs. A failing one ends the task with one clear line, below the output of the program.

import { spawn, spawnSync } from "node:child_process";
import { realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The root of the checkout, with a slash at its end. */
export const root = fileURLToPath(new URL("../", import.meta.url));

/** A failure whose message is enough, without a stack trace. */
export class Failure extends Error {}

/**
 * Runs a program to its end. `show` lets it write to the terminal; otherwise its output is collected, returned, and
 * shown when it fails, without the lines that `hide` matches.
 */
export function run(program, args, { cwd = root, env = {}, show = false, hide = /^$/ } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["ignore", show ? "inherit" : "pipe", show ? "inherit" : "pipe"],
      shell: process.platform === "win32" && program === "npm",
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text) => {
        output += text;
      });
    }
    child.on("error", (error) => reject(new Failure(`${program} could not be started: ${error.message}`)));
    child.on("close", (code, signal) => {
      if (code === 0) return resolve(output);
      process.stderr.write(
        output
          .split("\n")
          .filter((line) => !hide.test(line))
          .join("\n"),
      );
      reject(new Failure(`\`${[program, ...args].join(" ")}\` ended with ${signal ?? `exit code ${code}`}`));
    });
  });
}

/** The output of a program, or `undefined` when it is absent or fails. */
export function ask(program, args, { cwd = root } = {}) {
  const { status, stdout } = spawnSync(program, args, {
    cwd,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
    shell: process.platform === "win32" && program === "npm",
  });
  return status === 0 ? stdout.trim() : undefined;
}

/** Whether node was started with this file, and it is not imported by another. */
export function isProgram(url) {
  return realpathSync(process.argv[1]) === fileURLToPath(url);
}

/** Runs a task from the command line: a failure is printed as one line and becomes the exit code. */
export async function main(task) {
  try {
    await task();
  } catch (error) {
    console.error(error instanceof Failure ? `error: ${error.message}` : error);
    process.exitCode = 1;
  }
}

/** `0.3 s`, right-aligned for a column of times. */
export function seconds(milliseconds) {
  return `${(milliseconds / 1000).toFixed(1)} s`.padStart(8);
}
