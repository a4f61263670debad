/**
 * Reads options that the core does not see: those of HTTP handlers, of the thread pool and of remote key sets. Like the
 * core, it refuses unknown names, because a misspelled option would silently keep its default.
 */

import { isText } from "./bytes.js";
import { CountersignError } from "./errors.js";

/** Checks one option and returns its value or its default. `value` is `undefined` if the option is absent. */
export type OptionReader<T> = (name: string, value: unknown) => T;

/**
 * Reads an options object. `readers` has one entry for each known option.
 *
 * Each option is read once, so a getter cannot return another value later.
 *
 * @throws {CountersignError} `OPTION_INVALID`: not a plain object, an unknown name (also a non-enumerable one), a property
 * that throws when it is read, or a value that its reader refuses.
 */
export function readOptions<Values extends object>(
  options: unknown,
  readers: { readonly [Name in keyof Values]-?: OptionReader<Values[Name]> },
): Values {
  const names = Object.keys(readers) as (keyof Values & string)[];
  const given = new Map(ownNames(options, names).map((name) => [name, readProperty(options as object, name)]));
  return Object.fromEntries(names.map((name) => [name, readers[name](name, given.get(name))])) as Values;
}

function ownNames<Name extends string>(options: unknown, names: readonly Name[]): Name[] {
  try {
    expectPlainObject(options);
    refuseUnknownNames(options, names);
    return names.filter((name) => Object.hasOwn(options, name));
  } catch (thrown) {
    if (thrown instanceof CountersignError) throw thrown;
    // A Proxy may throw anything.
    throw invalid("options cannot be read");
  }
}

/**
 * Refuses a promise that someone forgot to await, a `Map`, and an instance of a class. Their members are not own
 * properties, so they would pass as "all defaults".
 */
function expectPlainObject(options: unknown): asserts options is object {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw invalid("options are not an object");
  }
  // Not compared with `Object.prototype`: the object may come from another realm.
  const prototype: unknown = Object.getPrototypeOf(options);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) throw invalid("options are not a plain object");
}

function refuseUnknownNames(options: object, names: readonly string[]): void {
  for (const name of Reflect.ownKeys(options)) {
    // The Workers runtime adds this to plain objects that a Durable Object or another Worker returns.
    if (name === Symbol.dispose) continue;
    if (typeof name === "symbol") throw invalid(`unknown option ${String(name)}`);
    if (names.includes(name)) continue;
    const instead = insteadOf?.(name);
    throw invalid(`unknown option ${JSON.stringify(name)}${instead === undefined ? "" : `: ${instead}`}`);
  }
}

/** What to write instead of an option of another library. The small modules do not know. */
let insteadOf: ((name: string) => string | undefined) | undefined;

/** Adds advice to the messages about unknown options. */
export function adviseOnOptions(advice: typeof insteadOf): void {
  insteadOf = advice;
}

function readProperty(options: object, name: string): unknown {
  try {
    return (options as Record<string, unknown>)[name];
  } catch {
    throw invalid(`option "${name}" cannot be read`);
  }
}

/**
 * Takes out an option that the core does not know. Everything else stays for the core to judge, also options that cannot be
 * read. `undefined` if the option is not there, or the options cannot be read.
 */
export function splitOption(
  options: unknown,
  name: string,
): { value: unknown; others: object | undefined } | undefined {
  try {
    if (typeof options !== "object" || options === null || !Object.hasOwn(options, name)) return undefined;
    const { [name]: _, ...others } = Object.getOwnPropertyDescriptors(options as Record<string, unknown>);
    const isAlone = Reflect.ownKeys(others).length === 0;
    const prototype: unknown = Object.getPrototypeOf(options);
    // The prototype stays, because the core refuses an instance of a class.
    const isPlain = prototype === null || Object.getPrototypeOf(prototype) === null;
    return {
      value: (options as Record<string, unknown>)[name],
      others: isAlone && isPlain ? undefined : Object.create(prototype as object | null, others),
    };
  } catch {
    // A `Proxy` may throw anything. The core refuses it.
    return undefined;
  }
}

/** An integer from `least` to `most`. */
export function wholeNumber(least: number, byDefault: number, most = Number.MAX_SAFE_INTEGER): OptionReader<number> {
  return (name, value) => {
    if (value === undefined) return byDefault;
    if (Number.isSafeInteger(value) && least <= (value as number) && (value as number) <= most) return value as number;
    const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
    throw invalid(`option "${name}" is not a whole number ${range}`);
  };
}

