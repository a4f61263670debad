// No module grows, and no path takes more instructions, than its budget allows.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { before, test } from "node:test";
import { committedSummary, weightOf } from "../../tools/build/weights.mjs";
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

const spaceless = (text) => text.replaceAll(" ", "");

/** The rows of a table, without its head. The names of the columns are in the first. */
const rowsOf = (table) =>
  table
    .trim()
    .split("\n")
    .filter((line) => !line.startsWith("|---"))
    .map((line) => line.split("|").slice(1, -1))
    .map(([name, ...cells]) => [name.replaceAll(/[`\s]|\.wasm/g, ""), ...cells.map((cell) => cell.trim())]);

// A module that the page does not name yet has a row only after the next --write.
test("says_in_the_documents_what_the_modules_weigh_and_what_is_in_them", () => {
  const [sizes, crates] = committedSummary().split("\n\n").map(rowsOf);
  const weights = new Map(sizes.slice(1).map(([module]) => [module, weightOf(module)]));
  assert.ok(5 < weights.size && 10 < crates.length);
  const figures = sizes.slice(1).flatMap(([module, ...cells]) => {
    const own = Object.values(weights.get(module).sizes);
    return cells.map((cell, column) => [
      `${module}, ${sizes[0][column + 1]}`,
      Number(cell.replaceAll(",", "")),
      own[column],
    ]);
  });
  const named = crates.slice(1, -1).map(([crate]) => crate);
  for (const [crate, ...cells] of crates.slice(1)) {
    cells.forEach((cell, column) => {
      const own = weights.get(crates[0][column + 1]).crates;
      const counted = [...own].filter(([name]) =>
        crate === "othercrates" ? !named.includes(spaceless(name)) : spaceless(name) === crate,
      );
      const bytes = counted.reduce((sum, [, size]) => sum + size, 0);
      figures.push([`${crate} in ${crates[0][column + 1]}`, Number(cell), bytes / 1000]);
    });
  }
  const wrong = figures.filter(([, said, found]) => !(Math.abs(said - found) <= Math.max(1, MARGIN * found)));
  assert.deepEqual(wrong, [], "run node tests/budgets/budgets.mjs --write and commit docs/weights.md");
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
