// Installs node_modules from package-lock.json.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root, run } from "../command.mjs";

/**
 * Runs `npm ci` when something is missing that the lock file asks for. Without the `development` dependencies it installs only
 * what `npm start` runs, which is a seventh of everything.
 */
export async function installNodeModules({ development = true } = {}) {
  if (upToDate(development)) return;
  console.log(development ? "installing node_modules" : "installing the node_modules of the demo");
  const omit = development ? [] : ["--omit=dev"];
  await run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error", ...omit], { show: true });
}

// npm records what it installed. A package for another system is in the lock file only.
function upToDate(development) {
  const installedPath = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(installedPath)) return false;
  const { packages: installed } = JSON.parse(readFileSync(installedPath, "utf8"));
  const { packages: wanted } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
  return Object.entries(wanted).every(([path, { version, link, optional, dev, devOptional }]) => {
    if (!path.startsWith("node_modules/") || (!development && (dev || devOptional))) return true;
    const found = installed[path];
    return found === undefined ? optional === true : link === true || found.version === version;
  });
}
