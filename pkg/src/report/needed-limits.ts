/** Which limits of a policy a stored hash needs, if it costs more than the defaults. */

import type { PasswordDescription, PasswordHasher, PasswordPolicy } from "../inline/formats.js";
import { isCountersignError } from "./failure.js";

/** Limits, by the names that a policy has for them. */
export type NeededLimits = Record<string, number>;

interface LimitRow {
  /** What a hash with these costs needs. */
  needed(description: PasswordDescription): number | undefined;
  /** The most that is advised: 1 GiB, or some ten seconds. A hash that needs more is more likely an attack. */
  most: number;
  /** The value in words. */
  inWords(value: number): string;
}

/** The limits. The core has the rules; what is computed here is tried before it is advised. */
const LIMITS: Record<string, LimitRow> = {
  memoryKib: { needed: ({ memoryKib }) => memoryKib, most: 1_048_576, inWords: (value) => `${value} KiB` },
  passes: { needed: ({ passes }) => passes, most: 256, inWords: (value) => `${value} passes` },
  lanes: { needed: ({ lanes, parallelism }) => lanes ?? parallelism, most: 64, inWords: (value) => `${value} lanes` },
  scryptMemoryKib: {
    needed: ({ cost = 0, blockSize = 0, parallelism = 1 }) =>
      Math.ceil((2 ** cost * blockSize * Math.max(1, parallelism / 4)) / 8),
    most: 1_048_576,
    inWords: (value) => `${value} KiB`,
  },
  bcryptCost: { needed: ({ cost }) => cost, most: 17, inWords: (value) => `cost ${value}` },
  pbkdf2Iterations: {
    needed: ({ iterations }) => iterations,
    most: 30_000_000,
    inWords: (value) => `${value} iterations`,
  },
  shaCryptRounds: { needed: ({ rounds }) => rounds, most: 10_000_000, inWords: (value) => `${value} rounds` },
};

/**
 * The limits that accept a stored hash. `undefined` if the default limits do; empty if no limits are advised, because the hash
 * costs far more than honest software asks for.
 */
export function neededLimits(
  Hasher: new (policy: PasswordPolicy) => PasswordHasher,
  stored: string,
  description: PasswordDescription,
): NeededLimits | undefined {
  const limits: NeededLimits = {};
  let refused = limitThatRefuses(new Hasher({}), stored);
  if (refused === undefined) return undefined;
  while (refused !== undefined) {
    const row = LIMITS[refused];
    const value = row?.needed(description);
    if (row === undefined || value === undefined || row.most < value || limits[refused] !== undefined) return {};
    limits[refused] = value;
    refused = limitThatRefuses(new Hasher({ limits }), stored);
  }
  return limits;
}

/** The limit of a policy that a stored hash is beyond. */
export function limitThatRefuses(hasher: PasswordHasher, stored: string): string | undefined {
  try {
    hasher.needsRehash(stored);
  } catch (thrown) {
    if (!isCountersignError(thrown)) throw thrown;
    if (thrown.code === "HASH_COST_TOO_HIGH") return /limits\.(\w+)/.exec(thrown.message)?.[1] ?? "";
  }
  return undefined;
}

/** `102400 KiB`. */
export function limitsInWords(limits: NeededLimits): string {
  return Object.entries(limits)
    .map(([name, value]) => LIMITS[name]?.inWords(value) ?? value)
    .join(" and ");
}

/** `limits: { memoryKib: 102400 }`. */
export function limitsAsOption(limits: NeededLimits): string {
  const members = Object.entries(limits).map(([name, value]) => `${name}: ${value}`);
  return `limits: { ${members.join(", ")} }`;
}
