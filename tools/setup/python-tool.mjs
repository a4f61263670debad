// Programs that PyPI provides compiled. From crates.io they would be compiled here, for minutes.

import { rmSync } from "node:fs";
import { join } from "node:path";
import { ask, Failure, root, run } from "../command.mjs";

/** Where a program of exactly this version is: installed on the machine, or in an environment of its own in .cache/. */
export async function pythonTool(name, version) {
  const isRight = (program) => ask(program, ["--version"])?.split(" ").at(-1) === version;
  if (isRight(name)) return name;
  const folder = join(root, ".cache", "tools", name);
  const isWindows = process.platform === "win32";
  const scripts = join(folder, isWindows ? "Scripts" : "bin");
  const program = join(scripts, isWindows ? `${name}.exe` : name);
  if (isRight(program)) return program;
  const python = ["python3", "python"].find((candidate) => ask(candidate, ["--version"]) !== undefined);
  if (python === undefined) throw new Failure(`Python is needed to install ${name} ${version}`);
  console.log(`installing ${name} ${version}`);
  rmSync(folder, { recursive: true, force: true });
  await run(python, ["-m", "venv", folder]);
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary=:all:"];
  await run(join(scripts, isWindows ? "python.exe" : "python"), [...pip, `${name}==${version}`], { show: true });
  return program;
}
