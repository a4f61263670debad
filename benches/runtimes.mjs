// The runtimes, and how the tasks are measured in each. Every function gives the list of results, and throws when the runtime
// cannot be started.

import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { evaluateModule, findChromium } from "../tests/runtimes/runners/chromium.mjs";
import { compare } from "./measure.mjs";
import { chosen } from "./program.mjs";

export const root = fileURLToPath(new URL("../", import.meta.url));
const MARK = "@@result@@";
const MINUTES = 60_000;
const LEAST_MS = 0.001;

const bin = (name) => join(root, "node_modules", ".bin", name);
export const nodeOf = (major) => join(root, "node_modules", `node${major}`, "bin", "node");
const program = join(root, "benches/process.mjs");
const DENO = ["run", "--allow-all", "--no-check", "--no-prompt", "--cached-only", "--node-modules-dir=manual"];

/** `details`: also what is measured on Node only. `once`: what is measured on one runtime only. */
export const runtimes = [
  { name: "Node 20", program: nodeOf(20), measure: inProcess(nodeOf(20)), details: true, once: true },
  { name: "Node 22", program: nodeOf(22), measure: inProcess(nodeOf(22)) },
  { name: "Node 24", program: nodeOf(24), measure: inProcess(nodeOf(24)), details: true },
  { name: "workerd", program: bin("workerd"), measure: inWorkerd(["nodejs_compat"]) },
  { name: "workerd without node:crypto", program: bin("workerd"), measure: inWorkerd([]) },
  { name: "Deno", program: bin("deno"), measure: inProcess(bin("deno"), DENO) },
  { name: "Bun", program: bin("bun"), measure: inProcess(bin("bun"), ["run", "--no-install"]) },
  { name: "Chromium", program: findChromium(), measure: inChromium },
];

/** The version that a runtime's program says, or `undefined` if there is none. */
export function versionOf({ program: path }) {
  if (path === undefined || !existsSync(path)) return undefined;
  const { stdout } = spawnSync(path, ["--version"], { encoding: "utf8" });
  return stdout?.match(/\d[\w.-]*/)?.[0];
}

function inProcess(path, args = []) {
  return (options, onResult) =>
    new Promise((resolve, reject) => {
      const child = spawn(path, [...args, program, JSON.stringify(options)], {
        cwd: root,
        env: { ...process.env, NO_COLOR: "1", NODE_NO_WARNINGS: "1" },
        stdio: ["ignore", "pipe", "pipe"],
      });
      const timer = setTimeout(() => child.kill("SIGKILL"), 10 * MINUTES);
      const results = [];
      let said = "";
      createInterface({ input: child.stdout }).on("line", (line) => {
        if (!line.startsWith(MARK)) return;
        const result = JSON.parse(line.slice(MARK.length));
        results.push(result);
        onResult(result);
      });
      child.stderr.setEncoding("utf8").on("data", (text) => {
        said = (said + text).slice(-2000);
      });
      child.on("error", reject);
      child.on("close", (status, signal) => {
        clearTimeout(timer);
        if (status === 0) return resolve(results);
        // The results until then are kept.
        const message = `ended with ${signal ?? `status ${status}`}: ${said.trim().split("\n").at(-1)}`;
        results.length > 0
          ? resolve([...results, { id: "the rest", section: "tokens", error: message }])
          : reject(new Error(message));
      });
    });
}

