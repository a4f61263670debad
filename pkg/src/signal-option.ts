/** The option `signal` of functions that wait for a key that is kept elsewhere. */

import { checkMethod, invalid } from "./options.js";

/** An option of functions that wait for a signer. */
export interface SignalOption {
  /** Stops waiting for a signer. The call then rejects with the signal's reason. */
  signal?: AbortSignal;
}

/**
 * The option `signal`, and the other options for the core, which checks them.
 *
 * @throws {CountersignError} `OPTION_INVALID`: it is not an `AbortSignal`. Throws its reason if it is aborted.
 */
export function withoutSignal<O extends object>(
  options: (O & SignalOption) | undefined,
): { signal: AbortSignal | undefined; others: O | undefined } {
  if (!hasSignal(options)) return { signal: undefined, others: options };
  const { signal, others } = split(options);
  if (signal !== undefined) for (const method of METHODS) checkMethod("signal", signal, method);
  signal?.throwIfAborted();
  return { signal, others };
}

/** What is used of a signal. */
const METHODS = ["throwIfAborted", "addEventListener", "removeEventListener"];

/** A `Proxy` may throw anything. */
function hasSignal<O extends object>(options: (O & SignalOption) | undefined): options is O & SignalOption {
  try {
    return typeof options === "object" && options !== null && Object.hasOwn(options, "signal");
  } catch {
    return false;
  }
}

function split<O extends object>(options: O & SignalOption): { signal: AbortSignal | undefined; others: O } {
  try {
    const { signal, ...others } = options;
    return { signal, others: others as unknown as O };
  } catch {
    throw invalid("options cannot be read");
  }
}
