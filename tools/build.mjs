// `npm run build`: makes all generated files in pkg/, and skips steps that are up to date.
//
// node tools/build.mjs [--modules jwt,password,argon2,formats,jwe,lite,verify,post-quantum] [--trap]
//   --modules   only the entries of these modules; `lite` and `verify` need `jwt`, whose interface they have
//   --trap      also target/trap-pkg, a package whose modules can be made to panic, for tests

import { cpSync, existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Failure, isProgram, main, root } from "./command.mjs";
import { setUp } from "./setup.mjs";

const passwordModules = ["password", "argon2", "formats"];
const everyModule = ["jwt", ...passwordModules, "jwe", "lite", "verify", "post-quantum"];

/** Builds the package in pkg/, and with `trap` the one for the trap tests in target/trap-pkg as well. */
export async function build({ modules = everyModule, trap = false } = {}) {
  await setUp();
  // Imported after `setUp`, because they import packages that it installs.
  const { alone } = await import("./build/lock.mjs");
  const { buildModules } = await import("./build/modules.mjs");
  const { filesUnder, recordPath, step } = await import("./build/step.mjs");
  const { writeEntries } = await import("./build/entries.mjs");
  const { COMPILED, compileCommandLine, compileTypeScript, copyTexts, writeCommonJs } = await import(
    "./build/javascript.mjs"
  );
  const { joinJavaScript } = await import("./build/join.mjs");
  const { writeSubpaths } = await import("./build/subpaths.mjs");
  const { writeCdn } = await import("./build/cdn.mjs");
  const { builtModules, PAGE, weightOf, writePage } = await import("./build/weights.mjs");
  const { writeWorker } = await import("./build/worker.mjs");
  await alone(async () => {
    removeUnknownFiles(recordPath);
    await buildModules(modules, { out: "pkg/dist" });
    await writeEntries();
    await compileTypeScript(modules);
    if (modules.length === everyModule.length) await compileCommandLine();
    await joinJavaScript(COMPILED);
    for (const name of passwordModules) if (modules.includes(name)) await writeWorker(name, COMPILED);
    await writeCommonJs();
    if (modules.length === everyModule.length) await writeCdn();
    await writeSubpaths();
    await copyTexts();
    if (modules.length === everyModule.length) {
      const compiled = builtModules().flatMap((name) => [`.cache/wasm/npm-${name}.wasm`, `pkg/dist/${name}.wasm`]);
      await step(`write ${PAGE}`, { inputs: compiled }, () => [writePage(builtModules().map(weightOf))]);
    }
    if (trap) await buildTrapPackage(modules, { buildModules, filesUnder, step });
  });
}

// Without the record of earlier builds, outdated files cannot be told from current ones, so all are removed.
function removeUnknownFiles(recordPath) {
  if (!existsSync(recordPath)) rmSync(join(root, "pkg/dist"), { recursive: true, force: true });
}

async function buildTrapPackage(modules, { buildModules, filesUnder, step }) {
  const out = "target/trap-pkg";
  // It gets generated files of its own, and no test uses its CommonJS modules.
  const ownPath = /^dist\/(cjs|glue|printable)\/|\.wasm(\.d\.ts)?$/;
  const paths = ["package.json", ...filesUnder("pkg/dist").map((path) => path.slice("pkg/".length))];
  const shared = paths.filter((path) => !ownPath.test(path));
  await step("copy the package for the trap tests", { inputs: shared.map((path) => `pkg/${path}`) }, async () => {
    for (const path of shared) cpSync(join(root, "pkg", path), join(root, out, path));
    return shared.map((path) => `${out}/${path}`);
  });
  // The small modules recover with the code of `jwt`.
  const trapping = modules.filter((name) => name !== "lite" && name !== "verify");
  await buildModules(trapping, { out: `${out}/dist`, features: ["test-trap"] });
}

if (isProgram(import.meta.url)) {
  await main(async () => {
    const { values } = parseArgs({ options: { modules: { type: "string" }, trap: { type: "boolean" } } });
    const modules = values.modules?.split(",") ?? everyModule;
    const unknown = modules.find((name) => !everyModule.includes(name));
    if (unknown !== undefined)
      throw new Failure(`there is no module "${unknown}": choose from ${everyModule.join(", ")}`);
    const start = performance.now();
    await build({ modules, trap: values.trap });
    console.log(`pkg/ is ready (${((performance.now() - start) / 1000).toFixed(1)} s)`);
  });
}
