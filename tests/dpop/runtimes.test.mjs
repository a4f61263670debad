// Client and server in Node 20 to 24, Deno, Bun and Workers.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { serveWorker } from "../docs/server.mjs";
import { FLOW } from "./flow.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const folder = fileURLToPath(new URL(".", import.meta.url));
const run = promisify(execFile);

const DENO = ["run", "--allow-all", "--no-prompt", "--no-check", "--cached-only", "--node-modules-dir=manual"];
const RUNTIMES = {
  "Node 20": [process.execPath],
  "Node 22": [join(root, "node_modules/node22/bin/node")],
  "Node 24": [join(root, "node_modules/node24/bin/node")],
  Deno: [join(root, "node_modules/.bin/deno"), ...DENO],
  Bun: [join(root, "node_modules/.bin/bun"), "run", "--no-install"],
};

for (const [name, [command, ...args]] of Object.entries(RUNTIMES)) {
  test(`proves_and_checks_in_${name.replaceAll(" ", "_")}`, async () => {
    const { stdout } = await run(command, [...args, join(folder, "program.mjs")], { cwd: root });
    assert.equal(stdout.trim(), FLOW.join(", "));
  });
}

test("proves_and_checks_in_workerd", async () => {
  const directory = mkdtempSync(join(tmpdir(), "countersign-dpop-"));
  const worker = await serveWorker({
    directory,
    entry: join(folder, "worker.mjs"),
    compatibilityDate: "2026-01-01",
    texts: {},
    kv: { binding: "KV", values: {} },
  });
  try {
    const answer = await fetch(worker.url);
    assert.deepEqual(JSON.parse(await answer.text()), FLOW);
  } finally {
    await worker.stop();
    rmSync(directory, { recursive: true, force: true });
  }
});
