// Compares the interface of the crate with that of the last version, by cargo-semver-checks: node tools/api/check-crate.mjs
//
// --baseline REVISION   compares with another revision than the last tag
//
// Not among the checks of `npm run ready`: the program takes minutes to compile, and then documents the crate twice. A workflow runs
// it.

import { parseArgs } from "node:util";
import { ask, main, run } from "../command.mjs";
import { cargoTool } from "../setup/cargo-tool.mjs";

await main(async () => {
  const { values } = parseArgs({ options: { baseline: { type: "string" } } });
  const baseline = values.baseline ?? ask("git", ["describe", "--tags", "--abbrev=0", "--match", "v*"]);
  if (baseline === undefined) {
    console.log("no version is tagged yet, so there is nothing to compare with");
    return;
  }
  // It reads rustdoc's JSON in the formats 57, which Rust 1.95 writes, 60 and 61. Look at that before you update Rust.
  const program = await cargoTool("cargo-semver-checks", "0.51.0", ["semver-checks", "--version"]);
  const args = ["semver-checks", "check-release", "--package", "countersign", "--baseline-rev", baseline];
  await run(program, args, { show: true });
});
