/** The answers of the endpoints: JSON bodies, and header values that cannot be broken out of. */

/** RFC 6749 §5.1: whatever has to do with a token is never kept by a cache. `Pragma` is for HTTP/1.0 ones. */
const NOT_STORED = { "Cache-Control": "no-store", Pragma: "no-cache" };

/** A JSON answer that no cache keeps. */
export function reply(status: number, body: object, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { ...NOT_STORED, "Content-Type": "application/json", ...headers },
  });
}

/** An answer without a body that no cache keeps. */
export function bare(status: number, headers: Record<string, string>): Response {
  return new Response(null, { status, headers: { ...NOT_STORED, ...headers } });
}

/** 405, with what is allowed instead. */
export function methodNotAllowed(allow: string): Response {
  return reply(405, { error: "invalid_request", error_description: `the method is not ${allow}` }, { Allow: allow });
}

/**
 * Text as `error_description` may hold it: printable ASCII without `"` and `\` (RFC 6749 §5.2, RFC 6750 §3). Our
 * messages quote the names of claims, so quotes become apostrophes.
 */
export function described(text: string): string {
  return text.replaceAll('"', "'").replace(/[^\x20-\x5b\x5d-\x7e]/g, "?");
}

/** A quoted-string (RFC 9110 §5.6.4) of printable ASCII. */
export function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}
