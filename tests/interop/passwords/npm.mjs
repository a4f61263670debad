// The packages of npm/, installed in a folder of their own under .cache/, once: only the exchange of password hashes
// needs them.

import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { alone } from "../../../tools/build/lock.mjs";
import { started } from "../../../tools/command.mjs";

const here = fileURLToPath(new URL("npm/", import.meta.url));
const folder = fileURLToPath(new URL("../../../.cache/npm-interop/", import.meta.url));
const lock = readFileSync(join(here, "package-lock.json"), "utf8");
const stamp = join(folder, "installed.json");

/** What stands in the way, in words, or `undefined`: then `askNpm` works. */
export function whyNoNpm() {
  return isMade() ? undefined : alone(() => (isMade() ? undefined : make()), "npm-interop");
}

/** The answers of npm/peer.mjs to a list of jobs. */
export function askNpm(jobs) {
  copyFileSync(join(here, "peer.mjs"), join(folder, "peer.mjs"));
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, "peer.mjs")], {
    encoding: "utf8",
    input: JSON.stringify(jobs),
    maxBuffer: 2 ** 26,
    timeout: 120_000,
  });
  if (status !== 0) throw new Error(`the peer of npm's packages failed: ${stderr}`);
  return JSON.parse(stdout);
}

const isMade = () => existsSync(stamp) && readFileSync(stamp, "utf8") === lock;

function make() {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const name of ["package.json", "package-lock.json"]) copyFileSync(join(here, name), join(folder, name));
  const args = ["ci", "--no-audit", "--no-fund"];
  const { status, stderr } = spawnSync(...started("npm", args), { cwd: folder, encoding: "utf8" });
  if (status !== 0) return `npm could not install the packages: ${stderr.trim().split("\n")[0]}`;
  writeFileSync(stamp, lock);
  return undefined;
}
