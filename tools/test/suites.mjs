// Every suite of the project, in order: the quick ones, whose failures are easy to understand, come first.

import { readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Failure, root } from "../command.mjs";
import { LIMITS } from "./limits.mjs";

const locked = process.env.CI ? ["--locked"] : [];

/**
 * The output of `live` suites is always shown; of the others, diagnostics where `notes` is set, and everything when they
 * fail.
 */
export const suites = [
  cargo("Rust, with its documentation's examples", ["--package", "countersign"]),
  cargo("Rust, against Wycheproof's vectors", ["--package", "wycheproof-tests"]),
  cargo("Rust, tokens alone", ["--package", "countersign", "--lib", "--no-default-features", "--features", "jwt"]),
  cargo("Rust, passwords alone", [
    "--package",
    "countersign",
    "--lib",
    "--no-default-features",
    "--features",
    "password",
  ]),
  nodeTests("vectors"),
  nodeTests("packaging", { notes: true }),
  nodeTests("budgets", { notes: true }),
  nodeTests("types"),
  nodeTests("runtimes", { notes: true }),
  {
    name: "runtimes, every case in every runtime",
    program: process.execPath,
    args: ["tests/runtimes/run.mjs"],
    live: true,
  },
  nodeTests("pool", { notes: true }),
  nodeTests("interop", { notes: true }),
  nodeTests("bundlers"),
  nodeTests("http"),
  nodeTests("adapters"),
  nodeTests("session"),
  nodeTests("dpop"),
  nodeTests("key-ring"),
  nodeTests("stores", { notes: true }),
  nodeTests("load"),
  nodeTests("cli", { notes: true }),
  nodeTests("import"),
  nodeTests("remote"),
  nodeTests("issuers"),
  nodeTests("schema"),
  nodeTests("signers"),
  nodeTests("strength", { notes: true }),
  nodeTests("better-auth"),
  nodeTests("recipes"),
  nodeTests("examples"),
  nodeTests("browser"),
  nodeTests("docs"),
  nodeTests("benches"),
];

function cargo(name, args) {
  return { name, program: "cargo", args: ["test", "--quiet", "--no-fail-fast", ...locked, ...args] };
}

function nodeTests(name, { notes = false } = {}) {
  const folder = join("tests", name);
  const files = readdirSync(join(root, folder)).filter((file) => file.endsWith(".test.mjs"));
  // Given no file, node would look for tests everywhere.
  if (files.length === 0) throw new Failure(`there are no tests in ${folder}`);
  const args = [
    "--import",
    pathToFileURL(join(root, "tools/test/running.mjs")).href,
    "--test",
    // For each test and each file. Node 20 and 22 stop a file that hangs; with Node 24 the limit of the suite does.
    `--test-timeout=${LIMITS.file}`,
    // By default one less than there are processors, and many tests wait for servers and timers.
    `--test-concurrency=${Math.max(2, availableParallelism() - 1)}`,
    "--test-reporter=tap",
    ...files.map((file) => join(folder, file)),
  ];
  return { name, program: process.execPath, args, notes };
}
