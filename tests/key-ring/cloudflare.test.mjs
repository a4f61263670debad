// A ring in D1 and in Durable Objects, in workerd: many requests at once, rotations, and a workerd that was killed.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { decodeHeaderUnverified } from "countersign/jwt";
import { build } from "esbuild";

const file = (path) => fileURLToPath(new URL(path, import.meta.url));
const node = file("../../node_modules/node24/bin/node");
const folder = mkdtempSync(join(tmpdir(), "countersign-ring-"));
const bundle = join(folder, "worker.mjs");
let server;

/** Starts workerd in a process group of its own, which a kill ends as a whole. */
async function start() {
  const child = spawn(
    node,
    [file("../stores/cloudflare/serve.mjs"), bundle, join(folder, "data"), "SessionStoreObject"],
    {
      detached: true,
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  const [line] = await once(child.stdout.setEncoding("utf8"), "data");
  const ask = async (query) => (await fetch(`${line.trim()}?${new URLSearchParams(query)}`)).json();
  const kill = async () => {
    process.kill(-child.pid, "SIGKILL");
    await once(child, "exit");
  };
  return { ask, kill };
}

before(async () => {
  await build({
    bundle: true,
    conditions: ["import"],
    entryPoints: [file("cloudflare/worker.mjs")],
    external: ["node:*"],
    format: "esm",
    outfile: bundle,
  });
  server = await start();
});

after(async () => {
  await server?.kill();
  rmSync(folder, { recursive: true, force: true });
});

const kidOf = ({ value }) => decodeHeaderUnverified(value).kid;

for (const store of ["d1", "object"]) {
  test(`shares_the_keys_in_${store}`, async () => {
    const call = (job, number, argument = "") => server.ask({ store, job, number, argument });
    const tokens = await Promise.all(Array.from({ length: 24 }, (_, index) => call("sign", index % 6)));
    const kids = new Set(tokens.map(kidOf));
    assert.equal(kids.size, 1);
    assert.deepEqual(await call("published", 5), { value: [...kids] });
    assert.deepEqual(await call("verify", 3, tokens[0].value), { value: "alice" });

    const { value: rotation } = await call("rotate", 0, '{"withdraw":true}');
    assert.equal(kids.has(rotation.kid), false);
    // Another isolate looks after a quarter of a second.
    await sleep(300);
    assert.equal(kidOf(await call("sign", 1)), rotation.kid);
    assert.deepEqual(await call("verify", 2, tokens[0].value), { code: "KEY_NOT_FOUND" });

    const signing = Array.from({ length: 12 }, (_, index) => call("sign", index % 6).catch(() => undefined));
    await server.kill();
    await Promise.all(signing);
    server = await start();
    assert.equal(kidOf(await call("sign", 0)), rotation.kid);
    assert.deepEqual(await call("published", 1), { value: [rotation.kid] });
  });
}
