/** The text of a stream, within a bound. */

import { Unavailable } from "./unavailable.js";

/**
 * The stream as UTF-8. Reading stops at the first piece that goes beyond `maxBytes`, whatever length was announced, and
 * when `signal` is aborted, whether or not the stream's source heeds it.
 *
 * @throws `JWKS_UNAVAILABLE` for a longer one, and for one that is not UTF-8.
 */
export async function readText(
  stream: ReadableStream<Uint8Array> | null,
  maxBytes: number,
  signal?: AbortSignal,
): Promise<string> {
  if (stream === null) return "";
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const reader = stream.getReader();
  const stop = () => reader.cancel().catch(() => {});
  signal?.addEventListener("abort", stop);
  let text = "";
  let bytes = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return text + decode(decoder);
      bytes += value.byteLength;
      if (maxBytes < bytes) throw new Unavailable("the key set is longer than the limit");
      text += decode(decoder, value);
    }
  } catch (thrown) {
    // Or a server could go on sending to nobody. What cancelling says no longer matters.
    stop();
    throw thrown;
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}

function decode(decoder: TextDecoder, piece?: Uint8Array): string {
  try {
    return piece === undefined ? decoder.decode() : decoder.decode(piece, { stream: true });
  } catch {
    throw new Unavailable("the key set is not UTF-8");
  }
}
