// The examples for Workers, as their READMEs say: installed, type-checked, and bundled by wrangler.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const examples = fileURLToPath(new URL("../../../examples/", import.meta.url));

export const EXAMPLES = ["worker", "hono-d1"].map((name) => {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(examples, name, "package.json"), "utf8"));
  const { countersign, ...packages } = { ...dependencies, ...devDependencies };
  return {
    name: `examples/${name}, with wrangler deploy --dry-run`,
    packages: Object.entries(packages).map(([each, version]) => `${each}@${version}`),
    files: filesOf(name),
    run: ["tsc --noEmit -p .", "wrangler deploy --dry-run"],
  };
});

function filesOf(name) {
  const paths = [
    "tsconfig.json",
    "wrangler.toml",
    ...readdirSync(join(examples, name, "src")).map((file) => `src/${file}`),
  ];
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(examples, name, path), "utf8")]));
}
