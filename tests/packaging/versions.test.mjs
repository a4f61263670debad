// Versions: lock files that are complete for every system, so that `npm ci` works on all of them, exact pins, and one
// version of the project.

import assert from "node:assert/strict";
import { test } from "node:test";
import { manifest, read } from "./package.mjs";

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

test("has_one_version_as_a_crate_and_as_a_package", () => {
  assert.equal(manifest.version, read("Cargo.toml").match(/^\[package\]\n(?:.+\n)*?version = "(.+)"$/m)[1]);
});
