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

/** The documents with the figures of a run: the text of each file, by path. */
export function rendered(results) {
  const files = { [`${FOLDER}/results.json`]: serialized(results) };
  for (const [name, svg] of Object.entries(charts(results))) files[`${FOLDER}/${name}`] = svg;
  files["docs/benchmarks.md"] = withMarked("docs/benchmarks.md", "figures", figures(results));
  files["README.md"] = withMarked("README.md", "figures", summary(results));
  return files;
}

/** The results as JSON with a line for each task, so that a new run is a diff that can be read. */
export function serialized(results) {
  const lines = (list) => `[\n  ${list.map((each) => JSON.stringify(each)).join(",\n  ")}\n ]`;
  const members = Object.entries(results).map(
    ([name, value]) => `${JSON.stringify(name)}: ${Array.isArray(value) ? lines(value) : JSON.stringify(value)}`,
  );
  return `{\n ${members.join(",\n ")}\n}\n`;
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
