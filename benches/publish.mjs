// Writes a run into the documents: docs/benchmarks (the results and the charts), the figures of docs/benchmarks.md, and those
// of the README.
//
// node benches/publish.mjs [FILE]    without a file, from docs/benchmarks/results.json

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { withMarked } from "../tests/docs/blocks.mjs";
import { charts } from "./report/charts.mjs";
import { figures, summary } from "./report/documents.mjs";

const root = fileURLToPath(new URL("../", import.meta.url));
export const FOLDER = "docs/benchmarks";

/** What a run makes of the documents: the text of each file, by path. */
export function rendered(results) {
  const files = { [`${FOLDER}/results.json`]: `${JSON.stringify(results, null, 1)}\n` };
  for (const [name, svg] of Object.entries(charts(results))) files[`${FOLDER}/${name}`] = svg;
  files["docs/benchmarks.md"] = withMarked("docs/benchmarks.md", "figures", figures(results));
  files["README.md"] = withMarked("README.md", "figures", summary(results));
  return files;
}

/** Writes them, and removes charts that are no more. */
export function publish(results) {
  const files = rendered(results);
  mkdirSync(join(root, FOLDER), { recursive: true });
  for (const name of readdirSync(join(root, FOLDER))) rmSync(join(root, FOLDER, name));
  for (const [path, text] of Object.entries(files)) writeFileSync(join(root, path), text);
}

/** The committed run. */
export const published = () => JSON.parse(readFileSync(join(root, FOLDER, "results.json"), "utf8"));

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const file = process.argv[2];
  publish(file === undefined ? published() : JSON.parse(readFileSync(file, "utf8")));
}
