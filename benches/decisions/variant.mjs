// Builds the package with some of its sources changed, so that a decision can be measured against its alternative.
//
// The checkout is copied to target/decisions/tree and changed there. Everything is built in that one folder, because
// Cargo then keeps the dependencies; what comes out is copied to target/decisions/NAME.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root, run } from "../../tools/command.mjs";
import { setUp } from "../../tools/setup.mjs";

const work = join(root, "target/decisions");
const tree = join(work, "tree");

/** Files that no build reads. */
const UNUSED = /^(benches|docs|examples|fuzz|recipes|www)\/|^tests\/(?!wycheproof\/)/;

/**
 * Builds the `modules` after applying `edits`, and gives the folder of the package.
 *
 * An edit is `[file, change]`. `file` is a pattern that exactly one path matches; `change` maps its text to another one.
 */
export async function buildVariant(name, { modules, edits = [] }) {
  const files = editedFiles(edits);
  const out = join(work, name);
  const digest = createHash("sha256")
    .update(JSON.stringify([modules, [...files]]))
    .digest("hex");
  const stamp = join(out, "digest");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === digest) return out;
  console.error(`building ${name}`);
  // Here, as the tree only borrows node_modules: were they behind the lock file, its build would replace them.
  await setUp();
  writeTree(files);
  await run(process.execPath, ["tools/build.mjs", "--modules", modules.join()], { cwd: tree, env: { CI: "" } });
  rmSync(out, { recursive: true, force: true });
  cpSync(join(tree, "pkg"), out, { recursive: true });
  writeFileSync(stamp, digest);
  return out;
}

/** The paths and texts of the tree. */
function editedFiles(edits) {
  const listed = execFileSync("git", ["ls-files", "-co", "--exclude-standard"], { cwd: root, encoding: "utf8" });
  const paths = listed.split("\n").filter((path) => path !== "" && !UNUSED.test(path) && isFile(join(root, path)));
  const files = new Map(paths.sort().map((path) => [path, readFileSync(join(root, path), "latin1")]));
  for (const [file, change] of edits) {
    const found = paths.filter((path) => file.test(path));
    if (found.length !== 1) throw new Error(`${file} matches ${found.length} files, not one`);
    const before = Buffer.from(files.get(found[0]), "latin1").toString();
    const after = change(before);
    if (after === before) throw new Error(`an edit changes nothing in ${found[0]}`);
    files.set(found[0], Buffer.from(after).toString("latin1"));
  }
  return files;
}

const isFile = (path) => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

function writeTree(files) {
  const before = existsSync(tree)
    ? execFileSync(
        "find",
        [
          ".",
          "-type",
          "f",
          "-not",
          "-path",
          "./target/*",
          "-not",
          "-path",
          "./.cache/*",
          "-not",
          "-path",
          "./pkg/dist/*",
        ],
        { cwd: tree, encoding: "utf8" },
      )
    : "";
  for (const path of before.split("\n").filter(Boolean)) if (!files.has(path.slice(2))) rmSync(join(tree, path));
  for (const [path, text] of files) {
    const target = join(tree, path);
    const bytes = Buffer.from(text, "latin1");
    // Cargo and the build look at times and contents: what is the same stays untouched.
    if (isFile(target) && readFileSync(target).equals(bytes)) continue;
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, bytes);
  }
  if (!existsSync(join(tree, "node_modules"))) symlinkSync(join(root, "node_modules"), join(tree, "node_modules"));
}
