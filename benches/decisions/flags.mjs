// Whether the compiler flags still pay. Builds the modules without them, compares, writes the ratios to
// flags.json, and fails when one has stopped paying. It takes some minutes; tests/benches/flags.test.mjs fails when flags.json was
// measured with another compiler or other flags.
//
// node benches/decisions/flags.mjs

import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compilerFlags } from "../../tools/build/modules.mjs";
import { isProgram, root } from "../../tools/command.mjs";
import { buildBoth, measure } from "./compare.mjs";

const PAIRS = 21;

/** By alternative and task: the least that leaving the flags out has to cost. */
export const LEAST = {
  "llvm-flags-argon2": { Argon2id: 1.15 },
  "llvm-flags-password": { Argon2id: 1.15, bcrypt: 1 },
};

export const resultPath = join(root, "benches/decisions/flags.json");

/** What the ratios depend on. */
export function measuredWith() {
  const text = (path) => readFileSync(join(root, path), "utf8");
  const locked = (name) => text("Cargo.lock").match(new RegExp(`name = "${name}"\nversion = "(.+)"`))[1];
  return {
    rust: text("rust-toolchain.toml").match(/channel = "(.+)"/)[1],
    crates: Object.fromEntries(["argon2", "blowfish", "scrypt"].map((name) => [name, locked(name)])),
    binaryen: JSON.parse(text("package.json")).devDependencies.binaryen,
    flags: createHash("sha256").update(JSON.stringify(measuredFlags())).digest("hex"),
  };
}

/** The flags that are left out for a comparison: those of the password modules. */
function measuredFlags() {
  const { argon2, password } = compilerFlags.codeFlags;
  return { argon2, password, linked: compilerFlags.linkFlags };
}

/** What does not pay, one sentence each. */
export function shortfalls(ratios) {
  return Object.entries(LEAST).flatMap(([name, tasks]) =>
    Object.entries(tasks)
      .filter(([task, least]) => !(least <= ratios[name]?.[task]))
      .map(([task, least]) => `${name}: ${task} takes ${ratios[name]?.[task]} of the time, not at least ${least}`),
  );
}

if (isProgram(import.meta.url)) {
  const ratios = {};
  for (const name of Object.keys(LEAST)) {
    const rows = await measure(name, await buildBoth(name), "node", PAIRS);
    ratios[name] = Object.fromEntries(
      Object.entries(rows).map(([task, { ratio }]) => [task, Number(ratio.toFixed(2))]),
    );
    console.log(name, ratios[name]);
  }
  const failed = shortfalls(ratios);
  for (const failure of failed) console.error(failure);
  if (failed.length === 0) {
    writeFileSync(
      resultPath,
      `${JSON.stringify({ node: process.versions.node, ratios, ...measuredWith() }, null, 2)}\n`,
    );
  }
  process.exitCode = failed.length === 0 ? 0 : 1;
}