async function inChromium(options, onResult) {
  const directory = mkdtempSync(join(tmpdir(), "countersign-bench-"));
  try {
    await bundle("page.mjs", directory, ["browser"], options);
    const policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src blob:";
    const results = JSON.parse(await evaluateModule(directory, "page.js", findChromium(), { policy, complaints: [] }));
    results.forEach(onResult);
    return results;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function inWorkerd(flags) {
  return async (options, onResult) => {
    const directory = mkdtempSync(join(tmpdir(), "countersign-bench-"));
    let server;
    try {
      await bundle("worker.mjs", directory, ["workerd", "worker", "browser"]);
      server = await serve(directory, "worker.js", flags);
      const results = [];
      for (const task of chosen(options)) {
        const result = await measuredIn(server.ask, task, options.effort);
        results.push(result);
        onResult(result);
      }
      return results;
    } finally {
      server?.child.kill();
      rmSync(directory, { recursive: true });
    }
  };
}

async function measuredIn(ask, { id, section }, effort) {
  try {
    const { reference, failed, names, error } = await ask({ prepare: id });
    if (error !== undefined) return { id, section, error };
    const timed = async (call, batch) => {
      const start = performance.now();
      await ask({ call, batch });
      return performance.now() - start;
    };
    // A request takes time too: the least of some is taken off.
    let request = Number.POSITIVE_INFINITY;
    for (let count = 0; count < 20; count += 1) request = Math.min(request, await timed(names[0], 0));
    const time = async (call, batch) => Math.max(LEAST_MS, (await timed(call, batch)) - request);
    const calls = Object.fromEntries(names.map((name) => [name, name]));
    // Requests differ by a fraction of a millisecond, so a sample is longer than elsewhere.
    const longer = { ...effort, sampleMs: 2 * effort.sampleMs };
    return { id, section, reference, rows: await compare(calls, reference, longer, time), failed };
  } catch (error) {
    return { id, section, error: error.message };
  }
}

/** Starts workerd with the modules of a directory. `ask` sends it JSON. */
export async function serve(directory, main, flags) {
  const modules = readdirSync(directory).sort((one) => (one === main ? -1 : 1));
  const lines = modules.map(
    (name) => `(name = "${name}", ${name.endsWith(".wasm") ? "wasm" : "esModule"} = embed "${name}"),`,
  );
  const config = join(directory, "config.capnp");
  writeFileSync(
    config,
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .worker)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  compatibilityDate = "2026-07-01",
  compatibilityFlags = ${JSON.stringify(flags)},
  modules = [${lines.join("\n")}],
);
`,
  );
  const child = spawn(bin("workerd"), ["serve", "--control-fd=3", config], {
    stdio: ["ignore", "ignore", "pipe", "pipe"],
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    said = (said + text).slice(-2000);
  });
  const port = await new Promise((resolve, reject) => {
    child.stdio[3].once("data", (data) => resolve(JSON.parse(data).port));
    child.once("error", reject);
    child.once("exit", () => reject(new Error(`workerd has ended: ${said.trim().split("\n")[0]}`)));
  });
  const ask = async (body) => {
    const response = await fetch(`http://127.0.0.1:${port}/`, { method: "POST", body: JSON.stringify(body) });
    const text = await response.text();
    if (!response.ok) throw new Error(`workerd answered ${response.status}: ${(text || said).trim().slice(-200)}`);
    return JSON.parse(text);
  };
  return { child, port, ask };
}

/** Bundles a program for where there are no files. What it cannot load there fails when it is imported. */
async function bundle(name, directory, conditions, options) {
  await build({
    bundle: true,
    conditions,
    define: options === undefined ? {} : { OPTIONS: JSON.stringify(options) },
    entryPoints: [join(root, "benches", name)],
    external: ["cloudflare:*", "*.node"],
    format: "esm",
    loader: { ".wasm": "copy" },
    logLevel: "error",
    mainFields: ["module", "main"],
    outdir: directory,
    plugins: [builtins, natives],
    target: "es2022",
  });
}

/** Packages around native code, which a bundle cannot contain. */
const natives = {
  name: "natives",
  setup({ onResolve }) {
    onResolve({ filter: /^(argon2|@node-rs\/.*)$/ }, ({ path }) => ({ path, external: true }));
  },
};

/** Node's modules, for packages that `require` them by their old names. */
const builtins = {
  name: "builtins",
  setup({ onLoad, onResolve }) {
    const names = new RegExp(`^(node:)?(${builtinModules.filter((name) => !name.startsWith("_")).join("|")})$`);
    onResolve({ filter: names }, ({ path, kind }) =>
      kind === "dynamic-import"
        ? { path: path.startsWith("node:") ? path : `node:${path}`, external: true }
        : { path: path.replace(/^node:/, ""), namespace: "builtin" },
    );
    // Loaded when it is used, so that a bundle can be loaded where there is no such module.
    onLoad({ filter: /.*/, namespace: "builtin" }, ({ path }) => ({
      contents: `module.exports = globalThis.process?.getBuiltinModule?.(${JSON.stringify(path)}) ?? {};`,
    }));
  },
};
