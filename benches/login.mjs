// The costs of the login system, as Markdown: `node benches/login.mjs [--quick]`. Linux only: it reads the CPU time of workerd.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { loginThrottle, memoryStore, onNode, tokenEndpoint } from "countersign/http";
import { Key, Signer } from "countersign/jwt";
import { closePasswordPool, PasswordHasher } from "countersign/password";
import { Sessions } from "countersign/session";
import workerd from "workerd";
import { bundleWorker, freePort, listening } from "../tests/docs/server.mjs";

const { values } = parseArgs({ options: { quick: { type: "boolean", default: false } } });
const secret = "a secret of 32 bytes, or a few more";
const sorted = (numbers) => [...numbers].sort((left, right) => left - right);
const median = (numbers) => sorted(numbers)[numbers.length >> 1];
const p99 = (numbers) => sorted(numbers)[Math.ceil(numbers.length * 0.99) - 1];

const GUARDS = {
  HS256: "CPU that `bearerGuard` adds to a request in workerd, HS256",
  "HS256, cache": "the same with the option `cache`, and tokens that come again",
  EdDSA: "the same with EdDSA",
  "EdDSA, cache": "the same with EdDSA and `cache`",
  "signature alone": "check of an Ed25519 signature alone, by `node:crypto` in workerd",
};

/** Microseconds of CPU that a guard adds to a request in workerd, by guard. */
async function guards() {
  const directory = mkdtempSync(join(tmpdir(), "countersign-guard-"));
  const modules = await bundleWorker({ directory, entry: fileURLToPath(new URL("login/worker.mjs", import.meta.url)) });
  const port = await freePort();
  writeFileSync(join(directory, "config.capnp"), configuration(modules, port));
  const child = spawn(workerd.default ?? workerd, ["serve", "config.capnp"], { cwd: directory, stdio: "inherit" });
  const url = `http://127.0.0.1:${port}`;
  const ended = once(child, "exit").then(() => {
    throw new Error("workerd has ended");
  });
  await Promise.race([listening(`${url}/?guard=none&times=0`), ended]);
  ended.catch(() => {});
  const times = values.quick ? 20 : 10_000;
  const names = ["none", ...Object.keys(GUARDS)];
  const run = async (name) => {
    const before = cpuTime(child.pid);
    const response = await fetch(`${url}/?${new URLSearchParams({ guard: name, times })}`);
    if ((await response.text()) !== "done") throw new Error(`${name}: ${response.status}`);
    return ((cpuTime(child.pid) - before) * 1e6) / times;
  };
  const found = Object.fromEntries(names.map((name) => [name, []]));
  try {
    for (const name of names) await run(name);
    for (let round = 0; round < (values.quick ? 1 : 11); round += 1) {
      for (const name of names) found[name].push(await run(name));
    }
  } finally {
    child.kill("SIGKILL");
    rmSync(directory, { recursive: true, force: true });
  }
  const none = median(found.none);
  return Object.fromEntries(names.slice(1).map((name) => [name, median(found[name]) - none]));
}

/** Seconds of CPU of a process, from the ticks that Linux counts, 100 in a second, in all its threads. */
function cpuTime(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function configuration(modules, port) {
  const embedded = modules.map(
    (name) => `(name = "${name}", ${name.endsWith(".wasm") ? "wasm" : "esModule"} = embed "${name}")`,
  );
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .main)],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
const main :Workerd.Worker = (
  compatibilityDate = "2026-01-01",
  compatibilityFlags = ["nodejs_compat"],
  modules = [${embedded.join(", ")}],
);
`;
}

/** The milliseconds of log-ins over HTTP with 32 at once, beside bare checks of the same hash with 32 at once. */
async function logIns() {
  const hasher = new PasswordHasher();
  const hash = hasher.hash("right");
  const sessions = new Sessions({ signer: new Signer(Key.generate("EdDSA")), store: memoryStore(), secret });
  const token = tokenEndpoint({
    sessions,
    throttle: loginThrottle({ store: memoryStore() }),
    authenticate: async (subject, password) => ((await hasher.verifyAsync(password, hash)).ok ? { subject } : null),
  });
  const server = createServer(onNode(token)).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${server.address().port}/`;
  const tasks = {
    bare: () => hasher.verifyAsync("right", hash),
    login: async (index) => {
      const body = new URLSearchParams({ username: `user ${index}`, password: "right" });
      const response = await fetch(url, { method: "POST", body });
      if (response.status !== 200) throw new Error(`a log-in was answered with ${response.status}`);
      await response.arrayBuffer();
    },
  };
  const all = values.quick ? 4 : 320;
  const found = { bare: [], login: [] };
  for (const [name, task] of Object.entries(tasks)) {
    for (const isWarm of [false, true]) {
      let next = 0;
      const client = async () => {
        for (let index = next++; index < all; index = next++) {
          const start = performance.now();
          await task(index);
          if (isWarm) found[name].push(performance.now() - start);
        }
      };
      await Promise.all(Array.from({ length: 32 }, client));
    }
  }
  server.close();
  server.closeAllConnections();
  closePasswordPool();
  return {
    bare: median(found.bare),
    bareP99: p99(found.bare),
    loginMedian: median(found.login),
    loginP99: p99(found.login),
  };
}

/** Milliseconds of CPU that one refresh takes, with a store that takes nearly none. */
async function refreshes(alg) {
  const sessions = new Sessions({ signer: new Signer(Key.generate(alg)), store: memoryStore(), secret });
  let { refreshToken } = await sessions.start("alice", { scopes: ["profile"], client: "Firefox on Linux" });
  const times = values.quick ? 10 : 2000;
  const found = [];
  for (let round = 0; round < 6; round += 1) {
    const before = process.cpuUsage();
    for (let index = 0; index < times; index += 1) ({ refreshToken } = await sessions.refresh(refreshToken));
    const { system, user } = process.cpuUsage(before);
    found.push((user + system) / 1000 / times);
  }
  return median(found.slice(1));
}

const guard = await guards();
const refresh = { HS256: await refreshes("HS256"), EdDSA: await refreshes("EdDSA") };
const login = await logIns();
const round = (number) => Number(number.toPrecision(3));
console.log(`| | |
|---|---:|
${Object.entries(guard)
  .map(([name, us]) => `| ${GUARDS[name]} (µs) | ${round(us)} |`)
  .join("\n")}
${Object.entries(refresh)
  .map(([name, ms]) => `| CPU of a refresh with ${name}, without the store (ms) | ${round(ms)} |`)
  .join("\n")}
| check of a password, 32 at once, median (ms) | ${round(login.bare)} |
| check of a password, 32 at once, p99 (ms) | ${round(login.bareP99)} |
| log-in over HTTP, 32 at once, median (ms) | ${round(login.loginMedian)} |
| log-in over HTTP, 32 at once, p99 (ms) | ${round(login.loginP99)} |`);
