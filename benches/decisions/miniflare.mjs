// `tools/start` and the same system under Miniflare, which is installed into target/ for this: what it weighs, whether it
// serves the same, and how long each takes to start and to answer the first request. Wants `npm run build` to have run.
//
// node benches/decisions/miniflare.mjs [--pairs 11]

import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { root, started } from "../../tools/command.mjs";
import { bundleWorker } from "../../tools/start/bundle.mjs";
import { startServer } from "../../tools/start/server.mjs";

const VERSION = "4.20260730.0";
const { values } = parseArgs({ options: { pairs: { type: "string", default: "11" } } });

const folder = join(root, "target/decisions/miniflare");
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, "package.json"), "{}");
const install = started("npm", ["install", "--no-audit", "--no-fund", `miniflare@${VERSION}`]);
execFileSync(...install, { cwd: folder, stdio: "ignore" });
const { Miniflare } = await import(pathToFileURL(join(folder, "node_modules/miniflare/dist/src/index.js")));

const compatibilityDate = "2026-01-01";

async function withMiniflare(dataDir) {
  const code = join(dataDir, "code");
  const names = await bundleWorker(join(root, "examples/worker/src/index.ts"), code, join(root, "pkg"));
  const objects = (className) => ({ className, useSQLite: true });
  const server = new Miniflare({
    cf: false,
    durableObjectsPersist: join(dataDir, "objects"),
    workers: [
      {
        name: "front",
        compatibilityDate,
        modules: [{ type: "ESModule", path: join(root, "tools/start/front.js") }],
        modulesRoot: join(root, "tools/start"),
        serviceBindings: {
          API: "api",
          DIST: { disk: { path: join(root, "pkg/dist") } },
          WWW: { disk: { path: join(root, "www") } },
        },
      },
      {
        name: "api",
        compatibilityDate,
        modules: names.map((name) => ({
          type: name.endsWith(".wasm") ? "CompiledWasm" : "ESModule",
          path: join(code, name),
        })),
        modulesRoot: code,
        bindings: { ISSUER: "countersign-demo", AUDIENCE: "countersign-demo-api", ADMIN_USERS: "admin" },
        durableObjects: { ACCOUNTS: objects("Account"), SIGNING_KEY: objects("SigningKey") },
      },
    ],
  });
  return { url: (await server.ready).origin, stop: () => server.dispose() };
}

const systems = { ours: (dataDir) => startServer({ dataDir }), miniflare: withMiniflare };
const times = { ours: [], miniflare: [] };
const seen = { ours: new Set(), miniflare: new Set() };
const data = (name) => join(folder, `data-${name}`);
for (const name of Object.keys(systems)) rmSync(data(name), { recursive: true, force: true });
for (let pair = 0; pair < Number(values.pairs); pair += 1) {
  for (const name of pair % 2 === 0 ? ["ours", "miniflare"] : ["miniflare", "ours"]) {
    const start = performance.now();
    const server = await systems[name](data(name));
    const response = await fetch(`${server.url}/.well-known/jwks.json`);
    seen[name].add(await response.text());
    times[name].push(performance.now() - start);
    if (pair === 0) await show(name, server.url);
    await server.stop();
  }
}
async function show(name, url) {
  for (const path of ["/", "/pkg/dist/jwt.wasm", "/users/me"]) {
    const { status, headers } = await fetch(url + path);
    const policy = headers.has("Content-Security-Policy");
    console.log(
      `${name}, ${path}: ${status}, ${policy ? "with" : "without"} a policy, encoding ${headers.get("Content-Encoding")}`,
    );
  }
}

const median = (numbers) => [...numbers].sort((one, other) => one - other)[Math.floor(numbers.length / 2)];
const ratio = median(times.ours.map((time, index) => times.miniflare[index] / time));
const [ours, theirs] = [median(times.ours), median(times.miniflare)].map((time) => `${time.toFixed(0)} ms`);
console.log(`to the first answer: ours ${ours}, Miniflare ${theirs}, ratio ${ratio.toFixed(2)}`);
// One set of keys means that each start found what the one before had stored.
console.log(`keys seen over all starts: ours ${seen.ours.size}, Miniflare ${seen.miniflare.size}`);
const megabytes = (path) => execFileSync("du", ["-sm", path], { encoding: "utf8" }).split("\t")[0];
console.log(
  `megabytes: Miniflare and all it needs ${megabytes(join(folder, "node_modules"))}, workerd of it ${megabytes(join(folder, "node_modules/@cloudflare"))}`,
);
process.exit(0);
