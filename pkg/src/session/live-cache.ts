/** Remembers for a short time which sessions live. */

/** How many sessions are remembered. */
const MAX_ENTRIES = 10_000;

/** Sessions that were found alive, with whom they belong to. */
export class LiveCache {
  readonly #keptMs: number;
  readonly #found = new Map<string, { subject: string; until: number }>();
  #ends = 0;

  /** @param keptMs How long an answer is used. 0: nothing is remembered. */
  constructor(keptMs: number) {
    this.#keptMs = keptMs;
  }

  /** Whose session it is, if it was found alive lately. */
  get(sessionId: string, now: number): string | undefined {
    const found = this.#found.get(sessionId);
    return found !== undefined && now < found.until ? found.subject : undefined;
  }

  /** How often a session has ended here. */
  get ends(): number {
    return this.#ends;
  }

  /**
   * Remembers a session that lives until `end` at the latest.
   *
   * @param ends What `ends` was before the store was asked. If a session has ended since, the answer may be outdated.
   */
  set(sessionId: string, subject: string, now: number, end: number, ends: number): void {
    if (this.#keptMs === 0 || ends !== this.#ends) return;
    this.#found.delete(sessionId);
    this.#found.set(sessionId, { subject, until: Math.min(now + this.#keptMs, end) });
    for (const oldest of this.#found.keys()) {
      if (this.#found.size <= MAX_ENTRIES) break;
      this.#found.delete(oldest);
    }
  }

  /** Forgets a session that has ended here. Call it after the store was changed. */
  delete(sessionId: string): void {
    this.#ends += 1;
    this.#found.delete(sessionId);
  }
}
