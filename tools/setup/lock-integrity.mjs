// Adds the missing integrity hashes to package-lock.json: `node tools/setup/lock-integrity.mjs`. npm leaves them out for
// packages that are for another platform and that it has therefore never downloaded.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ask, Failure, root } from "../command.mjs";

const path = join(root, "package-lock.json");
const lock = JSON.parse(readFileSync(path, "utf8"));
let added = 0;
for (const [folder, entry] of Object.entries(lock.packages)) {
  if (!folder.includes("node_modules/") || entry.link || entry.integrity !== undefined) continue;
  const name = folder.slice(folder.lastIndexOf("node_modules/") + "node_modules/".length);
  const integrity = ask("npm", ["view", `${name}@${entry.version}`, "dist.integrity"])?.trim();
  if (!integrity?.startsWith("sha512-"))
    throw new Failure(`the registry has no integrity for ${name}@${entry.version}`);
  // Where npm writes it: after the version.
  const { version, ...rest } = entry;
  lock.packages[folder] = { version, integrity, ...rest };
  added += 1;
}
if (added !== 0) writeFileSync(path, `${JSON.stringify(lock, undefined, 2)}\n`);
console.log(`${added} hashes added`);
