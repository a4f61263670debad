/** Reads requests: standard ones, and those of Node's frameworks, whose headers are a plain object. */

import { invalid } from "../options.js";

/** Headers: a `Headers` object, or a plain object as Node, Express and Fastify have it. */
export type RequestHeaders =
  | { get(name: string): string | null }
  | { readonly [name: string]: string | readonly string[] | undefined };

/** What a guard reads of a request. A standard `Request` has it, and so have the requests of Node, Express and Fastify. */
export interface RequestLike {
  /** The headers. */
  readonly headers: RequestHeaders;
  /** The URL, with or without its origin. Node declares it as optional, but every request has one. */
  readonly url?: string | undefined;
  /** The method. Only a guard that reads cookies looks at it; without it, it expects one that changes something. */
  readonly method?: string | undefined;
}

/**
 * Refuses what is not a request, such as the context of a framework.
 *
 * @throws {CountersignError} `OPTION_INVALID`.
 */
export function checkRequest(request: unknown): void {
  checkHeaders(request);
  if (typeof (request as { url?: unknown }).url !== "string") {
    throw invalid(
      'the request has no "url": pass a standard Request, or that of Node, Express or Fastify; make one of an event of AWS Lambda',
    );
  }
}

/**
 * Refuses what has no headers.
 *
 * @throws {CountersignError} `OPTION_INVALID`.
 */
export function checkHeaders(request: unknown): void {
  const { headers } = (request ?? {}) as { headers?: unknown };
  if (typeof headers !== "object" || headers === null || Array.isArray(headers)) {
    throw invalid('the request has no "headers": pass a standard Request (c.req.raw in Hono)');
  }
}

/**
 * Refuses what is not a standard `Request` with a body that can be read, such as the request of Node or Express.
 *
 * @throws {CountersignError} `OPTION_INVALID`.
 */
export function checkStandardRequest(request: unknown): void {
  checkRequest(request);
  const { body, method } = request as { body?: unknown; method?: unknown };
  const { arrayBuffer } = request as { arrayBuffer?: unknown };
  const readable = body === undefined ? typeof arrayBuffer === "function" : body === null || isStream(body);
  if (typeof method !== "string" || !readable) {
    throw invalid("the request is not a standard Request: use onNode(handler) for Node, Express and Fastify");
  }
}

function isStream(body: unknown): boolean {
  return typeof (body as { getReader?: unknown }).getReader === "function";
}

/**
 * The value of a header; several values with commas between, as `Headers.get` returns them. `null` without the header.
 *
 * @throws {CountersignError} `OPTION_INVALID`: a plain object has a header that is neither text nor a list of texts.
 */
export function headerOf(request: Pick<RequestLike, "headers">, name: string): string | null {
  const { headers } = request;
  if (hasGet(headers)) return checkText(headers.get(name) ?? null);
  const wanted = name.toLowerCase();
  const separator = wanted === "cookie" ? "; " : ", ";
  // Node drops all but the first `Authorization`. A request with two must not pass as one with one.
  const all = rawHeaders(request).filter((_, index, list) => index % 2 === 1 && isNamed(list[index - 1], wanted));
  if (1 < all.length && wanted !== "cookie") return all.join(separator);
  const values = Object.keys(headers)
    .filter((key) => isNamed(key, wanted))
    .flatMap((key) => headers[key] ?? []);
  values.forEach(checkText);
  return values.length === 0 ? null : values.join(separator);
}

/** Whether a request of Node, or of a framework on it, came over TLS. A standard one says so in its URL. */
export function isEncrypted(request: RequestLike): boolean {
  const { socket } = request as { socket?: { encrypted?: unknown } | null };
  return socket?.encrypted === true;
}

function checkText(value: string | null): string | null {
  if (value === null || typeof value === "string") return value;
  throw invalid("a header of the request is not text");
}

function hasGet(headers: RequestHeaders): headers is { get(name: string): string | null } {
  return typeof headers.get === "function";
}

const isNamed = (name: unknown, wanted: string) => typeof name === "string" && name.toLowerCase() === wanted;

/** Every header as it was sent, names and values in turn: of Node's request, of Fastify's (`raw`), or of Koa's context. */
function rawHeaders(request: object): readonly unknown[] {
  const { raw, rawHeaders: own, req } = request as Record<string, unknown>;
  const inner = (raw ?? req) as { rawHeaders?: unknown } | null | undefined;
  const list = own ?? inner?.rawHeaders;
  return Array.isArray(list) ? list : [];
}
