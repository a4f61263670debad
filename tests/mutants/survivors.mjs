// The list of survivors: by file, the line of the source and the change, with the reason why no test notices it.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isRustOf } from "./files.mjs";

const path = join(import.meta.dirname, "survivors.json");

/** What a new survivor has in place of a reason. */
export const OPEN = "not judged yet";

export const readSurvivors = () => JSON.parse(readFileSync(path, "utf8"));
export const writeSurvivors = (survivors) => writeFileSync(path, `${JSON.stringify(survivors, null, 2)}\n`);

const isSame = (one, other) => one.change === other.change && one.text === other.text;

/** Whether this change of this line is listed. Line numbers do not matter, because they change all the time. */
export const isListed = (survivors, change) => (survivors[change.file] ?? []).some((one) => isSame(one, change));

/**
 * Replaces what is listed of the files of a group by its survivors, with the reasons that are there. A file that survives nothing
 * is not listed.
 */
export function addToSurvivors(survivors, { files, survivors: found }) {
  const before = structuredClone(survivors);
  for (const file of Object.keys(before).filter((file) => isRustOf(files, file))) delete survivors[file];
  for (const one of found) {
    const reason = before[one.file]?.find((other) => isSame(one, other))?.reason ?? OPEN;
    survivors[one.file] ??= [];
    survivors[one.file].push({ text: one.text, change: one.change, reason });
  }
}
