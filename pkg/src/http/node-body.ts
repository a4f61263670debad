/** The body of a Node request: as a stream, and discarded if the handler does not want it. */

import { invalid } from "../options.js";

/** The part of Node's `IncomingMessage` that is used, so that no types of Node are needed. Express's `req` has it too. */
export interface NodeRequest {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  /** Express: the URL before a router shortened it. */
  readonly originalUrl?: string;
  readonly headers: { readonly [name: string]: string | string[] | undefined };
  readonly rawHeaders: readonly string[];
  readonly complete: boolean;
  readonly readableDidRead: boolean;
  readonly destroyed?: boolean;
  readonly socket?: object | null;
  on(event: string, listener: (argument: unknown) => void): unknown;
  pause(): unknown;
  resume(): unknown;
  destroy(): unknown;
}

/** What announces that the client may send its body. */
interface Continuing {
  writeContinue(): void;
}

/** How much of a body that nobody wants is read so that the connection can be used again. */
const MAX_DISCARDED = 1_048_576;

/** The body of one request. */
export class RequestBody {
  readonly #incoming: NodeRequest;
  readonly #outgoing: Continuing;
  #listening = false;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  #discarded: number | undefined;
  /** Why no more bytes come. */
  #failure: { readonly error: unknown } | undefined;

  constructor(incoming: NodeRequest, outgoing: Continuing) {
    this.#incoming = incoming;
    this.#outgoing = outgoing;
    // Without a listener, a client that hangs up would end the process.
    incoming.on("error", (error) => this.#fail(error));
    // From here on: the client may hang up before the handler reads.
    incoming.on("close", () => this.#fail(new Error("the connection closed")));
    if (incoming.destroyed === true) this.#fail(new Error("the connection closed"));
  }

  /** Whether the client sends a body (RFC 9112 §6). HTTP/2 needs neither header. */
  get isExpected(): boolean {
    const { headers } = this.#incoming;
    if (headers[":method"] !== undefined) return !this.#incoming.complete || headers["content-length"] !== "0";
    return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) !== 0;
  }

  /**
   * The body as a stream, which reads from the connection when it is read.
   *
   * @throws {CountersignError} `OPTION_INVALID`: something has read the body, and its bytes are gone.
   */
  read(): ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer> | string {
    if (this.#incoming.readableDidRead) return bytesRead(this.#incoming);
    return new ReadableStream<Uint8Array>(
      {
        pull: (controller) => {
          this.#controller = controller;
          this.#start();
        },
        cancel: () => {
          this.#controller = undefined;
          this.#incoming.pause();
        },
      },
      { highWaterMark: 0 },
    );
  }

  /** Reads what is left, up to a bound. Call it when the response is decided. */
  discardRest(): void {
    this.#discarded = 0;
    // Node discards the rest of a body that nobody has begun to read, but without a bound.
    if (!this.#listening && (this.#incoming.complete || this.#awaitsContinue())) return;
    this.#start();
  }

  #start(): void {
    if (this.#failure !== undefined) {
      this.#fail(this.#failure.error);
      return;
    }
    if (!this.#listening) {
      this.#listening = true;
      if (this.#awaitsContinue()) this.#outgoing.writeContinue();
      this.#incoming.on("data", (chunk) => this.#take(chunk as Uint8Array));
      this.#incoming.on("end", () => this.#end());
    }
    this.#incoming.resume();
  }

  /**
   * With `Expect: 100-continue`, the client waits. For the event `request`, Node has already told it to send; for
   * `checkContinue`, that is left to us. Without it, Node closes the connection after the response.
   */
  #awaitsContinue(): boolean {
    const { expect } = this.#incoming.headers;
    const { _sent100: sent } = this.#outgoing as { _sent100?: boolean };
    return /^100-continue$/i.test(String(expect)) && sent === false;
  }

  #take(chunk: Uint8Array): void {
    if (this.#discarded !== undefined) {
      this.#discarded += chunk.length;
      if (MAX_DISCARDED < this.#discarded) this.#incoming.destroy();
      return;
    }
    this.#controller?.enqueue(new Uint8Array(chunk));
    this.#incoming.pause();
  }

  #end(): void {
    this.#controller?.close();
    this.#controller = undefined;
  }

  #fail(error: unknown): void {
    this.#failure ??= { error };
    this.#controller?.error(error);
    this.#controller = undefined;
  }
}

/** The bytes that a middleware has read and kept: `express.raw()`, `express.text()`, or a platform's `rawBody`. */
function bytesRead(incoming: NodeRequest): Uint8Array<ArrayBuffer> | string {
  const { body, rawBody } = incoming as { body?: unknown; rawBody?: unknown };
  for (const kept of [rawBody, body]) {
    if (typeof kept === "string") return kept;
    if (kept instanceof Uint8Array) return new Uint8Array(kept);
  }
  throw invalid("the request's body was already read: use onNode before middleware such as express.urlencoded()");
}
