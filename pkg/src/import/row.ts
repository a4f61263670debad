/** What stands in a row, read strictly: a value that is missing or of another kind is named and never guessed. */

import { copyOfBytes } from "../bytes.js";
import { CountersignError } from "../errors.js";
import { decoded, type Encoding } from "./encoding.js";

/** A row is at fault: it lacks something, or has it in another form. */
export function malformed(message: string): CountersignError {
  return new CountersignError("HASH_MALFORMED", message);
}

/** A row is whole, and made in a way that is not read here. */
export function unsupported(message: string): CountersignError {
  return new CountersignError("HASH_UNSUPPORTED", message);
}

/** The caller is at fault: what holds for all rows is missing, or in another form. */
export function invalid(message: string): CountersignError {
  return new CountersignError("OPTION_INVALID", message);
}

/**
 * A member of an object, its own and not inherited; `undefined` where there is none.
 *
 * @param what What the object is, for the message.
 */
export function member(object: unknown, name: string, what = "row"): unknown {
  if (typeof object !== "object" || object === null) throw malformed(`${what} is not an object`);
  try {
    return Object.hasOwn(object, name) ? (object as Record<string, unknown>)[name] : undefined;
  } catch {
    throw malformed(`${what} cannot be read`);
  }
}

/** Whether a member is absent: left out, `null`, or the empty string, as a table of CSV has it. */
export function isAbsent(value: unknown): value is undefined | null | "" {
  return value === undefined || value === null || value === "";
}

/** A member that must be text. */
export function textOf(object: unknown, name: string): string {
  const value = member(object, name);
  if (isAbsent(value)) throw malformed(`row has no "${name}"`);
  if (typeof value !== "string") throw malformed(`row's "${name}" is not a string`);
  return value;
}

/** A member that must be a whole number above zero; a string of digits is taken for one, as a table of CSV has it. */
export function countOf(object: unknown, name: string): number {
  const value = member(object, name);
  if (isAbsent(value)) throw malformed(`row has no "${name}"`);
  const number = typeof value === "string" && /^[1-9][0-9]*$/.test(value) ? Number(value) : value;
  if (!Number.isSafeInteger(number) || (number as number) < 1) {
    throw malformed(`row's "${name}" is not a whole number above zero`);
  }
  return number as number;
}

/** A member that must be bytes in this encoding, at least one. */
export function bytesOf(object: unknown, name: string, encoding: Encoding): Uint8Array {
  const value = member(object, name);
  const bytes = ArrayBuffer.isView(value)
    ? copyOfBytes(`row's "${name}"`, value, "a string or a Uint8Array", "HASH_MALFORMED")
    : decoded(textOf(object, name), encoding);
  if (bytes === undefined) throw malformed(`row's "${name}" is not ${encoding === "hex" ? "hexadecimal" : encoding}`);
  if (bytes.length === 0) throw malformed(`row's "${name}" is empty`);
  return bytes;
}
