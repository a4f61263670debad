// Changes the deciding files of pkg/src, one place at a time, and runs the tests that execute this place.

import { Failure } from "../../tools/command.mjs";
import { applied, changesOf, withoutTypes } from "./changes.mjs";
import { compiledPath, makeCopy, writeCompiled } from "./copy.mjs";
import { covered } from "./coverage.mjs";
import { execute } from "./execute.mjs";
import { chosenFiles, TYPESCRIPT } from "./files.mjs";

const pathOf = (name) => `pkg/src/${name}.ts`;

/** The groups with one of the texts as their name, and of the others the files whose path contains one. Without texts, all. */
export function chosen(texts) {
  return TYPESCRIPT.map(({ name, files, tests }) => ({
    name,
    files: chosenFiles({ name, files: files.map(pathOf) }, texts),
    tests,
  })).filter(({ files }) => files.length > 0);
}

/**
 * Makes every mutant of a group's files, or those that `only` chooses, and gives it to `report` as `{ file, line, text, change,
 * killedBy }`. `killedBy` is undefined for one that no test notices.
 */
export async function mutateTypeScript({ files, tests }, only = () => true, report) {
  const sources = makeCopy(files);
  const known = await withCoverage(tests, files);
  for (const [file, source] of sources) {
    const code = withoutTypes(source);
    for (const found of changesOf(source)) {
      const change = { file, ...found };
      if (!only(change)) continue;
      writeCompiled(file, applied(code, change));
      report({ ...change, killedBy: await killer(known, change) });
    }
    writeCompiled(file, code);
  }
}

/** The test files with their times and the places that they execute. All must pass without a change. */
async function withCoverage(tests, files) {
  const known = [];
  for (const path of tests.map((name) => `tests/${name}.test.mjs`)) {
    let result;
    const executes = await covered(files.map(compiledPath), async (env) => {
      result = await execute(path, { limit: 300, env });
    });
    if (!result.passed) throw new Failure(`${path} fails without any change: ${result.reason}`);
    known.push({ path, seconds: result.seconds, executes });
  }
  return known;
}

/** The first test that fails. It may well notice the next change too, so it moves to the front. */
async function killer(tests, { file, start }) {
  for (const test of tests.filter(({ executes }) => executes.get(compiledPath(file))(start))) {
    const { passed, reason } = await execute(test.path, { limit: 20 + 5 * test.seconds });
    if (passed) continue;
    tests.unshift(...tests.splice(tests.indexOf(test), 1));
    return `${test.path}: ${reason}`;
  }
  return undefined;
}
