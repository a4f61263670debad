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
  return bytesOf(who, await answerOf(who, timeoutMs, signal, call));
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
      if (isUnavailable(thrown)) throw thrown;
      return undefined;
    }
  });
  return answer === undefined || answer === null ? undefined : bytesOf(who, answer);
}

/** Whether an error says `KEY_UNAVAILABLE`, also one of an older version of the package. A `Proxy` may throw anything. */
function isUnavailable(thrown: unknown): boolean {
  try {
    const { code, name } = thrown as CountersignError;
    return name === "CountersignError" && code === "KEY_UNAVAILABLE";
  } catch {
    return false;
  }
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
      if (thrown instanceof CountersignError && isUnavailable(thrown)) throw thrown;
      throw keyUnavailable(`the ${who} failed`, "failed", thrown);
    }
  };
  return withTimeout(timeoutMs, late, guarded, signal);
}

/** The longest answer, in bytes: more than any signature, content key or shared secret has. */
const MAX_ANSWER_BYTES = 16_384;

/**
 * A copy of a `Uint8Array`, which protects the core from a value that changes, or of an `ArrayBuffer`.
 *
 * @throws {CountersignError} `KEY_UNAVAILABLE`: it is neither, or too long. The memory of WebAssembly never shrinks, so a long answer
 * would stay in it.
 */
function bytesOf(who: string, answer: unknown): Bytes {
  const length = lengthOf(answer);
  if (length === undefined) throw keyUnavailable(`the ${who} did not return bytes`, "answer");
  if (MAX_ANSWER_BYTES < length) {
    throw keyUnavailable(`the ${who} returned more than ${MAX_ANSWER_BYTES} bytes`, "answer");
  }
  return new Uint8Array(answer as Uint8Array | ArrayBuffer as Uint8Array);
}

/** How many bytes a `Uint8Array` or an `ArrayBuffer` has. Of anything else `undefined`, also of what only claims to be one. */
function lengthOf(answer: unknown): number | undefined {
  try {
    const isView = ArrayBuffer.isView(answer);
    if (Object.prototype.toString.call(answer) !== `[object ${isView ? "Uint8Array" : "ArrayBuffer"}]`)
      return undefined;
    const prototype = isView ? Object.getPrototypeOf(Uint8Array.prototype) : ArrayBuffer.prototype;
    // The getter throws for other objects, and reads no property of the answer.
    return Reflect.get(prototype, "byteLength", answer) as number;
  } catch {
    return undefined;
  }
}
