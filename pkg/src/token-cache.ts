/**
 * The option `cache` of a `Verifier`: tokens whose signature it has checked, so that a token that comes again costs no
 * cryptography.
 *
 * The core judges a token once and says from when until when it accepts this very token. Within that time its judgment
 * cannot change: keys and options of a verifier never do. Outside of it, and at its ends, the core judges again.
 */

import { invalid, readOptions, splitOption, wholeNumber } from "./options.js";
import type { Claims, Header, Verified } from "./types.js";

/** The most tokens that a verifier may remember. */
const MOST_ENTRIES = 100_000;

/** How many recently used tokens may be passed over to find one to forget. */
const MOST_SPARED = 8;

interface Entry {
  readonly token: string;
  readonly header: () => Header;
  readonly claims: () => Claims;
  /** When the core accepts the token, in milliseconds since 1970. */
  readonly from: number;
  readonly until: number;
  /** Whether it came again since it was last looked at. */
  isUsed: boolean;
}

/** Tokens that one verifier has accepted. Only tokens with a valid signature get in, so nobody else can push them out. */
export class TokenCache {
  readonly #maxEntries: number;
  readonly #entries = new Map<string, Entry>();

  constructor(maxEntries: number) {
    this.#maxEntries = maxEntries;
  }

  /** An empty cache of the same size. */
  get another(): TokenCache {
    return new TokenCache(this.#maxEntries);
  }

  /** A new copy of what a token holds, if the core accepts it at `now`. */
  get(token: string, now: number): Verified | undefined {
    if (typeof token !== "string") return undefined;
    // The end of a signature finds the entry: hashing a whole token, which is a new text with each request, would take
    // most of the time. Then the whole token is compared.
    const end = endOf(token);
    const entry = this.#entries.get(end);
    if (entry === undefined || entry.token !== token) return undefined;
    // A token may be valid since ever, but not by a clock that says nothing.
    if (Number.isFinite(now) && entry.from <= now && now < entry.until) {
      entry.isUsed = true;
      return { header: entry.header(), claims: entry.claims() };
    }
    this.#entries.delete(end);
    return undefined;
  }

  /** Keeps a token that the core has accepted. Header and claims are the texts that were signed. */
  add(token: string, header: string, claims: string, from: number, until: number): void {
    if (this.#maxEntries <= this.#entries.size) this.#forgetOne();
    const parts = { header: copierOf<Header>(header), claims: copierOf<Claims>(claims) };
    const own = ownText(token);
    this.#entries.set(endOf(own), { token: own, ...parts, from, until, isUsed: false });
  }

  clear(): void {
    this.#entries.clear();
  }

  /** Forgets the oldest token that has not come again, or after a few the oldest of all. */
  #forgetOne(): void {
    let spared = 0;
    for (const [end, entry] of this.#entries) {
      this.#entries.delete(end);
      if (!entry.isUsed || spared === MOST_SPARED) return;
      entry.isUsed = false;
      this.#entries.set(end, entry);
      spared += 1;
    }
  }
}

/**
 * Takes the option `cache` out of a verifier's options, because the core does not know it.
 *
 * @throws {CountersignError} `OPTION_INVALID`.
 */
export function takeCache<Options extends object>(
  options: Options | undefined,
): [cache: TokenCache | undefined, others: Options | undefined] {
  const parts = splitOption(options, "cache");
  if (parts === undefined) return [undefined, options];
  if (parts.value === undefined) return [undefined, parts.others as Options | undefined];
  const { maxEntries } = readOptions<{ maxEntries: number }>(parts.value, {
    maxEntries: wholeNumber(1, 1000, MOST_ENTRIES),
  });
  return [new TokenCache(maxEntries), parts.others as Options | undefined];
}

/** @throws {CountersignError} `OPTION_INVALID`: a function that checks one token has nothing to remember. */
export function refuseCache(options: object | undefined): void {
  if (splitOption(options, "cache")?.value !== undefined) {
    throw invalid('option "cache" is for a Verifier that is kept, not for a function that checks one token');
  }
}

/** 256 bits of base64url: as long as the shortest signature. Two tokens that end alike take turns in the cache. */
const endOf = (token: string): string => token.slice(-43);

/** A copy of a text. A slice would keep the whole text that it was cut from in memory, such as a request's body. */
export function ownText(text: string): string {
  return JSON.parse(JSON.stringify(text));
}

/**
 * A function that gives a new object each time, which its caller may change. Copying a flat object takes a tenth of the time
 * of parsing it.
 */
export function copierOf<T extends object>(text: string): () => T {
  const original = JSON.parse(text) as T;
  const isFlat = (values: object) =>
    Object.values(values).every((value) => typeof value !== "object" || value === null);
  if (isFlat(original)) return () => ({ ...original });
  // Most often, the only values that are not flat are lists of texts, such as `aud`.
  const lists = Object.entries(original).filter(([, value]) => typeof value === "object" && value !== null);
  const areLists = lists.every(([name, value]) => Array.isArray(value) && isFlat(value) && name !== "__proto__");
  if (!areLists) return () => JSON.parse(text);
  return () => {
    const copy = { ...original } as Record<string, unknown>;
    for (const [name, list] of lists) copy[name] = list.slice();
    return copy as T;
  };
}
