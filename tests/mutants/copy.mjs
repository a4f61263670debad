// A copy of the checkout whose package is not joined: one JavaScript file for each file of pkg/src, to change one at a time.

import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { COMPILED } from "../../tools/build/javascript.mjs";
import { root } from "../../tools/command.mjs";
import { withoutTypes } from "./changes.mjs";

/** Where the copy is: one for each run. */
export const copy = join(root, ".cache", "mutants", String(process.pid));
process.on("exit", () => rmSync(copy, { recursive: true, force: true }));

/**
 * Makes the copy anew. The given files of pkg/src become JavaScript by the removal of their types. Gives their sources, by path: a
 * run takes hours, and the checkout may change meanwhile.
 */
export function makeCopy(files) {
  rmSync(copy, { recursive: true, force: true });
  const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], { cwd: root });
  const paths = listed.toString().split("\0").filter(Boolean);
  for (const path of paths.filter((path) => !path.startsWith("pkg/"))) copyFile(path);
  cpSync(join(root, "pkg"), join(copy, "pkg"), { recursive: true, filter: (path) => !path.includes("node_modules") });
  // Over the joined files, which the package alone has.
  cpSync(join(root, COMPILED), join(copy, "pkg/dist"), { recursive: true });
  const sources = new Map(files.map((file) => [file, readFileSync(join(root, file), "utf8")]));
  for (const [file, source] of sources) writeCompiled(file, withoutTypes(source));
  linkModules();
  return sources;
}

/** The JavaScript file in the copy that belongs to a file of pkg/src. */
export function compiledPath(file) {
  return join(copy, file.replace(/^pkg\/src\//, "pkg/dist/").replace(/\.ts$/, ".js"));
}

/** Puts other code into that file. */
export function writeCompiled(file, code) {
  writeFileSync(compiledPath(file), code);
}

function copyFile(path) {
  mkdirSync(dirname(join(copy, path)), { recursive: true });
  // A listed file may have been removed.
  cpSync(join(root, path), join(copy, path), { force: true });
}

/** Everything of node_modules, but for the package itself: that is the one of the copy. */
function linkModules() {
  const modules = join(copy, "node_modules");
  mkdirSync(modules, { recursive: true });
  for (const name of readdirSync(join(root, "node_modules"))) {
    if (name !== "countersign") symlinkSync(join(root, "node_modules", name), join(modules, name), "junction");
  }
  symlinkSync(join(copy, "pkg"), join(modules, "countersign"), "junction");
}
