// The pairs of pairs.mjs in workerd, whose clock stands still while a Worker computes: it is told how often to do the work,
// and timed from outside.

import { spawn } from "node:child_process";
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import workerd from "workerd";
import { ratioOf } from "./pairs.mjs";

/** As the program in pairs.mjs; `left` and `right` are folders of packages. */
export async function pairsInWorkerd({ left, right, entry, names, pairs, folder }) {
  rmSync(folder, { recursive: true, force: true });
  await build({
    stdin: {
      contents: `import * as left from ${JSON.stringify(join(left, `dist/workerd/${entry}.js`))};
import * as right from ${JSON.stringify(join(right, `dist/workerd/${entry}.js`))};
import { tasks } from ${JSON.stringify(join(import.meta.dirname, "tasks.mjs"))};
const calls = {};
export default {
  async fetch(request) {
    const { side, name, count } = await request.json();
    const call = (calls[side + name] ??= tasks[name]({ left, right }[side]));
    for (let index = 0; index < count; index += 1) call();
    return new Response("done");
  },
};`,
      resolveDir: import.meta.dirname,
    },
    bundle: true,
    conditions: ["workerd", "worker", "browser"],
    format: "esm",
    loader: { ".wasm": "copy" },
    outdir: folder,
    entryNames: "worker",
    logLevel: "error",
  });
  const modules = readdirSync(folder).sort((one) => (one === "stdin.js" || one === "worker.js" ? -1 : 1));
  const lines = modules.map(
    (name) => `(name = "${name}", ${name.endsWith(".wasm") ? "wasm" : "esModule"} = embed "${name}"),`,
  );
  writeFileSync(
    join(folder, "config.capnp"),
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .worker)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const worker :Workerd.Worker = (compatibilityDate = "2026-07-01", modules = [${lines.join("\n")}]);
`,
  );
  const child = spawn(workerd.default ?? workerd, ["serve", "--control-fd=3", join(folder, "config.capnp")], {
    stdio: ["ignore", "inherit", "inherit", "pipe"],
  });
  try {
    const { port } = await new Promise((resolve, reject) => {
      child.stdio[3].once("data", (data) => resolve(JSON.parse(data)));
      child.once("error", reject);
      child.once("exit", (code) => reject(new Error(`workerd has ended with ${code}`)));
    });
    const side = (which, name) => async (count) => {
      const start = performance.now();
      const body = JSON.stringify({ side: which, name, count });
      const response = await fetch(`http://127.0.0.1:${port}/`, { method: "POST", body });
      if ((await response.text()) !== "done") throw new Error(`workerd cannot run ${name}`);
      return performance.now() - start;
    };
    const rows = {};
    for (const name of names) rows[name] = await ratioOf(side("left", name), side("right", name), pairs);
    return rows;
  } finally {
    child.kill();
  }
}
