// A Python with the libraries of requirements.txt, in an environment of its own under .cache/, made once.

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { alone } from "../../tools/build/lock.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const folder = join(here, "../../.cache/python-interop");
const requirements = readFileSync(join(here, "requirements.txt"), "utf8");
const stamp = join(folder, "requirements.txt");
const program = join(folder, process.platform === "win32" ? "Scripts/python.exe" : "bin/python");

/** What stands in the way, in words, or `undefined`: then `askPython` works. One test at a time makes the environment. */
export function whyNoPython() {
  return isMade() ? undefined : alone(() => (isMade() ? undefined : make()), "python-interop");
}

/** The answers of a Python program to a list of jobs, which it reads as JSON. */
export function askPython(path, jobs) {
  const { status, stdout, stderr } = spawnSync(program, [path], {
    encoding: "utf8",
    // Where jobs.py is.
    env: { ...process.env, PYTHONPATH: here },
    input: JSON.stringify(jobs),
    maxBuffer: 2 ** 26,
    timeout: 120_000,
  });
  if (status !== 0) throw new Error(`the Python peer failed: ${stderr}`);
  return JSON.parse(stdout);
}

const isMade = () => existsSync(stamp) && readFileSync(stamp, "utf8") === requirements;

function make() {
  rmSync(folder, { recursive: true, force: true });
  const python = ["python3", "python"].find((name) => spawnSync(name, ["--version"]).status === 0);
  if (python === undefined) return "there is no Python on this machine";
  const venv = spawnSync(python, ["-m", "venv", folder], { encoding: "utf8" });
  if (venv.status !== 0)
    return `Python has no venv here (on Debian: python3-venv): ${lastLine(venv.stderr || venv.stdout)}`;
  const args = [
    "-m",
    "pip",
    "install",
    "--quiet",
    "--disable-pip-version-check",
    "--requirement",
    join(here, "requirements.txt"),
  ];
  const pip = spawnSync(program, args, { encoding: "utf8" });
  if (pip.status !== 0) return `pip could not install the libraries: ${lastLine(pip.stderr)}`;
  writeFileSync(stamp, requirements);
  return undefined;
}

const lastLine = (text) => text.trim().split("\n").at(-1);
