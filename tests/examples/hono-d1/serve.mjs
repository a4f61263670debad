// Serves a bundled Worker in workerd with a D1 database: `serve.mjs FOLDER SECRETS`, where the modules are in FOLDER/out, the
// schema in FOLDER/schema.sql and the database in FOLDER/data. It prints the address. Miniflare needs Node 22.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";

const [, , folder, secrets] = process.argv;
const out = join(folder, "out");
const modules = readdirSync(out)
  .sort((left, right) => Number(left.endsWith(".wasm")) - Number(right.endsWith(".wasm")))
  .map((path) => {
    const type = path.endsWith(".wasm") ? "CompiledWasm" : "ESModule";
    return { type, path, contents: readFileSync(join(out, path)) };
  });
const miniflare = new Miniflare(
  convertV4MiniflareOptions({
    modules,
    compatibilityDate: "2026-01-01",
    d1Databases: ["DB"],
    bindings: JSON.parse(secrets),
    resourcePersistencePath: join(folder, "data"),
  }),
);
const url = String(await miniflare.ready);
const database = await miniflare.getD1Database("DB");
for (const statement of readFileSync(join(folder, "schema.sql"), "utf8").replace(/--.*/g, "").split(";")) {
  if (statement.trim() !== "") await database.prepare(statement).run();
}
console.log(url);
