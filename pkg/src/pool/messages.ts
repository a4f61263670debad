/** The messages between a thread of the pool and its worker script. First comes a `Start`, then one task at a time. */

import { copyOfBytes } from "../bytes.js";
import type { ErrorCode } from "../errors.js";

/** The first message: the compiled module. */
export interface Start {
  readonly module: WebAssembly.Module;
}

/** The worker's answer to `Start`. */
export interface Ready {
  readonly ready: true;
}

/** The worker's answer to a task: its result or its error. */
export type Outcome = { readonly text: string } | Failure;

interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
}

export type Answer = Ready | Outcome;

// `workerUrl` may lead to any script, so answers are checked.

export function isReady(answer: unknown): answer is Ready {
  return (answer as Partial<Ready> | null)?.ready === true;
}

export function isOutcome(answer: unknown): answer is Outcome {
  const { text, code, message } = (answer ?? {}) as { text?: unknown } & { [member in keyof Failure]?: unknown };
  return typeof text === "string" || (typeof code === "string" && typeof message === "string");
}

/**
 * A copy of a policy to send to a worker. Byte arrays in a policy are secret keys. Each gets a buffer of its own, which is
 * added to `transferred`: a transferred buffer leaves no copy in this thread.
 */
export function copyPolicy(value: unknown, transferred: ArrayBuffer[]): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (ArrayBuffer.isView(value)) {
    const bytes = copyOfBytes("policy", value);
    transferred.push(bytes.buffer);
    return bytes;
  }
  if (Array.isArray(value)) return value.map((member) => copyPolicy(member, transferred));
  const members = Object.entries(value).map(([name, member]) => [name, copyPolicy(member, transferred)]);
  return Object.fromEntries(members);
}

/** Wipes the keys in a policy that a worker has received. */
export function wipePolicy(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  if (ArrayBuffer.isView(value)) new Uint8Array(value.buffer, value.byteOffset, value.byteLength).fill(0);
  else for (const member of Object.values(value)) wipePolicy(member);
}
