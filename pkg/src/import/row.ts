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

/** The values of a row, by name. */
export type Row = Readonly<Record<string, unknown>>;

/**
 * The own properties of an object with these names. Each is read once, so a getter or a Proxy cannot answer differently later.
 *
 * @param what The name of the object in an error message.
 */
export function rowOf(object: unknown, names: readonly string[], what = "row"): Row {
  if (typeof object !== "object" || object === null) throw malformed(`${what} is not an object`);
  const row: Record<string, unknown> = Object.create(null);
  let isList: boolean;
  try {
    // A list would pass for a user without a password, and its hashes would be lost.
    isList = Array.isArray(object) || Object.hasOwn(object, "users");
    for (const name of names) if (Object.hasOwn(object, name)) row[name] = (object as Record<string, unknown>)[name];
  } catch {
    throw malformed(`${what} cannot be read`);
  }
  if (isList) throw malformed(`${what} is a list: pass one at a time`);
  return row;
}

/** Whether a value is absent: left out, `null`, or the empty string, as in CSV. */
export function isAbsent(value: unknown): value is undefined | null | "" {
  return value === undefined || value === null || value === "";
}

/** Whether a value is `null` or empty. A row that lacks the property has another name for it, and its hash would be lost. */
export function isEmpty(row: Row, name: string): boolean {
  if (row[name] === undefined) throw malformed(`row has no "${name}"`);
  return isAbsent(row[name]);
}

/** Stored hashes are read up to 1024 characters, and no part of one is longer in any encoding. */
const MOST_CHARACTERS = 2048;

/** A property that must be text. */
export function textOf(row: Row, name: string, most = MOST_CHARACTERS): string {
  const value = row[name];
  if (isAbsent(value)) throw malformed(`row has no "${name}"`);
  if (typeof value !== "string") throw malformed(`row's "${name}" is not a string`);
  if (most < value.length) throw malformed(`row's "${name}" is longer than ${most} characters`);
  return value;
}

/** A property that must be a whole number above zero. A string of digits is accepted, because CSV has only strings. */
export function countOf(row: Row, name: string): number {
  const value = row[name];
  if (isAbsent(value)) throw malformed(`row has no "${name}"`);
  const number = typeof value === "string" && /^[1-9][0-9]{0,15}$/.test(value) ? Number(value) : value;
  if (!Number.isSafeInteger(number) || (number as number) < 1) {
    throw malformed(`row's "${name}" is not a whole number above zero`);
  }
  return number as number;
}

/** A property that must be bytes in this encoding, at least one. */
export function bytesOf(row: Row, name: string, encoding: Encoding): Uint8Array {
  const value = row[name];
  const bytes = ArrayBuffer.isView(value) ? copyOf(name, value) : decoded(textOf(row, name), encoding);
  if (bytes === undefined) throw malformed(`row's "${name}" is not ${encoding === "hex" ? "hexadecimal" : encoding}`);
  if (bytes.length === 0) throw malformed(`row's "${name}" is empty`);
  if (MOST_CHARACTERS < bytes.length) throw malformed(`row's "${name}" is longer than ${MOST_CHARACTERS} bytes`);
  return bytes;
}

function copyOf(name: string, value: ArrayBufferView): Uint8Array {
  try {
    return copyOfBytes(`row's "${name}"`, value, "a string or a Uint8Array", "HASH_MALFORMED");
  } catch {
    // Also what a member of a subclass throws.
    throw malformed(`row's "${name}" is not a string or a Uint8Array`);
  }
}
