// Versions: lock files that are complete for every system, so that `npm ci` works on all of them, exact pins, and one
// version of the project.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { bumped, next, PLACES, versionOf } from "../../tools/release/bump.mjs";
import { manifest, read, root } from "./package.mjs";

test("locks_the_tools_of_every_system", () => {
  const lock = JSON.parse(read("package-lock.json"));
  assert.ok(Object.keys(lock.packages).some((path) => path.includes("darwin")));
  assert.deepEqual(
    missingPackages(lock),
    [],
    "remove node_modules and package-lock.json and run npm install, with npm 11.19 or newer",
  );
  const incomplete = structuredClone(lock);
  delete incomplete.packages["node_modules/@esbuild/darwin-arm64"];
  assert.deepEqual(missingPackages(incomplete), ["@esbuild/darwin-arm64"]);
});

// Older versions of npm leave out the packages for other systems than the one they run on (npm/cli#4828).
function missingPackages({ packages }) {
  return Object.entries(packages).flatMap(([parent, { optionalDependencies = {} }]) =>
    Object.entries(optionalDependencies)
      .filter(([name, version]) => /^\d/.test(version) && lockedVersion(packages, parent, name) !== version)
      .map(([name]) => name),
  );
}

/** The version that `parent` finds, as Node does: in its own node_modules, or in those further out. */
function lockedVersion(packages, parent, name) {
  for (let folder = parent; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("node_modules/") - 1))) {
    const found = packages[`${folder === "" ? "" : `${folder}/`}node_modules/${name}`];
    if (found !== undefined || folder === "") return found?.version;
  }
}

test("locks_the_bytes_of_every_tool", () => {
  const lock = JSON.parse(read("package-lock.json"));
  assert.deepEqual(withoutIntegrity(lock), [], "run node tools/setup/lock-integrity.mjs");
  const incomplete = structuredClone(lock);
  delete incomplete.packages["node_modules/@esbuild/darwin-arm64"].integrity;
  assert.deepEqual(withoutIntegrity(incomplete), ["node_modules/@esbuild/darwin-arm64"]);
});

/** The packages whose download nothing would check. Folders of this repository are not downloaded. */
function withoutIntegrity({ packages }) {
  return Object.entries(packages)
    .filter(([path, { link, integrity }]) => path.includes("node_modules/") && !link && !/^sha512-/.test(integrity))
    .map(([path]) => path);
}

test("pins_every_development_tool", () => {
  const { dependencies, devDependencies } = JSON.parse(read("package.json"));
  for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies }))
    assert.match(version, /^(npm:\w+@)?\d+\.\d+\.\d+(-[a-z]+)?$/, name);
});

test("keeps_both_halves_of_wasm_bindgen_at_one_version", () => {
  const lock = read("Cargo.lock");
  const version = (name) => lock.match(new RegExp(`name = "${name}"\nversion = "(.+)"`))[1];
  assert.equal(version("wasm-bindgen"), version("wasm-bindgen-cli-support"));
});

test("has_one_version_in_every_place", () => {
  assert.equal(versionOf(read), manifest.version);
});

test("says_where_a_version_is_another", () => {
  const other = (path) => (path === "fuzz/Cargo.lock" ? bumped(read, "9.9.9")[path] : read(path));
  const message = `the version is ${manifest.version} in pkg/package.json, and elsewhere another: fuzz/Cargo.lock 9.9.9`;
  assert.throws(() => versionOf(other), { message });
  const lost = (path) => (path === "README.md" ? "" : read(path));
  assert.throws(() => versionOf(lost), {
    message: "README.md has no version where tools/release/bump.mjs looks for it",
  });
});

