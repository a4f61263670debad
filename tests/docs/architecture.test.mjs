// ARCHITECTURE.md names only files and checks that exist.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { test } from "node:test";
import { read, root, tableRows } from "./blocks.mjs";

const architecture = read("ARCHITECTURE.md");

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
