// ARCHITECTURE.md and the decisions name only files and checks that exist, and state what is configured.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { DECISIONS, read, root, section, tableRows } from "./blocks.mjs";

test("names_only_files_that_exist", () => {
  const texts = ["ARCHITECTURE.md", "CONTRIBUTING.md", ...DECISIONS].map((path) => [path, read(path)]);
  for (const [path, text] of texts) {
    const named = [...text.matchAll(/`((?:src|pkg|tests|tools|www|benches|examples|fuzz|docs)\/[\w./-]+)`/g)];
    if (path === "ARCHITECTURE.md") assert.ok(30 < named.length);
    for (const [, file] of named) assert.ok(existsSync(root + file) || file === "pkg/dist", `${path}: ${file}`);
  }
});

test("names_only_checks_that_exist", () => {
  const tests = execFileSync("git", ["ls-files", "-z", "tests"], { cwd: root, encoding: "utf8" });
  const texts = tests
    .split("\0")
    .filter((path) => path.endsWith(".test.mjs") && existsSync(root + path))
    .map((path) => readFileSync(root + path, "utf8"));
  const names = tableRows(section("ARCHITECTURE.md", "Invariants")).flatMap(
    ([, check]) => check.match(/`[a-z]+_[\w/.…]+`/g) ?? [],
  );
  assert.ok(5 < names.length);
  for (const quoted of names.filter((name) => !LINTS.test(name))) {
    // The name of a generated test has a placeholder, in the table and in the source.
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
  const decision = read("docs/decisions/0008-optimization-by-crate.md").replaceAll(/\s+/g, " ");
  const manifest = read("Cargo.toml");
  const [, whole] = manifest.match(/^\[profile\.release\][^[]*?^opt-level = (.+)$/m);
  assert.ok(decision.includes(`\`opt-level = ${whole}\``));
  const [, arithmetic] = manifest.match(/^\[profile\.release\.package\.crypto-bigint\]\nopt-level = (.+)$/m);
  assert.ok(decision.includes(`the arithmetic at \`opt-level = ${arithmetic}\``));
  assert.ok(!manifest.includes("[profile.release.package.countersign]"));
  assert.ok(decision.includes("Our own code is compiled for size too"));
  const fast = [...manifest.matchAll(/^\[profile\.release\.package\.(\w+)\]\nopt-level = 3$/gm)].map(
    ([, name]) => name,
  );
  const [, stated] = decision.match(/at `opt-level = 3` only the crates that most time goes into: ([^.]+)\./);
  assert.deepEqual(stated.match(/\w+/g).sort(), fast.sort());
});

test("states_the_size_of_the_packed_unicode_data", () => {
  const { size } = statSync(`${root}src/password/unicode.bin`);
  const decision = read("docs/decisions/0011-packed-unicode-tables.md");
  const gzipped = gzipSync(readFileSync(`${root}src/password/unicode.bin`)).length / 1000;
  assert.ok(
    decision.includes(`${size.toLocaleString("en-US")} bytes (${gzipped.toFixed(1)} KB gzipped)`),
    String(size),
  );
});

test("gives_a_command_as_evidence_of_every_decision", () => {
  for (const path of DECISIONS.filter((each) => !each.endsWith("README.md"))) {
    assert.match(section(path, "Evidence"), /`(node|npm|cargo|npx) /, path);
  }
});

const LINTS = /^`(unwrap_used|expect_used|indexing_slicing|arithmetic_side_effects|unsafe_code)/;
