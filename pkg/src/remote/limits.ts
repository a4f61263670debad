/** Limits on what a server or a cache may take: time and bytes. */

import { JwksUnavailable } from "./unavailable.js";

/**
 * Reads a stream as UTF-8. Reading stops at the first chunk that exceeds `maxBytes`, whatever `Content-Length` said, and
 * when `signal` is aborted, even if the source of the stream ignores the signal. Errors name the text by `what`.
 *
 * @throws {JwksUnavailable} The text is longer than `maxBytes` or is not UTF-8.
 */
export async function readText(
  stream: ReadableStream<Uint8Array> | null,
  maxBytes: number,
  signal?: AbortSignal,
  what = "the key set",
): Promise<string> {
  if (stream === null) return "";
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const reader = stream.getReader();
  const cancel = () => reader.cancel().catch(() => {});
  signal?.addEventListener("abort", cancel);
  let text = "";
  let bytes = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return text + decode(decoder, what);
      bytes += value.byteLength;
      if (maxBytes < bytes) throw new JwksUnavailable("too-long", `${what} is longer than the limit`);
      text += decode(decoder, what, value);
    }
  } catch (thrown) {
    // Without this, the server could go on sending. The result of cancelling does not matter.
    cancel();
    throw thrown;
  } finally {
    signal?.removeEventListener("abort", cancel);
  }
}

function decode(decoder: TextDecoder, what: string, chunk?: Uint8Array): string {
  try {
    return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
  } catch {
    throw new JwksUnavailable("not-utf-8", `${what} is not UTF-8`);
  }
}
