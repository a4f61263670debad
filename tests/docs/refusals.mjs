// The table of what each verifier refuses, by asking the libraries. `node tests/docs/refusals.mjs --write` writes it into
// docs/benchmarks.md.

import { writeFileSync } from "node:fs";
import { refusals } from "../../benches/checks.mjs";
import { marked, root, withMarked } from "./blocks.mjs";

const PAGE = "docs/benchmarks.md";

/** The table of the page. */
export const shown = () => marked(PAGE, "refusals");

/** The table. */
export async function render() {
  const rows = await refusals();
  const libraries = Object.keys(Object.values(rows)[0]);
  const line = (cells) => `| ${cells.join(" | ")} |\n`;
  const body = Object.entries(rows).map(([what, by]) =>
    line([what, ...libraries.map((name) => (by[name] ? "refused" : "**accepted**"))]),
  );
  return `${line(["token", ...libraries])}|${"---|".repeat(libraries.length + 1)}\n${body.join("")}`;
}

if (process.argv.includes("--write")) writeFileSync(root + PAGE, withMarked(PAGE, "refusals", await render()));
