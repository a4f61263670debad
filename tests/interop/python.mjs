// A Python with the libraries of a requirements file, in an environment of its own under .cache/, made once.

import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { alone } from "../../tools/build/lock.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const CURRENT = environment("requirements.txt", "python-interop");

/** What stands in the way, in words, or `undefined`: then `askPython` works. */
export const whyNoPython = CURRENT.why;
/** The answers of a Python program to a list of jobs, which it reads as JSON. */
export const askPython = CURRENT.ask;

/** An environment by its requirements file, beside this one, and its folder under .cache/. One test at a time makes it. */
export function environment(file, name) {
  const folder = join(here, "../../.cache", name);
  const requirements = readFileSync(resolve(here, file), "utf8");
  const stamp = join(folder, "requirements.txt");
  const program = join(folder, process.platform === "win32" ? "Scripts/python.exe" : "bin/python");
  const isMade = () => existsSync(stamp) && readFileSync(stamp, "utf8") === requirements;
  const attempt = () => (isMade() ? undefined : (make(folder, program, file) ?? done()));
  const done = () => writeFileSync(stamp, requirements);
  // Where jobs.py is.
  const env = { ...process.env, PYTHONPATH: here };
  return {
    why: () => (isMade() ? undefined : alone(attempt, name)),
    ask: (path, jobs) => {
      const { status, stdout, stderr } = spawnSync(program, [path], {
        encoding: "utf8",
        env,
        input: JSON.stringify(jobs),
        maxBuffer: 2 ** 26,
        timeout: 120_000,
      });
      if (status !== 0) throw new Error(`the Python peer failed: ${stderr}`);
      return JSON.parse(stdout);
    },
    /** As `ask`, while this process goes on, for example with a server that the program calls. */
    askLater: async (path, jobs) => {
      const child = spawn(program, [path], { env, stdio: ["pipe", "pipe", "inherit"], timeout: 120_000 });
      child.stdin.end(JSON.stringify(jobs));
      const [stdout, status] = await Promise.all([
        child.stdout.setEncoding("utf8").toArray(),
        new Promise((resolve) => child.once("close", resolve)),
      ]);
      if (status !== 0) throw new Error(`the Python peer failed with ${status}`);
      return JSON.parse(stdout.join(""));
    },
  };
}

function make(folder, program, file) {
  rmSync(folder, { recursive: true, force: true });
  const python = ["python3", "python"].find((name) => spawnSync(name, ["--version"]).status === 0);
  if (python === undefined) return "there is no Python on this machine";
  const venv = spawnSync(python, ["-m", "venv", folder], { encoding: "utf8" });
  if (venv.status !== 0)
    return `Python has no venv here (on Debian: python3-venv): ${lastLine(venv.stderr || venv.stdout)}`;
  const args = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement", resolve(here, file)];
  const pip = spawnSync(program, args, { encoding: "utf8" });
  if (pip.status !== 0) return `pip could not install the libraries: ${lastLine(pip.stderr)}`;
  return undefined;
}

const lastLine = (text) => text.trim().split("\n").at(-1);
