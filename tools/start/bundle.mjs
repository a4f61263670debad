/** Bundles examples/worker for workerd, as wrangler does: the package's `workerd` condition, the wasm as a module. */

import { readdir, rm } from "node:fs/promises";
import { build } from "esbuild";

/**
 * Bundles `entry` into `outDir` and gives the names of the modules there: the JavaScript one first, the wasm ones after.
 * `countersign` is the package that is found from the folder `packageFrom`.
 */
export async function bundleWorker(entry, outDir, packageFrom) {
  await rm(outDir, { recursive: true, force: true });
  await build({
    entryPoints: [entry],
    outdir: outDir,
    entryNames: "worker",
    assetNames: "[name]-[hash]",
    bundle: true,
    format: "esm",
    target: "es2024",
    conditions: ["workerd", "worker", "browser"],
    external: ["cloudflare:*"],
    loader: { ".wasm": "copy" },
    logLevel: "warning",
    plugins: [{ name: "package", setup: (hooks) => findPackage(hooks, packageFrom) }],
  });
  const names = await readdir(outDir);
  return ["worker.js", ...names.filter((name) => name.endsWith(".wasm")).sort()];
}

function findPackage(hooks, resolveDir) {
  // Resolving it calls this hook a second time.
  const seen = {};
  hooks.onResolve({ filter: /^countersign(\/|$)/ }, ({ path, kind, pluginData }) =>
    pluginData === seen ? undefined : hooks.resolve(path, { kind, resolveDir, pluginData: seen }),
  );
}
