/** Allows one server per data directory, because two would write the same databases. */

import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Throws if a living process holds the directory. */
export async function checkUnclaimed(dataDir) {
  const file = join(dataDir, "running");
  const holder = Number(await readFile(file, "utf8").catch(() => ""));
  if (holder > 0 && isAlive(holder)) {
    throw new Error(
      `${dataDir} is in use by process ${holder}: stop it, or name another directory with DATA_DIR=… ` +
        `(if that process is something else, delete ${file})`,
    );
  }
}

/** Records the process that holds it: workerd itself, which may outlive the process that started it. */
export async function claim(dataDir, pid) {
  await writeFile(join(dataDir, "running"), `${pid}\n`);
}

/** Releases it. */
export async function release(dataDir) {
  await rm(join(dataDir, "running"), { force: true });
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}
