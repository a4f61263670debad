// The comparison with the peers runs, measures all of them, and knows which tokens they refuse.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { refusals } from "../../benches/checks.mjs";
import { compare, summary } from "../../benches/measure.mjs";
import { installPeers } from "../../benches/peers.mjs";
import { chosen } from "../../benches/program.mjs";
import { charts } from "../../benches/report/charts.mjs";
import { page } from "../../benches/report/page.mjs";

const run = fileURLToPath(new URL("../../benches/run.mjs", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "countersign-bench-"));
let results;
let files;
before(() => {
  const args = ["--quick", "--runtime", "Node 24", "--only", "tokens", "--out", folder];
  const printed = execFileSync(process.execPath, [run, ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  files = printed.trim().split("\n").slice(-2);
  results = JSON.parse(readFileSync(files[0], "utf8"));
});
after(() => rmSync(folder, { recursive: true }));

const peersOf = (id) => rowsOf(id).filter((name) => !name.startsWith("countersign"));
const rowsOf = (id) => Object.keys(results.tasks.find((task) => task.id === id).rows);

test("compares_every_library_at_every_task_it_has", () => {
  const all = ["jose", "jsonwebtoken", "fast-jwt", "hono/jwt", "@tsndr/cloudflare-worker-jwt"];
  // It comes from the registry when the benchmark runs.
  if (process.env.CI || installPeers()) all.push("@node-rs/jsonwebtoken");
  const without = (...names) => all.filter((name) => !names.includes(name));
  for (const work of ["sign", "verify"]) {
    for (const alg of ["HS256", "ES256", "RS256"]) assert.deepEqual(peersOf(`${work} ${alg}`), all);
    assert.deepEqual(peersOf(`${work} EdDSA`), without("jsonwebtoken", "@tsndr/cloudflare-worker-jwt"));
    assert.deepEqual(peersOf(`${work} PS256`), without("@tsndr/cloudflare-worker-jwt"));
  }
  for (const { id, error, rows, reference } of results.tasks) {
    assert.equal(error, undefined, id);
    for (const { us, ratio } of Object.values(rows)) {
      assert.ok(0 < us.low && us.low <= us.median && us.median <= us.high, id);
      assert.ok(0 < ratio.low && ratio.low <= ratio.median && ratio.median <= ratio.high, id);
    }
    assert.deepEqual(rows[reference].ratio, { median: 1, low: 1, high: 1 });
  }
});

test("measures_what_was_asked_for", () => {
  assert.deepEqual(Object.keys(results.runtimes), ["Node 24"]);
  assert.ok(results.quick && !results.whole);
  assert.deepEqual(
    results.tasks.map(({ id }) => id),
    chosen({ only: "tokens", details: true }).map(({ id }) => id),
  );
  assert.deepEqual(
    chosen({ only: "verify HS256", details: false }).map(({ id }) => id),
    ["verify HS256"],
  );
});

test("writes_a_page_with_every_figure", () => {
  const html = readFileSync(files[1], "utf8");
  assert.equal(html, page(results));
  for (const name of rowsOf("verify HS256")) assert.ok(html.includes(name), name);
  assert.ok(html.includes("its figures mean nothing"));
  // It loads nothing, and has no program.
  assert.doesNotMatch(html, /<script|<link|src=|url\(/);
});

test("draws_a_bar_for_every_library", () => {
  const onNode20 = { ...results, tasks: results.tasks.map((task) => ({ ...task, runtime: "Node 20" })) };
  const drawn = charts({ ...onNode20, runtimes: { "Node 20": "20" } });
  const svg = drawn["verify.svg"];
  assert.match(svg, /prefers-color-scheme:dark/);
  assert.equal(svg.match(/<rect class="ours"/g).length, 5);
  const peers = ["HS256", "EdDSA", "ES256", "RS256", "PS256"].flatMap((alg) => peersOf(`verify ${alg}`));
  assert.equal(svg.match(/<rect class="peer"/g).length, peers.length);
  assert.ok(drawn["sign.svg"] && drawn["refused.svg"] && drawn["runtimes.svg"]);
  assert.equal(drawn["memory.svg"], undefined);
});

test("goes_on_without_a_library_that_fails", async () => {
  const { prepare } = await import("../../benches/tasks.mjs");
  const contenders = {
    good: async () => () => 1,
    bad: async () => {
      throw new Error("cannot be loaded\nhere");
    },
  };
  const prepared = await prepare({ prepare: async () => ({ references: ["bad", "good"], contenders }) });
  assert.equal(prepared.reference, "good");
  assert.deepEqual(prepared.failed, { bad: "cannot be loaded" });
  await assert.rejects(
    prepare({ prepare: async () => ({ references: ["bad"], contenders }) }),
    /bad: cannot be loaded/,
  );
});

test("refuses_every_wrong_token_that_the_others_are_asked_about", async () => {
  const found = await refusals();
  assert.deepEqual(
    Object.entries(found).filter(([, refused]) => !refused.countersign),
    [],
  );
  assert.ok(10 < Object.keys(found).length);
  // The question is worth asking only where somebody answers otherwise, and the answers are not all one.
  const peers = Object.values(found).flatMap(({ countersign, ...others }) => Object.values(others));
  assert.ok(peers.includes(true) && peers.includes(false));
});

test("takes_the_median_and_the_quartiles", () => {
  assert.deepEqual(summary([9, 1, 8, 2, 7, 3, 6, 4, 5]), { median: 5, low: 3, high: 7 });
});

test("finds_slow_what_is_slow", async () => {
  const spin = (milliseconds) => () => {
    const end = performance.now() + milliseconds;
    while (performance.now() < end);
  };
  const slow = async () => spin(8)();
  const effort = { rounds: 5, sampleMs: 1, warmUpMs: 1 };
  const { quick, slower } = await compare({ quick: spin(1), slower: slow }, "quick", effort);
  assert.ok(2 < slower.ratio.median, `${slower.ratio.median}`);
  assert.ok(900 < quick.us.median);
});
