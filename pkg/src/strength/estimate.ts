/** How hard a password is to guess, found out in bounded time. */

import { CountersignError } from "../errors.js";

/** What is used of an estimate: zxcvbn's result has it. */
export interface Estimate {
  /** From 0, guessed at once, to 4, hard to guess. */
  score: 0 | 1 | 2 | 3 | 4;
  /** The parts that the password was taken for, in order. */
  sequence: readonly { pattern: string; dictionaryName?: string }[];
  /** What to tell whoever typed it. */
  feedback: { warning: string | null; suggestions: readonly string[] };
}

/** What knows words and patterns. A `ZxcvbnFactory` of `@zxcvbn-ts/core` is one. */
export interface StrengthEstimator {
  /**
   * @param password At most 64 UTF-16 units.
   * @param userInputs Words of at most 24 units, in small letters, that are easily guessed for this user.
   */
  check(password: string, userInputs: string[]): Estimate | Promise<Estimate>;
}

/**
 * The most that an estimator sees of a password, in UTF-16 units. Its time grows with the square of the length: it is to be
 * some tens of milliseconds, whatever was typed.
 */
const WINDOW = 64;
/** The longest word it gets: as long as those of its dictionaries are. Longer ones make every search as wide as they are. */
const LONGEST_WORD = 24;

/**
 * The estimate of a password, and whether it is of the whole one. A part of a password is no harder to guess than all of
 * it, so of a long one the better of both ends counts.
 */
export async function estimate(
  password: string,
  words: string[],
  minScore: number,
  estimator: StrengthEstimator,
): Promise<Estimate & { whole: boolean }> {
  const whole = password.length <= WINDOW;
  const shortWords = words.filter((word) => word.length <= LONGEST_WORD);
  const first = expectEstimate(await estimator.check(password.slice(0, WINDOW), shortWords));
  if (whole || minScore <= first.score) return { ...first, whole };
  const last = expectEstimate(await estimator.check(password.slice(-WINDOW), shortWords));
  return { ...(first.score < last.score ? last : first), whole };
}

/** An estimator may be anybody's. What it throws is its own; what it gives is to be an estimate. */
function expectEstimate(given: unknown): Estimate {
  const { score, sequence, feedback } = (given ?? {}) as Partial<Estimate>;
  const scores = Number.isInteger(score) && 0 <= (score as number) && (score as number) <= 4;
  const parts = Array.isArray(sequence) && sequence.every((part) => typeof part?.pattern === "string");
  if (scores && parts && Array.isArray(feedback?.suggestions)) return { score, sequence, feedback } as Estimate;
  throw new CountersignError("OPTION_INVALID", 'option "estimator" gives something that is not an estimate');
}
