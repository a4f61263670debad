/** The option `engine` of classes and functions that may ask the platform's cryptography. */

import { invalid, splitOption } from "./options.js";
import type { Engine } from "./types.js";

const ENGINES: readonly unknown[] = ["auto", "wasm", "platform"];

/**
 * Takes the option `engine` out of the options of a class, because the core does not know it.
 *
 * @throws {CountersignError} `OPTION_INVALID`: there is no such engine.
 */
export function takeEngine<Options extends object>(
  options: (Options & { engine?: Engine }) | undefined,
): [engine: Engine | undefined, others: Options | undefined] {
  const parts = splitOption(options, "engine");
  return parts === undefined ? [undefined, options] : [expectEngine(parts.value), parts.others as Options | undefined];
}

function expectEngine(engine: unknown): Engine | undefined {
  if (engine === undefined || ENGINES.includes(engine)) return engine as Engine | undefined;
  throw invalid('option "engine" is not "auto", "wasm" or "platform"');
}
