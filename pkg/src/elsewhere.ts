/** What a key that is kept elsewhere answers: by a service, or by the platform's WebCrypto. */

import type { Bytes } from "./bytes.js";
import { withTimeout } from "./deadline.js";
import { CountersignError } from "./errors.js";

/** Asks the service that has a key. */
export interface Elsewhere {
  /** Signs. Rejects with a `CountersignError`, or with the reason of the signal. */
  sign(data: Bytes, signal: AbortSignal | undefined): Promise<Bytes>;
  /** Whether a MAC is valid. Only secrets of WebCrypto have this. */
  verify?(data: Bytes, signature: Bytes): Promise<boolean>;
}

/** Asks who has a key for decrypting. */
export interface DecryptsElsewhere {
  /** A content key or a shared secret; `undefined` if the key does not fit. */
  answer(question: Bytes, signal: AbortSignal | undefined): Promise<Bytes | undefined>;
}

/** A `KEY_UNAVAILABLE` error. What a service threw is its cause, because it may hold anything. */
export function keyUnavailable(message: string, reason: string, cause?: unknown): CountersignError {
  const error = new CountersignError("KEY_UNAVAILABLE", message, undefined, reason);
  if (cause !== undefined) Object.defineProperty(error, "cause", { value: cause, configurable: true, writable: true });
  return error;
}

/**
 * Asks a service for bytes.
 *
 * @param who Who is asked, for messages: `"signer"` or `"decrypter"`.
 * @throws {CountersignError} `KEY_UNAVAILABLE`: it rejected, took too long, or did not return bytes. Rejects with the
 * reason of `signal` once that is aborted.
 */
export async function ask(
  who: string,
  timeoutMs: number,
  signal: AbortSignal | undefined,
  call: (signal: AbortSignal) => Promise<unknown>,
): Promise<Bytes> {
  const bytes = bytesOf(await answerOf(who, timeoutMs, signal, call));
  if (bytes === undefined) throw keyUnavailable(`the ${who} did not return bytes`, "answer");
  return bytes;
}

/**
 * Like {@link ask}, for a service that may not be able to use the key on what it is given. A rejection means the same as
 * `undefined` and `null`: all failures look alike. Only a `KEY_UNAVAILABLE` is passed on.
 */
export async function askOrNot(
  who: string,
  timeoutMs: number,
  signal: AbortSignal | undefined,
  call: (signal: AbortSignal) => Promise<unknown>,
): Promise<Bytes | undefined> {
  const answer = await answerOf(who, timeoutMs, signal, async (inner) => {
    try {
      return await call(inner);
    } catch (thrown) {
      if (thrown instanceof CountersignError && thrown.code === "KEY_UNAVAILABLE") throw thrown;
      return undefined;
    }
  });
  if (answer === undefined || answer === null) return undefined;
  const bytes = bytesOf(answer);
  if (bytes === undefined) throw keyUnavailable(`the ${who} did not return bytes`, "answer");
  return bytes;
}

function answerOf(
  who: string,
  timeoutMs: number,
  signal: AbortSignal | undefined,
  call: (signal: AbortSignal) => Promise<unknown>,
): Promise<unknown> {
  const late = () => keyUnavailable(`the ${who} took too long`, "timeout");
  const guarded = async (inner: AbortSignal) => {
    try {
      return await call(inner);
    } catch (thrown) {
      // It may have failed because the caller no longer waits.
      signal?.throwIfAborted();
      if (thrown instanceof CountersignError && thrown.code === "KEY_UNAVAILABLE") throw thrown;
      throw keyUnavailable(`the ${who} failed`, "failed", thrown);
    }
  };
  return withTimeout(timeoutMs, late, guarded, signal);
}

/** A copy of a `Uint8Array`, which protects the core from a value that changes, or of an `ArrayBuffer`. */
function bytesOf(answer: unknown): Bytes | undefined {
  try {
    const kind = Object.prototype.toString.call(answer);
    const isBytes = ArrayBuffer.isView(answer) ? kind === "[object Uint8Array]" : kind === "[object ArrayBuffer]";
    return isBytes ? new Uint8Array(answer as Uint8Array | ArrayBuffer as Uint8Array) : undefined;
  } catch {
    return undefined;
  }
}
