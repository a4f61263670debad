// The tables of algorithms and key forms list what the tests ran, and nothing is offered without a test.

import assert from "node:assert/strict";
import { test } from "node:test";
import { tableRows } from "./blocks.mjs";
import { render, shown } from "./features.mjs";

test("shows_the_features_that_the_tests_ran", () => {
  assert.equal(shown(), render(), "run `node tests/docs/features.mjs --write`");
});

test("every_algorithm_is_tested_in_every_way", () => {
  const rows = tableRows(render()).filter(([name]) => /^(HS|RS|PS|ES|Ed)/.test(name));
  assert.ok(rows.length >= 14);
  for (const [algorithm, ...cells] of rows) {
    for (const cell of cells) assert.notEqual(cell, "", `${algorithm} lacks a test`);
  }
});

test("every_form_that_is_written_is_read", () => {
  for (const [form, ...cells] of tableRows(render())) {
    for (const cell of cells) assert.notEqual(cell, "write", `${form} is written and never read`);
  }
});
