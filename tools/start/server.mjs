/** Runs the login system and the pages on the real workerd, as a child process. */

import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { access, copyFile, cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import workerd from "workerd";
import { writeWorkbench } from "../workbench/write.mjs";
import { bundleWorker } from "./bundle.mjs";
import { workerdConfig } from "./config.mjs";
import { checkUnclaimed, claim, release } from "./lock.mjs";

export const ROOT = resolve(fileURLToPath(import.meta.url), "../../..");

/** How long workerd gets to start, and to finish what it is doing when told to stop. */
const START_MS = 60_000;
const STOP_MS = 3_000;

/**
 * Starts the server; resolves when it listens.
 *
 * @param {object} o
 * @param {string} o.dataDir where users and the key are kept; made if absent
 * @param {string} [o.host] default 127.0.0.1
 * @param {number} [o.port] default 0: any free one
 * @param {string[]} [o.hosts] names that it answers to, beside localhost, addresses and `host`; default none
 * @param {string} [o.package] folder of the built package, from the root; default pkg, the optimized one
 * @param {Record<string, string>} [o.vars] variables of the Worker that differ from those in config.mjs
 * @param {(text: string) => void} [o.log] gets what workerd and the Worker print
 * @returns {Promise<{url: string, port: number, stop: () => Promise<void>, exited: Promise<string>}>}
 */
export async function startServer(options) {
  const {
    dataDir,
    host = "127.0.0.1",
    hosts = [],
    port = 0,
    package: folder = "pkg",
    log = () => {},
    vars = {},
  } = options;
  const dist = join(ROOT, folder, "dist");
  await access(join(dist, "inline/jwt.js")).catch(() => {
    throw new Error(`${folder}/dist is not built: run npm run build first`);
  });
  const objects = join(dataDir, "objects");
  // It contains the secret that encrypts the signing keys, so only this user may read it.
  await mkdir(objects, { recursive: true, mode: 0o700 });
  await checkUnclaimed(dataDir);

  // workerd embeds files by their path from the configuration.
  const code = join(dataDir, "code");
  const modules = await bundleWorker(join(ROOT, "examples/worker/src/index.ts"), code, join(ROOT, folder));
  await copyFile(join(ROOT, "tools/start/front.js"), join(code, "front.js"));
  const config = join(code, "workerd.capnp");
  const names = [host, ...hosts].map((name) => name.trim().toLowerCase());
  const address = `${host.includes(":") ? `[${host}]` : host}:${port}`;
  const www = join(dataDir, "www");
  await writePages(www, folder);
  const all = { SECRET: await secretIn(dataDir), ...vars };
  const facts = { address, hosts: names, modules, www, dist, swaggerUi: swaggerUi(), objects, vars: all };
  await writeFile(config, workerdConfig(facts), { mode: 0o600 });
  return run(config, host, dataDir, log);
}

/** The pages: those of the login system as they are, and the workbench, which is bundled. */
async function writePages(out, folder) {
  await rm(out, { recursive: true, force: true });
  await cp(join(ROOT, "www"), out, { recursive: true });
  for (const source of ["fetch-keys.html", "script/workbench", "script/fetch-keys.js"]) {
    await rm(join(out, source), { recursive: true });
  }
  await writeWorkbench({ out, beside: true, package: folder });
}

/** The folder of Swagger UI, which the demo does not install: it is one of the packages for developers. */
export function swaggerUi() {
  const folder = join(ROOT, "node_modules/swagger-ui-dist");
  return existsSync(folder) ? folder : undefined;
}

/** The secret of this data directory, which is made with the first start. */
async function secretIn(dataDir) {
  const path = join(dataDir, "secret");
  const secret = randomBytes(32).toString("base64");
  await writeFile(path, secret, { flag: "wx", mode: 0o600 }).catch((error) => {
    if (error.code !== "EEXIST") throw error;
  });
  return readFile(path, "utf8");
}

async function run(config, host, dataDir, log) {
  // The fourth descriptor is workerd's control channel: it says there which port a socket got.
  const child = spawn(workerd.default, ["serve", "--control-fd=3", config], {
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  let output = "";
  let tell = (text) => {
    output += text;
  };
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => tell(text));
  const exited = new Promise((resolveExit) => {
    child.once("exit", (code, signal) => resolveExit(signal ?? `exit code ${code}`));
    child.once("error", (error) => resolveExit(error.message));
  });

  if (child.pid !== undefined) await claim(dataDir, child.pid);

  const stop = async () => {
    child.kill("SIGTERM");
    // It waits for open connections, and a browser keeps one open. Every answered request is already on disk.
    const patience = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
    await exited;
    clearTimeout(patience);
    await release(dataDir);
  };
  const timeout = setTimeout(() => child.kill("SIGKILL"), START_MS);
  const port = await Promise.race([
    listening(child.stdio[3]),
    exited.then(async (how) => {
      await release(dataDir);
      throw new Error(`workerd did not start (${how})\n${output}`);
    }),
  ]).finally(() => clearTimeout(timeout));
  if (output !== "") log(output);
  tell = log;
  const name = host === "127.0.0.1" ? "localhost" : host.includes(":") ? `[${host}]` : host;
  return { url: `http://${name}:${port}`, port, stop, exited };
}

/** The port, once workerd says on its control channel that it listens. */
function listening(control) {
  return new Promise((resolvePort) => {
    let text = "";
    control.setEncoding("utf8").on("data", (more) => {
      text += more;
      const lines = text.split("\n");
      text = lines.pop() ?? "";
      for (const line of lines) {
        const message = JSON.parse(line);
        if (message.event === "listen" && message.socket === "http") resolvePort(message.port);
      }
    });
    // `exited` reports the end of the child.
    control.on("error", () => {});
  });
}
