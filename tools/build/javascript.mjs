// From TypeScript to what the package carries: ES modules with declarations, and their CommonJS twins.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { transform } from "esbuild";
import { root, run } from "../command.mjs";
import { entryFolders } from "./entries.mjs";
import { filesUnder, step } from "./step.mjs";

/** Where the compiler writes. */
export const COMPILED = ".cache/typescript";

/** Compiles pkg/src for the entries of the given modules. */
export async function compileTypeScript(names) {
  const complete = names.length === 4;
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

// With one module built, only the entries that need no other can be compiled.
function partialProject(names) {
  const entries = entryFolders.flatMap((folder) => names.map((name) => `../pkg/src/${folder}/${name}.ts`));
  const path = ".cache/tsconfig.json";
  // The script of the password workers is an entry as well: no file imports it.
  const worker = names.includes("password") ? ["../pkg/src/pool/worker.ts"] : [];
  const files = ["../pkg/src/http.ts", "../pkg/src/generated.d.ts", ...entries, ...worker];
  writeFileSync(join(root, path), JSON.stringify({ extends: "../pkg/tsconfig.json", files, include: [] }));
  return path;
}

/**
 * Writes `pkg/dist/cjs`, file by file and not as bundles: the entries then share one error class and one instance, and
 * a key made by `countersign/jwt` serves `countersign`.
 */
export async function writeCommonJs() {
  const sources = filesUnder("pkg/dist").filter(belongsInCommonJs);
  await step("write the CommonJS twins", { inputs: [...sources, "tools/build/javascript.mjs"] }, async () => {
    const written = await Promise.all(sources.map(convert));
    // The package is `"type": "module"`; this folder is not, and its declarations are read as CommonJS too.
    return [...written, write("pkg/dist/cjs/package.json", '{ "type": "commonjs" }\n')];
  });
}

function belongsInCommonJs(path) {
  const [folder] = path.slice("pkg/dist/".length).split("/");
  // The files for workers are scripts by themselves, which nothing imports.
  if (/pool\/\w+-worker\.js$/.test(path)) return false;
  return !["cjs", "workerd", "edge-light"].includes(folder) && /(?<!\.wasm\.d)\.(js|ts)$/.test(path);
}

async function convert(path) {
  const target = path.replace("pkg/dist/", "pkg/dist/cjs/");
  const text = readFileSync(join(root, path), "utf8");
  if (path.endsWith(".ts")) return write(target, text);
  return write(target, (await transform(text, { format: "cjs", target: "node20" })).code);
}

function write(path, text) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
  return path;
}

/** Copies the texts that every package carries from the root into pkg/, with links that lead somewhere from there. */
export async function copyTexts() {
  const names = ["README.md", "CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT"].filter((name) =>
    existsSync(join(root, name)),
  );
  const { repository, version } = JSON.parse(readFileSync(join(root, "pkg/package.json"), "utf8"));
  const tree = `${repository.url.replace(/^git\+|\.git$/g, "")}/blob/v${version}/`;
  await step("copy the texts", { inputs: [...names, "tools/build/javascript.mjs"], key: tree }, async () =>
    names.map((name) => write(`pkg/${name}`, absoluteLinks(readFileSync(join(root, name), "utf8"), names, tree))),
  );
}

/** What the package does not carry is linked to where this version of it is. */
function absoluteLinks(text, carried, tree) {
  return text.replace(/(\]\()(?![a-z]+:|#)([^)\s]+)(?=\))/g, (link, start, target) =>
    carried.includes(target.split("#")[0]) ? link : start + tree + target,
  );
}
