/** Writes a standard response to Node's. */

import { invalid } from "../options.js";

/** The part of Node's `ServerResponse` that is used, so that no types of Node are needed. Express's `res` has it too. */
export interface NodeResponse {
  statusCode: number;
  statusMessage?: string;
  readonly headersSent: boolean;
  readonly destroyed: boolean;
  readonly writableFinished: boolean;
  readonly req?: { readonly httpVersionMajor?: number; readonly method?: string | undefined };
  getHeader(name: string): number | string | string[] | undefined;
  setHeader(name: string, value: string | string[]): unknown;
  removeHeader(name: string): unknown;
  flushHeaders(): void;
  write(chunk: Uint8Array): boolean;
  writeContinue(): void;
  end(): unknown;
  destroy(): unknown;
  on(event: string, listener: () => void): unknown;
  off(event: string, listener: () => void): unknown;
}

/** Headers about one connection, which HTTP/2 does not have. */
const CONNECTION = ["connection", "keep-alive", "transfer-encoding", "upgrade"];

/**
 * Writes a response to Node's, such as the refusal of a guard: status, headers and body. It waits while the client is slow. If
 * the client hangs up, the body is canceled. Headers that are already set are kept, if the response does not set them too;
 * of `Set-Cookie` and `Vary`, both are sent.
 *
 * @param response The response. Its body must not have been read.
 * @param outgoing Node's `ServerResponse`, or Express's `res`.
 * @throws {CountersignError} `OPTION_INVALID`: this is not a `Response`, or its body was already read. An error of the body
 * reaches you unchanged. If `outgoing.headersSent` is then true, destroy the connection.
 *
 * @example
 * ```ts
 * app.use(async (req, res, next) => {
 *   const caller = await guard(req);
 *   if (caller instanceof Response) return writeResponse(caller, res);
 *   req.user = caller.claims;
 *   next();
 * });
 * ```
 */
export function writeResponse(response: Response, outgoing: NodeResponse): Promise<void> {
  return writeAndThen(response, outgoing, () => {});
}

/** Calls `beforeEnd` when all of the body is written. */
export async function writeAndThen(response: Response, outgoing: NodeResponse, beforeEnd: () => void): Promise<void> {
  const { headers, bodyUsed, body } = (response ?? {}) as Partial<Response>;
  if (typeof headers?.getSetCookie !== "function") throw invalid("the handler did not return a Response");
  if (bodyUsed || body?.locked) throw invalid("the response's body was already read");
  writeHead(response, outgoing);
  if (outgoing.req?.method === "HEAD" || outgoing.destroyed) await response.body?.cancel();
  else if (response.body !== null) await pipe(response, response.body, outgoing);
  beforeEnd();
  outgoing.end();
}

function writeHead({ headers, status, statusText }: Response, outgoing: NodeResponse): void {
  const isHttp1 = (outgoing.req?.httpVersionMajor ?? 1) < 2;
  outgoing.statusCode = status;
  if (statusText !== "" && isHttp1) outgoing.statusMessage = statusText;
  for (const [name, value] of headers) {
    if (name === "set-cookie" || (!isHttp1 && CONNECTION.includes(name))) continue;
    const set = name === "vary" ? outgoing.getHeader(name) : undefined;
    outgoing.setHeader(name, set === undefined ? value : `${set}, ${value}`);
  }
  const cookies = headers.getSetCookie();
  const set = outgoing.getHeader("set-cookie") ?? [];
  if (cookies.length > 0) outgoing.setHeader("set-cookie", [set, cookies].flat().map(String));
}

async function pipe({ headers }: Response, body: ReadableStream<Uint8Array>, outgoing: NodeResponse): Promise<void> {
  const reader = body.getReader();
  const cancel = () => void reader.cancel().catch(() => {});
  outgoing.on("close", cancel);
  // A body that begins later, such as server-sent events, does not hold up the head.
  const timer = setTimeout(() => outgoing.flushHeaders(), 10);
  try {
    for (;;) {
      const { done, value } = await reader.read();
      clearTimeout(timer);
      if (done || outgoing.destroyed) return;
      if (!outgoing.write(value)) await drained(outgoing);
    }
  } catch (error) {
    cancel();
    // They belong to this response, not to the one about the error.
    if (!outgoing.headersSent) for (const [name] of headers) outgoing.removeHeader(name);
    throw error;
  } finally {
    clearTimeout(timer);
    outgoing.off("close", cancel);
  }
}

/** Waits until more can be written, or until the connection is closed. */
function drained(outgoing: NodeResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      outgoing.off("drain", done);
      outgoing.off("close", done);
      resolve();
    };
    outgoing.on("drain", done);
    outgoing.on("close", done);
  });
}
