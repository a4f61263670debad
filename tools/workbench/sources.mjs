// Where the scripts of the workbench find what they import.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { root } from "../command.mjs";

/** `/report/…` are the reports of the command line, in TypeScript. What they and the pages import of the package is built. */
export function findSources(hooks, dist) {
  const source = join(root, "pkg/src");
  // The build of `npm start` leaves this module out.
  const optional = "/pkg/dist/inline/post-quantum.js";
  const isThere = ["printable", "inline"].every((name) => existsSync(join(dist, name, "post-quantum.js")));
  hooks.onResolve({ filter: /\/post-quantum\.js$/ }, ({ path }) =>
    path === optional && !isThere ? { path, namespace: "absent" } : undefined,
  );
  hooks.onLoad({ filter: /.*/, namespace: "absent" }, () => ({ contents: "export {};" }));
  hooks.onResolve({ filter: /^\/report\// }, ({ path }) => ({ path: join(source, path.replace(/\.js$/, ".ts")) }));
  hooks.onResolve({ filter: /^\/pkg\/dist\// }, ({ path }) => ({ path: join(dist, path.slice("/pkg/dist".length)) }));
  hooks.onResolve({ filter: /^\.\.\// }, ({ importer, path }) =>
    importer.startsWith(join(source, "report")) ? { path: join(dist, path.slice(2)) } : undefined,
  );
}
