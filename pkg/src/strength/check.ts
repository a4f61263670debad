/** `checkPassword`: decides whether a new password is good enough. */

import { CountersignError } from "../errors.js";
import { breachCount } from "./breaches.js";
import { defaultEstimator, type Estimate, estimate } from "./estimate.js";
import { type PasswordCheckOptions, type Rules, readRules } from "./options.js";
import { contextWords, formsOf, guessTargets, isMostlyContext } from "./words.js";

/**
 * Why a password is not good enough. New reasons may be added; existing ones are never renamed.
 *
 * - `NOT_TEXT`: it has a lone surrogate, so it cannot be hashed.
 * - `TOO_LONG`, `TOO_SHORT`: it has too many or too few characters.
 * - `PERSONAL`: it consists mostly of words from `userInputs`.
 * - `COMMON`: as a whole, it is a password, word or name from a list, perhaps reversed or with 0 for o.
 * - `GUESSABLE`: it follows patterns that attackers try.
 * - `BREACHED`: it has leaked.
 */
export type PasswordReason = "BREACHED" | "COMMON" | "GUESSABLE" | "NOT_TEXT" | "PERSONAL" | "TOO_LONG" | "TOO_SHORT";

/** The answer of {@link checkPassword}. It never contains the password. */
export interface PasswordReport {
  /** Whether the password is good enough, that is, whether `reasons` is empty. */
  ok: boolean;
  /** Why it is not good enough. */
  reasons: PasswordReason[];
  /**
   * How hard it is to guess, for a strength meter: 0 under 10³ guesses, 1 under 10⁶, 2 under 10⁸, 3 under 10¹⁰, 4 above. It
   * does not consider leaks, and considers `userInputs` less than `PERSONAL` does, so a refused password may have a 4. Let the
   * meter look at `ok` first. Absent for `NOT_TEXT` and `TOO_LONG`, which are not estimated.
   */
  score?: 0 | 1 | 2 | 3 | 4;
  /**
   * Advice for the user in English: a sentence for each reason, then the advice of zxcvbn. With your own `estimator`, only
   * what that says, in its language; translate `reasons` yourself.
   */
  suggestions: string[];
}

/**
 * Checks a new password following NIST SP 800-63B-4 §3.1.1.2: its length in characters, and that it is not common, expected
 * or leaked. It demands no digits or special characters, because that section forbids such rules. It checks both the NFC and
 * the NFKC form, because a `PasswordHasher` may use either.
 *
 * The first call loads the dictionaries, which takes about half a second and 30 MB. Later calls take some milliseconds, and at
 * most about a fifth of a second. Of more than 64 characters, only the first 64 are estimated, and if those are weak, the last
 * 64.
 *
 * @param password The password, as the user typed it.
 * @param options See {@link PasswordCheckOptions}.
 * @returns Whether it is good enough, and if not, why. A weak password is an answer, not an error.
 * @throws {CountersignError} `PASSWORD_INVALID`: not a string. `OPTION_INVALID`: an option is unknown, of the wrong type or
 * out of range, or zxcvbn is not installed and there is no `estimator`. `BREACHES_UNAVAILABLE`: `breached` threw, which is the
 * error's `cause`, or returned something that is not a range.
 * @example
 * ```ts
 * const { ok, reasons, suggestions } = await checkPassword(password, { userInputs: [username, email, "Example"] });
 * if (!ok) return Response.json({ reasons, suggestions }, { status: 400 });
 * ```
 */
export async function checkPassword(password: string, options: PasswordCheckOptions = {}): Promise<PasswordReport> {
  if (typeof password !== "string") throw new CountersignError("PASSWORD_INVALID", "password is not a string");
  const rules = readRules(options);
  if (LONE_SURROGATE.test(password)) return refusal("NOT_TEXT", rules);
  // NFC combines at most 4 code points into one, of at most 2 UTF-16 units each, so this is too long for certain.
  if (8 * rules.maxLength < password.length) return refusal("TOO_LONG", rules);
  const forms = formsOf(password);
  const [length = 0, ...others] = forms.map((form) => [...form].length);
  if (rules.maxLength < length) return refusal("TOO_LONG", rules);

  const words = contextWords(rules.userInputs);
  const found = await weakest(guessTargets(forms), words, rules);
  const reasons: PasswordReason[] = Math.min(length, ...others) < rules.minLength ? ["TOO_SHORT"] : [];
  const reason = forms.some((form) => isMostlyContext(form, words)) ? "PERSONAL" : reasonOf(found, rules);
  if (reason !== undefined) reasons.push(reason);
  // A password that is refused anyway need not be looked up.
  if (reasons.length === 0 && rules.breached !== undefined && 0 < (await breachCount(password, rules.breached))) {
    reasons.push("BREACHED");
  }
  return { ok: reasons.length === 0, reasons, score: found.score, suggestions: suggestionsOf(found, reasons, rules) };
}

// With the flag u, surrogates that form a pair do not match. Hermes has no property escapes, such as \p{Surrogate}.
const LONE_SURROGATE = /[\ud800-\udfff]/u;

function refusal(reason: PasswordReason, rules: Rules): PasswordReport {
  return { ok: false, reasons: [reason], suggestions: sentences([reason], rules) };
}

/** The lowest estimate of several texts. */
async function weakest(texts: string[], words: string[], rules: Rules): Promise<Estimate & { whole: boolean }> {
  const estimator = rules.estimator ?? (await defaultEstimator());
  const [first = "", ...others] = texts;
  let lowest = await estimate(first, words, rules.minScore, estimator);
  for (const text of others) {
    const other = await estimate(text, words, rules.minScore, estimator);
    if (other.score < lowest.score) lowest = other;
  }
  return lowest;
}

/** NIST SP 800-63B-4 §3.1.1.2 requires comparing the whole password with the list. `minScore` goes beyond that. */
function reasonOf({ score, sequence, whole }: Estimate & { whole: boolean }, { minScore }: Rules) {
  const [first] = sequence;
  const isListed = whole && sequence.length === 1 && first?.pattern === "dictionary";
  if (!isListed && minScore <= score) return undefined;
  if (sequence.some(({ dictionaryName }) => dictionaryName === "userInputs")) return "PERSONAL";
  return isListed ? "COMMON" : "GUESSABLE";
}

function suggestionsOf({ feedback: { warning, suggestions } }: Estimate, reasons: PasswordReason[], rules: Rules) {
  const texts = [...sentences(reasons, rules), warning, ...suggestions];
  return [...new Set(texts.filter((text): text is string => typeof text === "string" && text !== ""))];
}

/** The reasons in English. None with the user's own estimator, which may speak another language. */
function sentences(reasons: PasswordReason[], { estimator, maxLength, minLength }: Rules): string[] {
  if (estimator !== undefined) return [];
  const texts: Record<PasswordReason, string> = {
    BREACHED: "This password has appeared in a leak: choose one that you have never used.",
    COMMON: "This password is on every list of common passwords: choose another.",
    GUESSABLE: "This password is easy to guess: use several words that have nothing to do with each other.",
    NOT_TEXT: "This password contains a character that is not text: type it again.",
    PERSONAL: "This password contains little besides your own data: leave out your names and the name of this service.",
    TOO_LONG: `Use at most ${maxLength} characters.`,
    TOO_SHORT: `Use at least ${minLength} characters: several words are easy to remember.`,
  };
  return reasons.map((reason) => texts[reason]);
}
