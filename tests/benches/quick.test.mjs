// The comparison with the peers runs, measures all of them, and knows which tokens they refuse.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { compare, summary } from "../../benches/measure.mjs";
import { inTables } from "../../benches/report.mjs";

const run = fileURLToPath(new URL("../../benches/run.mjs", import.meta.url));
let figures;
before(() => {
  figures = JSON.parse(execFileSync(process.execPath, [run, "--quick", "--json"], { encoding: "utf8" }));
});

test("compares_every_library_at_every_task_it_has", () => {
  const found = Object.fromEntries(figures.comparisons.map(({ task, rows }) => [task, Object.keys(rows)]));
  const [hs256, edDsa] = [
    ["countersign", "jose", "jsonwebtoken", "fast-jwt"],
    ["countersign", "jose", "fast-jwt"],
  ];
  const pairs = ["countersign", "countersign, WebAssembly alone", "jose", "jsonwebtoken", "fast-jwt"];
  const argon2 = ["countersign", "hash-wasm", "argon2 (native)", "@node-rs/argon2 (native)"];
  assert.deepEqual(found, {
    "HS256, sign": hs256,
    "HS256, verify": hs256,
    "EdDSA, sign": edDsa,
    "EdDSA, verify": edDsa,
    "ES256, sign": pairs,
    "ES256, verify": pairs,
    "RS256, sign": pairs,
    "RS256, verify": pairs,
    "Argon2id (19456 KiB, 2 passes, 1 lane), hash": argon2,
    "Argon2id (19456 KiB, 2 passes, 1 lane), verify": argon2,
    "Argon2id (65536 KiB, 3 passes, 4 lanes), hash": argon2,
    "bcrypt (cost 10), hash": ["countersign", "hash-wasm", "bcryptjs"],
    "scrypt (N = 2^17, r = 8, p = 1), hash": ["countersign", "@noble/hashes", "node:crypto (native)"],
    "PBKDF2-SHA256 (600,000 iterations), hash": ["countersign", "@noble/hashes", "node:crypto (native)"],
  });
  for (const { rows } of figures.comparisons) {
    for (const { median, low, high } of Object.values(rows)) assert.ok(0 < low && low <= median && median <= high);
  }
});

test("starts_every_library_in_a_process_of_its_own", () => {
  assert.deepEqual(Object.keys(figures.startUp), [
    "countersign/jwt",
    "countersign (both modules)",
    "jose",
    "jsonwebtoken",
    "fast-jwt",
  ]);
  for (const { median } of Object.values(figures.startUp)) assert.ok(0 < median);
});

test("measures_the_event_loop_with_threads_without_them_and_with_native_ones", () => {
  assert.deepEqual(Object.keys(figures.delays), [
    "countersign, hashAsync",
    "countersign, hash",
    "@node-rs/argon2 (native)",
  ]);
  for (const { p99, max, all } of Object.values(figures.delays)) assert.ok(0 < p99 && p99 <= max && 0 < all);
});

test("weighs_every_module_and_what_pages_and_workers_load", () => {
  const entries = ["countersign/jwt", "countersign/password", "countersign/argon2", "countersign"];
  const bundles = entries.flatMap((entry) => [`${entry} in a page`, `${entry} in a Worker`]);
  assert.deepEqual(Object.keys(figures.sizes), [
    "jwt.wasm",
    "password.wasm",
    "argon2.wasm",
    "formats.wasm",
    "jwe.wasm",
    ...bundles,
  ]);
  // A Worker loads the module itself, and a page its base64.
  for (const entry of entries) {
    const [page, worker] = [figures.sizes[`${entry} in a page`], figures.sizes[`${entry} in a Worker`]];
    assert.ok(worker.bytes < page.bytes, entry);
  }
  for (const { bytes, gzip, brotli } of Object.values(figures.sizes))
    assert.ok(0 < brotli && brotli < gzip && gzip < bytes);
});

test("refuses_every_wrong_token_that_the_others_are_asked_about", () => {
  const accepted = Object.entries(figures.refusals).filter(([, refused]) => !refused.countersign);
  assert.deepEqual(accepted, []);
  assert.ok(10 < Object.keys(figures.refusals).length);
  // The question is worth asking only where somebody answers otherwise, and the answers are not all one.
  const peers = Object.values(figures.refusals).flatMap(({ countersign, ...others }) => Object.values(others));
  assert.ok(peers.includes(true) && peers.includes(false));
});

test("prints_every_figure_in_a_table", () => {
  const text = inTables(figures);
  for (const { task, rows } of figures.comparisons) {
    assert.ok(text.includes(task));
    for (const name of Object.keys(rows)) assert.ok(text.includes(`| ${name} `), name);
  }
  for (const name of Object.keys(figures.delays)) assert.ok(text.includes(`| ${name} `), name);
  assert.match(text, /\| jwt\.wasm +\| +\d+ \| +\d+ \|/);
  assert.ok(text.includes("its figures mean nothing"));
});

test("takes_the_median_and_the_quartiles", () => {
  assert.deepEqual(summary([9, 1, 8, 2, 7, 3, 6, 4, 5]), { median: 5, low: 3, high: 7, samples: 9 });
});

test("finds_slow_what_is_slow", async () => {
  const spin = (milliseconds) => () => {
    const end = performance.now() + milliseconds;
    while (performance.now() < end);
  };
  const slow = async () => spin(8)();
  const { quick, slower } = await compare({ quick: spin(1), slower: slow }, { samples: 5, sampleMs: 1, warmUpMs: 1 });
  assert.ok(2 * quick.median < slower.median, `${quick.median} and ${slower.median}`);
  assert.ok(900 < quick.median);
});
