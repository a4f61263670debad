// Compiles the TypeScript, and writes the CommonJS modules and the texts of the package.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { transform } from "esbuild";
import { root, run } from "../command.mjs";
import { entryFolders } from "./entries.mjs";
import { filesUnder, step } from "./step.mjs";

/** The folder of the compiler's output. */
export const COMPILED = ".cache/typescript";

const PASSWORD_MODULES = ["argon2", "formats", "password"];

/** Compiles pkg/src for the entries of the given modules. */
export async function compileTypeScript(names) {
  const complete = names.length === 8;
  const inputs = [
    "package-lock.json",
    "pkg/src",
    "pkg/tsconfig.json",
    ...names.map((name) => `pkg/dist/glue/${name}.d.ts`),
  ];
  await step("compile the TypeScript", { inputs, key: names }, async () => {
    const project = complete ? "pkg/tsconfig.json" : partialProject(names);
    const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
    const options = ["--project", project, "--outDir", COMPILED, "--listEmittedFiles"];
    const output = await run(process.execPath, [tsc, ...options], { hide: /^(TSFILE.*)?$/ });
    return [...output.matchAll(/^TSFILE: .*?(\.cache[\\/]typescript[\\/].+)$/gm)].map(([, path]) =>
      path.replaceAll("\\", "/"),
    );
  });
}

/** Compiles the command line, which alone knows the types of Node. It uses entries of every module. */
export async function compileCommandLine() {
  const inputs = ["package-lock.json", "pkg/src", "pkg/tsconfig.json", "pkg/tsconfig.cli.json"];
  await step("compile the command line", { inputs }, async () => {
    const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
    const out = ".cache/typescript-cli";
    await run(process.execPath, [tsc, "--project", "pkg/tsconfig.cli.json", "--outDir", out]);
    // The compiler writes what the command line imports as well.
    return filesUnder(`${out}/cli`).map((path) => copy(path, path.replace(out, COMPILED)));
  });
}

function copy(from, to) {
  return write(to, readFileSync(join(root, from), "utf8"));
}

// If only some modules are built, only their entries can be compiled.
function partialProject(names) {
  const entries = entryFolders.flatMap((folder) => names.map((name) => `../pkg/src/${folder}/${name}.ts`));
  const path = ".cache/tsconfig.json";
  // The script of the password workers is an entry as well: no file imports it.
  const [hashing] = names.filter((name) => PASSWORD_MODULES.includes(name)).reverse();
  const worker = hashing === undefined ? [] : ["../pkg/src/pool/worker-script.ts"];
  // It imports the glue with every scheme. The one that is built has the same functions.
  const rootDirs = ["../pkg/src", "substitutes", "../pkg/dist"];
  if (hashing !== undefined && hashing !== "password") {
    write(".cache/substitutes/glue/password.d.ts", `export * from "../../../pkg/dist/glue/${hashing}.js";\n`);
  }
  // No file imports these: `join.mjs` puts them in the place of others.
  const lite = ["lite", "verify"].some((name) => names.includes(name))
    ? ["lite/engine", "lite/platform", "verify/key", "verify/unsupported", "verify/mac-verifier"]
    : [];
  const files = [
    ...lite.map((name) => `../pkg/src/${name}.ts`),
    "../pkg/src/http.ts",
    "../pkg/src/session.ts",
    "../pkg/src/generated.d.ts",
    ...entries,
    ...worker,
  ];
  const include = ["../pkg/src/adapters"];
  writeFileSync(
    join(root, path),
    JSON.stringify({ extends: "../pkg/tsconfig.json", compilerOptions: { rootDirs }, files, include }),
  );
  return path;
}

/**
 * Writes `pkg/dist/cjs`, one CommonJS file for each ES module. In bundles, each entry would have its own error class and wasm
 * instance, and `countersign` would refuse a key made by `countersign/jwt`.
 */
export async function writeCommonJs() {
  const sources = filesUnder("pkg/dist").filter(belongsInCommonJs);
  await step("write the CommonJS twins", { inputs: [...sources, "tools/build/javascript.mjs"] }, async () => {
    const written = await Promise.all(sources.map(convert));
    // The package has `"type": "module"`. This makes Node and TypeScript read this folder as CommonJS.
    return [...written, write("pkg/dist/cjs/package.json", '{ "type": "commonjs" }\n')];
  });
}

function belongsInCommonJs(path) {
  const [folder] = path.slice("pkg/dist/".length).split("/");
  // Worker scripts are not modules.
  if (/pool\/\w+-worker\.js$/.test(path)) return false;
  return !["cdn", "cjs", "cli", "workerd", "edge-light"].includes(folder) && /(?<!\.wasm\.d)\.(js|ts)$/.test(path);
}

async function convert(path) {
  const target = path.replace("pkg/dist/", "pkg/dist/cjs/");
  const text = readFileSync(join(root, path), "utf8");
  if (path.endsWith(".ts")) return write(target, text);
  const { code } = await transform(text, { format: "cjs", platform: "node", target: "node20" });
  // It explains the line below, in which Node's `import()` finds the names.
  return write(target, code.replace(/^\/\/ Annotate the CommonJS export names.*\n/m, ""));
}

function write(path, text) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
  return path;
}

/** Copies README, changelog and licenses from the root into pkg/, and makes links to other files absolute. */
export async function copyTexts() {
  const names = ["README.md", "CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT"].filter((name) =>
    existsSync(join(root, name)),
  );
  const tree = treeOfVersion();
  await step("copy the texts", { inputs: [...names, "tools/build/javascript.mjs"], key: tree }, async () =>
    names.map((name) => write(`pkg/${name}`, absoluteLinks(readFileSync(join(root, name), "utf8"), names, tree))),
  );
}

/** Where GitHub shows the files of this version. */
export function treeOfVersion() {
  const { repository, version } = JSON.parse(readFileSync(join(root, "pkg/package.json"), "utf8"));
  return `${repository.url.replace(/^git\+|\.git$/g, "")}/blob/v${version}/`;
}

/** Links to files that are not among those carried along lead to this version of the repository. */
export function absoluteLinks(text, carried, tree) {
  return text.replace(/(\]\()(?![a-z]+:|#)([^)\s]+)(?=\))/g, (link, start, target) =>
    carried.includes(target.split("#")[0]) ? link : start + tree + target,
  );
}
