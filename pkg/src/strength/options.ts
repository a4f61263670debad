/** What may be asked of a check, and its bounds. */

import { CountersignError } from "../errors.js";
import { checkFunction, checkMethod, readOptions, wholeNumber } from "../options.js";
import type { StrengthEstimator } from "./estimate.js";

/** Options of {@link checkPassword}. Whatever is left out keeps its default. */
export interface PasswordCheckOptions {
  /**
   * What guessers try first for this user: the user name, the e-mail address, the name of your service. `null` and
   * `undefined` are passed over, so that optional fields can be handed in as they are. At most 100; of each the first 256
   * UTF-16 units are looked at.
   */
  userInputs?: readonly (string | null | undefined)[];
  /**
   * Whether the password is never enough by itself, because a second factor is always asked for: then 8 characters do,
   * otherwise 15, and `minScore` is lower. Default: false.
   */
  multiFactor?: boolean;
  /**
   * The fewest characters, from 8 to 64, in place of what `multiFactor` says. Code points of the NFC form are counted, or of
   * the NFKC form where that has fewer.
   */
  minLength?: number;
  /**
   * The most characters, from 64 to 1024. Default: 1024, which at four bytes each are the 4096 bytes that a
   * `PasswordHasher` takes by default. Bytes are not counted here, nor is the policy known: that bcrypt reads 72 bytes, or
   * that a decomposed text has more of them than its characters say, `checkHashable` of the hasher tells.
   */
  maxLength?: number;
  /**
   * The least score that is good enough, from 0 to 4. Default: 3, which takes at least 10⁸ guesses; with `multiFactor` 2,
   * which takes 10⁶ and is what 8 characters drawn at random have. With 0, only what is on a list as a whole is refused, as
   * NIST demands it, and no pattern.
   */
  minScore?: number;
  /**
   * What knows the words and patterns: a `ZxcvbnFactory` with the languages of your users, or anything of its shape.
   * Default: zxcvbn with its common and its English dictionaries.
   */
  estimator?: StrengthEstimator;
  /**
   * Asks a list of leaked passwords for a range, as Have I Been Pwned's API has it: given the first five hexadecimal digits
   * of a SHA-1, in capitals, it gives lines of `<the other 35>:<count>`, at least one: an empty text is no answer. It is called
   * once at most, or twice where the NFKC form is another, and only for a password that is otherwise good. It should give up
   * after a while: nobody else does.
   */
  breached?: (prefix: string) => Promise<string>;
}

/** The options of a check, read. */
export interface Rules {
  readonly userInputs: readonly string[];
  readonly minLength: number;
  readonly maxLength: number;
  readonly minScore: number;
  readonly estimator: StrengthEstimator | undefined;
  readonly breached: ((prefix: string) => Promise<string>) | undefined;
}

/** NIST SP 800-63B-4 §3.1.1.2: at least 15 characters where the password is the only factor, 8 where it is one of several. */
const ONLY_FACTOR = 15;
const ONE_OF_SEVERAL = 8;
/** The same: at least 64 have to be allowed. */
const LEAST_MAXIMUM = 64;
const GREATEST_MAXIMUM = 1024;
/** Far beyond the hundred attempts that the same document allows (§3.2.2); alone, it has to hold where hashes have leaked. */
const SCORE_ONLY_FACTOR = 3;
const SCORE_ONE_OF_SEVERAL = 2;
const MAX_USER_INPUTS = 100;

const NAMES = ["breached", "estimator", "maxLength", "minLength", "minScore", "multiFactor", "userInputs"] as const;

/** @throws {@link CountersignError} `OPTION_INVALID`. */
export function readRules(options: PasswordCheckOptions): Rules {
  const o = readOptions(options, NAMES);
  const { breached, estimator, multiFactor } = o;
  if (multiFactor !== undefined && typeof multiFactor !== "boolean") {
    throw new CountersignError("OPTION_INVALID", 'option "multiFactor" is not a boolean');
  }
  if (estimator !== undefined) checkMethod("estimator", estimator, "check");
  if (breached !== undefined) checkFunction("breached", breached);
  const [length, score] =
    multiFactor === true ? [ONE_OF_SEVERAL, SCORE_ONE_OF_SEVERAL] : [ONLY_FACTOR, SCORE_ONLY_FACTOR];
  return {
    userInputs: readUserInputs(o.userInputs),
    minLength: wholeNumber("minLength", o.minLength, ONE_OF_SEVERAL, length, LEAST_MAXIMUM),
    maxLength: wholeNumber("maxLength", o.maxLength, LEAST_MAXIMUM, GREATEST_MAXIMUM, GREATEST_MAXIMUM),
    minScore: wholeNumber("minScore", o.minScore, 0, score, 4),
    estimator,
    breached,
  };
}

function readUserInputs(inputs: PasswordCheckOptions["userInputs"]): string[] {
  if (inputs === undefined) return [];
  if (!Array.isArray(inputs)) throw new CountersignError("OPTION_INVALID", 'option "userInputs" is not an array');
  if (MAX_USER_INPUTS < inputs.length) {
    throw new CountersignError("OPTION_INVALID", `option "userInputs" has more than ${MAX_USER_INPUTS} items`);
  }
  const given = inputs.filter((input) => input !== undefined && input !== null);
  if (given.some((input) => typeof input !== "string")) {
    throw new CountersignError("OPTION_INVALID", 'option "userInputs" has an item that is not a string');
  }
  return given as string[];
}
