// Joins small files of JavaScript. Each that a runtime loads by itself costs the start half a millisecond and more, and
// whoever checks a first token waits for all of them. So what fetches keys stands beside what checks tokens: whoever bundles
// leaves it out of there as well.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { rollup } from "rollup";
import { Failure, root } from "../command.mjs";
import { filesUnder, step } from "./step.mjs";

/** What the exports map names, and the instances, which the tests of the package look at. */
const ENTRIES = /^((edge-light|inline|slim|workerd)\/.+|better-auth|http|import|strength|load\/instances)\.js$/;

/** Generated, one set for each build of the modules: these stand alone. */
const GENERATED = /^(base64|glue)\/|^pool\/(argon2|password)-script\.js$|\.wasm(\?module)?$/;

/** What becomes a script of its own. */
const WORKER = /^pool\/worker\./;

/**
 * The files that several entries load, so that there is one error class, one class of keys and one instance of each
 * module whichever entries are loaded; and what each takes in. What is in none of them goes into the entry it is for.
 */
const SHARED = {
  "load/instances": /^(builtin|bytes|claims|errors|handle|options|load\/(instances|source))\.js$/,
  "load/slim": /^load\/slim\.js$/,
  jwe: /^(jwe(-types)?|load\/encryption)\.js$/,
  jws: /^jws(-types)?\.js$/,
  password: /^(hashing|password(-types)?|load\/passwords|pool\/.+)\.js$/,
  tokens: /^(jwt|key|key-set|load\/(shared-buffer|tokens)|platform|remote(\/.+)?|types)\.js$/,
};

/** Brings what was compiled into the folder `compiled` to `pkg/dist`: the declarations as they are, the code joined. */
export async function joinJavaScript(compiled) {
  await step("join the JavaScript", { inputs: [compiled, "package-lock.json", "tools/build/join.mjs"] }, async () => {
    const found = filesUnder(compiled).map((path) => path.slice(compiled.length + 1));
    const paths = found.filter((path) => !WORKER.test(path));
    const declarations = paths.filter((path) => path.endsWith(".d.ts"));
    for (const path of declarations) place(path, readFileSync(join(root, compiled, path)));
    const joined = await bundled(
      compiled,
      paths.filter((path) => ENTRIES.test(path)),
    );
    for (const { path, code } of joined) place(path, code);
    return [...declarations, ...joined.map(({ path }) => path)].map((path) => `pkg/dist/${path}`);
  });
}

function place(path, content) {
  const target = join(root, "pkg/dist", path);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, content);
}

/** The code of the entries and of what they share, with the paths it goes to. */
async function bundled(compiled, entries) {
  const folder = join(root, compiled);
  const named = (file) => relative(folder, file).replaceAll("\\", "/");
  const bundle = await rollup({
    input: Object.fromEntries(entries.map((path) => [path.replace(/\.js$/, ""), join(folder, path)])),
    // An entry that is shared may export to other files what it does not export to callers.
    preserveEntrySignatures: "allow-extension",
    onwarn({ message }) {
      throw new Failure(message);
    },
    plugins: [
      {
        name: "ours",
        resolveId(specifier, importer) {
          if (importer === undefined) return null;
          // A peer of the user's.
          if (!specifier.startsWith(".")) return { id: specifier, external: true };
          const file = resolve(dirname(importer), specifier);
          const external = GENERATED.test(named(file)) && "relative";
          // An entry starts its module; nothing else does anything by being loaded.
          return { id: file, external, moduleSideEffects: Boolean(external) || ENTRIES.test(named(file)) };
        },
      },
    ],
  });
  const { output } = await bundle.generate({
    dir: folder,
    format: "es",
    entryFileNames: "[name].js",
    chunkFileNames: "[name].js",
    hoistTransitiveImports: false,
    minifyInternalExports: false,
    manualChunks: (file) => Object.keys(SHARED).find((name) => SHARED[name].test(named(file))),
  });
  await bundle.close();
  // In the quotes of all other files, which the tests of the package read.
  const requoted = (code) =>
    code
      .replace(/^((?:import|export) (?:.* from )?)'([^']*)';$/gm, '$1"$2";')
      .replace(/\bimport\('([^']*)'\)/g, 'import("$1")');
  return output.map(({ fileName, code }) => ({ path: fileName, code: requoted(code) }));
}
