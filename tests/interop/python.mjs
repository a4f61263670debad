// A Python with the libraries of requirements.txt, in an environment of its own under .cache/, made once.

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const folder = join(here, "../../.cache/python-interop");
const requirements = readFileSync(join(here, "requirements.txt"), "utf8");
const stamp = join(folder, "requirements.txt");
const program = join(folder, process.platform === "win32" ? "Scripts/python.exe" : "bin/python");

/** What stands in the way, in words, or `undefined`: then `ask` works. */
export function whyNoPython() {
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === requirements) return undefined;
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

/** The answers to a list of jobs (peer.py says of what form). */
export function ask(jobs) {
  const { status, stdout, stderr } = spawnSync(program, [join(here, "peer.py")], {
    encoding: "utf8",
    input: JSON.stringify(jobs),
    maxBuffer: 2 ** 26,
    timeout: 120_000,
  });
  if (status !== 0) throw new Error(`the Python peer failed: ${stderr}`);
  return JSON.parse(stdout);
}

const lastLine = (text) => text.trim().split("\n").at(-1);
