// The compiler flags were measured with this compiler and these crates, and paid.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { LEAST, measuredWith, resultPath, shortfalls } from "../../benches/decisions/flags.mjs";

const { node, ratios, ...measured } = JSON.parse(readFileSync(resultPath, "utf8"));

test("has_measured_the_flags_with_this_compiler", () => {
  assert.deepEqual(measured, measuredWith(), "run node benches/decisions/flags.mjs and commit flags.json");
});

test("has_only_flags_that_pay", () => {
  assert.deepEqual(shortfalls(ratios), []);
  const worthless = Object.fromEntries(
    Object.entries(LEAST).map(([name, tasks]) => [
      name,
      Object.fromEntries(Object.keys(tasks).map((task) => [task, 0.99])),
    ]),
  );
  assert.equal(shortfalls(worthless).length, Object.values(LEAST).flatMap(Object.keys).length);
  assert.equal(shortfalls({}).length, shortfalls(worthless).length);
});
