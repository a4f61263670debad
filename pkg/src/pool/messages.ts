/** What a thread and its worker say to each other; from the thread come a start and then tasks. */

import type { ErrorCode } from "../errors.js";

/** The first message: the module, compiled. */
export interface Start {
  readonly module: WebAssembly.Module;
}

/** What a worker answers: to the first message that it is ready, to a task its result or its error. */
export type Answer = { readonly ready: true } | { readonly text: string } | Failure;

/** An error on its way. */
export interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
}
