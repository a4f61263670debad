// workerd: the package's files as the Worker's own modules, its wasm as wasm modules, chosen by the exports map.

import { writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { build } from "esbuild";
import { SLOW } from "../conformance.mjs";
import { COPY } from "../consumer.mjs";
import { resolveExport } from "../exports-map.mjs";
import { printResult, resultOf, without } from "./process.mjs";

/** The conditions that wrangler resolves with, and those that a bundler without any for Workers would use. */
const CONDITIONS = {
  workerd: ["workerd", "worker", "browser", "import"],
  inline: ["browser", "import"],
};

/** The files that are left out of one of the two, which differ in how the module is loaded, and in `node:crypto`. */
export const leftOutOfWorkerd = (kind) => (kind === "inline" ? SLOW : []);

/** Runs the suite in workerd, with the entry that a bundler of that kind would choose. */
export async function workerd(consumer, binary, kind) {
  const [index, jws, jwe, decode, lite, onlyVerify, formats, postQuantum] = [
    ...[".", "./jws", "./jwe", "./decode", "./lite", "./verify", "./formats", "./post-quantum"],
  ].map((path) => resolveExport(consumer.manifest, path, CONDITIONS[kind]));
  const main = `workerd-${kind}.mjs`;
  writeFileSync(
    join(consumer.directory, main),
    `import * as index from "./node_modules/countersign/${index.slice(2)}";
import * as jws from "./node_modules/countersign/${jws.slice(2)}";
import { enablePostQuantum } from "./node_modules/countersign/${postQuantum.slice(2)}";
import * as jwe from "./node_modules/countersign/${jwe.slice(2)}";
import * as decode from "./node_modules/countersign/${decode.slice(2)}";
import * as lite from "./node_modules/countersign/${lite.slice(2)}";
import * as onlyVerify from "./node_modules/countersign/${onlyVerify.slice(2)}";
import * as formats from "./node_modules/${COPY}/${formats.slice(2)}";
import { run } from "./suite/conformance.mjs";
import { vectors } from "./suite/vectors.mjs";
enablePostQuantum();
${without(leftOutOfWorkerd(kind))}const countersign = { ...index, ...jws, jwe, decode, lite, onlyVerify, formats };
export default {
  async test() {
    ${printResult}  },
};
`,
  );
  const modules = await modulesFrom(consumer.directory, main);
  if (kind === "workerd" && !modules.some((name) => name.endsWith(".wasm")))
    throw new Error("no wasm module among the Worker's modules");
  const config = `workerd-${kind}.capnp`;
  // One of the two has `node:crypto`.
  writeFileSync(join(consumer.directory, config), configuration(modules, kind === "workerd" ? ["nodejs_compat"] : []));
  return resultOf(binary, ["test", config], consumer.directory);
}

/** A workerd configuration of one Worker made of these files; the first is its main module. */
export function configuration(modules, flags = []) {
  const lines = modules.map(
    (name) => `    (name = "${name}", ${name.endsWith(".wasm") ? "wasm" : "esModule"} = embed "${name}"),`,
  );
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (services = [(name = "main", worker = .worker)]);
const worker :Workerd.Worker = (
  compatibilityDate = "2026-07-01",
  compatibilityFlags = ${JSON.stringify(flags)},
  modules = [
${lines.join("\n")}
  ],
);
`;
}

// esbuild only walks the imports here; what it would write is thrown away.
async function modulesFrom(directory, main) {
  const wasm = new Set();
  const { metafile } = await build({
    absWorkingDir: directory,
    bundle: true,
    entryPoints: [main],
    format: "esm",
    logLevel: "silent",
    metafile: true,
    outdir: "unused",
    plugins: [
      {
        name: "wasm",
        setup({ onResolve }) {
          onResolve({ filter: /\.wasm$/ }, ({ path, resolveDir }) => {
            wasm.add(relative(directory, join(resolveDir, path)));
            return { path, external: true };
          });
        },
      },
    ],
    write: false,
  });
  const scripts = Object.keys(metafile.inputs).filter((name) => name !== main);
  return [main, ...scripts, ...wasm];
}
