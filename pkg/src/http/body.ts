/** Reads the bytes of a request's body, with a limit. */

import { invalid } from "../options.js";
import { headerOf } from "./request.js";

/**
 * The body, or `null` if it is longer than `maxBytes`.
 *
 * @throws {CountersignError} `OPTION_INVALID`: the body was already read.
 */
export async function readBody(request: Request, maxBytes: number): Promise<Uint8Array | null> {
  if (request.bodyUsed || request.body?.locked) {
    throw invalid("the request's body was already read: call the endpoint before anything reads the body");
  }
  if (maxBytes < Number(headerOf(request, "Content-Length") ?? 0)) return null;
  // Firefox has no streams of requests.
  if (request.body === undefined) {
    const bytes = new Uint8Array(await request.arrayBuffer());
    return maxBytes < bytes.length ? null : bytes;
  }
  const reader = request.body?.getReader();
  if (reader === undefined) return new Uint8Array();
  const bytes = new Uint8Array(maxBytes);
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return bytes.subarray(0, length);
    if (!ArrayBuffer.isView(value)) throw invalid("the request's body does not consist of bytes");
    if (maxBytes < length + value.byteLength) {
      await discard(reader, 4 * maxBytes);
      return null;
    }
    bytes.set(value, length);
    length += value.byteLength;
  }
}

/**
 * Reads up to `maxBytes` more without keeping them. A client that is still sending when the response arrives may lose both
 * the connection and the response. After `maxBytes`, the connection is cut anyway.
 */
async function discard(reader: ReadableStreamDefaultReader<Uint8Array>, maxBytes: number): Promise<void> {
  for (let left = maxBytes; 0 < left; ) {
    const { done, value } = await reader.read();
    if (done) return;
    left -= value.byteLength;
  }
  await reader.cancel();
}
