// Runs other programs. A failing one ends the task with one clear line, below the output of the program.

import { spawn, spawnSync } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { win32 } from "node:path";
import { fileURLToPath } from "node:url";

/** The root of the checkout, with a slash at its end. */
export const root = fileURLToPath(new URL("../", import.meta.url));

/** A failure whose message is enough, without a stack trace. */
export class Failure extends Error {}

/**
 * What to start for a program: its path and its arguments. On Windows npm is a script, which only a shell can start, and a shell
 * splits paths at spaces. So Node starts the file that the script would start.
 */
export function started(program, args, system = process) {
  const { platform, execPath, env, exists = existsSync } = system;
  if (platform !== "win32" || program !== "npm") return [program, args];
  const beside = "node_modules/npm/bin/npm-cli.js";
  const places = [win32.dirname(execPath), win32.join(env.APPDATA ?? "", "npm")].map((place) =>
    win32.join(place, beside),
  );
  // Set by npm for the scripts that it runs. Other package managers set it to themselves.
  if (env.npm_execpath?.endsWith("npm-cli.js")) places.unshift(env.npm_execpath);
  const found = places.find((path) => exists(path));
  if (found === undefined) throw new Failure(`npm is not beside ${execPath}: run the command with npm run`);
  return [execPath, [found, ...args]];
}

/**
 * Runs a program to its end. `show` lets it write to the terminal; otherwise its output is collected, returned, and
 * shown when it fails, without the lines that `hide` matches.
 */
export function run(program, args, { cwd = root, env = {}, show = false, hide = /^$/ } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(...started(program, args), {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["ignore", show ? "inherit" : "pipe", show ? "inherit" : "pipe"],
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
  const { status, stdout } = spawnSync(...started(program, args), {
    cwd,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  return status === 0 ? stdout.trim() : undefined;
}

/** Whether node was started with this file, and it is not imported by another. */
export function isProgram(url, [, started] = process.argv) {
  return started !== undefined && realpathSync(started) === fileURLToPath(url);
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
