// The reference: pages that TypeDoc and rustdoc generate from the comments in the sources.

import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { root, run } from "../tools/command.mjs";
import { SOURCE } from "./pages.mjs";

const here = join(root, "site");
const DIST = ".cache/site/dist";

/** Writes a page for each import of the package. */
export async function writeReference() {
  const typedoc = join(here, "node_modules/typedoc/bin/typedoc");
  const entries = writeEntries();
  const args = entries.flatMap(({ path }) => ["--entryPoints", path]);
  await run(process.execPath, [typedoc, ...args], { cwd: here });
  for (const { name } of entries.filter(({ name }) => name !== "countersign")) {
    const page = join(root, SOURCE, "reference", `${name}.md`);
    writeFileSync(page, readFileSync(page, "utf8").replace(`# ${name}\n`, `# countersign/${name}\n`));
  }
}

/**
 * TypeDoc names a page after a file, so each import gets a file of its name, which exports what the import does. It describes
 * what several imports have on the first one's page, so the one that has everything comes last.
 */
function writeEntries() {
  const folder = join(root, ".cache/site/imports");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const { exports } = JSON.parse(readFileSync(join(root, "pkg/package.json"), "utf8"));
  return Object.entries(exports)
    .filter(([subpath]) => !/slim|\.wasm$|\.js(on)?$/.test(subpath))
    .sort(([one], [other]) => (one === ".") - (other === "."))
    .map(([subpath, { import: imported }]) => {
      const name = subpath === "." ? "countersign" : subpath.slice("./".length);
      const path = join(folder, `${name}.ts`);
      const source = join(root, imported.types.replace("./dist/", "pkg/src/").replace(".d.ts", ".js"));
      const target = relative(folder, source).replaceAll("\\", "/");
      writeFileSync(path, `export * from "${target}";\n`);
      return { name, path };
    });
}

/** Copies the documentation of the crate into the site. Returns the folder of the site. */
export async function addRustdoc() {
  const target = join(root, ".cache/site/rustdoc");
  await run("cargo", ["doc", "--quiet", "--package", "countersign", "--no-deps", "--target-dir", target]);
  const folder = join(root, DIST, "rust");
  rmSync(folder, { recursive: true, force: true });
  cpSync(join(target, "doc"), folder, { recursive: true });
  return DIST;
}
