/** Bundles examples/worker for workerd, as wrangler does: the package's `workerd` condition, the wasm as a module. */

import { readdir, rm } from "node:fs/promises";
import { build } from "esbuild";

/**
 * Bundles `entry` into `outDir` and gives the names of the modules there: the JavaScript one first, the wasm ones after.
 */
export async function bundleWorker(entry, outDir) {
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
  });
  const names = await readdir(outDir);
  return ["worker.js", ...names.filter((name) => name.endsWith(".wasm")).sort()];
}
