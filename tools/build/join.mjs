// Joins small files of JavaScript. Each that a runtime loads by itself costs the start half a millisecond, and whoever
// checks a first token waits for all of them.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, posix, relative, resolve } from "node:path";
import { rollup } from "rollup";
import { Failure, root } from "../command.mjs";
import { filesUnder, step } from "./step.mjs";

/** On the way from the import to a first answer. Each takes in what it imports, but for what stands alone. */
const JOINING = /^((inline\/)?(argon2|jwe|jwt|password)|jws|key-set|remote)\.js$/;

/** There must be one of each, whichever entries are loaded: one error class, one class of keys, one instance. */
const STANDING_ALONE =
  /^((base64|glue)\/.+|errors|jwe|jwt|key-set|load\/instances|password|pool\/(argon2|password)-script|remote|remote\/source|trap)\.js$/;

/** What becomes a script of its own. */
const WORKER = /^pool\/worker\./;

/** Brings what was compiled into the folder `compiled` to `pkg/dist`. A file that was taken in everywhere stays behind. */
export async function joinJavaScript(compiled) {
  await step("join the JavaScript", { inputs: [compiled, "package-lock.json", "tools/build/join.mjs"] }, async () => {
    const found = filesUnder(compiled).map((path) => path.slice(compiled.length + 1));
    const paths = found.filter((path) => !WORKER.test(path));
    const files = new Map();
    for (const path of paths.filter((name) => JOINING.test(name))) files.set(path, await joined(compiled, path));
    const takenIn = new Set([...files.values()].flatMap((file) => file.takenIn));
    const others = paths.filter((path) => !files.has(path));
    const wanted = new Set(others.filter((path) => !takenIn.has(path)));
    // What a file that is not joined imports is wanted all the same. A set hands out what it gets on the way.
    for (const path of wanted) {
      for (const imported of importsOf(compiled, path)) if (others.includes(imported)) wanted.add(imported);
    }
    for (const path of wanted) place(path, readFileSync(join(root, compiled, path)));
    for (const [path, { code }] of files) place(path, code);
    return [...wanted, ...files.keys()].map((path) => `pkg/dist/${path}`);
  });
}

function place(path, content) {
  const target = join(root, "pkg/dist", path);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, content);
}

/** The files that a compiled file imports. */
function importsOf(compiled, path) {
  if (!path.endsWith(".js")) return [];
  const code = readFileSync(join(root, compiled, path), "utf8");
  const specifiers = code.matchAll(/^(?:import|export)\b[^";]*"(\.[^"]*)";/gm);
  return Array.from(specifiers, ([, specifier]) => posix.join(posix.dirname(path), specifier));
}

/** The code of a file with what it imports, and which files these were. */
async function joined(compiled, path) {
  const folder = join(root, compiled);
  const named = (file) => relative(folder, file).replaceAll("\\", "/");
  const bundle = await rollup({
    input: join(folder, path),
    onwarn({ message }) {
      throw new Failure(`${path}: ${message}`);
    },
    plugins: [
      {
        name: "ours",
        resolveId(specifier, importer) {
          if (importer === undefined) return null;
          const file = resolve(dirname(importer), specifier);
          const external = STANDING_ALONE.test(named(file)) && "relative";
          return { id: file, external, moduleSideEffects: Boolean(external) };
        },
      },
    ],
  });
  const { output } = await bundle.generate({ file: join(folder, path), format: "es" });
  await bundle.close();
  const [{ code: written, moduleIds }] = output;
  // In the quotes of all other files, which the tests of the package read.
  const code = written.replace(/^((?:import|export) (?:.* from )?)'([^']*)';$/gm, '$1"$2";');
  return { code, takenIn: moduleIds.map(named).filter((found) => found !== path) };
}
