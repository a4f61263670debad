// A lock between processes, for work that must not run twice at the same time, such as a build in this checkout.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { root } from "../command.mjs";

/** Runs `work` while holding the lock `name` of this checkout. Waits until another process releases it. */
export async function alone(work, name = "build") {
  const lockPath = join(root, ".cache", `${name}.lock`);
  mkdirSync(dirname(lockPath), { recursive: true });
  let told = false;
  while (!take(lockPath)) {
    if (!told) console.log(`waiting for another ${name} to end`);
    told = true;
    await sleep(200);
  }
  const release = () => rmSync(lockPath, { force: true });
  process.once("exit", release);
  try {
    return await work();
  } finally {
    process.off("exit", release);
    release();
  }
}

function take(lockPath) {
  try {
    writeFileSync(lockPath, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    if (!isAlive(holder(lockPath))) rmSync(lockPath, { force: true });
    return false;
  }
}

function holder(lockPath) {
  try {
    return Number(readFileSync(lockPath, "utf8"));
  } catch {
    return Number.NaN; // It was released meanwhile.
  }
}

// The lock of a killed process must not block the next one. An empty file is a lock that is just being written.
function isAlive(pid) {
  if (pid === 0) return true;
  if (Number.isNaN(pid)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}
