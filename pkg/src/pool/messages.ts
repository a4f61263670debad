/** What a thread and its worker say to each other; from the thread come a start and then tasks. */

import type { ErrorCode } from "../errors.js";

/** The first message: the module, compiled. */
export interface Start {
  readonly module: WebAssembly.Module;
}

/** What a worker answers: to the first message that it is ready, to a task its result or its error. */
export type Answer = Ready | Outcome;

export interface Ready {
  readonly ready: true;
}

/** How a task ended. */
export type Outcome = { readonly text: string } | Failure;

/** An error on its way. */
export interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
}

// A page may have any script where it says that the worker is.

export function isReady(answer: unknown): answer is Ready {
  return (answer as Partial<Ready> | null)?.ready === true;
}

export function isOutcome(answer: unknown): answer is Outcome {
  const { text, code, message } = (answer ?? {}) as { text?: unknown } & { [member in keyof Failure]?: unknown };
  return typeof text === "string" || (typeof code === "string" && typeof message === "string");
}
