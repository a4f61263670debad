// Bundles the worker script that hashes passwords: pool/worker-script.ts and all that it imports in one small file. The package
// has it as text, so that bundlers need not find a file, and as a file, for pages that forbid workers from text.

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { root } from "../command.mjs";
import { step } from "./step.mjs";

/**
 * Bundles the script in the folder `source`, compiled or not, for the password module `name`, and writes it to the folder
 * `pool` of `out`.
 */
export async function writeWorker(name, source, out = "pkg/dist") {
  const glue = `${out}/glue/${name}.js`;
  const inputs = [source, glue, "package-lock.json", "tools/build/worker.mjs"];
  await step(`write the script of workers with ${name} to ${out}`, { inputs }, async () => {
    const { outputFiles } = await build({
      absWorkingDir: root,
      bundle: true,
      entryPoints: [`./${source}/pool/worker-script`],
      format: "iife",
      legalComments: "none",
      minify: true,
      plugins: [{ name: "glue", setup: (hooks) => findGlue(hooks, glue) }],
      target: "es2022",
      write: false,
    });
    const [{ text }] = outputFiles;
    const files = {
      [`${out}/pool/${name}-script.js`]: `export default ${JSON.stringify(text)};\n`,
      [`${out}/pool/${name}-worker.js`]: text,
    };
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
    }
    return Object.keys(files);
  });
}

// worker-script.ts imports the glue of the module with every scheme. This replaces it by that of the module `name`.
function findGlue({ onResolve }, glue) {
  onResolve({ filter: /\/glue\/password\.js$/ }, () => ({ path: join(root, glue), sideEffects: false }));
}
