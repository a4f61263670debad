// Serves the Worker of this folder in workerd with a D1 database and Durable Objects, as wrangler does on a developer's
// machine: `serve.mjs BUNDLE DATA CLASS` prints its address. Miniflare needs Node 22.

import { readFileSync } from "node:fs";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";

const [, , bundle, data, className] = process.argv;
const options = convertV4MiniflareOptions({
  modules: [{ type: "ESModule", path: "worker.mjs", contents: readFileSync(bundle, "utf8") }],
  compatibilityDate: "2026-01-01",
  compatibilityFlags: ["nodejs_compat"],
  d1Databases: ["DB"],
  durableObjects: { SESSIONS: { className, useSQLite: true } },
  resourcePersistencePath: data,
  // Otherwise it asks Cloudflare where it is.
  cf: false,
});
console.log(String(await new Miniflare(options).ready));
