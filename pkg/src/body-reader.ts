/** Reads the body of a response in chunks: a web stream, of whatever realm, or a stream of Node. */

/** The body of a response. That of node-fetch is a Node stream: async iterable, and ended by `destroy`. */
export type Body = ReadableStream<Uint8Array> | (AsyncIterable<unknown> & { destroy?(): unknown });

interface BodyReader {
  /** The next chunk. */
  next(): Promise<{ done?: boolean | undefined; value?: unknown }>;
  /** Ends the body. Never rejects, because the result does not matter. */
  cancel(): Promise<void>;
}

/** Reads a body in chunks. Web streams are async iterable in some runtimes only. */
export function readerOf(body: Body): BodyReader {
  if ("getReader" in body) {
    const reader = body.getReader();
    return { next: () => reader.read(), cancel: () => reader.cancel().catch(() => {}) };
  }
  const chunks = body[Symbol.asyncIterator]();
  return {
    next: () => chunks.next(),
    async cancel() {
      try {
        // `return` of a Node stream's iterator would wait for the next chunk.
        await (body.destroy ? body.destroy() : chunks.return?.());
      } catch {
        // As above.
      }
    },
  };
}
