// The budgets: what the modules and the pages that use them weigh, and how many instructions the modules execute, when budgets.json
// was written. Each may grow by 2% until somebody says that it should.
//
// node tests/budgets/budgets.mjs [--write]    prints what has changed; --write makes it the budget, and writes docs/weights.md

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { pages } from "../../benches/sizes.mjs";
import { builtModules, weightOf, writeSummary } from "../../tools/build/weights.mjs";
import { instructions } from "./paths.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const path = join(import.meta.dirname, "budgets.json");

/** How much more than its budget something may take. */
export const MARGIN = 0.02;

/** What the file says: by module, bytes of its gzipped file; by import, bytes of a page; by path, instructions. */
export const budgets = () => JSON.parse(readFileSync(path, "utf8"));

/** The same, measured now. */
export async function measured() {
  const files = readdirSync(join(root, "pkg/dist")).filter((name) => name.endsWith(".wasm"));
  const sizes = files.map((name) => [name, gzipSync(readFileSync(join(root, "pkg/dist", name)), { level: 9 }).length]);
  const loaded = Object.entries(await pages());
  return {
    gzipped: Object.fromEntries(sizes),
    "pages, gzipped": Object.fromEntries(loaded.map(([name, { gzip }]) => [name, gzip])),
    "pages, brotli": Object.fromEntries(loaded.map(([name, { brotli }]) => [name, brotli])),
    instructions: await instructions(),
  };
}

/** Says what is over its budget, and what has none. */
export function excess(budget, found) {
  return Object.keys(budget).flatMap((kind) => [
    ...Object.entries(found[kind]).flatMap(([name, value]) => {
      const allowed = budget[kind][name];
      if (allowed === undefined) return [`${name}: has no budget`];
      return value <= allowed * (1 + MARGIN) ? [] : [`${name}: ${change(allowed, value)} (${kind})`];
    }),
    ...Object.keys(budget[kind])
      .filter((name) => !(name in found[kind]))
      .map((name) => `${name}: is not measured any more`),
  ]);
}

function change(before, after) {
  const percent = (100 * (after / before - 1)).toFixed(1);
  return `${before.toLocaleString("en")} → ${after.toLocaleString("en")}, ${percent.startsWith("-") ? "" : "+"}${percent}%`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const found = await measured();
  const before = budgets();
  for (const [kind, values] of Object.entries(found)) {
    for (const [name, value] of Object.entries(values)) {
      const allowed = before[kind]?.[name];
      if (allowed !== value)
        console.log(`${name}: ${allowed === undefined ? value : change(allowed, value)} (${kind})`);
    }
  }
  if (process.argv.includes("--write")) {
    writeFileSync(path, `${JSON.stringify(found, null, 2)}\n`);
    writeSummary(builtModules().map(weightOf));
  }
}
