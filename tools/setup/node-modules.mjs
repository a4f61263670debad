// node_modules, as package-lock.json has it.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root, run } from "../command.mjs";

/** Runs `npm ci` when what is installed is not what the lock file asks for. */
export async function installNodeModules() {
  if (upToDate()) return;
  console.log("installing node_modules");
  await run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], { show: true });
}

// npm writes down what it installed; a package that is for another system is in the lock file only.
function upToDate() {
  const installedPath = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(installedPath)) return false;
  const { packages: installed } = JSON.parse(readFileSync(installedPath, "utf8"));
  const { packages: wanted } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
  return Object.entries(wanted).every(([path, { version, link, optional }]) => {
    if (!path.startsWith("node_modules/")) return true;
    const found = installed[path];
    return found === undefined ? optional === true : link === true || found.version === version;
  });
}
