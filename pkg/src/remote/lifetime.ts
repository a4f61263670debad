/** How long a server wants its answer to be used (RFC 9111 §4.2, §5.2). */

/** What the headers of an answer say. */
export interface Lifetime {
  /** For how many seconds more it is fresh; nothing if the server does not say. */
  readonly seconds: number | undefined;
  /** Whether a cache beside our own memory may keep it. */
  readonly store: boolean;
}

/** Reads the headers of an answer that was asked for at `now`, in milliseconds. */
export function lifetimeOf(headers: Headers, now: number): Lifetime {
  const directives = directivesOf(headers.get("Cache-Control") ?? "");
  const store = !directives.has("no-store");
  if (!store || directives.has("no-cache")) return { seconds: 0, store };
  const given = maxAge(directives.get("max-age")) ?? untilExpires(headers, now);
  // §4.2.3: a cache on the way has kept it for so long already.
  return {
    seconds: given === undefined ? undefined : Math.max(0, given - (wholeSeconds(headers.get("Age")) ?? 0)),
    store,
  };
}

/** Every directive by its name, with the values it is given. */
function directivesOf(cacheControl: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [, name = "", quoted, plain] of cacheControl.matchAll(DIRECTIVE)) {
    const key = name.toLowerCase();
    found.set(key, [...(found.get(key) ?? []), quoted ?? plain ?? ""]);
  }
  return found;
}

/** A token, and after `=` a quoted string, which may have commas, or another token. */
const DIRECTIVE = /([^\s,="]+)(?:="((?:[^"\\]|\\.)*)"|=([^\s,"]*))?/g;

/** The smallest, where several are given; and §4.2.1: one that is not a number makes the answer stale. */
function maxAge(values: string[] | undefined): number | undefined {
  return values && Math.min(...values.map((value) => wholeSeconds(value) ?? 0));
}

/** §5.3: `Expires`, by the server's own clock if it tells the time; a date that cannot be read has passed. */
function untilExpires(headers: Headers, now: number): number | undefined {
  const expires = headers.get("Expires");
  if (expires === null) return undefined;
  const date = Date.parse(headers.get("Date") ?? "");
  const seconds = (Date.parse(expires) - (Number.isNaN(date) ? now : date)) / 1000;
  return Number.isNaN(seconds) ? 0 : seconds;
}

/**
 * §1.2.2: what is greater than 2^31 counts as that. Without a bound, digits enough are infinite, and the difference of two
 * such numbers is none, which no comparison would ever find to be over.
 */
function wholeSeconds(text: string | null): number | undefined {
  return text !== null && /^\d+$/.test(text) ? Math.min(Number(text), 2 ** 31) : undefined;
}
