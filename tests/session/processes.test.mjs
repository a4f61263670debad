// Sessions and one-time tokens in SQLite: two processes on one file, restarts, and a process that is killed while it refreshes.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const node = fileURLToPath(new URL("../../node_modules/node24/bin/node", import.meta.url));
const program = fileURLToPath(new URL("process.mjs", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "countersign-sessions-"));
const running = new Set();
after(() => {
  for (const child of running) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

async function start(file) {
  const child = spawn(node, [program, join(folder, file)], { stdio: ["ignore", "pipe", "inherit"] });
  running.add(child);
  const exited = once(child, "exit");
  const [port] = await once(child.stdout.setEncoding("utf8"), "data");
  const ask = async (job, more) => {
    const body = JSON.stringify({ job, ...more });
    return (await fetch(`http://127.0.0.1:${port.trim()}`, { method: "POST", body })).json();
  };
  const kill = async () => {
    child.kill("SIGKILL");
    await exited;
    running.delete(child);
  };
  return { ask, kill };
}

test("a_restart_logs_nobody_out", async () => {
  let server = await start("restart.db");
  let pair = await server.ask("start", { subject: "alice" });
  for (let times = 0; times < 3; times += 1) {
    await server.kill();
    server = await start("restart.db");
    pair = await server.ask("refresh", { token: pair.refreshToken });
    assert.equal(pair.subject, "alice");
  }
  await server.kill();
});

test("two_processes_leave_one_live_chain", async () => {
  const [one, other] = [await start("two.db"), await start("two.db")];
  const { refreshToken } = await one.ask("start", { subject: "alice" });
  const pairs = await Promise.all(
    Array.from({ length: 200 }, (_, index) => (index % 2 ? one : other).ask("refresh", { token: refreshToken })),
  );
  assert.deepEqual(
    pairs.filter(({ refreshToken: token }) => token === undefined),
    [],
  );
  assert.equal(new Set(pairs.map((pair) => pair.refreshToken)).size, 1);
  assert.equal((await other.ask("list", { subject: "alice" })).length, 1);
  assert.equal(await one.ask("endAll", { subject: "alice" }), 1);
  assert.deepEqual(await other.ask("refresh", { token: pairs[0].refreshToken }), { code: "SESSION_INVALID" });
  await Promise.all([one.kill(), other.kill()]);
});

test("a_process_that_is_killed_while_it_refreshes_loses_no_session", async () => {
  const first = await start("killed.db");
  const tokens = [];
  for (let index = 0; index < 20; index += 1)
    tokens.push((await first.ask("start", { subject: "alice" })).refreshToken);
  await first.kill();
  for (let times = 0; times < 5; times += 1) {
    const server = await start("killed.db");
    // The client has the new token only if the answer arrived. Otherwise, it tries again with the old one.
    const refreshing = Promise.allSettled(
      tokens.map(async (token, index) => {
        const { refreshToken } = await server.ask("refresh", { token });
        if (refreshToken !== undefined) tokens[index] = refreshToken;
      }),
    );
    await sleep(times * 4);
    await server.kill();
    await refreshing;
  }
  const last = await start("killed.db");
  for (const token of tokens) assert.equal((await last.ask("refresh", { token })).subject, "alice");
  assert.equal((await last.ask("list", { subject: "alice" })).length, 20);
  await last.kill();
});

test("a_one_time_token_is_used_once_by_two_processes_and_over_a_restart", async () => {
  let [one, other] = [await start("once.db"), await start("once.db")];
  const [token, kept] = [await one.ask("make", { subject: "alice" }), await one.ask("make", { subject: "bob" })];
  const uses = await Promise.all(
    Array.from({ length: 100 }, (_, index) => (index % 2 ? one : other).ask("use", { token })),
  );
  assert.equal(uses.filter(({ subject }) => subject === "alice").length, 1);
  assert.equal(uses.filter(({ code }) => code === "TOKEN_USED").length, 99);
  await Promise.all([one.kill(), other.kill()]);
  [one, other] = [await start("once.db"), await start("once.db")];
  assert.deepEqual(await one.ask("use", { token }), { code: "TOKEN_USED" });
  assert.deepEqual(await other.ask("use", { token: kept }), { subject: "bob" });
  assert.deepEqual(await one.ask("use", { token: kept }), { code: "TOKEN_USED" });
  await Promise.all([one.kill(), other.kill()]);
});
