/** Compares the target URI of a request with the one that a proof names (RFC 9449 §4.3). */

import type { RequestLike } from "../http/request.js";
import { invalid, type OptionReader } from "../options.js";

/**
 * A URI without query and fragment, normalized by RFC 3986 §6.2.2 and §6.2.3: scheme and host in lower case, no default port, no
 * dot segments, `/` for an empty path, and percent-encoding only where it is needed. `null` for what is no such URI.
 */
export function normalizedUri(text: string): string | null {
  // A URL parser also accepts spaces, backslashes and missing slashes, which a URI cannot have. Nor may it name a user.
  if (!/^https?:\/\/[^/?#@\\]+([/?#]|$)/i.test(text) || !/^[\x21\x23-\x5b\x5d-\x7e]+$/.test(text)) return null;
  return parse(text);
}

/** Reads the option `publicUrl`. */
export const publicUrlOption: OptionReader<readonly string[]> = (name, value) => {
  if (value === undefined) return [];
  const list: unknown[] = Array.isArray(value) ? [...value] : [value];
  const urls = list.map((url) => (typeof url === "string" && !/[?#]/.test(url) ? normalizedUri(url) : null));
  if (urls.length > 0 && urls.every((url) => url !== null)) return urls.map((url) => url.replace(/\/$/, ""));
  throw invalid(`option "${name}" is not a URL such as "https://api.example", or a list of them`);
};

/**
 * The URIs that a request may have come to: at each public URL, or at that of a standard `Request`.
 *
 * @throws {CountersignError} `OPTION_INVALID`: a request of Node, and no public URL.
 */
export function targetsOf(request: RequestLike, publicUrls: readonly string[]): string[] {
  const { headers, originalUrl, url = "" } = request as RequestLike & { readonly originalUrl?: string };
  const whole = parse(originalUrl ?? url, "http://relative.invalid");
  // Anybody can send a path that is none.
  if (whole === null) return [];
  if (publicUrls.length > 0) return publicUrls.map((each) => each + whole.slice(whole.indexOf("/", "https://".length)));
  // What Node's request has of an origin, the client has written.
  if (typeof (headers as { get?: unknown }).get === "function" && /^https?:\/\//i.test(url)) return [whole];
  throw invalid('option "publicUrl" is needed: the origin of the request is not known');
}

function parse(text: string, base?: string): string | null {
  try {
    // Some servers give a path such as `//x`, which is no host.
    const url = base !== undefined && text.startsWith("/") ? new URL(base + text) : new URL(text, base);
    const { origin, pathname, protocol } = url;
    if (!/^https?:$/.test(protocol)) return null;
    return origin + pathname.replace(/%[0-9a-f]{2}/gi, encodedOnlyIfNeeded);
  } catch {
    return null;
  }
}

/** RFC 3986 §6.2.2.1 and §6.2.2.2. */
function encodedOnlyIfNeeded(encoded: string): string {
  const character = String.fromCharCode(Number.parseInt(encoded.slice(1), 16));
  return /[\w.~-]/.test(character) ? character : encoded.toUpperCase();
}
