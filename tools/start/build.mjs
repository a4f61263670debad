// Builds what `npm start` runs, on a fresh clone in a minute and a half on two processors: the four modules that its pages
// load, with little optimization, and the JavaScript around them, file by file. The package in pkg/dist is not touched.

import { copyFileSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "../command.mjs";
import { installNodeModules } from "../setup/node-modules.mjs";
import { expectNode, prepareRust } from "../setup/toolchain.mjs";

/** The package that the demo imports. Its folder is in a node_modules, so that bundlers find it by name. */
export const DEMO_PACKAGE = ".cache/demo/node_modules/countersign";

const modules = ["jwt", "password", "jwe", "formats"];
const dist = `${DEMO_PACKAGE}/dist`;

/** Builds it, and skips what is up to date. */
export async function buildDemo() {
  expectNode();
  // First, because it may say that a person has to install something.
  await prepareRust();
  await installNodeModules({ development: false });
  const { alone } = await import("../build/lock.mjs");
  const { buildDemoModules } = await import("../build/modules.mjs");
  await alone(async () => {
    await buildDemoModules(modules, { out: dist });
    await writeJavaScript();
  });
}

async function writeJavaScript() {
  // Imported after the installation, because they import packages that it installs.
  const { build } = await import("esbuild");
  const { writeEntries } = await import("../build/entries.mjs");
  const { filesUnder, step } = await import("../build/step.mjs");
  const { writeWorker } = await import("../build/worker.mjs");
  await writeEntries();
  const sources = filesUnder("pkg/src").filter((path) => !path.endsWith(".d.ts"));
  const inputs = [...sources, "package-lock.json", "pkg/package.json", "tools/start/build.mjs"];
  await step("translate the TypeScript for the demo", { inputs }, async () => {
    const options = { absWorkingDir: root, format: "esm", outbase: "pkg/src", outdir: dist, target: "es2022" };
    await build({ ...options, entryPoints: sources });
    copy("pkg/package.json", `${DEMO_PACKAGE}/package.json`);
    const written = sources.map((path) => path.replace("pkg/src", dist).replace(/\.ts$/, ".js"));
    return [...written, `${DEMO_PACKAGE}/package.json`];
  });
  for (const name of ["password", "formats"]) await writeWorker(name, "pkg/src", dist);
}

function copy(from, to) {
  mkdirSync(dirname(join(root, to)), { recursive: true });
  copyFileSync(join(root, from), join(root, to));
}
