// Starts and stops servers for tests: Workers on workerd with a KV namespace in memory, and other programs.

import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { basename, join } from "node:path";
import * as esbuild from "esbuild";
import workerd from "workerd";

/** Bundles a Worker as wrangler does, binds texts and one KV namespace to it, and serves it: `{ url, stop() }`. */
export async function serveWorker({ directory, entry, compatibilityDate, texts, kv, outbound }) {
  const modules = await bundleWorker({ directory, entry });
  writeFileSync(join(directory, "kv.js"), kvService(kv.values));
  const port = await freePort();
  writeFileSync(
    join(directory, "config.capnp"),
    configuration({ port, modules, compatibilityDate, texts, kv, outbound }),
  );
  return serveWorkerd({ directory, port });
}

/** Bundles a Worker as wrangler does into a folder: the names of its modules, the main one first. */
export async function bundleWorker({ directory, entry }) {
  const { outputFiles } = await esbuild.build({
    absWorkingDir: directory,
    bundle: true,
    conditions: ["workerd", "worker", "browser"],
    entryPoints: [entry],
    external: ["cloudflare:*", "node:*"],
    format: "esm",
    loader: { ".wasm": "copy" },
    outdir: "out",
    write: false,
  });
  const modules = outputFiles.map(({ path, contents }) => {
    writeFileSync(join(directory, basename(path)), contents);
    return basename(path);
  });
  return modules.sort((left, right) => Number(left.endsWith(".wasm")) - Number(right.endsWith(".wasm")));
}

/** Starts workerd on the `config.capnp` of a folder: `{ url, stop() }`, once it listens on a port. */
export function serveWorkerd({ directory, port, signal }) {
  return program(workerd.default ?? workerd, ["serve", "config.capnp"], { cwd: directory, port, signal });
}

/** Starts a program that listens on a port: `{ url, stop() }`, once it does. */
export async function program(command, args, { cwd, port, env = {}, signal = "SIGKILL" }) {
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: "inherit" });
  const exited = new Promise((resolve) => child.once("exit", resolve));
  const url = `http://127.0.0.1:${port}`;
  const stop = async () => {
    child.kill(signal);
    await exited;
  };
  const failed = exited.then(() => {
    throw new Error(`${basename(command)} ended before it listened`);
  });
  const late = new Promise((_, reject) => setTimeout(reject, 60_000, new Error("nothing listens")).unref());
  await Promise.race([listening(url), failed, late]);
  // After stop(), its end is not a failure.
  failed.catch(() => {});
  return { url, stop };
}

/** A port that nobody listens on. */
export function freePort() {
  const probe = createServer();
  return new Promise((resolve) => {
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** Waits until something answers. */
export async function listening(url) {
  while (!(await answers(url))) await new Promise((resolve) => setTimeout(resolve, 50));
}

async function answers(url) {
  try {
    await fetch(url);
    return true;
  } catch {
    return false;
  }
}

/** A service that answers workerd's requests for a KV namespace: only those that read and write text. */
function kvService(values) {
  return `const values = new Map(Object.entries(${JSON.stringify(values)}));
export default {
  async fetch(request) {
    const key = decodeURIComponent(new URL(request.url).pathname.slice(1));
    if (request.method === "PUT") values.set(key, await request.text());
    return new Response(values.get(key) ?? null, { status: values.has(key) ? 200 : 404 });
  },
};
`;
}

function configuration({ port, modules, compatibilityDate, texts, kv, outbound }) {
  const quote = (text) => `"${text.replace(/["\\]/g, "\\$&")}"`;
  const embedded = modules.map((name) => {
    return `(name = ${quote(name)}, ${name.endsWith(".wasm") ? "wasm" : "esModule"} = embed ${quote(name)}),`;
  });
  const bindings = [
    ...Object.entries(texts).map(([name, text]) => `(name = ${quote(name)}, text = ${quote(text)}),`),
    `(name = ${quote(kv.binding)}, kvNamespace = "kv"),`,
  ];
  const elsewhere = outbound && `(name = "elsewhere", external = (address = ${quote(outbound)}, http = ())),`;
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .main), (name = "kv", worker = .kv), ${elsewhere ?? ""}],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
const main :Workerd.Worker = (
  compatibilityDate = ${quote(compatibilityDate)},
  modules = [${embedded.join("\n")}],
  bindings = [${bindings.join("\n")}],
  ${outbound ? 'globalOutbound = "elsewhere",' : ""}
);
const kv :Workerd.Worker = (
  compatibilityDate = ${quote(compatibilityDate)},
  modules = [(name = "kv.js", esModule = embed "kv.js")],
);
`;
}
