// Each promise of the threat model names the test that holds it, and that test exists.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { read, root, section, tableRows } from "./blocks.mjs";

const PAGE = "docs/threat-model.md";

/** The tests that a cell names: files, and names of tests or cases in the file before them. */
function named(cell) {
  const found = [];
  for (const [, quoted] of cell.matchAll(/`([^`]+)`/g)) {
    if (/^(tests|tools)\//.test(quoted)) found.push([quoted, []]);
    else if (quoted !== ".ci/run") found.at(-1)[1].push(quoted);
  }
  return found;
}

test("names_a_test_that_exists_for_every_promise", () => {
  const rows = tableRows(section(PAGE, "What is promised"));
  assert.ok(20 <= rows.length, `${rows.length} promises`);
  let names = 0;
  for (const [promise, held] of rows) {
    const files = named(held);
    assert.notEqual(files.length, 0, promise);
    for (const [path, tests] of files) {
      assert.ok(existsSync(root + path), `${path}: ${promise}`);
      for (const name of tests) {
        assert.ok(definesTest(path, name), `${path} has no test "${name}"`);
        names += 1;
      }
    }
  }
  assert.ok(20 <= names, `${names} tests`);
  assert.ok(!definesTest("tests/vectors/header.json", "refuses_alg_none"));
  assert.ok(!definesTest("tests/cli/hostile.test.mjs", "shows_no_secret"));
});

/** A case of a file of vectors, or a test of a file of tests, by its whole name. */
function definesTest(path, name) {
  const text = read(path);
  if (path.endsWith(".json")) return JSON.parse(text).cases.some((each) => each.name === name);
  return text.includes(`test("${name}"`);
}

test("has_an_answer_to_everything_that_is_not_promised", () => {
  for (const heading of ["Assets", "Actors", "Trust boundaries", "What is not promised"]) {
    const rows = tableRows(section(PAGE, heading));
    assert.ok(5 <= rows.length, heading);
    for (const cells of rows)
      assert.ok(
        cells.every((cell) => cell.trim() !== ""),
        `${heading}: ${cells.join(" | ")}`,
      );
  }
});
