/** One HTTP request for a JWK Set, and how long the response may be used (RFC 9111 §4.2, §5.2). */

import { withTimeout } from "../deadline.js";
import { readText } from "./limits.js";
import type { Settings } from "./options.js";
import { cancelBody, expectResponse, type JwksResponse } from "./response.js";
import { asJwksUnavailable, JwksUnavailable, reasonOfFetch } from "./unavailable.js";

/** A response. Times are milliseconds since 1970. */
export interface Downloaded {
  readonly jwks: string;
  readonly fetchedAt: number;
  readonly expiresAt: number;
  /** Whether a cache may store it. */
  readonly store: boolean;
}

/**
 * Asks the server, within the limits on time and size.
 *
 * @throws {JwksUnavailable} The request failed for any reason.
 */
export async function download(settings: Settings): Promise<Downloaded> {
  // Called as a plain function: the platform's `fetch` throws when it is called as a method of another object.
  const { url, headers, fetch, timeoutMs, maxResponseBytes } = settings;
  const fetchedAt = Date.now();
  try {
    return await withTimeout(timeoutMs, tooSlow, async (signal) => {
      // "manual" and not "error", which Workers do not support.
      const response = await fetch(url, { headers: { ...headers }, redirect: "manual", signal });
      expectOk(response);
      const jwks = await readText(response.body, maxResponseBytes, signal);
      const { seconds = DEFAULT_LIFETIME_SECONDS, store } = lifetimeOf(response.headers, fetchedAt);
      const lifetimeMs = Math.min(Math.max(seconds * 1000, settings.minAgeMs), settings.maxAgeMs);
      return { jwks, fetchedAt, expiresAt: fetchedAt + lifetimeMs, store };
    });
  } catch (thrown) {
    throw asJwksUnavailable(reasonOfFetch(thrown), "the key set's server cannot be reached", thrown);
  }
}

/** How long a set is used if the server does not say. */
const DEFAULT_LIFETIME_SECONDS = 600;

function tooSlow(): JwksUnavailable {
  return new JwksUnavailable("timeout", "the key set's server took too long");
}

/** Accepts status 200 only. A redirect could lead anywhere, so it is refused, even if `fetch` has followed it already. */
function expectOk(response: JwksResponse): void {
  expectResponse(response);
  const { status, type, redirected } = response;
  const isRedirect = redirected || type === "opaqueredirect" || (300 <= status && status < 400);
  if (status === 200 && !isRedirect) return;
  cancelBody(response);
  throw new JwksUnavailable(
    isRedirect ? "redirect" : "status",
    isRedirect ? "the key set's server redirects" : "the key set's server answered with a status other than 200",
    status,
  );
}

interface Lifetime {
  /** For how many more seconds the response is fresh; `undefined` if the server does not say. */
  readonly seconds: number | undefined;
  /** Whether a cache outside this instance may store the response. */
  readonly store: boolean;
}

/** Reads the headers of a response that was requested at `now`, in milliseconds. */
function lifetimeOf(headers: JwksResponse["headers"], now: number): Lifetime {
  const directives = parseDirectives(headers.get("Cache-Control") ?? "");
  const store = !directives.has("no-store");
  if (!store || directives.has("no-cache")) return { seconds: 0, store };
  const seconds = maxAge(directives.get("max-age")) ?? secondsUntilExpires(headers, now);
  // §4.2.3: a cache on the way has stored the response for `Age` seconds already.
  const age = wholeSeconds(headers.get("Age")) ?? 0;
  return { seconds: seconds === undefined ? undefined : Math.max(0, seconds - age), store };
}

/** The directives of a `Cache-Control` field by name, each with all of its values. */
function parseDirectives(cacheControl: string): Map<string, string[]> {
  const directives = new Map<string, string[]>();
  for (const [, name = "", quoted, plain] of cacheControl.matchAll(DIRECTIVE)) {
    const key = name.toLowerCase();
    directives.set(key, [...(directives.get(key) ?? []), quoted ?? plain ?? ""]);
  }
  return directives;
}

/** A name, then optionally `=` and a quoted string, which may contain commas, or a plain token. */
const DIRECTIVE = /([^\s,="]+)(?:="((?:[^"\\]|\\.)*)"|=([^\s,"]*))?/g;

/** The smallest of several values. §4.2.1: a value that is not a number makes the response stale. */
function maxAge(values: string[] | undefined): number | undefined {
  return values && Math.min(...values.map((value) => wholeSeconds(value) ?? 0));
}

/** §5.3: seconds from the server's `Date`, or from `now` without one, to `Expires`. An unreadable date has passed. */
function secondsUntilExpires(headers: JwksResponse["headers"], now: number): number | undefined {
  const expires = headers.get("Expires");
  if (expires === null) return undefined;
  const date = Date.parse(headers.get("Date") ?? "");
  const seconds = (Date.parse(expires) - (Number.isNaN(date) ? now : date)) / 1000;
  return Number.isNaN(seconds) ? 0 : seconds;
}

/**
 * §1.2.2: values above 2^31 count as 2^31. Without the limit, a long row of digits would be `Infinity`, and
 * `Infinity - Infinity` is `NaN`, which never expires.
 */
function wholeSeconds(text: string | null): number | undefined {
  return text !== null && /^\d+$/.test(text) ? Math.min(Number(text), 2 ** 31) : undefined;
}
