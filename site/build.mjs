// `npm run docs`: makes the web site from docs/, the other texts and the comments in the sources, and serves it.
//
// node site/build.mjs [--build] [--port N]
//   --build   makes .cache/site/dist and ends

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { build as buildPackage } from "../tools/build.mjs";
import { isProgram, main, root, run } from "../tools/command.mjs";
import { writePages } from "./pages.mjs";
import { addRustdoc, writeReference } from "./reference.mjs";

const here = join(root, "site");
const DEFAULT_PORT = 4173;

/** Makes the site. Returns its folder. */
export async function buildSite() {
  await buildPackage();
  await install();
  await writePages();
  await writeReference();
  const vitepress = join(here, "node_modules/vitepress/bin/vitepress.js");
  await run(process.execPath, [vitepress, "build", here], { cwd: here });
  const folder = await addRustdoc();
  // Imported after the installation, because it imports packages that it installs.
  const { writeWorkbench } = await import("../tools/workbench/write.mjs");
  await writeWorkbench({ out: join(root, folder, "workbench") });
  return folder;
}

async function install() {
  const lock = "package-lock.json";
  const installed = join(here, "node_modules/.package-lock.json");
  const wanted = Object.keys(JSON.parse(readFileSync(join(here, lock), "utf8")).packages).length;
  // npm lists what it installed there: without the root, and without packages for other systems.
  if (existsSync(installed) && wanted / 2 < Object.keys(JSON.parse(readFileSync(installed, "utf8")).packages).length)
    return;
  console.log("installing the generator of the site, once");
  await run("npm", ["ci", "--no-audit", "--no-fund"], { cwd: here });
}

if (isProgram(import.meta.url)) {
  await main(async () => {
    const { values } = parseArgs({ options: { build: { type: "boolean" }, port: { type: "string" } } });
    const folder = await buildSite();
    console.log(`the site is in ${folder}`);
    if (values.build) return;
    const vitepress = join(here, "node_modules/vitepress/bin/vitepress.js");
    await run(process.execPath, [vitepress, "preview", here, "--port", values.port ?? `${DEFAULT_PORT}`], {
      show: true,
    });
  });
}
