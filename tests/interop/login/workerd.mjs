// workerd with the Worker beside this file, whose table outlives it.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleWorker, freePort, serveWorkerd } from "../../docs/server.mjs";

/** Makes the Worker: `{ start(pepper), remove() }`; `start` gives `{ url, stop() }`. */
export async function makeWorker() {
  const directory = mkdtempSync(join(tmpdir(), "countersign-login-"));
  mkdirSync(join(directory, "storage"));
  const entry = fileURLToPath(new URL("worker.mjs", import.meta.url));
  const modules = await bundleWorker({ directory, entry });
  return {
    start: (pepper) => start(directory, modules, pepper),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

async function start(directory, modules, pepper) {
  const port = await freePort();
  writeFileSync(join(directory, "config.capnp"), configuration({ modules, port, pepper }));
  // In an orderly way, since what it keeps on the disk is read again.
  return serveWorkerd({ directory, port, signal: "SIGTERM" });
}

function configuration({ modules, port, pepper }) {
  const text = (value) => JSON.stringify(value);
  const embedded = modules.map((name) => {
    return `(name = ${text(name)}, ${name.endsWith(".wasm") ? "wasm" : "esModule"} = embed ${text(name)}),`;
  });
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .login),
    (name = "storage", disk = (path = "storage", writable = true)),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
const login :Workerd.Worker = (
  compatibilityDate = "2026-01-01",
  modules = [${embedded.join("\n")}],
  durableObjectNamespaces = [(className = "Users", uniqueKey = "users", enableSql = true)],
  durableObjectStorage = (localDisk = "storage"),
  bindings = [
    (name = "USERS", durableObjectNamespace = "Users"),
    (name = "PEPPER", text = ${text(JSON.stringify(pepper))}),
  ],
);
`;
}
