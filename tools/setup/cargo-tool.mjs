// Programs from crates.io that a task needs and that are not part of the build.

import { rmSync } from "node:fs";
import { join } from "node:path";
import { ask, root, run } from "../command.mjs";

/**
 * Where a program of exactly this version is: installed on the machine, or built into .cache/ once. `asked` makes it print its
 * name and version.
 */
export async function cargoTool(name, version, asked = ["--version"]) {
  const isRight = (program) => ask(program, asked)?.split(" ")[1] === version;
  if (isRight(name)) return name;
  const folder = join(root, ".cache", "tools");
  const program = join(folder, "bin", process.platform === "win32" ? `${name}.exe` : name);
  if (isRight(program)) return program;
  console.log(`building ${name} ${version}, once; it takes some minutes`);
  const target = join(folder, "build");
  // Without optimization: it runs for a second or two, and compiles in a third of the time.
  const args = [
    "install",
    "--quiet",
    "--locked",
    "--debug",
    "--root",
    folder,
    "--target-dir",
    target,
    "--version",
    version,
  ];
  await run("cargo", [...args, name], { show: true });
  rmSync(target, { recursive: true, force: true });
  return program;
}
