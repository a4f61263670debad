// The script of the workers that hash: one file of all that worker.ts imports, small, and able to run anywhere by itself.
// It travels as a text, so that no bundler has to find it, and as a file for pages that may only load one.

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { root } from "../command.mjs";
import { step } from "./step.mjs";

/** Writes the script for the password module `name`, of the folder `compiled`, to `pkg/dist/pool`. */
export async function writeWorker(name, compiled) {
  const glue = `pkg/dist/glue/${name}.js`;
  const inputs = [compiled, glue, "package-lock.json", "tools/build/worker.mjs"];
  await step(`write the script of workers with ${name}`, { inputs }, async () => {
    const { outputFiles } = await build({
      absWorkingDir: root,
      bundle: true,
      entryPoints: [`${compiled}/pool/worker.js`],
      format: "iife",
      legalComments: "none",
      minify: true,
      plugins: [{ name: "glue", setup: (hooks) => findGlue(hooks, glue) }],
      target: "es2022",
      write: false,
    });
    const [{ text }] = outputFiles;
    const files = {
      [`pkg/dist/pool/${name}-script.js`]: `export default ${JSON.stringify(text)};\n`,
      [`pkg/dist/pool/${name}-worker.js`]: text,
    };
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
    }
    return Object.keys(files);
  });
}

// The glue is generated into the package and not beside what was compiled; and which it is, is for us to say.
function findGlue({ onResolve }, glue) {
  onResolve({ filter: /\/glue\/password\.js$/ }, () => ({ path: join(root, glue), sideEffects: false }));
}
