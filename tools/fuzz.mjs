// `npm run fuzz`: runs every target of fuzz/ for a minute. `npm run fuzz -- <target> --seconds 600` runs one for longer.

import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ask, Failure, main, root, run } from "./command.mjs";
import { writeSeeds } from "./fuzz/seeds.mjs";
import { cargoTool } from "./setup/cargo-tool.mjs";
import { expectNode, prepareRust } from "./setup/toolchain.mjs";

await main(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { seconds: { type: "string", default: "60" } },
  });
  if (!/^[1-9]\d*$/.test(values.seconds)) throw new Failure("--seconds is a whole number of seconds");
  const targets = targetsOf(readFileSync(join(root, "fuzz/Cargo.toml"), "utf8"));
  const unknown = positionals.find((name) => !targets.includes(name));
  if (unknown !== undefined) throw new Failure(`there is no target "${unknown}": choose from ${targets.join(", ")}`);
  expectNode();
  await prepareRust();
  if (ask("rustc", ["+nightly", "--version"]) === undefined) {
    throw new Failure("fuzzing needs a nightly Rust: rustup toolchain install nightly");
  }
  const cargoFuzz = await cargoTool("cargo-fuzz", "0.13.2");
  for (const target of positionals.length === 0 ? targets : positionals) {
    console.log(`\n${target}, for ${values.seconds} s`);
    const args = [
      "fuzz",
      "run",
      target,
      ...corpora(target),
      "--",
      `-max_total_time=${values.seconds}`,
      "-print_final_stats=1",
    ];
    await run(cargoFuzz, args, { show: true, env: { RUSTUP_TOOLCHAIN: "nightly" } });
  }
  console.log("\nnothing was found");
});

/** The folders of the fuzzer's findings and of its first inputs. */
function corpora(target) {
  const found = join(root, "fuzz", "corpus", target);
  mkdirSync(found, { recursive: true });
  const seeds = writeSeeds(target);
  return seeds === undefined ? [found] : [found, seeds];
}

/** The names of the fuzz targets, as Cargo.toml lists them. */
function targetsOf(manifest) {
  const names = [...manifest.matchAll(/^\[\[bin\]\]\nname = "(.+)"$/gm)].map(([, name]) => name);
  if (names.length === 0) throw new Failure("fuzz/Cargo.toml lists no target");
  return names;
}
