// Writes the package for JSR: `node tools/release/jsr.mjs FOLDER`. The same compiled files as on npm, without those that only npm
// or one runtime can use, and a jsr.json. JSR finds the types of a JavaScript file in its first line.

import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Failure, isProgram, main, root } from "../command.mjs";

const NAME = "@countersign/countersign";
const TEXTS = ["CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT", "README.md"];
// CommonJS, the files for CDNs, and the loaders that read a separate file in their own way: Deno and browsers take the module inside the JavaScript.
const LEFT_OUT = /^dist\/(cdn|cjs|workerd|edge-light|slim)(\/|$)/;

/** Writes the package into an empty folder. Returns its subpaths. */
export function writeJsr(folder) {
  const source = join(root, "pkg");
  const { version, license, exports, peerDependencies } = JSON.parse(
    readFileSync(join(source, "package.json"), "utf8"),
  );
  rmSync(folder, { recursive: true, force: true });
  cpSync(join(source, "dist"), join(folder, "dist"), {
    recursive: true,
    filter: (path) => !LEFT_OUT.test(path.slice(source.length + 1).replaceAll("\\", "/")),
  });
  for (const text of TEXTS) cpSync(join(source, text), join(folder, text));
  const entries = Object.entries(exports).flatMap(([subpath, conditions]) => {
    const path = conditions.import?.default;
    return path === undefined || LEFT_OUT.test(path.slice(2)) ? [] : [[subpath, path, conditions.import.types]];
  });
  for (const [, path, types] of entries) nameTypes(folder, path, types);
  for (const path of filesOf(folder, ".d.ts")) nameDeclarations(path);
  const imports = Object.fromEntries(
    Object.entries(peerDependencies).map(([name, range]) => [name, `npm:${name}@${range.replace(/^>=/, "^")}`]),
  );
  const manifest = { name: NAME, version, license, exports: Object.fromEntries(entries), imports };
  writeFileSync(join(folder, "jsr.json"), `${JSON.stringify(manifest, undefined, 2)}\n`);
  return entries.map(([subpath]) => subpath);
}

function nameTypes(folder, path, types) {
  const declared = types ?? path.replace(/\.js$/, ".d.ts");
  if (!existsSync(join(folder, declared))) throw new Failure(`${path} has no types at ${declared}`);
  // Both names are relative to the root of the package, and the comment's to the file.
  const up = "../".repeat(path.split("/").length - 2);
  const file = join(folder, path);
  const comment = `/* @ts-self-types="${up === "" ? "./" : up}${declared.slice("./".length)}" */\n`;
  const text = readFileSync(file, "utf8");
  if (!text.startsWith("/* @ts-self-types")) writeFileSync(file, comment + text);
}

/** The JavaScript of many files is joined into one, so a declaration has to name other declarations. */
function nameDeclarations(path) {
  const text = readFileSync(path, "utf8");
  writeFileSync(path, text.replace(/((?:from|import\() ?"\.[^"]*)\.js"/g, '$1.d.ts"'));
}

function filesOf(folder, end) {
  return readdirSync(folder, { recursive: true })
    .filter((path) => path.endsWith(end))
    .map((path) => join(folder, path));
}

if (isProgram(import.meta.url)) {
  await main(async () => {
    const [folder] = process.argv.slice(2);
    if (folder === undefined) throw new Failure("usage: node tools/release/jsr.mjs FOLDER");
    const subpaths = writeJsr(resolve(folder));
    console.log(`${NAME} with ${subpaths.length} entries is in ${folder}`);
  });
}
