// A Worker in workerd for the tests of one file, with data that outlives a kill.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const node = fileURLToPath(new URL("../../../node_modules/node24/bin/node", import.meta.url));
const program = fileURLToPath(new URL("serve.mjs", import.meta.url));

/**
 * Bundles a Worker and serves it until the tests of the file have ended.
 *
 * @param {URL} worker Its file.
 * @param {string} className Its class of Durable Objects.
 * @returns `ask(query)` fetches JSON, `kill()` ends workerd in the middle of whatever it does, and `start()` serves the same data again.
 */
export function serveInWorkerd(worker, className) {
  const folder = mkdtempSync(join(tmpdir(), "countersign-workerd-"));
  const bundle = join(folder, "worker.mjs");
  let child;
  let address;

  const start = async () => {
    // In a process group of its own, which a kill ends as a whole.
    child = spawn(node, [program, bundle, join(folder, "data"), className], {
      detached: true,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = await once(child.stdout.setEncoding("utf8"), "data");
    address = line.trim();
  };
  const kill = async () => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    process.kill(-child.pid, "SIGKILL");
    await once(child, "exit");
  };
  const ask = async (query) => {
    const response = await fetch(`${address}?${new URLSearchParams(query)}`);
    assert.equal(response.status, 200, await response.clone().text());
    return response.json();
  };

  before(async () => {
    await build({
      bundle: true,
      conditions: ["import"],
      entryPoints: [fileURLToPath(worker)],
      external: ["node:*"],
      format: "esm",
      outfile: bundle,
    });
    await start();
  });
  after(async () => {
    await kill();
    rmSync(folder, { recursive: true, force: true });
  });
  return { ask, kill, start };
}
