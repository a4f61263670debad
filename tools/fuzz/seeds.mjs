// First inputs for the fuzzer: the contents of the vectors, in the form that a target reads.

import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../command.mjs";

const VECTORS = join(root, "tests", "vectors");

/** The seeds of each target that has any. */
const SEEDS = { stored_hash: storedHashes };

/** Writes the seeds of a target into a folder of its own, and gives the folder; `undefined` where there are none. */
export function writeSeeds(target) {
  if (!Object.hasOwn(SEEDS, target)) return undefined;
  const folder = join(root, "fuzz", "seeds", target);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const seed of SEEDS[target]()) {
    writeFileSync(join(folder, createHash("sha256").update(seed).digest("hex").slice(0, 16)), seed);
  }
  return folder;
}

/**
 * As the crate `arbitrary` takes the `Input` of stored_hash.rs from bytes: no password of its own, whether to compute it,
 * the last of four variants, and then the text to the end. Each text is written twice: to be computed, and only to be read.
 */
function storedHashes() {
  const texts = new Set();
  for (const name of readdirSync(VECTORS).filter((file) => /^password-.*\.json$/.test(file))) {
    const { cases } = JSON.parse(readFileSync(join(VECTORS, name), "utf8"));
    for (const { stored } of cases) if (typeof stored === "string" && stored.length <= 1024) texts.add(stored);
  }
  const [none, lastOfFour] = [[0], [0, 0, 0, 0xff]];
  return [...texts].flatMap((text) =>
    [0, 1].map((compute) => Buffer.from([...none, compute, ...lastOfFour, ...Buffer.from(text)])),
  );
}
