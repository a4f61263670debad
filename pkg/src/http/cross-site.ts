/** Finds requests that another site made the browser send (cross-site request forgery). */

import { parseUrl } from "../parse-url.js";
import { headerOf, isEncrypted, type RequestLike } from "./request.js";

/** Methods that change nothing (RFC 9110 §9.2.1). A page of another site cannot read their answers. */
const SAFE = ["GET", "HEAD", "OPTIONS"];

/**
 * Whether a page of another origin may have caused this request, which carries a cookie.
 *
 * Browsers say so in `Sec-Fetch-Site`. Older ones send `Origin`, which is compared with `Host`. A request with neither
 * passes: it comes from no browser, so no page made it use another person's cookie.
 *
 * @param origins Other origins whose pages may send such requests.
 */
export function isCrossSite(request: RequestLike, origins: readonly string[]): boolean {
  return isUnsafe(request) && senderOf(request, origins) === "other";
}

/** The same, but a request that does not say where it comes from is refused as well. */
export function mayBeCrossSite(request: RequestLike, origins: readonly string[]): boolean {
  return isUnsafe(request) && senderOf(request, origins) !== "own";
}

/**
 * Whether a page of another origin has sent this request in the background. It may abort it, so that the browser keeps no cookie
 * of the answer. Links are not meant: they are followed from any page.
 */
export function isOthersBackground(request: RequestLike, origins: readonly string[]): boolean {
  const mode = headerOf(request, "Sec-Fetch-Mode");
  return mode !== "navigate" && senderOf(request, origins) === "other";
}

/** Any page may open a WebSocket to any site, with a GET, and read what comes (RFC 6455 §10.2). */
function isUnsafe(request: RequestLike): boolean {
  const isSafe = request.method !== undefined && SAFE.includes(request.method);
  return !isSafe || headerOf(request, "Upgrade") !== null;
}

/** Whose page has sent a request. `"same-site"` is another origin: a sibling subdomain may belong to somebody else. */
function senderOf(request: RequestLike, origins: readonly string[]): "own" | "other" | "unknown" {
  const site = headerOf(request, "Sec-Fetch-Site");
  // `none`: the user typed the address, or opened a bookmark.
  if (site === "same-origin" || site === "none") return "own";
  const origin = headerOf(request, "Origin");
  if (origin === null) return site === null ? "unknown" : "other";
  if (origins.includes(origin)) return "own";
  return site === null && isOwnOrigin(request, origin) ? "own" : "other";
}

/** Compared by host: behind a proxy that ends TLS, the request's own URL begins with `http:`. */
function isOwnOrigin(request: RequestLike, origin: string): boolean {
  const { host, protocol } = parseUrl(origin) ?? {};
  const url = parseUrl(request.url ?? "");
  // Somebody on the network can serve a page for `http:`, but not for `https:`.
  const isSecure = url?.protocol === "https:" || isEncrypted(request);
  if (host === undefined || host === "" || (protocol === "http:" && isSecure)) return false;
  return host === (headerOf(request, "Host")?.toLowerCase() ?? url?.host);
}
