// Installs the peers of benches/package.json, if they are not there yet.

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { started } from "../tools/command.mjs";

const folder = import.meta.dirname;

/** Installs them. Without the registry, they are missing in their rows. Gives whether all are there. */
export function installPeers() {
  const { dependencies } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const arePresent = () => Object.entries(dependencies).every(([name, version]) => installedVersion(name) === version);
  if (arePresent()) return true;
  // Started by `npm run`, npm would pass its own settings on: this workspace's.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("npm_")));
  const args = ["install", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund", "--no-workspaces"];
  spawnSync(...started("npm", args), { cwd: folder, env, stdio: "ignore" });
  return arePresent();
}

/** The version that is installed, or `undefined`. */
export function installedVersion(name) {
  const files = ["node_modules", "../node_modules"].map((place) => join(folder, place, name, "package.json"));
  const found = files.find((file) => existsSync(file));
  return found === undefined ? undefined : JSON.parse(readFileSync(found, "utf8")).version;
}
