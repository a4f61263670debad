// What results.json knows of a group: the date, and the number of changes, of the whole group or of each file.

import { RUST, TYPESCRIPT } from "./files.mjs";

const today = () => new Date().toISOString().slice(0, 10);

/** How many changes were made to the files of a group; `undefined` if some of them were not measured yet. */
export function changesIn(name, results) {
  const { mutants, files = {} } = results[name] ?? {};
  const counts = groupOf(name).files.map((file) => files[file]);
  return counts.includes(undefined) ? mutants : counts.reduce((sum, count) => sum + count, 0);
}

/** Whether all files of a group were measured. */
export const isMeasured = (name, results) => changesIn(name, results) !== undefined;

/** Adds what was found in a group, or in one of its TypeScript files. The files add up to the group, in one run or in several. */
export function withResult(results, { name, files, killed, survivors }) {
  const mutants = killed + survivors.length;
  if (groupOf(name).files.length === files.length) {
    results[name] = { mutants, date: today() };
  } else if (files.length === 1 && files[0].endsWith(".ts")) {
    const file = files[0].replace(/^pkg\/src\/|\.ts$/g, "");
    results[name] = { ...results[name], date: today(), files: { ...results[name]?.files, [file]: mutants } };
  }
}

const groupOf = (name) => [...TYPESCRIPT, ...RUST].find((group) => group.name === name);