test("bumps_every_place_and_nothing_else", () => {
  // Whatever is being worked on, something is.
  const changing = (path) => (path === "CHANGELOG.md" ? "# Changelog\n\n## Unreleased\n\n- Something.\n" : read(path));
  const texts = bumped(changing, "9.8.7");
  assert.equal(
    versionOf((path) => texts[path]),
    "9.8.7",
  );
  assert.equal(texts["CHANGELOG.md"], "# Changelog\n\n## 9.8.7\n\n- Something.\n");
  for (const path of Object.keys(texts)) {
    if (path === "CHANGELOG.md") continue;
    // Put back, it is what it was: no other number was taken for the version.
    assert.equal(
      bumped((name) => (name === "CHANGELOG.md" ? changing(name) : texts[name]), manifest.version)[path],
      read(path),
    );
  }
  const unchanged = (path) => (path === "CHANGELOG.md" ? "# Changelog\n\n## 0.1.0\n\nThe first.\n" : read(path));
  assert.throws(() => bumped(unchanged, "9.8.7"), { message: "CHANGELOG.md says nothing under ## Unreleased" });
});

test("has_the_version_nowhere_else", () => {
  const files = execFileSync("git", ["grep", "-lwF", manifest.version], { cwd: root, encoding: "utf8" })
    .trim()
    .split("\n");
  // What was measured or published with a version keeps its number, and so do other packages' versions.
  const kept = /^(CHANGELOG\.md|benches\/|docs\/benchmarks|tests\/|.*package-lock\.json|.*Cargo\.(lock|toml))/;
  assert.deepEqual(
    files.filter((path) => !(path in PLACES) && !kept.test(path)),
    [],
  );
});

test("goes_up_only", () => {
  assert.equal(next("1.2.3", "patch"), "1.2.4");
  assert.equal(next("1.2.3", "minor"), "1.3.0");
  assert.equal(next("1.2.3", "major"), "2.0.0");
  assert.equal(next("1.2.3", "1.10.0"), "1.10.0");
  assert.equal(next("1.9.3", "2.0.0"), "2.0.0");
  for (const step of ["1.2.3", "1.2.2", "1.1.9", "0.9.9"])
    assert.throws(() => next("1.2.3", step), { message: `${step} is not higher than 1.2.3` });
  for (const step of ["v1.3.0", "1.3", "01.3.0", "1.3.0-rc", "1.3.0-rc.01", "1.3.0-1", "Minor", "constructor", ""])
    assert.throws(() => next("1.2.3", step), {
      message: `"${step}" is not major, minor, patch or a version such as 1.2.3 or 1.2.3-rc.1`,
    });
});

test("goes_through_prereleases", () => {
  for (const [version, step] of [
    ["1.2.3", "1.3.0-rc.1"],
    ["1.3.0-rc.1", "1.3.0-rc.2"],
    ["1.3.0-rc.9", "1.3.0-rc.10"],
    ["1.3.0-beta.2", "1.3.0-rc.1"],
    ["1.3.0-rc.1", "1.3.0"],
    ["1.3.0-rc.1", "1.4.0-beta.1"],
  ]) {
    assert.equal(next(version, step), step);
    assert.throws(() => next(step, version), { message: `${version} is not higher than ${step}` });
  }
  assert.throws(() => next("1.3.0-rc.1", "1.3.0-rc.1"), { message: "1.3.0-rc.1 is not higher than 1.3.0-rc.1" });
  assert.throws(() => next("1.3.0-rc.1", "minor"), {
    message: "1.3.0-rc.1 is a prerelease: give the next version itself, such as 1.3.0",
  });
  const changing = (path) => (path === "CHANGELOG.md" ? "## Unreleased\n\n- Something.\n" : read(path));
  const texts = bumped(changing, "9.8.7-rc.1");
  assert.equal(
    versionOf((path) => texts[path]),
    "9.8.7-rc.1",
  );
  const back = bumped((path) => (path === "CHANGELOG.md" ? changing(path) : texts[path]), manifest.version);
  for (const path of Object.keys(PLACES)) assert.equal(back[path], read(path), path);
});
