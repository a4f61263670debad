// How long a lock stops others after its holder was killed: the lock of tools/build, and `proper-lockfile`, which is
// installed into target/ for this.
//
// node benches/decisions/lock.mjs

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root, started } from "../../tools/command.mjs";

const folder = join(root, "target/decisions/lock");
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, "package.json"), "{}");
writeFileSync(join(folder, "file"), "");
execFileSync(...started("npm", ["install", "--no-audit", "--no-fund", "proper-lockfile@4.1.2"]), { cwd: folder });

const file = JSON.stringify(join(folder, "file"));
const locks = {
  "tools/build/lock.mjs": `const { alone } = await import(${JSON.stringify(pathToFileURL(join(root, "tools/build/lock.mjs")))});
const taken = new Promise((resolve) => alone(async () => { resolve(); await work; }, "trial"));`,
  "proper-lockfile": `const { default: { lock } } = await import(${JSON.stringify(pathToFileURL(join(folder, "node_modules/proper-lockfile/index.js")))});
const taken = lock(${file}, { retries: { retries: 200, factor: 1, minTimeout: 200 } });`,
};

for (const [name, take] of Object.entries(locks)) {
  const program = `const work = new Promise((resolve) => setTimeout(resolve, 60_000));
${take}
await taken;
console.log("taken");`;
  const start = () =>
    spawn(process.execPath, ["--input-type=module", "--eval", program], { stdio: ["ignore", "pipe", "inherit"] });
  const says = async (child) => {
    for await (const text of child.stdout.setEncoding("utf8")) if (text.includes("taken")) return;
  };
  const holder = start();
  await says(holder);
  holder.kill("SIGKILL");
  await once(holder, "exit");
  const killed = performance.now();
  const next = start();
  await says(next);
  console.log(`${name}: taken again ${((performance.now() - killed) / 1000).toFixed(1)} s after its holder was killed`);
  next.kill("SIGKILL");
}
