/** Runs one task at a time and lets all callers wait for the same run. */

/** Never rejects: the task records its own result. `isCurrent` tells whether the run has been given up meanwhile. */
type Task = (isCurrent: () => boolean) => Promise<void>;

interface Run {
  readonly startedAt: number;
  done: Promise<void>;
}

/**
 * Shares a running task among callers, also across the requests of a Worker. There, the runtime may cancel a task together
 * with the request that started it, so a run is given up after a time limit.
 */
export class SingleFlight {
  readonly #limitMs: number;
  readonly #keepAlive: (work: Promise<unknown>) => void;
  #run: Run | undefined;

  /**
   * @param limitMs When a run that has not ended is given up.
   * @param keepAlive Receives the promise of each run, for `waitUntil`.
   */
  constructor(limitMs: number, keepAlive: (work: Promise<unknown>) => void) {
    this.#limitMs = limitMs;
    this.#keepAlive = keepAlive;
  }

  get isRunning(): boolean {
    return this.#current !== undefined;
  }

  /** Starts the task, unless one is running. Does not wait. */
  start(task: Task): void {
    this.#startOrJoin(task);
  }

  /** Waits for the running task, or starts this one. Resolves to whether it ended in time. */
  async wait(task: Task): Promise<boolean> {
    const run = this.#startOrJoin(task);
    if (await this.#endsInTime(run)) return true;
    // On Workers, a request can end in the middle of a run. What it started then never settles, so a waiting caller
    // has to start again, once.
    if (this.#run === run) this.#run = undefined;
    return this.#endsInTime(this.#startOrJoin(task));
  }

  get #current(): Run | undefined {
    return this.#run !== undefined && 0 < this.#msLeft(this.#run) ? this.#run : undefined;
  }

  #startOrJoin(task: Task): Run {
    if (this.#current !== undefined) return this.#current;
    const run: Run = { startedAt: Date.now(), done: Promise.resolve() };
    this.#run = run;
    const isCurrent = () => this.#run === run;
    // The task starts in a later microtask: it calls the user's code, which may call this again.
    run.done = run.done
      .then(() => task(isCurrent))
      .finally(() => {
        if (isCurrent()) this.#run = undefined;
      });
    this.#keepAlive(run.done);
    return run;
  }

  /** The timer belongs to the caller's request: on Workers, another request's timer might never fire. */
  async #endsInTime(run: Run): Promise<boolean> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const timeout = new Promise<boolean>((resolve) => {
      timer = setTimeout(resolve, this.#msLeft(run), false);
    });
    try {
      const ended = run.done.then(
        () => true,
        () => false,
      );
      return await Promise.race([ended, timeout]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** 0 if the clock was set back. */
  #msLeft({ startedAt }: Run): number {
    const elapsed = Date.now() - startedAt;
    return elapsed < 0 ? 0 : Math.max(0, this.#limitMs - elapsed);
  }
}
