// The checks that a change must pass besides the tests: spelling, formatting, lints, types, documentation, licenses.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ask, Failure, root } from "../command.mjs";

const TARGET = "wasm32-unknown-unknown";
const locked = process.env.CI ? ["--locked"] : [];
const deny = ["-D", "warnings"];

/** Every check: a program that passes or fails. `cargoDeny`, `typos` and `zizmor` are the paths of these programs. */
export function checks({ cargoDeny, typos, zizmor }) {
  return [
    { name: "spelling", program: typos, args: ["--format", "brief"] },
    { name: "workflows", program: zizmor, args: ["--offline", "--quiet", "--no-progress", ".github/workflows"] },
    { name: "plain words", program: process.execPath, args: ["tools/ready/prose.mjs"] },
    cargo("Rust is formatted", ["fmt", "--all", "--check"]),
    ...ofFuzz(),
    cargo("the benchmark of the crate is formatted", [
      "fmt",
      "--manifest-path",
      "benches/native/Cargo.toml",
      "--check",
    ]),
    clippy("native", ["--workspace", "--all-targets"]),
    clippy("native, tokens alone", [
      "--package",
      "countersign",
      "--all-targets",
      "--no-default-features",
      "--features",
      "jwt",
    ]),
    clippy("native, the small module", [
      "--package",
      "countersign",
      "--lib",
      "--no-default-features",
      "--features",
      "lite",
    ]),
    clippy("native, passwords alone", [
      "--package",
      "countersign",
      "--all-targets",
      "--no-default-features",
      "--features",
      "password",
    ]),
    ...[
      "default,npm",
      "npm-jwt",
      "npm-lite",
      "npm-verify",
      "npm-password",
      "npm-argon2",
      "npm-formats",
      "npm-jwe",
      "npm-post-quantum",
      "npm-formats,npm-jwe,npm-jwt,test-trap",
    ].map((features) =>
      clippy(`wasm32, ${features}`, [
        "--package",
        "countersign",
        "--lib",
        "--target",
        TARGET,
        "--no-default-features",
        "--features",
        features,
      ]),
    ),
    cargo("the Rust documentation is whole", ["doc", ...locked, "--package", "countersign", "--no-deps", "--quiet"], {
      RUSTDOCFLAGS: "-D warnings",
    }),
    cargo("the crate can be published", [
      "package",
      ...locked,
      "--package",
      "countersign",
      "--no-verify",
      "--allow-dirty",
      "--quiet",
    ]),
    {
      name: "dependencies: bans, licenses, sources",
      program: cargoDeny,
      args: ["--all-features", "check", "bans", "licenses", "sources"],
    },
    node("JavaScript, TypeScript, JSON and CSS are formatted and linted", "@biomejs/biome/bin/biome", [
      "check",
      "--error-on-warnings",
    ]),
    { name: "the package for JSR can be published", program: process.execPath, args: ["tools/release/check-jsr.mjs"] },
    {
      name: "a build in another folder gives the same bytes",
      program: process.execPath,
      // The smallest module: .github/workflows/ci.yml compares all of them.
      args: ["tools/reproduce.mjs", "--modules", "argon2"],
    },
    ...typeScriptProjects().map((project) =>
      node(`types of ${project}`, "typescript/bin/tsc", ["--noEmit", "--project", project]),
    ),
  ];
}

/** The oldest supported Rust must be the one that runs all checks. */
export function expectOldestRust() {
  const claimed = readFileSync(join(root, "Cargo.toml"), "utf8").match(/^rust-version = "(.+)"$/m)?.[1];
  const used = ask("rustc", ["--version"])?.split(" ")[1];
  if (used !== claimed && !used?.startsWith(`${claimed}.`)) {
    throw new Failure(`Cargo.toml says rust-version = "${claimed}", and what builds here is Rust ${used}`);
  }
}

function cargo(name, args, env = {}) {
  return { name, program: "cargo", args, env };
}

function clippy(what, args) {
  return cargo(`clippy, ${what}`, ["clippy", "--quiet", ...locked, ...args, "--", ...deny]);
}

function node(name, path, args) {
  return { name, program: process.execPath, args: [join(root, "node_modules", path), ...args] };
}

// A package of its own, since its dependencies want another toolchain to run.
function ofFuzz() {
  const manifest = ["--manifest-path", "fuzz/Cargo.toml"];
  return [
    cargo("the fuzz targets are formatted", ["fmt", ...manifest, "--check"]),
    cargo("clippy, the fuzz targets", ["clippy", "--quiet", ...locked, ...manifest, "--", ...deny]),
  ];
}

function typeScriptProjects() {
  const projects = ["pkg/tsconfig.json", "pkg/tsconfig.cli.json", "examples/worker/tsconfig.json"];
  const missing = projects.find((project) => !existsSync(join(root, project)));
  if (missing !== undefined) throw new Failure(`${missing} is missing`);
  return projects;
}
