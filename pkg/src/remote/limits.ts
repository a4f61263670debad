/** Limits on what a server or a cache may take: time and bytes. */

import { type Body, readerOf } from "../body-reader.js";
import { JwksUnavailable } from "./unavailable.js";

/**
 * Reads a body as UTF-8. Reading stops at the first chunk that exceeds `maxBytes`, whatever `Content-Length` said, and
 * when `signal` is aborted, even if the source of the body ignores the signal. Errors name the text by `what`.
 *
 * @throws {JwksUnavailable} The text is longer than `maxBytes` or is not UTF-8, or a chunk is not bytes.
 */
export async function readText(
  body: Body | null,
  maxBytes: number,
  signal?: AbortSignal,
  what = "the key set",
): Promise<string> {
  if (body === null) return "";
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const { next, cancel } = readerOf(body);
  signal?.addEventListener("abort", cancel);
  let text = "";
  let bytes = 0;
  try {
    for (;;) {
      const { done, value } = await next();
      if (done) return text + decode(decoder, what);
      // A Node stream with an encoding gives strings, which have no limit in bytes.
      if (!isBytes(value)) throw new JwksUnavailable("fetch", `${what} does not arrive as bytes`);
      bytes += value.byteLength;
      if (maxBytes < bytes) throw new JwksUnavailable("too-long", `${what} is longer than the limit`);
      text += decode(decoder, what, value);
    }
  } catch (thrown) {
    // Without this, the server could go on sending.
    cancel();
    throw thrown;
  } finally {
    signal?.removeEventListener("abort", cancel);
  }
}

/** Also for bytes of another realm, such as Jest's. */
function isBytes(chunk: unknown): chunk is Uint8Array {
  return ArrayBuffer.isView(chunk);
}

function decode(decoder: TextDecoder, what: string, chunk?: Uint8Array): string {
  try {
    return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
  } catch {
    throw new JwksUnavailable("not-utf-8", `${what} is not UTF-8`);
  }
}
