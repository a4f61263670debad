/**
 * Judges the answers of an application's functions to the question whether a request may pass. Only the documented yes is one: any
 * other answer is a no or an error. A forgotten `return`, or the `Response` of another realm, would otherwise open the door.
 */

import { type Body, readerOf } from "../body-reader.js";
import { invalid } from "../options.js";

/** The kind of a value, for messages, without its contents. */
export function inKind(value: unknown): string {
  try {
    if (value === undefined || value === null) return String(value);
    if (typeof value !== "object") return typeof value === "function" ? "a function" : `a ${typeof value}`;
    if (Array.isArray(value)) return "an array";
    if (tagOf(value) === "[object Error]") return "an Error";
    if (tagOf(value) === "[object Promise]") return "a promise";
    if (isResponse(value)) return "a Response";
    // Not compared with `Object.prototype`: the object may come from another realm.
    const prototype: unknown = Object.getPrototypeOf(value);
    const isPlain = prototype === null || Object.getPrototypeOf(prototype) === null;
    return isPlain ? "an object" : "an instance of a class";
  } catch {
    // A Proxy may throw anything.
    return "an object that cannot be read";
  }
}

/** Whether this is an object that has a member on its own, which no prototype can give it. */
export function hasOwn(value: unknown, member: string): value is Record<string, unknown> {
  try {
    return typeof value === "object" && value !== null && Object.hasOwn(value, member);
  } catch {
    return false;
  }
}

/**
 * The answer to a question with yes or no. Only `true` is a yes. Nothing found, which is falsy, is a no.
 *
 * @param what Who answers.
 * @throws {CountersignError} `OPTION_INVALID`: any other answer, such as a `Response` that was meant to refuse the request.
 */
export function isYes(what: string, answer: unknown): boolean {
  if (answer === true) return true;
  if (!answer) return false;
  throw invalid(`${what} returned ${inKind(answer)}: it must return true or false`);
}

/**
 * Whether this is a `Response`, also one of another realm or of a package, such as undici or node-fetch. `instanceof` does not know
 * those, nor those of `fetch` where a server has replaced the global class, as the one of Hono for Node does.
 */
export function isResponse(value: unknown): value is Response {
  try {
    if (value instanceof Response) return true;
    if (tagOf(value) !== "[object Response]") return false;
    const { headers, status } = value as Partial<Response>;
    return typeof status === "number" && typeof headers?.get === "function" && "body" in (value as object);
  } catch {
    return false;
  }
}

/**
 * What a handler of the application returned, as a response of this realm.
 *
 * @throws {CountersignError} `OPTION_INVALID`: it is no response, or see `ownResponse`.
 */
export async function answered(answer: unknown): Promise<Response> {
  if (isResponse(answer)) return ownResponse(answer);
  throw invalid(`the handler returned ${inKind(answer)}: it must return a Response`);
}

/**
 * The same response as one of this realm: status, headers and body.
 *
 * @throws {CountersignError} `OPTION_INVALID`: its body was already read, or its status is none that a server can send.
 */
export async function ownResponse(response: Response): Promise<Response> {
  if (response instanceof Response) return response;
  const { body, bodyUsed, headers, status, statusText } = response as Response;
  if (bodyUsed || body?.locked) throw invalid("the response's body was already read");
  const init = { headers: copyOf(headers), status, statusText };
  const hasBody = body !== null && body !== undefined && !WITHOUT_BODY.includes(status);
  const content = !hasBody || body instanceof ReadableStream ? body : streamOf(body);
  try {
    return new Response(hasBody ? content : null, init);
  } catch {
    throw invalid(`the response has the status ${status}, which cannot be sent`);
  }
}

/** A body as a stream of this realm. It is read as fast as it is sent, and ended if nobody wants it. */
function streamOf(body: Body): ReadableStream {
  if (typeof body !== "object" || !("getReader" in body || Symbol.asyncIterator in body))
    throw invalid("the response's body is not a stream");
  const { next, cancel } = readerOf(body);
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await next();
      if (done === true) controller.close();
      else controller.enqueue(typeof value === "string" ? new TextEncoder().encode(value) : value);
    },
    cancel,
  });
}

/** Fetch §2.2.6: a response with such a status has no body. */
const WITHOUT_BODY = [101, 103, 204, 205, 304];

function copyOf(headers: Headers): Headers {
  const copy = new Headers();
  const cookies = typeof headers.getSetCookie === "function" ? headers.getSetCookie() : rawCookies(headers);
  for (const [name, value] of headers) {
    if (cookies === undefined || name.toLowerCase() !== "set-cookie") copy.append(name, value);
  }
  for (const cookie of cookies ?? []) copy.append("Set-Cookie", cookie);
  return copy;
}

/** The cookies of node-fetch's headers, which else joins them with commas. */
function rawCookies(
  headers: Headers & { raw?: () => Record<string, readonly string[]> },
): readonly string[] | undefined {
  return typeof headers.raw === "function" ? (headers.raw()["set-cookie"] ?? []) : undefined;
}

/** Whether these are `Headers`, of any realm. */
export function isHeaders(value: unknown): value is Headers {
  return tagOf(value) === "[object Headers]";
}

function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value);
}
