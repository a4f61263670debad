/** Refuses callbacks, which nothing here would call: a program that waits for one would wait forever. */

import { invalid } from "./options.js";

/**
 * Refuses a function in the place of options, or behind them.
 *
 * @throws {CountersignError} `OPTION_INVALID`.
 */
export function refuseCallback(options: unknown, more: unknown, last?: unknown): void {
  if (typeof options !== "function" && typeof more !== "function" && typeof last !== "function") return;
  throw invalid("this function takes no callback: it returns the result, or a promise, and throws errors");
}
