/** Adapts handlers of standard requests to Node's HTTP server, and to frameworks that build on it. */

import { checkFunction, invalid, type OptionReader, optionalFunction, readOptions } from "../options.js";
import { parseUrl } from "../parse-url.js";
import { setAddress } from "./address.js";
import { type NodeRequest, RequestBody } from "./node-body.js";
import { type NodeResponse, writeAndThen } from "./node-response.js";
import { isEncrypted } from "./request.js";

/** Options of {@link onNode}. */
export interface OnNodeOptions {
  /**
   * The origin of the handler's URLs, such as `"https://login.example"`. Default: `http` or `https` as the connection is, and
   * the host that the client names in `Host`. Set it behind a proxy, and wherever the handler trusts `request.url`.
   */
  origin?: string;
  /** Gets the errors of the handler, and of bodies that fail. Default: `console.error`. */
  onError?: (error: unknown) => void;
}

/**
 * Adapts a handler to Node: `createServer(onNode(handler))`, or `app.post("/token", onNode(handler))` in Express.
 *
 * The handler gets a `Request` whose `signal` is aborted when the client hangs up. Its body is read from the connection as the
 * handler reads it. The `Response` may stream. Several `Set-Cookie` headers stay apart, and those that a middleware has set
 * are kept. If the handler does not read the body to its end, up to 1048576 bytes of the rest are discarded and the
 * connection is used again; a longer rest ends the connection.
 *
 * In Express, use it before middleware that reads bodies, such as `express.urlencoded()`. After `express.raw()` or
 * `express.text()`, and where a platform sets `rawBody`, it uses the bytes that were read.
 *
 * | what happens | what the client gets |
 * |---|---|
 * | the handler rejects | 500 without a body; in Express, the error goes to the next error handler |
 * | the body was already read and its bytes are gone | the same, with `OPTION_INVALID` |
 * | the response's body fails midway | the connection is cut, so that the client sees that something is missing |
 * | a `Host`, target or header that cannot be part of a URL or `Request` | 400 |
 * | the method `CONNECT`, `TRACE` or `TRACK` | 501 |
 *
 * @param handler From a standard `Request` to a standard `Response`.
 * @param options See {@link OnNodeOptions}.
 * @returns A listener for `request` and `checkContinue` of Node's servers, and a handler for Express and Connect. Its promise
 *   never rejects.
 * @throws {CountersignError} `OPTION_INVALID`: the handler is not a function, an option is unknown or of the wrong type.
 *
 * @example
 * ```ts
 * import { createServer } from "node:http";
 *
 * createServer(onNode(tokenEndpoint({ signer, authenticate }))).listen(3001);
 * ```
 */
export function onNode(
  handler: (request: Request) => Response | Promise<Response>,
  options: OnNodeOptions = {},
): (incoming: NodeRequest, outgoing: NodeResponse, next?: (error?: unknown) => void) => Promise<void> {
  checkFunction("handler", handler);
  const { origin, onError = logError } = readOptions(options, {
    origin: readOrigin,
    onError: optionalFunction<(error: unknown) => void>(),
  });

  return async (incoming, outgoing, next) => {
    const { body, gone, makeRequest } = receive(incoming, outgoing, origin);
    try {
      const request = makeRequest();
      const response = request instanceof Response ? request : await handler(request);
      await writeAndThen(response, outgoing, () => body.discardRest());
    } catch (error) {
      if (gone.aborted) return;
      if (outgoing.headersSent) {
        onError(error);
        outgoing.destroy();
      } else if (typeof next === "function") {
        next(error);
      } else {
        onError(error);
        body.discardRest();
        outgoing.statusCode = 500;
        outgoing.end();
      }
    }
  };
}

/**
 * The standard request of a framework on Node, and its body, whose rest you discard when the response is decided. A request that
 * cannot be made into one gives the response to it.
 *
 * @throws {CountersignError} `OPTION_INVALID`: the body was already read, and its bytes are gone.
 */
export function standardRequest(
  incoming: NodeRequest,
  outgoing: NodeResponse,
): { request: Request | Response; body: RequestBody } {
  const { body, makeRequest } = receive(incoming, outgoing, undefined);
  return { body, request: makeRequest() };
}

