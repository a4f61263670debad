/** Options of the endpoints, read as strictly as those of the core: an unknown name is a mistake, not a wish. */

import { CountersignError } from "../errors.js";

/**
 * Refuses options that are not an object, or that have a name outside `names`.
 *
 * @throws {@link CountersignError} `OPTION_INVALID`.
 */
export function checkNames(options: unknown, names: readonly string[]): void {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new CountersignError("OPTION_INVALID", "options are not an object");
  }
  for (const name of Object.keys(options)) {
    if (!names.includes(name)) throw new CountersignError("OPTION_INVALID", `unknown option ${JSON.stringify(name)}`);
  }
}

/**
 * A whole number of at least `least`, or `fallback` where the option is absent.
 *
 * @throws {@link CountersignError} `OPTION_INVALID`.
 */
export function wholeNumber(name: string, value: unknown, least: number, fallback: number): number {
  if (value === undefined) return fallback;
  if (Number.isSafeInteger(value) && least <= (value as number)) return value as number;
  throw new CountersignError("OPTION_INVALID", `option "${name}" is not a whole number of at least ${least}`);
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
