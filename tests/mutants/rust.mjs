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

/**
 * Makes every mutant of a group, and gives `{ killed, survivors }`: a number, and `{ file, change }` for each. With
 * `leavesOutSlowCases`, what survives without these cases is tested again with all of them.
 */
export async function mutateRust(group) {
  const program = await cargoTool("cargo-mutants", "27.1.0", ["mutants", "--version"]);
  const folder = mkdtempSync(join(tmpdir(), "countersign-mutants-"));
  try {
    const quick = { COUNTERSIGN_SLOW_CASES: join(folder, "slow-cases.txt") };
    // The first run without a change takes as long as all cases do, and so long may each change take.
    const first = group.leavesOutSlowCases && run(program, group, folder, quick, ["--timeout-multiplier", "1"]);
    const rest = first ? ["--iterate", "--baseline", "skip", "--timeout", "600"] : [];
    const last = first?.missed.length === 0 ? first : run(program, group, folder, {}, rest);
    const survivors = last.missed.map((line) => {
      const [, file, change] = line.match(/^([^:]+):\d+:\d+: (.*)$/);
      return { file, change };
    });
    // What took too long in the first run may survive the second.
    const killed = [...(first?.caught ?? []), ...last.caught].filter((line) => !last.missed.includes(line));
    return { killed: new Set(killed).size, survivors };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs cargo-mutants once, and gives the lines of the changes that were noticed and missed. */
function run(program, { exclude = [], features, files, skip, tests }, folder, env, more) {
  const args = ["mutants", "--gitignore=true", "--no-default-features", "--features", features, "--profile", "mutants"];
  args.push("--output", folder, ...more);
  for (const file of files) args.push("--file", file);
  for (const file of exclude) args.push("--exclude", file);
  for (const test of tests) args.push(`--cargo-arg=${test}`);
  // The first `--` ends the options of cargo-mutants, the second those of Cargo.
  args.push("--", "--", ...skip.flatMap((name) => ["--skip", name]));
  // The dependencies are compiled once for all runs. The copy in the temporary folder is another package in each run, so
  // its own files are removed.
  const target = join(root, "target", "mutants-tests");
  const options = { cwd: root, env: { ...process.env, ...env, CARGO_TARGET_DIR: target } };
  const { status } = spawnSync(program, args, { ...options, stdio: ["ignore", "inherit", "inherit"] });
  rmSync(join(target, "mutants", "incremental"), { recursive: true, force: true });
  // 2: some survived; 3: some took too long.
  if (![0, 2, 3].includes(status)) throw new Failure(`cargo-mutants ended with exit code ${status}`);
  const linesOf = (name) => {
    const path = join(folder, "mutants.out", name);
    return existsSync(path) ? readFileSync(path, "utf8").split("\n").filter(Boolean) : [];
  };
  return { caught: [...linesOf("caught.txt"), ...linesOf("timeout.txt")], missed: linesOf("missed.txt") };
}
