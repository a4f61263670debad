// The native crates, by criterion: runs benches/native and reads its estimates.

import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("native/", import.meta.url));
const estimates = join(folder, "target/criterion");

/** By task, then by crate: the microseconds of one call and their 95 % confidence interval. */
export function native(quick) {
  const brief = quick ? ["--quick", "--warm-up-time", "0.1", "--measurement-time", "0.2"] : [];
  const cargo = ["bench", "--manifest-path", join(folder, "Cargo.toml"), "--benches", "--", "--noplot", ...brief];
  const { status, error, stderr } = spawnSync("cargo", cargo, {
    encoding: "utf8",
    stdio: ["ignore", "ignore", "pipe"],
  });
  if (status !== 0) throw new Error(error?.message ?? stderr.trim().split("\n").at(-1));
  return readEstimates();
}

/** What the last run left. */
export function readEstimates() {
  if (!existsSync(estimates)) return {};
  const found = {};
  for (const task of folders(estimates).sort((one, other) => placeOf(one) - placeOf(other))) {
    for (const crate of folders(join(estimates, task))) {
      const file = join(estimates, task, crate, "new/estimates.json");
      if (!existsSync(file)) continue;
      const { median } = JSON.parse(readFileSync(file, "utf8"));
      const [low, high] = [median.confidence_interval.lower_bound, median.confidence_interval.upper_bound];
      found[task] ??= {};
      found[task][crate] = { median: us(median.point_estimate), low: us(low), high: us(high) };
    }
  }
  return found;
}

const ORDER = ["HS256", "EdDSA", "ES256", "RS256", "PS256", "Argon2id"];
const placeOf = (task) => 2 * ORDER.findIndex((name) => task.includes(name)) + (task.startsWith("verify") ? 1 : 0);

const folders = (path) =>
  readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== "report")
    .map(({ name }) => name);

const us = (nanoseconds) => Number((nanoseconds / 1000).toPrecision(4));
