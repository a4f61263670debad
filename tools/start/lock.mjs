/** One server per data directory: two would write the same databases. */

import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Takes the directory for this process, or throws if another living one has it. */
export async function claim(dataDir) {
  const file = join(dataDir, "running");
  const holder = Number(await readFile(file, "utf8").catch(() => ""));
  if (holder > 0 && holder !== process.pid && isAlive(holder)) {
    throw new Error(
      `${dataDir} is in use by process ${holder}: stop it, or name another directory with DATA_DIR=… ` +
        `(if that process is something else, delete ${file})`,
    );
  }
  await writeFile(file, `${process.pid}\n`);
}

/** Gives it back. */
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
