// `npm run mutants`: changes the files that decide, one place at a time, and looks whether a test fails. A change that no test
// notices is a survivor. Each must be in survivors.json, with the reason why no test can or need notice it.
//
// node tests/mutants/run.mjs [--rust] [--typescript] [--listed] [--write] [TEXT…]
//   --rust, --typescript   only these
//   --listed               of TypeScript, only what is in survivors.json: quick, after tests were added
//   --write                writes survivors.json, results.json and the table of docs/security.md
//   TEXT                   only files whose path contains it, or the groups of this name

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Failure, isProgram, main, root } from "../../tools/command.mjs";
import { RUST } from "./files.mjs";
import { isMeasured, withResult } from "./results.mjs";
import { chosen as chosenRust, mutateRust } from "./rust.mjs";
import { addToSurvivors, isListed, readSurvivors, writeSurvivors } from "./survivors.mjs";
import { table } from "./table.mjs";
import { chosen as chosenTypeScript, mutateTypeScript } from "./typescript.mjs";

const resultsPath = join(import.meta.dirname, "results.json");
const page = join(root, "docs", "security.md");

if (isProgram(import.meta.url)) {
  await main(async () => {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: Object.fromEntries(["listed", "rust", "typescript", "write"].map((name) => [name, { type: "boolean" }])),
    });
    const both = !values.rust && !values.typescript;
    const survivors = readSurvivors();
    const results = readResults();
    const groups = [
      // File by file, so that what was measured is kept if the run ends early.
      ...(both || values.typescript ? chosenTypeScript(positionals).flatMap(fileByFile) : []),
      ...((both || values.rust) && !values.listed ? chosenRust(positionals) : []),
    ];
    if (groups.length === 0) throw new Failure("no file was chosen");

    const counts = { killed: 0, alive: 0, unlisted: 0 };
    for (const group of groups) {
      const isRust = RUST.some(({ name }) => name === group.name);
      const found = isRust
        ? { ...group, ...(await mutateRust(group)) }
        : await typeScript(group, values.listed ? survivors : undefined);
      // Until a group was measured once, its survivors are only shown.
      const unlisted = isMeasured(group.name, results)
        ? found.survivors.filter((one) => !isListed(survivors, one))
        : [];
      for (const { file, line, change, text = "" } of unlisted)
        console.log(`${file}:${line ?? ""} ${change}  | ${text}`);
      counts.killed += found.killed;
      counts.alive += found.survivors.length;
      counts.unlisted += unlisted.length;
      if (values.write) write(found, values.listed === true);
    }
    const { alive, killed, unlisted } = counts;
    console.log(`${killed + alive} changes: ${killed} noticed, ${alive} survived, ${unlisted} of them not listed`);
    if (unlisted > 0 && !values.write) process.exitCode = 1;
  });
}

/** Another run may have written meanwhile. A run with `--listed` makes a part of the changes, which gives no score. */
function write(found, isOnlyListed) {
  const [survivors, results] = [readSurvivors(), readResults()];
  addToSurvivors(survivors, found);
  if (!isOnlyListed) withResult(results, found);
  writeSurvivors(survivors);
  writeFileSync(resultsPath, `${JSON.stringify(results, null, 2)}\n`);
  writeFileSync(page, table(readFileSync(page, "utf8"), results, survivors));
}

function readResults() {
  return JSON.parse(readFileSync(resultsPath, "utf8"));
}

function fileByFile(group) {
  return group.files.map((file) => ({ ...group, files: [file] }));
}

async function typeScript(group, only) {
  const survivors = [];
  const gone = [];
  await mutateTypeScript(group, only && ((change) => isListed(only, change)), ({ killedBy, ...change }) => {
    (killedBy === undefined ? survivors : gone).push(change);
    if (killedBy === undefined) console.log(`${change.file}:${change.line} survives: ${change.change}`);
  });
  return { ...group, killed: gone.length, survivors };
}
