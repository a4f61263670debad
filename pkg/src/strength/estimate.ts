/** Estimates how hard a password is to guess, in limited time. zxcvbn is loaded with the first password. */

import { CountersignError } from "../errors.js";

/** An estimate. The result of zxcvbn has this shape. */
export interface Estimate {
  /** From 0, guessed at once, to 4, hard to guess. */
  score: 0 | 1 | 2 | 3 | 4;
  /** The recognized parts of the password, in order. */
  sequence: readonly { pattern: string; dictionaryName?: string }[];
  /** Advice for the user. */
  feedback: { warning: string | null; suggestions: readonly string[] };
}

/** Estimates passwords with word lists and patterns, such as a `ZxcvbnFactory` of `@zxcvbn-ts/core`. */
export interface StrengthEstimator {
  /**
   * @param password At most 64 UTF-16 units.
   * @param userInputs Words that are easy to guess for this user, in lower case, at most 24 units each.
   */
  check(password: string, userInputs: string[]): Estimate | Promise<Estimate>;
}

/**
 * The longest password that an estimator sees, in UTF-16 units. Its time grows with the square of the length, and must stay
 * at some tens of milliseconds for any input.
 */
const WINDOW = 64;
/** The longest word that it sees, as long as those in its dictionaries. A longer one would slow down every search. */
const LONGEST_WORD = 24;

/**
 * Estimates a password, and tells whether the estimate is of the whole password. Of a long one, the first and the last
 * characters are estimated, and the better estimate counts: the whole is at least as hard to guess as a part.
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

/** The user may pass any estimator, so its result is checked. */
function expectEstimate(value: unknown): Estimate {
  const { score, sequence, feedback } = (value ?? {}) as Partial<Estimate>;
  const hasScore = Number.isInteger(score) && 0 <= (score as number) && (score as number) <= 4;
  const hasParts = Array.isArray(sequence) && sequence.every((part) => typeof part?.pattern === "string");
  if (hasScore && hasParts && Array.isArray(feedback?.suggestions)) return { score, sequence, feedback } as Estimate;
  throw new CountersignError("OPTION_INVALID", 'option "estimator" returned something that is not an estimate');
}

/** Created once. It is not kept as a promise: on Workers a promise belongs to the request that created it. */
let english: StrengthEstimator | undefined;

/**
 * zxcvbn with its common and its English dictionaries.
 *
 * @throws {CountersignError} `OPTION_INVALID`: the packages are not installed.
 */
export async function defaultEstimator(): Promise<StrengthEstimator> {
  if (english !== undefined) return english;
  const { core, common, en } = await importZxcvbn();
  // Meanwhile, another call may have created it.
  english ??= new core.ZxcvbnFactory({
    dictionary: { ...common.dictionary, ...en.dictionary },
    graphs: common.adjacencyGraphs,
    // Each way to read digits and signs as letters is another search. The default of 100 takes a second for some passwords.
    l33tMaxSubstitutions: 8,
    translations: en.translations,
  });
  return english;
}

async function importZxcvbn() {
  // Inside `try`, bundlers accept that a package is missing.
  try {
    const core = await import("@zxcvbn-ts/core");
    const common = await import("@zxcvbn-ts/language-common");
    const en = await import("@zxcvbn-ts/language-en");
    return { core, common, en };
  } catch (cause) {
    const packages = "@zxcvbn-ts/core @zxcvbn-ts/language-common @zxcvbn-ts/language-en";
    const message = `option "estimator" is not given, and its default cannot be loaded: npm install ${packages}`;
    throw Object.assign(new CountersignError("OPTION_INVALID", message), { cause });
  }
}
