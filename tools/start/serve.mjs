/**
 * `npm start`, after the build: serves the pages and the login system until Ctrl-C. As a program it serves the package in
 * pkg/.
 *
 * Environment: PORT (default 8787; 0 for any), HOST (default 127.0.0.1: this machine only), DATA_DIR (default .data),
 * ALLOWED_HOSTS (names with commas that it answers to, beside localhost and addresses; default none).
 */

import { relative, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { isProgram } from "../command.mjs";
import { freePort, readPort } from "./port.mjs";
import { ROOT, startServer, swaggerUi } from "./server.mjs";

const STOP_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];

/** Starts with the package in a folder, says where to look, and stops when asked to. */
export async function serve(folder) {
  try {
    await serveUntilStopped(folder);
  } catch (error) {
    // Also a start that fails while it is being stopped.
    console.error(`npm start: ${error.message}`);
    process.exit(1);
  }
}

async function serveUntilStopped(folder) {
  const host = process.env.HOST || "127.0.0.1";
  const wanted = readPort(process.env.PORT);
  const dataDir = resolve(process.env.DATA_DIR || resolve(ROOT, ".data"));
  const port = await freePort(wanted, host);
  if (port !== wanted && wanted !== 0) console.log(`Port ${wanted} is taken; using ${port} instead.`);

  const hosts = (process.env.ALLOWED_HOSTS ?? "").split(",");
  const log = (text) => process.stderr.write(text);
  const starting = startServer({ host, hosts, port, dataDir, package: folder, log });

  // From here on a signal must not end this process and leave workerd behind.
  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    await starting.then((server) => server.stop());
    console.log("\nStopped.");
    process.exit(0);
  };
  for (const signal of STOP_SIGNALS) process.on(signal, stop);

  const server = await starting;
  if (!stopping) console.log(welcome(server.url, shown(dataDir), folder === "pkg"));
  const how = await server.exited;
  // Ctrl-C also goes to workerd, which may end first.
  await delay(200);
  if (!stopping) throw new Error(`workerd ended unexpectedly (${how})`);
}

/** A path for display: relative, if it is below the current directory. */
function shown(path) {
  const below = relative(process.cwd(), path);
  return below === "" || below.startsWith("..") ? path : below;
}

/** The message after the start: the addresses, and commands to try. */
function welcome(url, dataDir, isOptimized) {
  return `
countersign: a login system on workerd, its tokens checked in your browser by the same core

  Log in      ${url}/
  Workbench   ${url}/bench.html${swaggerUi() === undefined ? "" : `\n  API         ${url}/docs`}

Or from another terminal:

  curl -i ${url}/register -H 'Content-Type: application/json' \\
       -d '{"username":"admin","password":"correct horse battery staple"}'
  curl -i ${url}/token -d grant_type=password -d username=admin \\
       --data-urlencode 'password=correct horse battery staple' -d scope='profile admin'
  TOKEN=…    # the access_token of that answer
  curl -i ${url}/users/me -H "Authorization: Bearer $TOKEN"
  curl -i ${url}/admin    -H "Authorization: Bearer $TOKEN"
  curl -i ${url}/users/me    # 401, and how to authenticate
  curl -i ${url}/.well-known/jwks.json

The user named "admin" may ask for the scope "admin"; everyone has "profile". Access tokens live for a minute here.
Users, sessions and keys are kept in ${dataDir}; delete it to start afresh. Ctrl-C stops.
${isOptimized ? "" : "This build compiles fast and computes slowly: for real speeds, `npm start -- --optimized`.\n"}`;
}

if (isProgram(import.meta.url)) await serve("pkg");
