/** Stored hashes as commands read them, and what to write at a shell about those that are refused. */

import { isCountersignError } from "../report/failure.js";
import { meaningOfMark } from "../report/no-password.js";
import { nameOf, recognize } from "../report/recognize.js";
import { adviceOnRefusal } from "../report/refused-hash.js";
import { isStoredHash } from "../report/stored-hash.js";
import { Failure } from "./failure.js";

/** A stored hash, and what it was taken out of: `"a line with a stored hash in it"`. */
export interface Taken {
  stored: string;
  outOf?: string;
}

/**
 * The stored hash of a text: the text itself, or the only hash in a line of a password file, of LDIF or of a dump.
 *
 * @param isWhole Whether the text is a hash that the package reads. What looks like a hash in it may be a part of it.
 */
export function takenFrom(text: string, isWhole: (text: string) => boolean): Taken {
  if (isStoredHash(text) || isWhole(text) || meaningOfMark(text) !== undefined) return { stored: text };
  const found = recognize(text);
  if (found.hashes !== undefined)
    throw new Failure("INPUT_INVALID", `this is ${nameOf(found)}: give one of them alone`);
  const isPart = found.kind === "hash" && found.place !== undefined;
  return isPart ? { stored: found.text, outOf: nameOf(found) } : { stored: text };
}

/** Names the command beside the function: the reader is at a shell. */
export function inCommands(message: string): string {
  if (/with fromColumns\b/.test(message)) return `${message}, or with countersign import --from columns --config FILE`;
  if (/only if the option "accept" contains/.test(message)) return `${message}, and check with --accept plain-digest`;
  return message;
}

/** Adds what to do to the error for a stored hash. `scheme` is its scheme, if that is known. */
export function explained(thrown: unknown, stored: string, scheme: string | null): unknown {
  if (!isCountersignError(thrown) || !thrown.code.startsWith("HASH_")) return thrown;
  const isAccept = /not in "accept"$/.test(thrown.message) && scheme !== null;
  const advice = isAccept ? `give --accept ${scheme}` : adviceOnRefusal(stored, thrown.message);
  thrown.message = advice === undefined ? inCommands(thrown.message) : `${thrown.message}: ${advice}`;
  return thrown;
}
