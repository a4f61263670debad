// One step of the build. It is skipped if its inputs have not changed and its outputs still exist.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root, seconds } from "../command.mjs";

/** The file that records the inputs and outputs of all steps. */
export const recordPath = join(root, ".cache", "build.json");

/**
 * Runs `work` unless it can be skipped. `inputs` are files and folders, and `key` is anything else that the result depends on.
 * `work` returns the files that it wrote. Files that an earlier run wrote and this one did not are removed. All paths are
 * relative to the root.
 */
export async function step(name, { inputs, key = "" }, work) {
  const start = performance.now();
  const digest = digestOf(inputs, key);
  const before = read()[name];
  if (before?.digest === digest && Object.entries(before.outputs).every(([path, stamp]) => stampOf(path) === stamp)) {
    return false;
  }

  const outputs = await work();
  for (const path of Object.keys(before?.outputs ?? {})) {
    if (!outputs.includes(path)) rmSync(join(root, path), { force: true });
  }
  // Read again, because other steps may have ended meanwhile.
  const records = read();
  records[name] = { digest, outputs: Object.fromEntries(outputs.map((path) => [path, stampOf(path)])) };
  mkdirSync(dirname(recordPath), { recursive: true });
  writeFileSync(recordPath, `${JSON.stringify(records, null, 1)}\n`);
  console.log(`${seconds(performance.now() - start)}  ${name}`);
  return true;
}

const read = () => (existsSync(recordPath) ? JSON.parse(readFileSync(recordPath, "utf8")) : {});

/** All files below a folder, relative to the root, sorted. */
export function filesUnder(path) {
  const entries = readdirSync(join(root, path), { withFileTypes: true });
  return entries
    .flatMap((entry) => (entry.isDirectory() ? filesUnder(`${path}/${entry.name}`) : [`${path}/${entry.name}`]))
    .sort();
}

function digestOf(inputs, key) {
  const hash = createHash("sha256").update(JSON.stringify(key));
  const files = inputs.flatMap((path) => (statSync(join(root, path)).isDirectory() ? filesUnder(path) : [path]));
  for (const path of files) {
    const bytes = readFileSync(join(root, path));
    hash.update(`\0${path}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest("hex");
}

function stampOf(path) {
  const found = statSync(join(root, path), { throwIfNoEntry: false });
  return found === undefined ? "absent" : `${found.size} ${found.mtimeMs}`;
}
