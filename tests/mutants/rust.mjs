// Runs cargo-mutants over the deciding files of the core.

import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Failure, root } from "../../tools/command.mjs";
import { cargoTool } from "../../tools/setup/cargo-tool.mjs";
import { chosenFiles, RUST } from "./files.mjs";

/** The groups with one of the texts as their name, and of the others the files whose path contains one. Without texts, all. */
export function chosen(texts) {
  return RUST.map((group) => ({ ...group, files: chosenFiles(group, texts) })).filter(({ files }) => files.length > 0);
}

/** Makes every mutant of a group, and gives `{ killed, survivors }`: a number, and `{ file, change }` for each. */
export async function mutateRust({ features, files, profile, skip, tests }) {
  const program = await cargoTool("cargo-mutants", "27.1.0", ["mutants", "--version"]);
  const folder = mkdtempSync(join(tmpdir(), "countersign-mutants-"));
  try {
    const args = ["mutants", "--no-default-features", "--features", features, "--profile", profile, "--output", folder];
    for (const file of files) args.push("--file", file);
    for (const test of tests) args.push(`--cargo-arg=${test}`);
    // The first `--` ends the options of cargo-mutants, the second those of Cargo.
    args.push("--", "--", ...skip.flatMap((name) => ["--skip", name]));
    const { status } = spawnSync(program, args, { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
    // 2: some survived; 3: some took too long.
    if (![0, 2, 3].includes(status)) throw new Failure(`cargo-mutants ended with exit code ${status}`);
    const linesOf = (name) => {
      const path = join(folder, "mutants.out", name);
      return existsSync(path) ? readFileSync(path, "utf8").split("\n").filter(Boolean) : [];
    };
    const survivors = linesOf("missed.txt").map((line) => {
      const [, file, change] = line.match(/^([^:]+):\d+:\d+: (.*)$/);
      return { file, change };
    });
    return { killed: linesOf("caught.txt").length + linesOf("timeout.txt").length, survivors };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