/**
 * Refuses a number of seconds that is a time since 1970: as a lifetime, it would last for decades. The core has the same
 * limit and message.
 *
 * @throws {CountersignError} `OPTION_INVALID`.
 */
export function refuseTime(name: string, value: unknown): void {
  if (typeof value === "number" && 1e9 <= value && value <= Number.MAX_SAFE_INTEGER)
    throw invalid(`option "${name}" is not a duration in seconds, but a time: subtract now`);
}

/** A whole number of seconds of at least 0. */
export function wholeSeconds(byDefault?: undefined): OptionReader<number | undefined>;
export function wholeSeconds(byDefault: number): OptionReader<number>;
export function wholeSeconds(byDefault?: number): OptionReader<number | undefined> {
  return (name, value) => {
    if (value === undefined) return byDefault;
    refuseTime(name, value);
    return wholeNumber(0, 0)(name, value);
  };
}

/** A name of 1 to 64 letters, digits, hyphens and underscores. Required, unless there is a default. */
export function shortName(byDefault?: string): OptionReader<string> {
  return (name, value = byDefault) => {
    if (typeof value === "string" && /^[\w-]{1,64}$/.test(value)) return value;
    throw invalid(`option "${name}" is not 1 to 64 letters, digits, "-" and "_"`);
  };
}

/** A boolean; `false` by default. */
export function flag(name: string, value: unknown): boolean {
  if (value === undefined || typeof value === "boolean") return value ?? false;
  throw invalid(`option "${name}" is not a boolean`);
}

/** A text that must be given. */
export function requiredText(name: string, value: unknown): string {
  if (value === undefined) throw invalid(`missing option "${name}"`);
  if (!isText(value)) throw invalid(`option "${name}" is not a string`);
  return value;
}

/** A text, or `undefined` if absent. */
export function optionalText(name: string, value: unknown): string | undefined {
  return value === undefined ? undefined : requiredText(name, value);
}

/** A function, or `undefined` if absent. */
export function optionalFunction<T>(): OptionReader<T | undefined> {
  return (name, value) => {
    if (value !== undefined) checkFunction(name, value);
    return value as T | undefined;
  };
}

/** An object with these methods, or `undefined` if absent. */
export function optionalObject<T>(...methods: string[]): OptionReader<T | undefined> {
  return (name, value) => {
    if (value !== undefined) for (const method of methods) checkMethod(name, value, method);
    return value as T | undefined;
  };
}

/** An option that its user checks. */
export function unchecked<T>(): OptionReader<T | undefined> {
  return (_, value) => value as T | undefined;
}

/**
 * Refuses an object without a method, so that the mistake shows at start-up and not with the first request.
 *
 * @param make How to make one that has it.
 * @throws {CountersignError} `OPTION_INVALID`.
 */
export function checkMethod(name: string, object: unknown, method: string, make?: string): void {
  if (hasMethod(object, method)) return;
  throw invalid(`option "${name}" has no method "${method}"${make === undefined ? "" : `: make one with ${make}`}`);
}

/** How to make what most doors take. */
export const NEW_SIGNER = "new Signer(key, { issuer, audience })";
export const NEW_VERIFIER = "new Verifier(key, { issuer, audience })";

/** Whether a value has a method. A `Proxy` that throws has none. */
export function hasMethod(object: unknown, method: string): boolean {
  try {
    return typeof (object as Record<string, unknown> | null | undefined)?.[method] === "function";
  } catch {
    return false;
  }
}

/**
 * The elements of an array of keys, or `undefined` if the value is no array. They are copied, because a `Proxy` around an
 * array may throw anything, and even `Array.isArray` throws for a proxy that was revoked.
 *
 * @throws {CountersignError} `KEY_INVALID`: the value cannot be read.
 */
export function elementsOf(value: unknown, what = "keys"): unknown[] | undefined {
  try {
    return Array.isArray(value) ? [...value] : undefined;
  } catch {
    throw new CountersignError("KEY_INVALID", `${what} cannot be read`);
  }
}

/**
 * Refuses anything that is not a function.
 *
 * @throws {CountersignError} `OPTION_INVALID`.
 */
export function checkFunction(name: string, value: unknown): void {
  if (typeof value !== "function") throw invalid(`option "${name}" is not a function`);
}

/** An `OPTION_INVALID` error. */
export function invalid(message: string): CountersignError {
  return new CountersignError("OPTION_INVALID", message);
}
