// The map in ARCHITECTURE.md: every source is on it, and nothing that is gone; and every check it points to exists.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { test } from "node:test";
import { blocks, read, root, tableRows } from "./blocks.mjs";

const architecture = read("ARCHITECTURE.md");
const map = blocks(section("Map")).flatMap(({ code }) => code.split("\n").filter((line) => line !== ""));
const mapped = map.map((line) => line.split(/\s{2,}/)[0]);

test("has_every_source_on_the_map", () => {
  const sources = ["src", "pkg/src"].flatMap(filesUnder);
  assert.ok(50 < sources.length);
  assert.deepEqual(
    sources.filter((path) => !mapped.includes(path)),
    [],
  );
});

test("has_every_folder_of_tests_on_the_map", () => {
  const folders = readdirSync(`${root}tests`).map((name) => `tests/${name}`);
  assert.deepEqual(
    folders.filter((path) => statSync(root + path).isDirectory() && !mapped.includes(path)),
    [],
  );
});

test("has_nothing_on_the_map_that_is_gone", () => {
  assert.deepEqual(
    mapped.filter((path) => !existsSync(root + path)),
    [],
  );
});

test("says_of_each_place_what_it_is_for_and_names_it_once", () => {
  for (const line of map) assert.match(line, /^\S+ {2,}\S.*$/, line);
  assert.equal(new Set(mapped).size, mapped.length);
});

test("names_only_files_that_exist", () => {
  const named = [...architecture.matchAll(/`((?:src|pkg|tests|tools|www|benches|examples|fuzz)\/[\w./-]+)`/g)];
  assert.ok(10 < named.length);
  for (const [, path] of named) assert.ok(existsSync(root + path) || path === "pkg/dist", path);
});

test("names_only_checks_that_exist", () => {
  const tests = execFileSync("git", ["ls-files", "-z", "tests"], { cwd: root, encoding: "utf8" });
  const texts = tests
    .split("\0")
    .filter((path) => path.endsWith(".test.mjs") && existsSync(root + path))
    .map((path) => readFileSync(root + path, "utf8"));
  const names = tableRows(section("Invariants")).flatMap(([, check]) => check.match(/`[a-z]+_[\w/.…]+`/g) ?? []);
  assert.ok(5 < names.length);
  for (const quoted of names.filter((name) => !LINTS.test(name))) {
    // Names of tests that are made for each of several things have a blank, here as there.
    const start = quoted
      .slice(1, -1)
      .replace("…", "")
      .split(/pkg|_jwt_/)[0];
    assert.ok(
      texts.some((text) => text.includes(start)),
      quoted,
    );
  }
});

test("states_the_optimization_that_is_configured", () => {
  const manifest = read("Cargo.toml");
  const [, whole] = manifest.match(/^\[profile\.release\][^[]*?^opt-level = (.+)$/m);
  assert.ok(architecture.includes(`\`opt-level = ${whole}\``));
  const [, arithmetic] = manifest.match(/^\[profile\.release\.package\.crypto-bigint\]\nopt-level = (.+)$/m);
  assert.ok(architecture.includes(`the arithmetic at \`opt-level = ${arithmetic}\``));
  assert.ok(!manifest.includes("[profile.release.package.countersign]"));
  assert.ok(architecture.includes("Our own code is compiled for size too"));
  const fast = [...manifest.matchAll(/^\[profile\.release\.package\.(\w+)\]\nopt-level = 3$/gm)].map(
    ([, name]) => name,
  );
  const [, stated] = architecture.match(/at `opt-level = 3` only what the time goes into: ([^.]+)\./);
  assert.deepEqual(stated.match(/\w+/g).sort(), fast.sort());
});

test("states_the_size_of_the_packed_unicode_data", () => {
  const { size } = statSync(`${root}src/password/unicode.bin`);
  assert.ok(architecture.includes(`${size.toLocaleString("en-US")} bytes`), String(size));
});

const LINTS = /^`(unwrap_used|expect_used|indexing_slicing|arithmetic_side_effects|unsafe_code)/;

function section(title) {
  return architecture.split(`\n## ${title}\n`)[1].split("\n## ")[0];
}

function filesUnder(folder) {
  return readdirSync(root + folder, { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? filesUnder(path) : [path];
  });
}
