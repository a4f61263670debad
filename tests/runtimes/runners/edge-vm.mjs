// The Edge VM: a bundle with the edge-light condition, its wasm compiled beforehand in the VM's realm, like the
// output of Vercel's and Next's builds.

import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { EdgeVM } from "@edge-runtime/vm";
import { build } from "esbuild";
import { SLOW } from "../conformance.mjs";
import { COPY } from "../consumer.mjs";
import { without } from "./process.mjs";

/** Slow files are left out: the same engine runs them in the row of the Node that this one is in. */
export const leftOutOfEdgeVm = SLOW;

/** Runs the suite in the Edge VM. */
export async function edgeVm(consumer) {
  const main = join(consumer.directory, "edge-vm.mjs");
  writeFileSync(
    main,
    `import * as index from "countersign";
import * as jws from "countersign/jws";
import { enablePostQuantum } from "countersign/post-quantum";
import * as jwe from "countersign/jwe";
import * as decode from "countersign/decode";
import * as lite from "countersign/lite";
import * as onlyVerify from "countersign/verify";
import * as formats from "${COPY}/formats";
import { run } from "./suite/conformance.mjs";
import { vectors } from "./suite/vectors.mjs";
enablePostQuantum();
${without(leftOutOfEdgeVm)}const countersign = { ...index, ...jws, jwe, decode, lite, onlyVerify, formats };
globalThis.result = run(countersign, vectors, undefined, globalThis.outerRealm).then(JSON.stringify);
`,
  );
  const files = new Map();
  const { outputFiles } = await build({
    bundle: true,
    conditions: ["edge-light", "worker", "browser"],
    entryPoints: [main],
    format: "iife",
    logLevel: "silent",
    plugins: [wasmModules(files)],
    write: false,
  });
  if (files.size === 0) throw new Error('no "?module" import in the bundle: the edge-light condition was not taken');
  const vm = new EdgeVM();
  vm.evaluate("globalThis.wasmModules = {}");
  vm.context.outerRealm = { Date, Uint8Array };
  for (const [name, file] of files) {
    vm.context.wasmBytes = readFileSync(file);
    vm.evaluate(`wasmModules[${JSON.stringify(name)}] = new WebAssembly.Module(new Uint8Array(wasmBytes))`);
  }
  vm.evaluate(outputFiles[0].text);
  return JSON.parse(await vm.context.result);
}

/** What a build for the edge does with `import module from "./x.wasm?module"`. */
function wasmModules(files) {
  return {
    name: "wasm-modules",
    setup({ onLoad, onResolve }) {
      onResolve({ filter: /\.wasm\?module$/ }, ({ path, resolveDir }) => {
        const file = join(resolveDir, path.slice(0, -"?module".length));
        files.set(basename(file), file);
        return { path: basename(file), namespace: "wasm-modules" };
      });
      onLoad({ filter: /.*/, namespace: "wasm-modules" }, ({ path }) => ({
        contents: `export default globalThis.wasmModules[${JSON.stringify(path)}];`,
      }));
    },
  };
}
