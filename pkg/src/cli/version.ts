/** The version of the package. */

import { readFileSync } from "node:fs";

/** Read from the package's own manifest, two folders up from `dist/cli`. */
export async function version(): Promise<string> {
  const manifest = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return JSON.parse(manifest).version;
}
