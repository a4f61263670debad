// Writes a folder for each subpath of the package, such as pkg/jwt, with a package.json that names its files. Resolvers that
// do not read "exports" look there: Parcel without its option, TypeScript with `moduleResolution: "node10"`, old Metro.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { root } from "../command.mjs";
import { step } from "./step.mjs";

/** Writes all folders. */
export async function writeSubpaths() {
  await step(
    "write the folders of subpaths",
    { inputs: ["pkg/package.json", "tools/build/subpaths.mjs"] },
    async () => {
      const { exports } = JSON.parse(readFileSync(join(root, "pkg/package.json"), "utf8"));
      return Object.entries(exports)
        .filter(([subpath, { require }]) => subpath !== "." && require !== undefined)
        .map(([subpath, conditions]) => writeSubpath(`pkg/${subpath.slice("./".length)}`, conditions));
    },
  );
}

function writeSubpath(folder, conditions) {
  const from = (path) => relative(folder, join("pkg", path)).replaceAll("\\", "/");
  const fields = {
    main: from(conditions.require.default),
    module: from(conditions.import.default),
    types: from(conditions.import.types),
  };
  const path = `${folder}/package.json`;
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), `${JSON.stringify(fields, undefined, 2)}\n`);
  return path;
}
