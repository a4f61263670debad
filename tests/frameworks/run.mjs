// `npm run test:frameworks`: installs frameworks from npm, each in a folder of its own, builds a program with the packed
// package, runs it, and prints a table. It takes about 15 minutes and needs the network, so it is not part of `npm test`.
//
// npm run test:frameworks -- [--only TEXT] [--keep]
//   --only   the frameworks whose names contain this text
//   --keep   leaves the folders, and prints where they are

import { spawn, spawnSync } from "node:child_process";
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual, parseArgs } from "node:util";
import { COMMON, QUICK, SLOW } from "./list.mjs";
import { EXPECTED } from "./program.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const MINUTES = 60_000;

const { values } = parseArgs({ options: { keep: { type: "boolean" }, only: { type: "string", default: "" } } });
const folder = mkdtempSync(join(tmpdir(), "countersign-frameworks-"));
const chosen = [...QUICK, ...SLOW].filter(({ name }) => name.toLowerCase().includes(values.only.toLowerCase()));
const tarball = pack();
const results = [];
for (const framework of chosen) results.push(await attempt(framework));
if (values.keep) console.log(folder);
else rmSync(folder, { recursive: true, force: true });
report();

function pack() {
  const { stdout, status, stderr } = spawnSync(
    "npm",
    ["pack", "--json", "--ignore-scripts", "--pack-destination", folder],
    {
      cwd: join(root, "pkg"),
      encoding: "utf8",
    },
  );
  if (status !== 0) throw new Error(`npm pack failed: ${stderr}`);
  return join(folder, JSON.parse(stdout)[0].filename);
}

/** Builds and runs one framework. */
async function attempt(framework) {
  const started = performance.now();
  const problem = await problemOf(framework).catch((error) => String(error.message));
  const seconds = Math.round((performance.now() - started) / 1000);
  console.log(`${problem === undefined ? "passed" : "FAILED"}  ${framework.name} (${seconds} s)`);
  return { name: framework.name, problem, seconds };
}

/** What went wrong, or `undefined`. */
async function problemOf({ name, packages, files, run = [], serve, ask = [] }) {
  const directory = join(folder, name.replaceAll(/\W+/g, "-"));
  const manifest = { name: "app", version: "0.0.0", private: true };
  for (const [path, text] of Object.entries({ ...COMMON, ...files, "package.json": JSON.stringify(manifest) })) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  execute(directory, `npm install --no-audit --no-fund ${packages.join(" ")} ${tarball}`);
  for (const command of run) execute(directory, command);
  return serve === undefined ? undefined : served(directory, serve, ask);
}

function execute(directory, command) {
  const { status, stdout, stderr } = spawnSync(command, {
    cwd: directory,
    encoding: "utf8",
    env: environment(directory),
    shell: true,
    timeout: 8 * MINUTES,
  });
  if (status !== 0) throw new Error(`\`${command.slice(0, 80)}\` ends with ${status}:\n${tail(stdout + stderr)}`);
}

/** Starts the server, asks for each path, and stops it. */
async function served(directory, command, paths) {
  const port = await freePort();
  const log = join(directory, "server.log");
  const descriptor = openSync(log, "w");
  const server = spawn(command.replace("$PORT", port), {
    cwd: directory,
    // A group of its own, so that it ends with everything it started.
    detached: true,
    env: { ...environment(directory), PORT: String(port) },
    shell: true,
    stdio: ["ignore", descriptor, descriptor],
  });
  closeSync(descriptor);
  try {
    for (const path of paths) {
      const answer = await answerOf(`http://localhost:${port}${path}`);
      if (!isDeepStrictEqual(answer.json, EXPECTED)) {
        return `${path} answers ${answer.text.slice(0, 300)}\n${tail(readFileSync(log, "utf8"))}`;
      }
    }
    return undefined;
  } finally {
    process.kill(-server.pid, "SIGKILL");
  }
}

/** The first answer, once there is one. */
async function answerOf(url) {
  const end = Date.now() + 2 * MINUTES;
  for (;;) {
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(MINUTES) });
      const text = await response.text();
      return { text: `${response.status} ${text}`, json: response.ok ? JSON.parse(text) : undefined };
    } catch (error) {
      if (end < Date.now()) return { text: `nothing: ${error.message}` };
      await pause(500);
    }
  }
}

/** Newer tools need Node 22, which is among this repository's tools. */
function environment(directory) {
  const paths = [join(directory, "node_modules/.bin"), join(root, "node_modules/node22/bin"), process.env.PATH];
  return {
    ...process.env,
    CI: "1",
    NEXT_TELEMETRY_DISABLED: "1",
    PATH: paths.join(delimiter),
    WRANGLER_SEND_METRICS: "false",
  };
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

function tail(text) {
  return text.trimEnd().split("\n").slice(-30).join("\n");
}

function report() {
  const failed = results.filter(({ problem }) => problem !== undefined);
  for (const { name, problem } of failed) console.log(`\n${name}\n${problem}`);
  const width = Math.max(...results.map(({ name }) => name.length));
  console.log();
  for (const { name, problem, seconds } of results) {
    console.log(
      `${name.padEnd(width)}  ${problem === undefined ? "passed" : "FAILED"}  ${String(seconds).padStart(4)} s`,
    );
  }
  console.log("not run: Firefox and WebKit, which npm cannot install; tests/browser runs in Chromium");
  console.log(`${results.length - failed.length} passed, ${failed.length} failed`);
  process.exitCode = failed.length === 0 && 0 < results.length ? 0 : 1;
}
