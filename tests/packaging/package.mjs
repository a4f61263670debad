// The package as `npm pack` would publish it, for the tests beside this file.

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { started } from "../../tools/command.mjs";

/** The root of the checkout, with a slash at its end. */
export const root = fileURLToPath(new URL("../../", import.meta.url));

/** The text of a file of the checkout. */
export const read = (path) => readFileSync(root + path, "utf8");

/** pkg/package.json. */
export const manifest = JSON.parse(read("pkg/package.json"));

/** Every path of the tarball, relative to the package. */
export function packedFiles() {
  const args = ["pack", "./pkg", "--dry-run", "--json", "--ignore-scripts", "--loglevel=error"];
  const [{ files }] = JSON.parse(
    execFileSync(...started("npm", args), { cwd: root, encoding: "utf8", env: outsideNpm() }),
  );
  return files.map(({ path }) => path).sort();
}

/** The commands of development tools, by the package that brings them. */
export function tool(path) {
  const found = `${root}node_modules/${path}`;
  if (!existsSync(found)) throw new Error(`${path} is missing: run npm run setup`);
  return found;
}

// Started by `npm test`, npm would take this workspace's settings for the package's.
function outsideNpm() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("npm_")));
}
