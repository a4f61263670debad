// ARCHITECTURE.md and the decisions name only files and checks that exist, and state what is configured.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { entryFolders } from "../../tools/build/entries.mjs";
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
  let count = 0;
  for (const [promise, check] of tableRows(section("ARCHITECTURE.md", "Invariants"))) {
    const quoted = Array.from(check.matchAll(/`([^`]+)`/g), ([, each]) => each);
    quoted.forEach((name, index) => {
      if (!/^[a-z]+_[\w/.…]+$/.test(name) || LINTS.includes(name)) return;
      // The file comes after the names of its tests.
      const place = quoted.slice(index + 1).find((each) => each.startsWith("tests/"));
      assert.ok(place !== undefined, `no file is named after ${name}: ${promise}`);
      assert.ok(
        testFiles(place).some((path) => definesTest(path, name)),
        `${place} has no test ${name}`,
      );
      count += 1;
    });
  }
  assert.ok(20 <= count, `${count} checks`);
  const sources = "tests/packaging/sources.test.mjs";
  assert.ok(definesTest(sources, "keeps_pkg/src/jwt.ts_thin"));
  assert.ok(!definesTest(sources, "keeps_pkg/src/nothing.ts_thin"));
  assert.ok(!definesTest("tests/packaging/imports.test.mjs", "lets_rust_imports_point"));
  assert.ok(!definesTest("tests/bundlers/bundlers.test.mjs", "leaves_the_…"));
});

/** The test files of a folder, or the file. */
function testFiles(place) {
  if (!statSync(root + place).isDirectory()) return [place];
  return readdirSync(root + place)
    .filter((name) => name.endsWith(".test.mjs"))
    .map((name) => `${place}/${name}`);
}

/** A test of a file by its whole name. A generated one may be named by what comes before its first variable part, and `…`. */
function definesTest(path, name) {
  const text = read(path);
  if (text.includes(`test("${name}"`)) return true;
  return Array.from(text.matchAll(/\btest\(`([^`]+)`/g), ([, template]) => template).some((template) => {
    const parts = template.split(/\$\{[^}]*\}/);
    if (name.endsWith("…")) return `${parts[0]}…` === name;
    const values = name.match(new RegExp(`^${parts.map(escaped).join("(.+)")}$`))?.slice(1);
    return values?.every((value) => text.includes(`"${value}"`)) === true;
  });
}

const escaped = (text) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");

test("names_only_tests_that_exist_in_decisions", () => {
  const listed = execFileSync("git", ["ls-files", "-z", "tests", "src"], { cwd: root, encoding: "utf8" });
  const texts = listed
    .split("\0")
    .filter((path) => /\.(json|mjs|rs)$/.test(path) && existsSync(root + path))
    .map((path) => readFileSync(root + path, "utf8"));
  let count = 0;
  for (const path of DECISIONS) {
    for (const [, name] of read(path).matchAll(/`([a-z]+(?:_[a-z0-9…]+){3,})`/g)) {
      if (name === "hash_password_into_with_memory") continue; // A function of the crate argon2.
      const parts = name.split("…").map((part) => escaped(part));
      const defined = new RegExp(`(["\`]|\\b(?:async|fn) |^ *)${parts.join("\\$\\{\\w+\\}")}(["\`]|\\()`, "m");
      assert.ok(
        texts.some((text) => defined.test(text)),
        `${path}: ${name}`,
      );
      count += 1;
    }
  }
  assert.ok(8 <= count, `${count} names`);
});

test("draws_every_folder_and_every_layer", () => {
  const [drawing] = read("ARCHITECTURE.md").match(/^```text\n[\s\S]*?^```$/m);
  const folders = (folder) => {
    const listed = execFileSync("git", ["ls-files", "-z", folder], { cwd: root, encoding: "utf8" });
    const inside = listed.split("\0").map((path) => path.slice(folder.length + 1).split("/"));
    return [...new Set(inside.filter((parts) => 1 < parts.length).map(([name]) => name))];
  };
  const [above, below] = drawing.split("boundary");
  const [rust, typescript] = [folders("src"), folders("pkg/src")];
  assert.ok(7 <= rust.length && 15 <= typescript.length);
  for (const name of [...rust, "error"]) assert.match(below, new RegExp(`\\bsrc/${name}\\b`), name);
  for (const name of [...typescript, ...entryFolders]) {
    assert.match(above, new RegExp(`(?<![\\w-])${name}(?![\\w-])`), name);
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

const LINTS = ["unwrap_used", "expect_used", "indexing_slicing", "arithmetic_side_effects"];
