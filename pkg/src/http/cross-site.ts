/** Finds requests that another site made the browser send (cross-site request forgery). */

import { headerOf, type RequestLike } from "./request.js";

/** Methods that change nothing (RFC 9110 §9.2.1). A page of another site cannot read their answers. */
const SAFE = ["GET", "HEAD", "OPTIONS"];

/**
 * Whether a page of another origin may have caused this request.
 *
 * Browsers say so in `Sec-Fetch-Site`. Older ones send `Origin`, which is compared with `Host`. A request with neither comes
 * from no browser, so no page made it use another person's cookie.
 *
 * @param origins Other origins whose pages may send such requests.
 */
export function isCrossSite(request: RequestLike, origins: readonly string[]): boolean {
  // Any page may open a WebSocket to any site, with a GET, and read what comes (RFC 6455 §10.2).
  const isSafe = request.method !== undefined && SAFE.includes(request.method);
  if (isSafe && headerOf(request, "Upgrade") === null) return false;
  const site = headerOf(request, "Sec-Fetch-Site");
  if (site === "same-origin" || site === "none") return false;
  const origin = headerOf(request, "Origin");
  if (origin === null) return site !== null;
  if (origins.includes(origin)) return false;
  return site !== null || hostOf(origin) !== headerOf(request, "Host")?.toLowerCase();
}

function hostOf(origin: string): string | null {
  try {
    return new URL(origin).host;
  } catch {
    return null;
  }
}
