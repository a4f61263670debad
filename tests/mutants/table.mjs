// The table of docs/security.md.

import { RUST, TYPESCRIPT } from "./files.mjs";
import { OPEN } from "./survivors.mjs";

const MARKS = /(<!-- mutants -->\n)[\s\S]*?(<!-- end of mutants -->)/;

/** The page with the table of these results, one row for each group. */
export function table(page, results, survivors) {
  if (!MARKS.test(page)) throw new Error("docs/security.md has no place for the table");
  const rows = [...TYPESCRIPT, ...RUST].flatMap(({ name, files }) => {
    if (results[name] === undefined) return [];
    const { mutants, date } = results[name];
    const listed = Object.entries(survivors).flatMap(([file, entries]) => (isOf(files, file) ? entries : []));
    const open = listed.filter(({ reason }) => reason === OPEN).length;
    return [`| ${name} | ${mutants} | ${mutants - listed.length} | ${listed.length - open} | ${open} | ${date} |`];
  });
  const head = "| what | changes | a test fails | harmless, with a reason | not judged yet | measured |";
  return page.replace(
    MARKS,
    (_, start, end) => `${start}${head}\n|---|---:|---:|---:|---:|---|\n${rows.join("\n")}\n${end}`,
  );
}

function isOf(files, file) {
  return files.some((name) =>
    file.endsWith(".rs")
      ? name === file || (name.includes("*") && file.startsWith(name.slice(0, name.indexOf("*"))))
      : file === `pkg/src/${name}.ts`,
  );
}
