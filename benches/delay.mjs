// What 32 logins at once do to everybody else: for how long the event loop stands still while their passwords are hashed.

import { monitorEventLoopDelay } from "node:perf_hooks";
import { setImmediate as turn } from "node:timers/promises";
import * as nodeRs from "@node-rs/argon2";
import { PasswordHasher } from "countersign/password";

const AT_ONCE = 32;
const PASSWORD = "correct horse battery staple";
const hasher = new PasswordHasher();

const contenders = {
  "countersign, hashAsync": () => hasher.hashAsync(PASSWORD),
  "countersign, hash": () => hasher.hash(PASSWORD),
  "@node-rs/argon2 (native)": () =>
    nodeRs.hash(PASSWORD, { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 }),
};

/** By contender, in milliseconds: the delays of a timer meanwhile (the 99th percentile and the greatest), and all of it. */
export async function delays() {
  const found = {};
  for (const [name, hash] of Object.entries(contenders)) {
    // The threads that are needed are there when it counts, as in a server that has been up for a while.
    await Promise.all([hash(), hash(), hash(), hash()]);
    found[name] = await delayOf(hash);
  }
  return found;
}

async function delayOf(hash) {
  const histogram = monitorEventLoopDelay({ resolution: 1 });
  histogram.enable();
  // It counts from its first look at the clock on, which it takes at a turn of its own.
  await new Promise((resolve) => setTimeout(resolve, 20));
  histogram.reset();
  await new Promise((resolve) => setTimeout(resolve, 20));
  const start = performance.now();
  const handle = async () => {
    await turn();
    return hash();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, handle));
  const all = performance.now() - start;
  await new Promise((resolve) => setTimeout(resolve, 20));
  histogram.disable();
  return { p99: histogram.percentile(99) / 1e6, max: histogram.max / 1e6, all };
}