function receive(incoming: NodeRequest, outgoing: NodeResponse, origin: string | undefined) {
  const gone = new AbortController();
  outgoing.on("close", () => {
    if (!outgoing.writableFinished) gone.abort();
  });
  const body = new RequestBody(incoming, outgoing);
  return { body, gone: gone.signal, makeRequest: () => makeRequest(incoming, body, gone.signal, origin) };
}

function logError(error: unknown): void {
  console.error(error);
}

const readOrigin: OptionReader<string | undefined> = (name, value) => {
  if (value === undefined) return undefined;
  const url = typeof value === "string" ? parseUrl(value) : null;
  if (url !== null && /^https?:$/.test(url.protocol) && url.origin === value) return value;
  throw invalid(`option "${name}" is not an origin such as "https://login.example"`);
};

/**
 * The same where a platform imitates Node and has read the body. Its headers may name any host, and its path need not be one.
 */
export function requestWithBody(
  { headers, method, path }: { headers: Headers; method: string; path: string },
  body: string | ArrayBufferView | ReadableStream,
): Request | Response {
  if (NOT_IN_REQUESTS.test(method)) return new Response(null, { status: 501 });
  const url = targetUrl(path, originOf(headers.get("Host") || "localhost", "http"));
  if (url === null) return new Response(null, { status: 400 });
  const hasBody = method !== "GET" && method !== "HEAD";
  return new Request(url, { method, headers, ...(hasBody ? { body, duplex: "half" } : {}) } as RequestInit);
}

/** The methods that `Request` does not have. */
const NOT_IN_REQUESTS = /^(CONNECT|TRACE|TRACK)$/i;

/** The standard request, or the response to one that cannot be made into it. */
function makeRequest(
  incoming: NodeRequest,
  body: RequestBody,
  signal: AbortSignal,
  origin: string | undefined,
): Request | Response {
  const method = incoming.method ?? "GET";
  if (NOT_IN_REQUESTS.test(method)) return new Response(null, { status: 501 });
  const url = targetUrl(incoming.originalUrl ?? incoming.url ?? "/", origin ?? originOfNode(incoming));
  const headers = readHeaders(incoming);
  if (url === null || headers === null) return new Response(null, { status: 400 });
  const hasBody = method !== "GET" && method !== "HEAD" && body.isExpected;
  const more = hasBody ? { body: body.read(), duplex: "half" } : {};
  const request = new Request(url, { method, headers, signal, ...more });
  const { remoteAddress } = (incoming.socket ?? {}) as { remoteAddress?: string };
  setAddress(request, remoteAddress);
  return request;
}

function originOfNode(incoming: NodeRequest): string | null {
  const host = incoming.headers[":authority"] ?? (incoming.headers.host || "localhost");
  return typeof host === "string" ? originOf(host, isEncrypted(incoming) ? "https" : "http") : null;
}

/** What the client says. Nobody else says it, so a handler must not trust it. */
function originOf(host: string, scheme: string): string | null {
  const url = parseUrl(`${scheme}://${host}`);
  // Nothing but a host and a port.
  return url !== null && url.href === `${url.origin}/` && !/[/\\?#@\s]/.test(host) ? url.origin : null;
}

/** RFC 9112 §3.2: a path, or a whole URL, whose origin does not count. Joined as text, because `//x` is a path here. */
function targetUrl(target: string, origin: string | null): string | null {
  if (origin === null) return null;
  if (target.startsWith("/")) return parseUrl(origin + target)?.href ?? null;
  if (target === "*") return `${origin}/*`;
  const url = /^https?:/i.test(target) ? parseUrl(target) : null;
  return url === null ? null : origin + url.pathname + url.search;
}

function readHeaders(incoming: NodeRequest): Headers | null {
  const { rawHeaders } = incoming;
  const headers = new Headers();
  const cookies: string[] = [];
  try {
    for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
      const [name = "", value = ""] = rawHeaders.slice(index, index + 2);
      if (name.startsWith(":")) continue;
      if (name.toLowerCase() === "cookie") cookies.push(value);
      else headers.append(name, value);
    }
    // RFC 9113 §8.2.3: several are one list with semicolons. `Headers` would join them with commas.
    if (cookies.length > 0) headers.set("Cookie", cookies.join("; "));
    // RFC 9113 §8.3.1: HTTP/2 has it instead of `Host`.
    const authority = incoming.headers[":authority"];
    if (typeof authority === "string" && !headers.has("Host")) headers.set("Host", authority);
    return headers;
  } catch {
    return null;
  }
}
