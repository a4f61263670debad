// What the files say about the version that is released.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Failure, root } from "../command.mjs";

const read = (path) => readFileSync(join(root, path), "utf8");

/** The version of the package. */
export const version = JSON.parse(read("pkg/package.json")).version;

/** The section of the changelog about a version, without its heading. */
export function notesOf(wanted) {
  const sections = read("CHANGELOG.md").split(/^## /m);
  const section = sections.find((text) => /^\[?([^\]\s]+)/.exec(text)?.[1] === wanted);
  if (section === undefined) throw new Failure(`CHANGELOG.md has no section "## ${wanted}"`);
  return section.slice(section.indexOf("\n")).trim();
}
