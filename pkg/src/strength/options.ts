/** The options of `checkPassword`, with NIST's limits. */

import { flag, invalid, optionalFunction, optionalObject, readOptions, unchecked, wholeNumber } from "../options.js";
import type { StrengthEstimator } from "./estimate.js";

/** Options of {@link checkPassword}. Unknown names are refused. */
export interface PasswordCheckOptions {
  /**
   * What an attacker tries first for this user: the user name, the e-mail address, the name of your service. `null` and
   * `undefined` are skipped, so you can pass optional fields. At most 100; of each, the first 256 UTF-16 units count.
   */
  userInputs?: readonly (string | null | undefined)[];
  /**
   * Whether a second factor is always required. Then 8 characters are enough instead of 15, and `minScore` is lower.
   * Default `false`.
   */
  multiFactor?: boolean;
  /**
   * The fewest characters, from 8 to 64. Default: 15, or 8 with `multiFactor`. It counts the code points of the NFC form, or
   * of the NFKC form if that has fewer.
   */
  minLength?: number;
  /**
   * The most characters, from 64 to 1024. Default 1024: at four bytes each, these are the 4096 bytes that `PasswordHasher`
   * accepts by default. This counts characters, not bytes, and does not know your policy. `checkHashable` of the hasher tells
   * whether a password is too long in bytes, for example for bcrypt.
   */
  maxLength?: number;
  /**
   * The least score, from 0 to 4. Default: 3, at least 10⁸ guesses; with `multiFactor` 2, at least 10⁶ guesses, which 8
   * random characters have. With 0, only passwords that are on a list as a whole are refused, as NIST requires, and patterns
   * are not.
   */
  minScore?: number;
  /**
   * Knows words and patterns: a `ZxcvbnFactory` with the languages of your users, or an object of the same shape. Default:
   * zxcvbn with its common and its English dictionaries.
   */
  estimator?: StrengthEstimator;
  /**
   * Asks a list of leaked passwords, such as the range API of Have I Been Pwned. It receives the first five hexadecimal
   * digits of a SHA-1, in capitals, and returns lines of `<the other 35>:<count>`. An empty text is not a valid answer. It is
   * called only for a password that is otherwise good, once, or twice if the NFKC form differs. Give it a timeout: this
   * package sets none.
   */
  breached?: (prefix: string) => Promise<string>;
}

/** The options after they were read and checked. */
export interface Rules {
  readonly userInputs: readonly string[];
  readonly minLength: number;
  readonly maxLength: number;
  readonly minScore: number;
  readonly estimator: StrengthEstimator | undefined;
  readonly breached: ((prefix: string) => Promise<string>) | undefined;
}

// NIST SP 800-63B-4 §3.1.1.2: at least 15 characters if the password is the only factor, 8 if it is one of several. A limit
// must allow at least 64.
const ONLY_FACTOR = 15;
const ONE_OF_SEVERAL = 8;
const LEAST_MAXIMUM = 64;
const GREATEST_MAXIMUM = 1024;
// Far more than the hundred attempts that the same document allows (§3.2.2). A password that is the only factor must also
// resist when hashes have leaked.
const SCORE_ONLY_FACTOR = 3;
const SCORE_ONE_OF_SEVERAL = 2;
const MAX_USER_INPUTS = 100;

/** @throws {CountersignError} `OPTION_INVALID`. */
export function readRules(options: PasswordCheckOptions): Rules {
  const { multiFactor, ...o } = readOptions(options, {
    breached: optionalFunction<NonNullable<PasswordCheckOptions["breached"]>>(),
    estimator: optionalObject<StrengthEstimator>("check"),
    multiFactor: flag,
    // Their defaults depend on `multiFactor`.
    maxLength: wholeNumber(LEAST_MAXIMUM, GREATEST_MAXIMUM, GREATEST_MAXIMUM),
    minLength: unchecked<number>(),
    minScore: unchecked<number>(),
    userInputs: readUserInputs,
  });
  const [length, score] = multiFactor ? [ONE_OF_SEVERAL, SCORE_ONE_OF_SEVERAL] : [ONLY_FACTOR, SCORE_ONLY_FACTOR];
  return {
    ...o,
    minLength: wholeNumber(ONE_OF_SEVERAL, length, LEAST_MAXIMUM)("minLength", o.minLength),
    minScore: wholeNumber(0, score, 4)("minScore", o.minScore),
  };
}

function readUserInputs(name: string, inputs: unknown): string[] {
  if (inputs === undefined) return [];
  if (!Array.isArray(inputs)) throw invalid(`option "${name}" is not an array`);
  if (MAX_USER_INPUTS < inputs.length) throw invalid(`option "${name}" has more than ${MAX_USER_INPUTS} items`);
  const given = inputs.filter((input) => input !== undefined && input !== null);
  if (given.some((input) => typeof input !== "string")) {
    throw invalid(`option "${name}" has an item that is not a string`);
  }
  return given;
}
