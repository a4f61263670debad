// The import graph of a TypeScript project, as the compiler itself resolves it: `tsc --explainFiles` says for every file
// who imports it, by `import type` and `import("…")` in a type as well. dependency-cruiser and madge read TypeScript
// through the compiler's JavaScript interface, which TypeScript 7 does not have.

import { execFileSync } from "node:child_process";
import { relative, resolve } from "node:path";
import { root } from "../package.mjs";

/** The graph of the files below `folder`, of the project whose tsconfig.json is at `project`. */
export function typeScriptGraph(project, folder) {
  const tsc = resolve(root, "node_modules/typescript/bin/tsc");
  const args = [tsc, "--explainFiles", "--noCheck", "--noEmit", "--project", project];
  const output = execFileSync(process.execPath, args, { cwd: root, encoding: "utf8", maxBuffer: 1 << 26 });
  const inside = (path) => {
    const name = relative(resolve(root, folder), resolve(root, path)).replaceAll("\\", "/");
    return name.startsWith("..") ? undefined : name;
  };
  const graph = new Map();
  let file;
  for (const line of output.split("\n")) {
    const importing = line.match(/^\s+Imported via ["'](.+)["'] from file '(.+?)'/);
    if (importing !== null && file !== undefined) {
      const from = inside(importing[2]);
      if (from !== undefined) arrows(graph, from).set(file, `"${importing[1]}"`);
    } else if (/^\S/.test(line)) {
      file = inside(line);
      if (file !== undefined) arrows(graph, file);
    }
  }
  return graph;
}

function arrows(graph, file) {
  if (!graph.has(file)) graph.set(file, new Map());
  return graph.get(file);
}
