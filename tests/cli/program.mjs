// Runs the command line as a process, in each runtime.

import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The root of the checkout, with a slash at its end. */
export const root = fileURLToPath(new URL("../../", import.meta.url));

const main = join(root, "pkg/dist/cli/main.js");
const installed = (path) => join(root, "node_modules", path);

/** The command of each runtime, before the program and its arguments. */
export const RUNTIMES = {
  "Node 20": [process.execPath],
  "Node 24": [installed("node24/bin/node")],
  Bun: [installed("bun/bin/bun.exe")],
  Deno: [installed("deno/bin.cjs"), "run", "-A"],
};

/** The environment without what colors the output or changes the runtime. */
const { FORCE_COLOR: _, NO_COLOR: __, NODE_OPTIONS: ___, ...plain } = process.env;

export { plain };

/**
 * Runs a command and waits for its end.
 *
 * @param args The arguments.
 * @param options `input` for standard input, more variables in `env`, the folder `cwd`, and the `runtime`.
 */
export async function countersign(args, { input = "", env = {}, cwd = root, runtime = RUNTIMES["Node 20"] } = {}) {
  const child = start(args, { env, cwd, runtime });
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  const [stdout, stderr, exitCode] = await Promise.all([textOf(child.stdout), textOf(child.stderr), ended(child)]);
  return { exitCode, stdout, stderr };
}

/** Starts a command. */
export function start(args, { env = {}, cwd = root, runtime = RUNTIMES["Node 20"] } = {}) {
  const [program, ...before] = runtime;
  return spawn(program, [...before, main, ...args], { cwd, env: { ...plain, TERM: "xterm", ...env } });
}

/** The exit code of a process, or the signal that ended it. */
export function ended(child) {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve(code ?? signal));
  });
}

async function textOf(stream) {
  let text = "";
  stream.setEncoding("utf8");
  for await (const chunk of stream) text += chunk;
  return text;
}

/** What a command prints with `--json`. */
export async function answered(args, options) {
  const { stdout, exitCode, stderr } = await countersign([...args, "--json"], options);
  try {
    return { exitCode, stderr, ...JSON.parse(stdout) };
  } catch {
    throw new Error(`not JSON: ${stdout}${stderr}`);
  }
}

/** A folder that goes away with the test. */
export function folder(context) {
  const path = mkdtempSync(join(tmpdir(), "countersign-cli-"));
  context.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** Whether a program of the system is there. */
export function hasProgram(name) {
  return (process.env.PATH ?? "").split(":").some((place) => existsSync(join(place, name)));
}

/** Skips a test whose program is missing, except in CI. */
export function needs(name) {
  if (hasProgram(name) || process.env.CI) return false;
  return `there is no ${name}`;
}
