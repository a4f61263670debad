// workerd with two isolates of one Worker that share a KV namespace and a cache, as Cloudflare's would.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleWorker, freePort, listening, serveWorkerd } from "../docs/server.mjs";

/** Starts both: `{ urls, stop() }`. */
export async function startWorkers({ origin, ca }) {
  const directory = mkdtempSync(join(tmpdir(), "countersign-workerd-"));
  const entry = fileURLToPath(new URL("worker.mjs", import.meta.url));
  const modules = await bundleWorker({ directory, entry });
  writeFileSync(join(directory, "kv.js"), KV);
  writeFileSync(join(directory, "cache.js"), CACHE);
  const ports = [await freePort(), await freePort()];
  writeFileSync(join(directory, "config.capnp"), configuration({ modules, ports, origin, ca }));
  const server = await serveWorkerd({ directory, port: ports[0] });
  const urls = ports.map((port) => `http://127.0.0.1:${port}`);
  await listening(urls[1]);
  const stop = async () => {
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  };
  return { urls, stop };
}

/** The part of KV's protocol that is used: values with metadata and an end, and the list of names. */
const KV = `const kept = new Map();
export default {
  async fetch(request) {
    const url = new URL(request.url);
    const name = decodeURIComponent(url.pathname.slice(1));
    if (request.method === "PUT") {
      const seconds = Number(url.searchParams.get("expiration_ttl"));
      // As the real one does.
      if (seconds < 60) return new Response("expiration_ttl is less than 60", { status: 400 });
      kept.set(name, { value: await request.text(), metadata: request.headers.get("CF-KV-Metadata"), seconds });
      return new Response(null);
    }
    if (name === "") {
      const keys = [...kept].map(([name, { metadata, seconds }]) => ({ name, metadata: { ...JSON.parse(metadata), seconds } }));
      return Response.json({ keys, list_complete: true });
    }
    const found = kept.get(name);
    if (found === undefined) return new Response(null, { status: 404 });
    return new Response(found.value, { headers: { "CF-KV-Metadata": found.metadata } });
  },
};
`;

/** The part of the cache's protocol that is used: a response is put as the text of an HTTP message. */
const CACHE = `const kept = new Map();
export default {
  async fetch(request) {
    const name = request.url + " " + request.headers.get("CF-Cache-Namespace");
    if (request.method === "PUT") {
      kept.set(name, await request.text());
      return new Response(null, { status: 204 });
    }
    const message = kept.get(name);
    if (message === undefined) return new Response(null, { status: 504, headers: { "CF-Cache-Status": "MISS" } });
    const end = message.indexOf("\\r\\n\\r\\n");
    const headers = new Headers({ "CF-Cache-Status": "HIT" });
    let chunked = false;
    for (const line of message.slice(0, end).split("\\r\\n").slice(1)) {
      const colon = line.indexOf(":");
      const field = line.slice(0, colon).toLowerCase();
      if (field === "transfer-encoding") chunked = true;
      else headers.append(field, line.slice(colon + 1).trim());
    }
    let body = message.slice(end + 4);
    if (chunked) body = body.replace(/^[0-9a-f]+\\r\\n/i, "").replace(/\\r\\n0\\r\\n\\r\\n$/, "");
    return new Response(body, { headers });
  },
};
`;

function configuration({ modules, ports, origin, ca }) {
  const text = (value) => JSON.stringify(value);
  const embedded = modules.map((name) => {
    return `(name = ${text(name)}, ${name.endsWith(".wasm") ? "wasm" : "esModule"} = embed ${text(name)}),`;
  });
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "one", worker = .checker),
    (name = "two", worker = .checker),
    (name = "kv", worker = .kv),
    (name = "cache", worker = .cache),
    (name = "internet", network = (
      allow = ["public", "private"],
      tlsOptions = (trustBrowserCas = false, trustedCertificates = [${text(ca)}]),
    )),
  ],
  sockets = [
    (name = "one", address = "127.0.0.1:${ports[0]}", http = (), service = "one"),
    (name = "two", address = "127.0.0.1:${ports[1]}", http = (), service = "two"),
  ],
);
const checker :Workerd.Worker = (
  compatibilityDate = "2026-01-01",
  modules = [${embedded.join("\n")}],
  bindings = [(name = "ORIGIN", text = ${text(origin)}), (name = "KEYS", kvNamespace = "kv")],
  cacheApiOutbound = "cache",
);
const kv :Workerd.Worker = (
  compatibilityDate = "2026-01-01",
  modules = [(name = "kv.js", esModule = embed "kv.js")],
);
const cache :Workerd.Worker = (
  compatibilityDate = "2026-01-01",
  modules = [(name = "cache.js", esModule = embed "cache.js")],
);
`;
}
