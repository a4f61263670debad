// What a project installs beside the package to check passwords: as this checkout has it, since tests have no registry.

import { cpSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const installed = fileURLToPath(new URL("../../node_modules", import.meta.url));

/** Puts zxcvbn into the `node_modules` of a project. */
export function addEstimator(directory) {
  for (const name of ["@zxcvbn-ts", "fastest-levenshtein"]) {
    cpSync(join(installed, name), join(directory, "node_modules", name), { recursive: true });
  }
}
