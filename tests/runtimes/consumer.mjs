// A project that uses the package as its users do: packed by `npm pack`, installed from the tarball into a directory
// outside this checkout, so that nothing resolves by accident to the sources.

import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { started } from "../../tools/command.mjs";
import { resolveExport } from "./exports-map.mjs";

const root = resolve(fileURLToPath(import.meta.url), "../../..");

/**
 * Makes the project; `remove()` deletes it.
 *
 * @param packageDirectory What to pack: pkg/ as the build leaves it, unless COUNTERSIGN_PACKAGE names another.
 */
export function makeConsumer(packageDirectory = process.env.COUNTERSIGN_PACKAGE ?? join(root, "pkg")) {
  const directory = mkdtempSync(join(tmpdir(), "countersign-consumer-"));
  const remove = () => rmSync(directory, { recursive: true, force: true });
  process.once("exit", remove);
  writeFileSync(join(directory, "package.json"), JSON.stringify({ name: "consumer", private: true, type: "module" }));
  const packed = npm(
    ["pack", packageDirectory, "--pack-destination", directory, "--json", "--ignore-scripts"],
    directory,
  );
  const [{ filename }] = JSON.parse(packed);
  npm(["install", join(directory, filename), "--offline", "--no-audit", "--no-fund", "--ignore-scripts"], directory);
  const installed = join(directory, "node_modules", "countersign");
  const manifest = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
  return { directory, installed, manifest, remove };
}

/** The vectors, as text by file name without `.json`. */
export function vectorTexts(directory = join(root, "tests", "vectors")) {
  const files = readdirSync(directory).filter((name) => name.endsWith(".json"));
  return Object.fromEntries(
    files.sort().map((name) => [name.slice(0, -".json".length), readFileSync(join(directory, name), "utf8")]),
  );
}

/** Puts the suite and its vectors beside the installed package, as modules that every runtime can load. */
export function addSuite(consumer, texts) {
  const suite = join(consumer.directory, "suite");
  for (const name of readdirSync(join(root, "tests", "runtimes"))) {
    if (SUITE.has(name)) cpSync(join(root, "tests", "runtimes", name), join(suite, name), { recursive: true });
  }
  // Parsed at run time: as an object literal, a "__proto__" in a vector would set the prototype.
  const entries = Object.entries(texts).map(
    ([name, text]) => `${JSON.stringify(name)}: JSON.parse(${JSON.stringify(text)})`,
  );
  writeFileSync(join(suite, "vectors.mjs"), `export const vectors = {\n${entries.join(",\n")}\n};\n`);
}

/** The name of a second copy of the package, for `countersign/formats`, which replaces the password module of its own copy. */
export const COPY = "countersign-copy";

/** Puts that copy beside the installed package. */
export function addCopy(consumer) {
  cpSync(consumer.installed, join(consumer.directory, "node_modules", COPY), { recursive: true });
}

const SUITE = new Set([
  "bytes.mjs",
  "conformance.mjs",
  "equal.mjs",
  "javascript",
  "javascript-cases.mjs",
  "lite.mjs",
  "operations.mjs",
  "realm.mjs",
  "secrecy.mjs",
]);

function npm(args, cwd) {
  // Started by `npm test`, npm would pass its own settings on: this workspace's, not the project's.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("npm_")));
  const { status, stdout, stderr, error } = spawnSync(...started("npm", args), { cwd, env, encoding: "utf8" });
  if (error !== undefined || status !== 0) throw new Error(`npm ${args[0]} failed: ${error?.message ?? stderr}`);
  return stdout;
}

/** Imports an entry of the installed package into this process, as an `import` in the project would. */
export function importEntry(consumer, subpath) {
  return importFile(consumer, resolveExport(consumer.manifest, subpath, ["node", "import"]));
}

/** Imports a file of the installed package, for what no entry shows. */
export function importFile(consumer, path) {
  return import(pathToFileURL(join(consumer.installed, path)).href);
}
