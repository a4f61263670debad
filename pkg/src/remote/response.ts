/** What `fetch` returned, the platform's or the caller's: whether it is a response, and how its body is read. */

import { readerOf } from "../body-reader.js";
import { JwksUnavailable } from "./unavailable.js";

/** The part of a `Response` that a `RemoteKeySet` uses. node-fetch's has it, too, with a Node stream as its body. */
export interface JwksResponse {
  readonly status: number;
  readonly type?: string;
  readonly redirected?: boolean;
  readonly headers: { get(name: string): string | null };
  /** Bytes that nobody has read yet. `null`: none. */
  readonly body: ReadableStream<Uint8Array> | AsyncIterable<unknown> | null;
  readonly bodyUsed?: boolean;
}

/** A function that requests key sets in place of the platform's `fetch`. It must not follow redirects. */
export type JwksFetch = (
  url: string,
  init: { headers: Record<string, string>; redirect: "manual"; signal: AbortSignal },
) => Promise<JwksResponse>;

/**
 * Refuses what wrappers of other clients return: parsed JSON, an object without header fields or body, nothing at all.
 *
 * @throws {JwksUnavailable} It is not a response with an unread body.
 */
export function expectResponse(response: JwksResponse): void {
  const { headers, body, bodyUsed } = response ?? {};
  if (typeof headers?.get === "function" && !bodyUsed && (body === null || isReadable(body))) return;
  throw new JwksUnavailable("fetch", 'option "fetch" did not return a Response with an unread body');
}

function isReadable(body: Partial<Record<"getReader" | "locked" | typeof Symbol.asyncIterator, unknown>> | undefined) {
  return !body?.locked && typeof (body?.getReader ?? body?.[Symbol.asyncIterator]) === "function";
}

/** Ends the body of a response that is not read, so that the server does not go on sending. */
export function cancelBody({ body }: JwksResponse): void {
  if (body !== null) readerOf(body).cancel();
}
