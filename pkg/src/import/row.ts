/** Reads the values of a row strictly. An error names a value that is missing or has the wrong type. */

import { copyOfBytes } from "../bytes.js";
import { CountersignError } from "../errors.js";
import { decoded, type Encoding } from "./encoding.js";

/** The error for a row in which a value is missing or malformed. */
export function malformed(message: string): CountersignError {
  return new CountersignError("HASH_MALFORMED", message);
}

/** The error for a complete row that was hashed in an unsupported way. */
export function unsupported(message: string): CountersignError {
  return new CountersignError("HASH_UNSUPPORTED", message);
}

/**
 * An own property of an object, or `undefined`.
 *
 * @param what The name of the object in an error message.
 */
export function member(object: unknown, name: string, what = "row"): unknown {
  if (typeof object !== "object" || object === null) throw malformed(`${what} is not an object`);
  try {
    return Object.hasOwn(object, name) ? (object as Record<string, unknown>)[name] : undefined;
  } catch {
    throw malformed(`${what} cannot be read`);
  }
}

/** Whether a value is absent: left out, `null`, or the empty string, as in CSV. */
export function isAbsent(value: unknown): value is undefined | null | "" {
  return value === undefined || value === null || value === "";
}

/** A property that must be text. */
export function textOf(object: unknown, name: string): string {
  const value = member(object, name);
  if (isAbsent(value)) throw malformed(`row has no "${name}"`);
  if (typeof value !== "string") throw malformed(`row's "${name}" is not a string`);
  return value;
}

/** A property that must be a whole number above zero. A string of digits is accepted, because CSV has only strings. */
export function countOf(object: unknown, name: string): number {
  const value = member(object, name);
  if (isAbsent(value)) throw malformed(`row has no "${name}"`);
  const number = typeof value === "string" && /^[1-9][0-9]*$/.test(value) ? Number(value) : value;
  if (!Number.isSafeInteger(number) || (number as number) < 1) {
    throw malformed(`row's "${name}" is not a whole number above zero`);
  }
  return number as number;
}

/** A property that must be bytes in this encoding, at least one. */
export function bytesOf(object: unknown, name: string, encoding: Encoding): Uint8Array {
  const value = member(object, name);
  const bytes = ArrayBuffer.isView(value)
    ? copyOfBytes(`row's "${name}"`, value, "a string or a Uint8Array", "HASH_MALFORMED")
    : decoded(textOf(object, name), encoding);
  if (bytes === undefined) throw malformed(`row's "${name}" is not ${encoding === "hex" ? "hexadecimal" : encoding}`);
  if (bytes.length === 0) throw malformed(`row's "${name}" is empty`);
  return bytes;
}
