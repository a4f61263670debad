/** The error for an input that cannot be read, and how to recognize errors of the package without loading a module. */

/** An input is not what it should be. The message contains no secret. */
export class InputError extends Error {
  readonly code = "INPUT_INVALID";
}

/** What a `CountersignError` has. The class itself is not imported, so that no module is loaded for it. */
interface CountersignErrorLike extends Error {
  code: string;
  claim?: string;
  parameter?: string;
  reason?: string;
}

/** Whether a value is an error of the package. */
export function isCountersignError(thrown: unknown): thrown is CountersignErrorLike {
  return thrown instanceof Error && thrown.name === "CountersignError";
}
