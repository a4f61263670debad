// Versions: lock files that are complete for every system, so that `npm ci` works on all of them, exact pins, and one
// version of the project.

import assert from "node:assert/strict";
import { test } from "node:test";
import { missingPackages } from "../../tools/setup/complete-lock.mjs";
import { manifest, read } from "./package.mjs";

test("locks_the_tools_of_every_system", () => {
  const lock = JSON.parse(read("package-lock.json"));
  assert.ok(Object.keys(lock.packages).some((path) => path.includes("darwin")));
  assert.deepEqual(
    missingPackages(lock).map(({ path }) => path),
    [],
    "run node tools/setup/complete-lock.mjs",
  );
  const incomplete = structuredClone(lock);
  delete incomplete.packages["node_modules/@esbuild/darwin-arm64"];
  assert.equal(missingPackages(incomplete).length, 1);
});

test("pins_every_development_tool", () => {
  const { devDependencies } = JSON.parse(read("package.json"));
  for (const [name, version] of Object.entries(devDependencies))
    assert.match(version, /^(npm:\w+@)?\d+\.\d+\.\d+$/, name);
});

test("keeps_both_halves_of_wasm_bindgen_at_one_version", () => {
  const lock = read("Cargo.lock");
  const version = (name) => lock.match(new RegExp(`name = "${name}"\nversion = "(.+)"`))[1];
  assert.equal(version("wasm-bindgen"), version("wasm-bindgen-cli-support"));
});

test("has_one_version_as_a_crate_and_as_a_package", () => {
  assert.equal(manifest.version, read("Cargo.toml").match(/^\[package\]\n(?:.+\n)*?version = "(.+)"$/m)[1]);
});
