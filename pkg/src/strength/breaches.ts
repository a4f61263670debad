/** Finds out whether a password has leaked, without revealing it. */

import { utf8 } from "../bytes.js";
import { CountersignError } from "../errors.js";
import { checkFunction } from "../options.js";
import { formsOf } from "./words.js";

/**
 * Returns how often a password occurs in a list of leaked passwords with the range API of Have I Been Pwned. The list
 * receives the first five hexadecimal digits of the password's SHA-1, and returns all entries that begin with them.
 * {@link checkPassword} calls this with its option `breached`.
 *
 * @param password The password, as the user typed it. Its NFC form is looked up, and its NFKC form if that differs.
 * @param breached Asks the list. It receives five digits and returns lines of `<the other 35>:<count>`. Lines with the count
 * 0 are padding. An empty text is not a valid answer, because every range of the list has entries.
 * @returns The count, or 0 if the password is not in the list. Of two forms, the greater count.
 * @throws {CountersignError} `BREACHES_UNAVAILABLE`: `breached` threw, which is the error's `cause`, or returned something
 * that is not a range. `PASSWORD_INVALID`: not a string, or a lone surrogate. `OPTION_INVALID`: `breached` is not a function.
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
  const counts = parseRange(await ask(breached, digest.slice(0, PREFIX_DIGITS)));
  return counts.get(digest.slice(PREFIX_DIGITS)) ?? 0;
}

const PREFIX_DIGITS = 5;
/** Several times the length of the longest existing range. */
const MAX_CHARACTERS = 1_048_576;
const LINE = /^([0-9A-F]{35}):(\d{1,15})$/i;

/** SHA-1 in capitals. The list uses SHA-1; nothing here relies on its strength. */
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
    // The cause may contain the URL and so the prefix, but not the password, which `breached` does not know.
    throw Object.assign(unavailable("cannot be reached"), { cause });
  }
}

/** The counts of a range, by the digits after its prefix. */
function parseRange(text: unknown): Map<string, number> {
  if (typeof text !== "string") throw unavailable("returned something that is not text");
  if (MAX_CHARACTERS < text.length) throw unavailable("returned a text that is too long");
  const lines = text.replace(/\r?\n$/, "").split(/\r?\n/);
  const counts = new Map<string, number>();
  for (const line of lines) {
    const [, digits, count] = LINE.exec(line) ?? [];
    // Every range has entries. An empty or truncated answer must not count as "not leaked".
    if (digits === undefined) throw unavailable("returned something that is not a range");
    const suffix = digits.toUpperCase();
    // Of two lines, the greater count is used: a padding line with 0 must not hide an entry.
    counts.set(suffix, Math.max(counts.get(suffix) ?? 0, Number(count)));
  }
  return counts;
}

function unavailable(what: string): CountersignError {
  return new CountersignError("BREACHES_UNAVAILABLE", `list of leaked passwords ${what}`);
}
