// Sets the version everywhere: node tools/release/bump.mjs major|minor|patch|1.2.3|1.2.3-rc.1
//
// node tools/release/bump.mjs --check   fails unless all places agree

import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ask, Failure, isProgram, main, root } from "../command.mjs";

const VERSION = String.raw`(\d+\.\d+\.\d+(?:-[\w.]+)?)`;
const crate = new RegExp(String.raw`(?<=\nname = "countersign"\nversion = ")${VERSION}`, "g");
const range = new RegExp(
  String.raw`(?<="countersign": "(?:jsr:@countersign\/countersign@|npm:countersign@)?\^)${VERSION}`,
  "g",
);

/**
 * Every place that has the version. Each pattern finds exactly it. JSR's manifest, the SBOM and the links in the package's README are
 * made from pkg/package.json.
 */
export const PLACES = {
  "Cargo.toml": new RegExp(String.raw`(?<=^\[package\]\nname = "countersign"\nversion = ")${VERSION}`, "gm"),
  "Cargo.lock": crate,
  "fuzz/Cargo.lock": crate,
  "benches/native/Cargo.lock": crate,
  "pkg/package.json": new RegExp(`(?<=^ {2}"version": ")${VERSION}`, "gm"),
  "package-lock.json": new RegExp(
    String.raw`(?<="pkg": \{\n {6}"name": "countersign",\n {6}"version": ")${VERSION}`,
    "g",
  ),
  "README.md": new RegExp(String.raw`(?<=countersign-)${VERSION}(?=\.tgz)`, "g"),
  "docs/browsers.md": new RegExp(`(?<=/npm/countersign@)${VERSION}`, "g"),
  "examples/deno/deno.json": range,
  "examples/deno/README.md": range,
  "examples/hono-d1/package.json": range,
  "examples/node/package.json": range,
  "examples/worker/package.json": range,
};

/** The versions in every place, by its path. `read` gives the text of a file. */
export function versions(read) {
  return Object.fromEntries(
    Object.entries(PLACES).map(([path, pattern]) => {
      const found = read(path).match(pattern);
      if (found === null) throw new Failure(`${path} has no version where tools/release/bump.mjs looks for it`);
      return [path, found];
    }),
  );
}

/** The one version in all places. */
export function versionOf(read) {
  const found = versions(read);
  const [version] = found["pkg/package.json"];
  const others = Object.entries(found).filter(([, each]) => each.some((one) => one !== version));
  if (others.length === 0) return version;
  const list = others.map(([path, each]) => `${path} ${each.join(", ")}`).join("; ");
  throw new Failure(`the version is ${version} in pkg/package.json, and elsewhere another: ${list}`);
}

/** The next version: `step` is `major`, `minor`, `patch`, or a version that is higher. */
export function next(version, step) {
  const [major, minor, patch, name] = parts(version);
  const steps = { major: [major + 1, 0, 0], minor: [major, minor + 1, 0], patch: [major, minor, patch + 1] };
  if (Object.hasOwn(steps, step)) {
    if (name === undefined) return steps[step].join(".");
    throw new Failure(`${version} is a prerelease: give the next version itself, such as ${major}.${minor}.${patch}`);
  }
  if (!/^(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*)){2}(?:-[a-z]+\.(?:0|[1-9]\d*))?$/.test(step))
    throw new Failure(`"${step}" is not major, minor, patch or a version such as 1.2.3 or 1.2.3-rc.1`);
  if (!isHigher(parts(step), parts(version))) throw new Failure(`${step} is not higher than ${version}`);
  return step;
}

/** `[1, 2, 3]` or `[1, 2, 3, "rc", 1]`. */
function parts(version) {
  const [numbers, prerelease] = version.split("-");
  const [name, count] = prerelease?.split(".") ?? [];
  return [...numbers.split(".").map(Number), ...(name === undefined ? [] : [name, Number(count)])];
}

/** Semantic versioning §11: 1.2.3 is higher than 1.2.3-rc.1. */
function isHigher(wanted, version) {
  const at = [0, 1, 2, 3, 4].find((index) => wanted[index] !== version[index]);
  if (at === undefined) return false;
  if (at === 3 && (wanted[3] === undefined || version[3] === undefined)) return wanted[3] === undefined;
  return version[at] < wanted[at];
}

/** The texts with the new version, by path. */
export function bumped(read, version) {
  const texts = Object.fromEntries(
    Object.entries(PLACES).map(([path, pattern]) => [path, read(path).replace(pattern, version)]),
  );
  const changes = read("CHANGELOG.md");
  if (!/^## Unreleased\n+(?!## )\S/m.test(changes)) throw new Failure("CHANGELOG.md says nothing under ## Unreleased");
  texts["CHANGELOG.md"] = changes.replace(/^## Unreleased$/m, `## ${version}`);
  return texts;
}

/** A patch changes no interface: etc/api is what it was at the last tag. */
function expectSameInterface(version) {
  if (ask("git", ["rev-parse", "--verify", "--quiet", `v${version}`]) === undefined) return;
  const changed = ask("git", ["diff", "--name-only", `v${version}`, "--", "etc/api"]);
  if (changed !== "")
    throw new Failure(
      `the interface is not that of v${version}, so this is no patch: ${changed.replaceAll("\n", ", ")}`,
    );
}

if (isProgram(import.meta.url)) {
  await main(async () => {
    const { values, positionals } = parseArgs({ options: { check: { type: "boolean" } }, allowPositionals: true });
    const read = (path) => readFileSync(join(root, path), "utf8");
    const version = versionOf(read);
    if (values.check) return console.log(`${version} in ${Object.keys(PLACES).length} files`);
    if (positionals.length !== 1)
      throw new Failure("usage: node tools/release/bump.mjs major|minor|patch|1.2.3|1.2.3-rc.1");
    if (ask("git", ["status", "--porcelain"]) !== "") throw new Failure("commit your changes first");
    const wanted = next(version, positionals[0]);
    // Between the prereleases of a version, and from the last of them to it, the interface may change.
    const isPatch = !version.includes("-") && wanted.split(".").slice(0, 2).join(".") === version.replace(/\.\d+$/, "");
    if (isPatch) expectSameInterface(version);
    for (const [path, text] of Object.entries(bumped(read, wanted))) writeFileSync(join(root, path), text);
    // Both fail if a lock file does not fit.
    execFileSync("cargo", ["metadata", "--locked", "--no-deps", "--format-version", "1"], {
      cwd: root,
      stdio: "ignore",
    });
    console.log(
      `${version} is now ${wanted}. Read the changes, commit them, and tag the commit: git tag --sign v${wanted}`,
    );
  });
}
