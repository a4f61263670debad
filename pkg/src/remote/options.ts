/** The options of `RemoteKeySet`, and the rules for the URL. */

import type { CountersignError } from "../errors.js";
import { KeySet } from "../key-set.js";
import { isLoopback } from "../loopback.js";
import { flag, invalid, optionalFunction, optionalObject, readOptions, wholeNumber } from "../options.js";
import type { Algorithm } from "../types.js";
import type { JwksCache } from "./cache.js";
import type { JwksFetch } from "./response.js";
import { JwksUnavailable } from "./unavailable.js";

/** Options of `RemoteKeySet`. Unknown names are refused. Times are whole seconds, except `timeoutMs`. */
export interface RemoteKeySetOptions {
  /** The algorithm of keys that name none themselves, such as RSA keys of some issuers. Default: none. */
  alg?: Algorithm;
  /**
   * Allows `http:` for this machine: `localhost`, names that end in `.localhost`, 127.0.0.0/8 and `[::1]`.
   * Default `false`.
   */
  allowInsecureLoopback?: boolean;
  /**
   * Allows `http:` to any host. **Whoever can change the traffic to that host can replace the keys, and then sign every
   * token**: use this only inside a network that encrypts between hosts itself, such as a cluster with a service mesh.
   * Default `false`.
   */
  dangerouslyAllowHttp?: boolean;
  /** Header fields of the request, such as `Authorization`. Default: only `Accept`. */
  headers?: Record<string, string>;
  /**
   * Replaces the platform's `fetch`, for example to go through a proxy. It receives `headers`, `redirect: "manual"` and a
   * `signal`, and must not follow redirects. It returns a `Response` whose body nobody has read: not its text, and not JSON.
   */
  fetch?: JwksFetch;
  /** Milliseconds from the request to the end of the response. Default 5000, from 1 to 60000. */
  timeoutMs?: number;
  /** The longest response, in bytes after decompression. Default 131072, from 1 to 1048576. */
  maxResponseBytes?: number;
  /** The shortest time before a set is fetched again, whatever the server says. Default 60, from 1 to 604800. */
  minAge?: number;
  /** The longest time before a set is fetched again, whatever the server says. Default 86400, from 1 to 604800. */
  maxAge?: number;
  /** How long after a request an unknown `kid` causes no further request. Default 30, from 1 to 3600. */
  cooldown?: number;
  /** How long an expired set is still used while the server fails. Default 3600, from 0 to 604800. */
  staleIfError?: number;
  /** Shares sets with other instances: `kvCache(…)`, `webCache(…)` or your own. Default: no sharing. */
  cache?: JwksCache;
  /**
   * Keeps a Worker alive until a fetch ends: `waitUntil` from `cloudflare:workers`, or `(work) => ctx.waitUntil(work)`.
   * Only Workers need it.
   */
  waitUntil?: (work: Promise<unknown>) => void;
  /**
   * Receives every failure of the server or the cache, even if callers do not notice because the last set is still used.
   * `cause` is the platform's own error or the HTTP status. It may contain the server's URL, so think before you log it.
   */
  onRefreshError?: (error: CountersignError, cause: unknown) => void;
}

/** The options after they were read and checked. Times are milliseconds. */
export interface Settings {
  readonly url: string;
  readonly alg: Algorithm | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly fetch: JwksFetch;
  readonly timeoutMs: number;
  readonly maxResponseBytes: number;
  readonly minAgeMs: number;
  readonly maxAgeMs: number;
  readonly cooldownMs: number;
  readonly staleIfErrorMs: number;
  readonly cache: JwksCache | undefined;
  readonly waitUntil: RemoteKeySetOptions["waitUntil"];
  readonly onRefreshError: RemoteKeySetOptions["onRefreshError"];
}

