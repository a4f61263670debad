// Several processes on one ring in SQLite: they start at once, keys change while they sign, and one is killed now and then.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { decodeHeaderUnverified } from "countersign/jwt";

const node = fileURLToPath(new URL("../../node_modules/node24/bin/node", import.meta.url));
const program = fileURLToPath(new URL("process.mjs", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "countersign-ring-"));
const running = new Set();
after(() => {
  for (const child of running) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

function start(file, seconds) {
  const child = spawn(node, [program, join(folder, file), String(seconds)], { stdio: ["pipe", "pipe", "inherit"] });
  running.add(child);
  const exited = once(child, "exit");
  const waiting = new Map();
  let asked = 0;
  createInterface({ input: child.stdout }).on("line", (line) => {
    const [id, value, code] = JSON.parse(line);
    waiting.get(id)(code === undefined ? { value } : { code });
    waiting.delete(id);
  });
  const ask = (...call) => {
    asked += 1;
    child.stdin.write(`${JSON.stringify([asked, ...call])}\n`);
    return new Promise((resolve) => waiting.set(asked, resolve));
  };
  const kill = async () => {
    child.kill("SIGKILL");
    await exited;
    running.delete(child);
  };
  return { ask, kill };
}

const kidOf = ({ value }) => decodeHeaderUnverified(value).kid;

test("processes_that_start_at_once_make_one_key", async () => {
  const servers = Array.from({ length: 4 }, () => start("start.db", 600));
  const tokens = await Promise.all(servers.map(({ ask }) => ask("sign")));
  const kids = new Set(tokens.map(kidOf));
  assert.equal(kids.size, 1);
  for (const { ask } of servers) assert.deepEqual((await ask("published")).value, [...kids]);
  // They know the key that one of them has made, at once.
  await sleep(300);
  await servers[0].ask("rotate", { withdraw: true });
  const next = await servers[0].ask("sign");
  assert.equal(kids.has(kidOf(next)), false);
  await sleep(300);
  assert.deepEqual(await servers[1].ask("verify", next.value), { value: "alice" });
  assert.equal(kidOf(await servers[2].ask("sign")), kidOf(next));
  assert.deepEqual(await servers[3].ask("verify", tokens[0].value), { code: "KEY_NOT_FOUND" });
  await Promise.all(servers.map(({ kill }) => kill()));
});

test("keys_change_while_processes_sign_and_one_is_killed_now_and_then", async () => {
  const servers = Array.from({ length: 3 }, () => start("change.db", 2));
  const [kids, faults] = [new Set(), []];
  const end = Date.now() + 7000;
  for (let turn = 0; Date.now() < end; turn += 1) {
    const started = performance.now();
    const signed = await servers[turn % 3].ask("sign");
    if (signed.value === undefined) {
      faults.push(signed.code);
      continue;
    }
    kids.add(kidOf(signed));
    const checks = await Promise.all(servers.map(({ ask }) => ask("verify", signed.value)));
    // A token lives for one second and more. A busy machine may take longer.
    const isInTime = performance.now() - started < 1000;
    if (isInTime) faults.push(...checks.map(({ code }) => code).filter((code) => code !== undefined));
    if (turn % 40 === 39) {
      const index = (turn >> 3) % 3;
      // In the middle of whatever it does.
      servers[index].ask("sign");
      await servers[index].kill();
      servers[index] = start("change.db", 2);
    }
    await sleep(20);
  }
  assert.deepEqual(faults, []);
  assert.ok(2 <= kids.size, `${kids.size} keys`);
  await Promise.all(servers.map(({ kill }) => kill()));
});
