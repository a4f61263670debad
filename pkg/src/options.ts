/** Options that the core does not see, read as strictly as its own: an unknown name is a mistake, not a wish. */

import { CountersignError } from "./errors.js";

/**
 * The options of those names, each read once and no other's: what a getter gives later is of no effect.
 *
 * @throws {@link CountersignError} `OPTION_INVALID` for what is not a plain object, has a name outside `names`, whether or
 * not it is enumerable, or cannot be read.
 */
export function readOptions<Options extends object>(
  options: Options,
  names: readonly (keyof Options & string)[],
): Options {
  const given = namesGiven(options, names);
  return Object.fromEntries(given.map((name) => [name, readOption(options, name)])) as Options;
}

function namesGiven<Name extends string>(options: object, names: readonly Name[]): Name[] {
  try {
    checkNames(options, names);
    return names.filter((name) => Object.hasOwn(options, name));
  } catch (thrown) {
    if (thrown instanceof CountersignError) throw thrown;
    // A proxy may throw anything, whatever it is asked.
    throw new CountersignError("OPTION_INVALID", "options cannot be read");
  }
}

/**
 * Only a plain object says what it holds: a promise that someone forgot to await, a `Map`, and an instance or an heir whose
 * members are inherited have no names of their own, and would pass as "all defaults".
 */
function checkNames(options: unknown, names: readonly string[]): void {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new CountersignError("OPTION_INVALID", "options are not an object");
  }
  // Not by comparing with this realm's `Object.prototype`: the object may come from another one.
  const prototype: unknown = Object.getPrototypeOf(options);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    throw new CountersignError("OPTION_INVALID", "options are not a plain object");
  }
  for (const name of Reflect.ownKeys(options)) {
    // What a Durable Object or another Worker answers is a plain object to which the runtime has added this.
    if (name === Symbol.dispose) continue;
    if (typeof name === "symbol") throw new CountersignError("OPTION_INVALID", `unknown option ${String(name)}`);
    if (!names.includes(name)) throw new CountersignError("OPTION_INVALID", `unknown option ${JSON.stringify(name)}`);
  }
}

function readOption<Options extends object>(options: Options, name: keyof Options & string): unknown {
  try {
    return options[name];
  } catch {
    throw new CountersignError("OPTION_INVALID", `option "${name}" cannot be read`);
  }
}

/**
 * A whole number of at least `least`, and at most `most` if that is given, or `fallback` where the option is absent.
 *
 * @throws {@link CountersignError} `OPTION_INVALID`.
 */
export function wholeNumber(
  name: string,
  value: unknown,
  least: number,
  fallback: number,
  most = Number.MAX_SAFE_INTEGER,
): number {
  if (value === undefined) return fallback;
  if (Number.isSafeInteger(value) && least <= (value as number) && (value as number) <= most) return value as number;
  const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
  throw new CountersignError("OPTION_INVALID", `option "${name}" is not a whole number ${range}`);
}

/**
 * Refuses an object without the method that the endpoint will call, before a request finds out.
 *
 * @throws {@link CountersignError} `OPTION_INVALID`.
 */
export function checkMethod(name: string, object: unknown, method: string): void {
  const member = (object as Record<string, unknown> | null | undefined)?.[method];
  if (typeof member !== "function") {
    throw new CountersignError("OPTION_INVALID", `option "${name}" has no method "${method}"`);
  }
}

/**
 * Refuses an option that is given and is not a function.
 *
 * @throws {@link CountersignError} `OPTION_INVALID`.
 */
export function checkFunction(name: string, value: unknown): void {
  if (typeof value !== "function") throw new CountersignError("OPTION_INVALID", `option "${name}" is not a function`);
}
