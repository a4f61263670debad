// Where the scripts of the workbench find what they import.

import { join } from "node:path";
import { root } from "../command.mjs";

/** `/report/…` are the reports of the command line, in TypeScript. What they and the pages import of the package is built. */
export function findSources(hooks, dist) {
  const source = join(root, "pkg/src");
  hooks.onResolve({ filter: /^\/report\// }, ({ path }) => ({ path: join(source, path.replace(/\.js$/, ".ts")) }));
  hooks.onResolve({ filter: /^\/pkg\/dist\// }, ({ path }) => ({ path: join(dist, path.slice("/pkg/dist".length)) }));
  hooks.onResolve({ filter: /^\.\.\// }, ({ importer, path }) =>
    importer.startsWith(join(source, "report")) ? { path: join(dist, path.slice(2)) } : undefined,
  );
}
