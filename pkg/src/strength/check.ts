/** One password, judged. */

import { CountersignError } from "../errors.js";
import { breachCount } from "./breaches.js";
import { english } from "./english.js";
import { type Estimate, estimate } from "./estimate.js";
import { formsOf, guessesAt } from "./forms.js";
import { type PasswordCheckOptions, type Rules, readRules } from "./options.js";
import { contextWords, isMostlyContext } from "./personal.js";
import { sentenceFor } from "./sentences.js";

/**
 * Why a password is not good enough. Reasons may be added; none is ever renamed.
 *
 * - `NOT_TEXT`: it has lone surrogates, and no hash can be made of it.
 * - `TOO_LONG`, `TOO_SHORT`: by its characters.
 * - `PERSONAL`: it is made of what stands in `userInputs`.
 * - `COMMON`: all of it is one password, word or name from the lists, maybe reversed or with 0 for o.
 * - `GUESSABLE`: it follows patterns that guessers follow.
 * - `BREACHED`: it has leaked.
 */
export type PasswordReason = "BREACHED" | "COMMON" | "GUESSABLE" | "NOT_TEXT" | "PERSONAL" | "TOO_LONG" | "TOO_SHORT";

/** What {@link checkPassword} says. The password is in none of it. */
export interface PasswordReport {
  /** Whether the password is good enough: there are no reasons against it. */
  ok: boolean;
  /** Everything that speaks against it; nothing where `ok`. */
  reasons: PasswordReason[];
  /**
   * How hard it is to guess, for a meter: 0 under 10³ guesses, 1 under 10⁶, 2 under 10⁸, 3 under 10¹⁰, 4 above. It knows
   * nothing of leaks, and less than `PERSONAL` does of the user, so that a refused password may have 4: let the meter look
   * at `ok` first. Absent for `NOT_TEXT` and `TOO_LONG`, which nobody looks into.
   */
  score?: 0 | 1 | 2 | 3 | 4;
  /**
   * What to tell whoever types, in English: a sentence for each reason, then what zxcvbn advises. With an `estimator` of
   * yours, only what that says, in its language: put the `reasons` into words of that language.
   */
  suggestions: string[];
}

/**
 * Checks a new password after NIST SP 800-63B-4 §3.1.1.2: its length in characters, and that it is not a common, expected or
 * leaked one. There are no rules about kinds of characters, as that section forbids them. It is judged as NFC and as NFKC
 * has it, whichever a `PasswordHasher` is told to hash.
 *
 * The first call loads the dictionaries, which takes about half a second and 30 MB; further ones take some milliseconds,
 * and for the worst of passwords a fifth of a second. More than 64 characters are judged by their first 64, and where those
 * are weak by their last.
 *
 * @param password The password, as typed.
 * @param o See {@link PasswordCheckOptions}.
 * @returns Whether it is good enough, and if not, why not. A weak password is an answer, not an error.
 * @throws {CountersignError} `PASSWORD_INVALID` not a string; `OPTION_INVALID` an unknown option, one of the wrong type or
 * range, or no `estimator` while zxcvbn is not installed; `BREACHES_UNAVAILABLE` `breached` threw, which is the `cause`, or
 * gave no range.
 * @example
 * ```ts
 * const { ok, reasons, suggestions } = await checkPassword(password, { userInputs: [username, email, "Example"] });
 * if (!ok) return Response.json({ reasons, suggestions }, { status: 400 });
 * ```
 */
export async function checkPassword(password: string, o: PasswordCheckOptions = {}): Promise<PasswordReport> {
  if (typeof password !== "string") throw new CountersignError("PASSWORD_INVALID", "password is not a string");
  const rules = readRules(o);
  if (LONE_SURROGATE.test(password)) return refused("NOT_TEXT", rules);
  // No code point of the NFC form stands for more than 4, of at most 2 units each: this one is too long, and by much.
  if (8 * rules.maxLength < password.length) return refused("TOO_LONG", rules);
  const forms = formsOf(password);
  const [length = 0, ...others] = forms.map((form) => [...form].length);
  if (rules.maxLength < length) return refused("TOO_LONG", rules);

  const words = contextWords(rules.userInputs);
  const found = await weakest(guessesAt(forms), words, rules);
  const reasons: PasswordReason[] = Math.min(length, ...others) < rules.minLength ? ["TOO_SHORT"] : [];
  const blocked = forms.some((form) => isMostlyContext(form, words)) ? "PERSONAL" : blockedBy(found, rules);
  if (blocked !== undefined) reasons.push(blocked);
  // What is refused already is nobody else's business.
  if (reasons.length === 0 && rules.breached !== undefined && 0 < (await breachCount(password, rules.breached))) {
    reasons.push("BREACHED");
  }
  return { ok: reasons.length === 0, reasons, score: found.score, suggestions: suggestionsOf(found, reasons, rules) };
}

const LONE_SURROGATE = /\p{Surrogate}/u;

function refused(reason: PasswordReason, rules: Rules): PasswordReport {
  return { ok: false, reasons: [reason], suggestions: ours([reason], rules) };
}

/** Of the texts that it may be, the one that is guessed first. */
async function weakest(texts: string[], words: string[], rules: Rules): Promise<Estimate & { whole: boolean }> {
  const estimator = rules.estimator ?? (await english());
  const [first = "", ...others] = texts;
  let found = await estimate(first, words, rules.minScore, estimator);
  for (const text of others) {
    const other = await estimate(text, words, rules.minScore, estimator);
    if (other.score < found.score) found = other;
  }
  return found;
}

/** NIST SP 800-63B-4 §3.1.1.2: the whole password is compared with the list. Beyond that, what is easily guessed. */
function blockedBy({ score, sequence, whole }: Estimate & { whole: boolean }, { minScore }: Rules) {
  const [first] = sequence;
  const isEntry = whole && sequence.length === 1 && first?.pattern === "dictionary";
  if (!isEntry && minScore <= score) return undefined;
  if (sequence.some(({ dictionaryName }) => dictionaryName === "userInputs")) return "PERSONAL";
  return isEntry ? "COMMON" : "GUESSABLE";
}

function suggestionsOf({ feedback: { warning, suggestions } }: Estimate, reasons: PasswordReason[], rules: Rules) {
  const texts = [...ours(reasons, rules), warning, ...suggestions];
  return [...new Set(texts.filter((text): text is string => typeof text === "string" && text !== ""))];
}

/** English sentences beside those of an estimator in another language would be of no use. */
function ours(reasons: PasswordReason[], rules: Rules): string[] {
  return rules.estimator === undefined ? reasons.map((reason) => sentenceFor(reason, rules)) : [];
}
