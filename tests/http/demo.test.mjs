// What `npm start` builds: its own small package, with which the login system works and answers soon enough.

import assert from "node:assert/strict";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { buildDemo, DEMO_PACKAGE } from "../../tools/start/build.mjs";
import { ROOT, startServer } from "../../tools/start/server.mjs";

const PASSWORD = "correct horse battery staple";
let dataDir;
let server;

before(async () => {
  await buildDemo();
  dataDir = await mkdtemp(join(tmpdir(), "countersign-demo-"));
  server = await startServer({ dataDir, package: DEMO_PACKAGE });
});

after(async () => {
  await server?.stop();
  await rm(dataDir, { recursive: true, force: true });
});

test("registers_and_logs_in_within_two_seconds", async () => {
  const registered = await fetch(`${server.url}/register`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ username: "alice", password: PASSWORD }),
  });
  assert.equal(registered.status, 201);
  const start = performance.now();
  const answer = await fetch(`${server.url}/token`, {
    method: "POST",
    body: new URLSearchParams({ grant_type: "password", username: "alice", password: PASSWORD }),
  });
  const milliseconds = performance.now() - start;
  assert.equal(answer.status, 200);
  const { access_token: token } = await answer.json();
  const me = await fetch(`${server.url}/users/me`, { headers: { Authorization: `Bearer ${token}` } });
  assert.equal((await me.json()).username, "alice");
  // A tenth of that on an idle machine.
  assert.ok(milliseconds < 2000, `${milliseconds} ms`);
});

test("serves_the_pages_what_their_scripts_import", async () => {
  // Those of the workbench are bundled.
  const scripts = (await readdir(join(ROOT, "www/script"))).filter(
    (name) => name.endsWith(".js") && name !== "fetch-keys.js",
  );
  const paths = new Set();
  for (const script of scripts) {
    const text = await (await fetch(`${server.url}/script/${script}`)).text();
    for (const [, path] of text.matchAll(/"(\/pkg\/dist\/[^"]+)"/g)) paths.add(path);
  }
  assert.ok(0 < paths.size);
  const seen = new Set();
  const waiting = [...paths];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (seen.has(path)) continue;
    seen.add(path);
    const answer = await fetch(server.url + path);
    assert.equal(answer.status, 200, path);
    for (const [, next] of (await answer.text()).matchAll(/(?:from|import) "(\.[^"]+)"/g)) {
      waiting.push(new URL(next, server.url + path).pathname);
    }
  }
  assert.ok(10 < seen.size);
});

test("leaves_the_package_that_is_published_alone", async () => {
  const [optimized, demo] = await Promise.all(
    ["pkg", DEMO_PACKAGE].map((folder) => stat(join(ROOT, folder, "dist/jwt.wasm"))),
  );
  assert.notEqual(optimized.size, demo.size);
});
