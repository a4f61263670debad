/** Builds the responses of the endpoints: JSON bodies, and header values that a caller's text cannot break out of. */

import { invalid, type OptionReader } from "../options.js";

/** RFC 6749 §5.1: caches must not store responses about tokens. `Pragma` is for HTTP/1.0 caches. */
const NO_STORE = { "Cache-Control": "no-store", Pragma: "no-cache" };

/** A JSON response that is not cached. */
export function reply(status: number, body: object, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { ...NO_STORE, "Content-Type": "application/json", ...headers },
  });
}

/** A response without a body that is not cached. */
export function replyWithoutBody(status: number, headers: Record<string, string>): Response {
  return new Response(null, { status, headers: { ...NO_STORE, ...headers } });
}

/** 405, with the allowed methods. */
export function methodNotAllowed(allow: string): Response {
  return reply(405, { error: "invalid_request", error_description: `the method is not ${allow}` }, { Allow: allow });
}

/** `Retry-After` in seconds, for 503. Four password threads finish the default queue of 256 in two or three. */
export const RETRY_AFTER = "3";

/** Whose words a refusal has: `"oauth"` (RFC 6749, RFC 6750), or `"fastapi"`, which adds a `detail`. */
export type ErrorStyle = "oauth" | "fastapi";

/** Reads the option `errors`. */
export const errorsOption: OptionReader<ErrorStyle> = (name, value) => {
  if (value === undefined || value === "oauth" || value === "fastapi") return value ?? "oauth";
  throw invalid(`option "${name}" is not "oauth" or "fastapi"`);
};

/**
 * Text for `error_description`, which allows printable ASCII without `"` and `\` (RFC 6749 §5.2, RFC 6750 §3). Messages of
 * this package quote names of claims, so quotes become apostrophes.
 */
export function errorDescription(text: string): string {
  return text.replaceAll('"', "'").replace(/[^\x20-\x5b\x5d-\x7e]/g, "?");
}

/** A quoted-string (RFC 9110 §5.6.4) of printable ASCII. */
export function quotedString(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}
