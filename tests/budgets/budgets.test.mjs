// No module grows, and no path takes more instructions, than its budget allows.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { before, test } from "node:test";
import { builtModules, committedSummary, summaryOf, weighed } from "../../tools/build/weights.mjs";
import { budgets, excess, MARGIN, measured } from "./budgets.mjs";
import { COUNTER, metered } from "./meter.mjs";

let found;
before(async () => {
  found = await measured();
});

test("keeps_every_module_and_every_path_within_its_budget", (context) => {
  for (const [name, bytes] of Object.entries(found.gzipped)) context.diagnostic(`${name}: ${bytes} bytes gzipped`);
  const over = excess(budgets(), found);
  const advice = "if it should grow, run node tests/budgets/budgets.mjs --write and commit budgets.json";
  assert.deepEqual(over, [], `over budget:\n${over.join("\n")}\n${advice}`);
});

/** The figures of a table of weights: by row and column. */
function figures(text) {
  const rows = text.split("\n").filter((line) => line.startsWith("| "));
  return rows.flatMap((line) => {
    const [name, ...cells] = line.split("|").slice(1, -1);
    return cells.map((cell, column) => [`${name.trim()}, column ${column + 1}`, Number(cell.replaceAll(",", ""))]);
  });
}

test("says_in_the_documents_what_the_modules_weigh_and_what_is_in_them", () => {
  const [committed, now] = [committedSummary(), summaryOf(builtModules().map(weighed))].map(figures);
  const advice = "run node tests/budgets/budgets.mjs --write and commit docs/weights.md";
  assert.ok(60 < committed.length);
  assert.deepEqual(
    committed.map(([name]) => name),
    now.map(([name]) => name),
    advice,
  );
  const isNear = (left, right) => Math.abs(left - right) <= Math.max(1, MARGIN * right);
  const wrong = now.filter(([, value], index) => !Number.isNaN(value) && !isNear(committed[index][1], value));
  assert.deepEqual(wrong, [], advice);
});

test("says_what_has_grown_and_by_how_much", () => {
  const budget = { gzipped: { "a.wasm": 1000, "b.wasm": 1000 }, instructions: { "verify HS256": 10_000, gone: 1 } };
  const now = { gzipped: { "a.wasm": 1020, "b.wasm": 1021 }, instructions: { "verify HS256": 15_000, "new": 1 } };
  assert.equal(MARGIN, 0.02);
  assert.deepEqual(excess(budget, now), [
    "b.wasm: 1,000 → 1,021, +2.1% (gzipped)",
    "verify HS256: 10,000 → 15,000, +50.0% (instructions)",
    "new: has no budget",
    "gone: is not measured any more",
  ]);
});

test("counts_every_instruction", () => {
  // (func (export "f") (param i32) (result i32) loop: local.get 0, i32.const 1, i32.sub, local.tee 0, br_if 0, end, i32.const 7)
  const body = [0, 0x03, 0x40, 0x20, 0, 0x41, 1, 0x6b, 0x22, 0, 0x0d, 0, 0x0b, 0x41, 7, 0x0b];
  const bytes = Buffer.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...[1, 6, 1, 0x60, 1, 0x7f, 1, 0x7f],
    ...[3, 2, 1, 0],
    ...[7, 5, 1, 1, 0x66, 0, 0],
    ...[10, body.length + 2, 1, body.length, ...body],
  ]);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(metered(bytes)));
  assert.equal(exports.f(3), 7);
  // The loop, three times the five instructions in it, its end, the constant, and the end of the function.
  assert.equal(exports[COUNTER].value, BigInt(1 + 3 * 5 + 1 + 2));
});

test("changes_nothing_but_the_count", () => {
  for (const name of Object.keys(found.gzipped)) {
    const bytes = readFileSync(createRequire(import.meta.url).resolve(`countersign/${name}`));
    const names = (module) => WebAssembly.Module.exports(new WebAssembly.Module(module)).map((entry) => entry.name);
    assert.deepEqual(names(metered(bytes)), [...names(bytes), COUNTER], name);
  }
});
