/** The options of a `RemoteKeySet`, and where a key set may be fetched from. */

import { CountersignError } from "../errors.js";
import { KeySet } from "../jwt.js";
import { checkFunction, checkMethod, readOptions, wholeNumber } from "../options.js";
import type { Algorithm } from "../types.js";
import type { JwksCache } from "./cache.js";

/** Options of `RemoteKeySet`. An unknown name is an error. Ages are whole seconds. */
export interface RemoteKeySetOptions {
  /** For keys of its kind that name no `alg` themselves, as some servers publish their RSA keys. Default: none. */
  alg?: Algorithm;
  /**
   * Allows `http:` where the host is this machine: `localhost` and what ends in `.localhost`, 127.0.0.0/8, `[::1]`.
   * Default `false`.
   */
  allowInsecureLoopback?: boolean;
  /** Header fields of the request, such as an `Authorization` that the server wants. Default: `Accept` alone. */
  headers?: Record<string, string>;
  /**
   * What fetches. It is given `redirect: "manual"` and a `signal`, and must not follow redirects. Default: the
   * platform's `fetch`.
   */
  fetch?: (url: string, init: RequestInit) => Promise<Response>;
  /** How many milliseconds the server has, from the request to the end of its answer. Default 5000, at most 60000. */
  timeoutMs?: number;
  /** The longest answer read, in bytes after decompression. Default 131072, at most 1048576. */
  maxResponseBytes?: number;
  /** The least time a set is used before it is fetched again, whatever the server says. Default 60, from 1. */
  minAge?: number;
  /** The longest time a set is used before it is fetched again. Default 86400, at most 604800. */
  maxAge?: number;
  /** How long after asking the server no key that is unknown makes it be asked again. Default 30, from 1 to 3600. */
  cooldown?: number;
  /** For how long past its time the last good set is used while the server fails. Default 3600, from 0 to 604800. */
  staleIfError?: number;
  /**
   * Where sets are shared beyond this instance's memory: `kvCache(…)`, `webCache(…)` or one of your own. Default:
   * nowhere.
   */
  cache?: JwksCache;
  /**
   * Keeps a Worker alive for what is fetched: `waitUntil` of `cloudflare:workers`, or `(work) => ctx.waitUntil(work)`
   * where the set is made for one request. Elsewhere it is of no use.
   */
  waitUntil?: (work: Promise<unknown>) => void;
  /**
   * Is told of everything that goes wrong with the server or the cache, also where callers notice nothing because the
   * last good set serves them. `under` is what lay under the error, such as the platform's own or a status: it may name
   * the server, so think before you log it.
   */
  onRefreshError?: (error: CountersignError, under: unknown) => void;
}

/** The options as they are used: read once, times in milliseconds. */
export interface Settings {
  readonly url: string;
  readonly alg: Algorithm | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly timeoutMs: number;
  readonly maxResponseBytes: number;
  readonly minAgeMs: number;
  readonly maxAgeMs: number;
  readonly cooldownMs: number;
  readonly staleIfErrorMs: number;
  readonly cache: JwksCache | undefined;
  readonly waitUntil: ((work: Promise<unknown>) => void) | undefined;
  readonly onRefreshError: ((error: CountersignError, under: unknown) => void) | undefined;
}

/** @throws {CountersignError} `OPTION_INVALID`. */
export function settingsOf(url: string | URL, given: RemoteKeySetOptions = {}): Settings {
  const options = readOptions(given, NAMES);
  const { alg, allowInsecureLoopback = false, headers, fetch: own, cache, waitUntil, onRefreshError } = options;
  // The core knows what an algorithm is.
  if (alg !== undefined) KeySet.fromJwks({ keys: [] }, { alg }).free();
  if (typeof allowInsecureLoopback !== "boolean") invalid('option "allowInsecureLoopback" is not a boolean');
  for (const [name, value] of Object.entries({ fetch: own, waitUntil, onRefreshError })) {
    if (value !== undefined) checkFunction(name, value);
  }
  if (cache !== undefined) for (const method of ["get", "put"]) checkMethod("cache", cache, method);
  const number = (name: NumberOption) => {
    const [least, usual, most] = NUMBERS[name];
    return wholeNumber(name, options[name], least, usual, most);
  };
  const settings = {
    url: allowedUrl(url, allowInsecureLoopback),
    alg,
    headers: { ...ACCEPT, ...fields(headers) },
    // Looked up at each call, as others do who replace the platform's.
    fetch: own ?? ((target: string, init: RequestInit) => fetch(target, init)),
    timeoutMs: number("timeoutMs"),
    maxResponseBytes: number("maxResponseBytes"),
    minAgeMs: number("minAge") * 1000,
    maxAgeMs: number("maxAge") * 1000,
    cooldownMs: number("cooldown") * 1000,
    staleIfErrorMs: number("staleIfError") * 1000,
    cache,
    waitUntil,
    onRefreshError,
  };
  if (settings.maxAgeMs < settings.minAgeMs) invalid('option "maxAge" is less than "minAge"');
  return settings;
}

/** Of each number: the least, what it is by default, the most. */
const NUMBERS = {
  timeoutMs: [1, 5000, 60_000],
  // The keys of large issuers, with certificates, take some 20 KB.
  maxResponseBytes: [1, 131_072, 1_048_576],
  minAge: [1, 60, 604_800],
  maxAge: [1, 86_400, 604_800],
  cooldown: [1, 30, 3600],
  staleIfError: [0, 3600, 604_800],
} as const;

type NumberOption = keyof typeof NUMBERS;

const NAMES = [
  ...(Object.keys(NUMBERS) as NumberOption[]),
  "alg",
  "allowInsecureLoopback",
  "cache",
  "fetch",
  "headers",
  "onRefreshError",
  "waitUntil",
] as const;

const ACCEPT = { accept: "application/jwk-set+json, application/json" };

/** The URL as text, if keys may be fetched from it. */
function allowedUrl(url: unknown, loopback: boolean): string {
  const { protocol, hostname, username, password, href } = parsed(url);
  if (username !== "" || password !== "") invalid("the URL of the key set has a user name or password in it");
  if (protocol === "https:" || (loopback && protocol === "http:" && LOOPBACK.test(hostname))) return href;
  invalid(
    loopback ? "the URL of the key set is neither https nor of this machine" : "the URL of the key set is not https",
  );
}

/** RFC 6761 §6.3, RFC 1122 §3.2.1.3, RFC 4291 §2.5.3; the URL parser has written addresses in their one form. */
const LOOPBACK = /^(?:(?:[^.]+\.)*localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

function parsed(url: unknown): URL {
  try {
    const found = new URL(String(url));
    found.hash = "";
    return found;
  } catch {
    // What the platform says holds the URL.
    invalid("the URL of the key set cannot be read");
  }
}

function fields(headers: unknown): Record<string, string> {
  if (headers === undefined) return {};
  if (typeof headers === "object" && headers !== null) {
    try {
      return Object.fromEntries(new Headers(headers as Record<string, string>));
    } catch {
      // What the platform says holds the value.
    }
  }
  invalid('option "headers" does not hold header fields');
}

function invalid(message: string): never {
  throw new CountersignError("OPTION_INVALID", message);
}
