// Runs after every `npm install`: removes node_modules/.bin/node.
//
// The packages `node20`, `node22` and `node24` each bring a command called `node`. npm puts node_modules/.bin first in the PATH
// of every script, so without this `npm test` would quietly run in one of them and not in the Node that was asked for.

import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

const bin = fileURLToPath(new URL("../../node_modules/.bin/", import.meta.url));
for (const name of ["node", "node.cmd", "node.ps1"]) rmSync(bin + name, { force: true });
