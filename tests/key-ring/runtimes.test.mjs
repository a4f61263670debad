// A ring lives in every runtime with WebCrypto. Workers are in `cloudflare.test.mjs`.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";

const file = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const entry = pathToFileURL(file("pkg")).href;

const RUNTIMES = {
  "Node 20": [process.execPath],
  "Node 22": [file("node_modules/node22/bin/node")],
  "Node 24": [file("node_modules/node24/bin/node")],
  Deno: [file("node_modules/.bin/deno"), "run", "--allow-all"],
  Bun: [file("node_modules/.bin/bun")],
};

for (const [name, [program, ...options]] of Object.entries(RUNTIMES)) {
  test(`changes_its_keys_in_${name.replace(" ", "_")}`, async () => {
    const { stdout } = await promisify(execFile)(program, [...options, file("tests/key-ring/program.mjs"), entry]);
    assert.equal(stdout, "ok\n");
  });
}
