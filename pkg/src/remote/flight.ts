/** One piece of work at a time, which everybody who wants it done waits for. */

/** Never rejects: what came of it is told by whoever did it. */
type Work = (isCurrent: () => boolean) => Promise<void>;

interface Flight {
  readonly since: number;
  landed: Promise<void>;
}

/**
 * Shares work that is under way, also among requests of a Worker, where it can be lost with the request that began it.
 */
export class SingleFlight {
  readonly #longestMs: number;
  readonly #keepAlive: (work: Promise<unknown>) => void;
  #flight: Flight | undefined;

  /**
   * @param longestMs When work that has not come to an end is given up.
   * @param keepAlive Is given all work that begins.
   */
  constructor(longestMs: number, keepAlive: (work: Promise<unknown>) => void) {
    this.#longestMs = longestMs;
    this.#keepAlive = keepAlive;
  }

  get isUnderWay(): boolean {
    return this.#current !== undefined;
  }

  /** Begins, unless something is under way, and waits for nobody. `isCurrent` tells whether that was given up since. */
  begin(work: Work): void {
    this.#begin(work);
  }

  /** Waits for what is under way, or begins it: whether it came to an end. */
  async settle(work: Work): Promise<boolean> {
    const flight = this.#begin(work);
    if (await this.#landed(flight)) return true;
    // On Workers a request can end in the middle, and then nothing that it began ever comes to an end: who waits for it
    // waits for ever, or is told so by a rejection. Somebody else has to begin again, once.
    if (this.#flight === flight) this.#flight = undefined;
    return this.#landed(this.#begin(work));
  }

  get #current(): Flight | undefined {
    return this.#flight !== undefined && 0 < this.#left(this.#flight) ? this.#flight : undefined;
  }

  #begin(work: Work): Flight {
    if (this.#current !== undefined) return this.#current;
    const flight: Flight = { since: Date.now(), landed: Promise.resolve() };
    this.#flight = flight;
    const isCurrent = () => this.#flight === flight;
    // Not before it stands there: what is called may be the caller's, and call us.
    flight.landed = flight.landed
      .then(() => work(isCurrent))
      .finally(() => {
        if (isCurrent()) this.#flight = undefined;
      });
    this.#keepAlive(flight.landed);
    return flight;
  }

  /** Whether it comes to an end in time. The timer that says so has to be of the one who waits. */
  async #landed(flight: Flight): Promise<boolean> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(resolve, this.#left(flight), false);
    });
    try {
      const inTime = flight.landed.then(
        () => true,
        () => false,
      );
      return await Promise.race([inTime, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** How much time it has left; none if the clock was put back. */
  #left({ since }: Flight): number {
    const spent = Date.now() - since;
    return spent < 0 ? 0 : Math.max(0, this.#longestMs - spent);
  }
}