/** @throws {CountersignError} `OPTION_INVALID`. */
export function readSettings(url: string | URL, options: RemoteKeySetOptions = {}): Settings {
  const o = readOptions(options, {
    alg: readAlgorithm,
    allowInsecureLoopback: flag,
    dangerouslyAllowHttp: flag,
    fetch: optionalFunction<JwksFetch>(),
    waitUntil: optionalFunction<NonNullable<RemoteKeySetOptions["waitUntil"]>>(),
    onRefreshError: optionalFunction<NonNullable<RemoteKeySetOptions["onRefreshError"]>>(),
    cache: optionalObject<JwksCache>("get", "put"),
    headers: readHeaders,
    timeoutMs: wholeNumber(1, 5000, 60_000),
    // Sets of large issuers, with certificates, take about 20 KB.
    maxResponseBytes: wholeNumber(1, 131_072, 1_048_576),
    minAge: wholeNumber(1, 60, 604_800),
    maxAge: wholeNumber(1, 86_400, 604_800),
    cooldown: wholeNumber(1, 30, 3600),
    staleIfError: wholeNumber(0, 3600, 604_800),
  });
  const settings = {
    url: allowedUrl(url, o),
    alg: o.alg,
    headers: { ...ACCEPT, ...o.headers },
    // The global is looked up at each call, because other libraries replace it.
    fetch: o.fetch ?? fetchOfPlatform,
    timeoutMs: o.timeoutMs,
    maxResponseBytes: o.maxResponseBytes,
    minAgeMs: o.minAge * 1000,
    maxAgeMs: o.maxAge * 1000,
    cooldownMs: o.cooldown * 1000,
    staleIfErrorMs: o.staleIfError * 1000,
    cache: o.cache,
    waitUntil: o.waitUntil,
    onRefreshError: o.onRefreshError,
  };
  if (settings.maxAgeMs < settings.minAgeMs) throw invalid('option "maxAge" is less than "minAge"');
  return settings;
}

/** The platform's `fetch`, looked up at each call. */
export function fetchOfPlatform(url: string, init: RequestInit): Promise<Response> {
  if (typeof fetch === "function") return fetch(url, init);
  throw new JwksUnavailable("no-fetch", 'this runtime has no "fetch": give the option "fetch"');
}

/** The core knows the algorithms, so it checks this one. */
function readAlgorithm(_: string, alg: unknown): Algorithm | undefined {
  if (alg !== undefined) KeySet.fromJwks({ keys: [] }, { alg: alg as Algorithm }).free();
  return alg as Algorithm | undefined;
}

const ACCEPT = { accept: "application/jwk-set+json, application/json" };

function readHeaders(_: string, headers: unknown): Record<string, string> {
  if (headers === undefined) return {};
  if (typeof headers === "object" && headers !== null) {
    try {
      return Object.fromEntries(new Headers(headers as Record<string, string>));
    } catch {
      // The platform's message contains the value.
    }
  }
  throw invalid('option "headers" does not hold header fields');
}

interface Allowed {
  readonly allowInsecureLoopback: boolean;
  readonly dangerouslyAllowHttp: boolean;
}

/** The URL as text, if keys may be fetched from it. */
export function allowedUrl(url: unknown, { allowInsecureLoopback, dangerouslyAllowHttp }: Allowed): string {
  const { protocol, hostname, username, password, href } = parseUrl(url);
  if (username !== "" || password !== "") throw invalid("the URL of the key set has a user name or password in it");
  const isAllowedHttp = dangerouslyAllowHttp || (allowInsecureLoopback && isLoopback(hostname));
  if (protocol === "https:" || (protocol === "http:" && isAllowedHttp)) return href;
  if (dangerouslyAllowHttp) throw invalid("the URL of the key set is neither https nor http");
  throw invalid(
    allowInsecureLoopback
      ? "the URL of the key set is neither https nor of this machine"
      : isLoopback(hostname)
        ? 'the URL of the key set is not https: see option "allowInsecureLoopback"'
        : "the URL of the key set is not https",
  );
}

function parseUrl(url: unknown): URL {
  try {
    const parsed = new URL(String(url));
    parsed.hash = "";
    return parsed;
  } catch {
    // The platform's message contains the URL.
    throw invalid("the URL of the key set cannot be read");
  }
}
