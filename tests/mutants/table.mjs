// The table of docs/security.md.

import { isRustOf, RUST, TYPESCRIPT } from "./files.mjs";
import { changesIn } from "./results.mjs";
import { OPEN } from "./survivors.mjs";

const MARKS = /(<!-- mutants -->\n)[\s\S]*?(<!-- end of mutants -->)/;
const HEAD = ["what", "changes", "a test fails", "harmless, with a reason", "measured"];

/** The page with the table of these results, one row for each group. A group with survivors that nobody has judged has no result. */
export function table(page, results, survivors) {
  if (!MARKS.test(page)) throw new Error("docs/security.md has no place for the table");
  const rows = [...TYPESCRIPT, ...RUST].map(({ name, files }) => {
    const listed = Object.entries(survivors).flatMap(([file, entries]) => (isOf(files, file) ? entries : []));
    const mutants = changesIn(name, results);
    if (mutants === undefined || listed.some(({ reason }) => reason === OPEN)) return [name, "", "", "", "no"];
    return [name, mutants, mutants - listed.length, listed.length, results[name].date];
  });
  const [head, ...lines] = [HEAD, ...rows].map((cells) => `| ${cells.join(" | ")} |`);
  const text = [head, "|---|---:|---:|---:|---|", ...lines].join("\n");
  return page.replace(MARKS, (_, start, end) => `${start}${text}\n${end}`);
}

function isOf(files, file) {
  return file.endsWith(".rs") ? isRustOf(files, file) : files.some((name) => file === `pkg/src/${name}.ts`);
}
