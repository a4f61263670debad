/** Whether a password has leaked, asked without saying which it is. */

import { utf8 } from "../bytes.js";
import { CountersignError } from "../errors.js";
import { checkFunction } from "../options.js";
import { formsOf } from "./forms.js";

/**
 * How often a password stands in a list of leaked ones, by the range API of Have I Been Pwned: the list is told the first
 * five hexadecimal digits of the password's SHA-1, and answers with all that begin like that. {@link checkPassword} calls it
 * where it has the option `breached`.
 *
 * @param password The password, as typed; it is brought to NFC, and where its NFKC form is another, that is asked
 * about too.
 * @param breached Asks the list: given five digits it gives lines of `<the other 35>:<count>`, at least one. Lines of count 0
 * are padding. An empty text is not an answer: every range of the list has something in it.
 * @returns The count, the greater of two, and 0 for a password that is not in the list.
 * @throws {CountersignError} `BREACHES_UNAVAILABLE` `breached` threw, and what it threw is the error's `cause`; or it gave
 * something that is no range. `PASSWORD_INVALID` not a string, or one with lone surrogates; `OPTION_INVALID` `breached` is
 * not a function.
 * @example
 * ```ts
 * const count = await breachCount(password, async (prefix) => {
 *   const answer = await fetch(`https://api.pwnedpasswords.com/range/${prefix}`, {
 *     headers: { "Add-Padding": "true" },
 *     signal: AbortSignal.timeout(3000),
 *   });
 *   if (!answer.ok) throw new Error(`status ${answer.status}`);
 *   return answer.text();
 * });
 * ```
 */
export async function breachCount(password: string, breached: (prefix: string) => Promise<string>): Promise<number> {
  if (typeof password !== "string") throw new CountersignError("PASSWORD_INVALID", "password is not a string");
  checkFunction("breached", breached);
  let most = 0;
  for (const form of formsOf(password)) most = Math.max(most, await countOf(form, breached));
  return most;
}

async function countOf(text: string, breached: (prefix: string) => Promise<string>): Promise<number> {
  const bytes = utf8(text);
  if (bytes === undefined) throw new CountersignError("PASSWORD_INVALID", "password has a lone surrogate");
  const digest = await sha1(bytes);
  const counts = readRange(await ask(breached, digest.slice(0, PREFIX_DIGITS)));
  return counts.get(digest.slice(PREFIX_DIGITS)) ?? 0;
}

const PREFIX_DIGITS = 5;
/** Several times the longest range there is. */
const MAX_CHARACTERS = 1_048_576;
const LINE = /^([0-9A-F]{35}):(\d{1,15})$/i;

/** SHA-1 in capitals. It is the list's choice, and protects nothing here. */
async function sha1(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  if (globalThis.crypto?.subtle === undefined) throw unavailable("cannot be asked without crypto.subtle");
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-1", bytes));
  bytes.fill(0);
  return [...digest]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("")
    .toUpperCase();
}

async function ask(breached: (prefix: string) => Promise<string>, prefix: string): Promise<unknown> {
  try {
    return await breached(prefix);
  } catch (cause) {
    // It may name the address that was asked, and with it the prefix; but never the password, which `breached` is not told.
    throw Object.assign(unavailable("cannot be asked"), { cause });
  }
}

/** The counts of a range by the digits that follow its prefix. */
function readRange(text: unknown): Map<string, number> {
  if (typeof text !== "string") throw unavailable("answers with something that is not text");
  if (MAX_CHARACTERS < text.length) throw unavailable("answers with a text that is too long");
  const lines = text.replace(/\r?\n$/, "").split(/\r?\n/);
  const counts = new Map<string, number>();
  for (const line of lines) {
    const [, digits, count] = LINE.exec(line) ?? [];
    // Every range has something in it. An answer that is empty, or cut off, is no "not leaked".
    if (digits === undefined) throw unavailable("answers with something that is not a range");
    const suffix = digits.toUpperCase();
    // Of two lines the greater counts: padding takes nothing back.
    counts.set(suffix, Math.max(counts.get(suffix) ?? 0, Number(count)));
  }
  return counts;
}

function unavailable(what: string): CountersignError {
  return new CountersignError("BREACHES_UNAVAILABLE", `list of leaked passwords ${what}`);
}
