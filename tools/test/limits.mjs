// How long tests may take. Each limit is a multiple of what two shared processors need, so that only a hang passes it.

import { Failure } from "../command.mjs";

const MINUTE = 60_000;

/** On a slow machine, COUNTERSIGN_TIME_FACTOR=3 makes every limit three times as long. */
const factor = Number(process.env.COUNTERSIGN_TIME_FACTOR ?? 1);
if (!(Number.isFinite(factor) && 0 < factor)) throw new Failure("COUNTERSIGN_TIME_FACTOR is not a positive number");

/** In milliseconds: one test file, one suite or check, all of them, and the silence after which a line is printed. */
export const LIMITS = {
  file: 10 * MINUTE * factor,
  suite: 20 * MINUTE * factor,
  run: 75 * MINUTE * factor,
  silence: MINUTE,
};

/** A time as people read it: `90 s`, or `20 min` where it is whole minutes and more than one. */
export function inTime(milliseconds) {
  const seconds = Math.round(milliseconds / 1000);
  return 60 < seconds && seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}
