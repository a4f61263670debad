/** A pool of worker threads: starts and stops threads, queues jobs, and handles aborted jobs and crashed threads. */

import { CountersignError } from "../errors.js";
import { type HashTask, runTask } from "../hashing.js";
import { Job, PoolWorker } from "./pool-worker.js";
import { type ThreadSource, warnOfBlocking } from "./thread.js";

/** The limits of a pool. */
export interface PoolLimits {
  /** The most threads. With 0, the caller's thread does the work. */
  readonly threads: number;
  /** The most jobs that wait for a thread. */
  readonly queue: number;
  /** How long an idle thread is kept. */
  readonly idleMs: number;
}

export class Pool {
  readonly #source: () => ThreadSource | undefined;
  readonly #limits: () => PoolLimits;
  readonly #workers = new Set<PoolWorker>();
  /** Workers that get no more jobs but have not ended yet. They still count as threads. */
  readonly #stopping = new Set<PoolWorker>();
  #waiting: Job[] = [];
  #runsHere = false;
  /** `undefined` until a thread has started or failed to start. */
  #hasThreads: boolean | undefined;

  /** @param source Returns what a thread is started with, or `undefined` where there are no threads. */
  constructor(source: () => ThreadSource | undefined, limits: () => PoolLimits) {
    this.#source = source;
    this.#limits = limits;
  }

  /** Runs a task on a thread. Where there are no threads, it has run when this returns. */
  run(task: HashTask, signal: AbortSignal | undefined): Promise<string> {
    const { threads, queue } = this.#limits();
    if (threads === 0 || this.#hasThreads === false || this.#source() === undefined) {
      return new Promise((resolve) => resolve(runTask(task)));
    }
    const busy = this.#all().filter((worker) => worker.busy).length;
    if (threads + queue <= busy + this.#waiting.length) {
      task.password.fill(0);
      return Promise.reject(queueFull());
    }
    const job = new Job(task);
    this.#waiting.push(job);
    try {
      if (signal !== undefined) job.onAbort(signal, (aborted, reason) => this.#giveUp(aborted, reason));
    } catch (error) {
      this.#giveUp(job, error);
    }
    this.#distribute();
    return job.result;
  }

  /** Finishes all jobs, stops every thread, and resolves when the threads have ended. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#waiting.map(({ result }) => result));
    for (const worker of this.#workers) {
      this.#remove(worker);
      worker.stopWhenIdle();
    }
    await Promise.all([...this.#stopping].map((worker) => worker.gone));
  }

  /** Applies changed limits, and tries to start threads again if that failed before. */
  applyLimits(): void {
    this.#hasThreads ||= undefined;
    // With 0 threads, the next finished job runs the waiting ones here.
    if (0 < this.#limits().threads) this.#distribute();
  }

  #all(): PoolWorker[] {
    return [...this.#workers, ...this.#stopping];
  }

  /** Gives waiting jobs to idle workers, and starts as many new workers as the rest needs. */
  #distribute(): void {
    // The oldest workers first, so that the newest become idle and stop.
    for (const worker of this.#workers) {
      if (!worker.starting && !worker.busy) this.#employ(worker);
    }
    const missing = () => this.#waiting.length - [...this.#workers].filter((worker) => worker.starting).length;
    const mayStart = () => this.#hasThreads !== false && this.#all().length < this.#limits().threads;
    while (0 < missing() && mayStart() && this.#start());
    if (this.#limits().threads === 0) this.#runHere();
    // A job that nobody waits for keeps the process alive only if another job waits for its thread.
    for (const worker of this.#workers) if (worker.abandoned) worker.keepProcessAlive(0 < this.#waiting.length);
  }

  /** Gives an idle worker a job. Stops it if there are too many workers, or if another module has been loaded. */
  #employ(worker: PoolWorker): void {
    const { threads } = this.#limits();
    if (threads < this.#workers.size || worker.module !== this.#source()?.module) return void this.#stop(worker);
    const job = this.#waiting.shift();
    if (job === undefined) return;
    try {
      worker.run(job);
    } catch {
      job.task.password.fill(0);
      job.fail(new CountersignError("INTERNAL", "the password could not be sent to a hashing thread"));
      this.#stop(worker);
    }
  }

  #start(): boolean {
    const source = this.#source();
    try {
      if (source === undefined) throw new TypeError("there is no script to start a thread with");
      const worker: PoolWorker = new PoolWorker(source, {
        idle: () => this.#idle(worker),
        lost: (started) => this.#lost(worker, started),
      });
      this.#workers.add(worker);
      return true;
    } catch {
      this.#startFailed();
      return false;
    }
  }

  #idle(worker: PoolWorker): void {
    this.#hasThreads = true;
    this.#distribute();
    if (this.#workers.has(worker) && !worker.busy) {
      worker.rest(this.#limits().idleMs, () => this.#stop(worker));
    }
  }

  #stop(worker: PoolWorker): void {
    this.#remove(worker);
    worker.stop();
  }

  #remove(worker: PoolWorker, afterwards = () => this.#distribute()): void {
    // It may have been removed already.
    if (!this.#workers.delete(worker)) return;
    this.#stopping.add(worker);
    void worker.gone.then(() => {
      this.#stopping.delete(worker);
      afterwards();
    });
  }

  /**
   * A hash cannot be interrupted from inside. Where the runtime can terminate a busy thread, this does so, and a new thread
   * starts when it has ended. Elsewhere the thread finishes the abandoned hash, and other jobs wait for it.
   */
  #giveUp(job: Job, reason: unknown): void {
    const worker = this.#all().find((candidate) => candidate.runs(job));
    job.fail(reason);
    if (worker === undefined) {
      this.#waiting = this.#waiting.filter((waiting) => waiting !== job);
      job.task.password.fill(0);
    } else if (worker.interruptible) {
      this.#stop(worker);
    }
    this.#distribute();
  }

  #lost(worker: PoolWorker, started: boolean): void {
    // A worker that never started is not replaced. Otherwise this would go on forever where threads cannot start.
    this.#remove(worker, started ? undefined : () => {});
    if (!started) this.#startFailed();
  }

  /** If there is no worker left, waiting jobs run here. If none has ever started, so do all later jobs. */
  #startFailed(): void {
    if (0 < this.#workers.size) return;
    this.#hasThreads ??= false;
    if (!this.#hasThreads) warnOfBlocking();
    this.#runHere();
  }

  /** Runs one waiting job at a time on this thread, so that other events are handled in between. */
  #runHere(): void {
    const job = this.#runsHere ? undefined : this.#waiting.shift();
    if (job === undefined) return;
    this.#runsHere = true;
    try {
      job.succeed(runTask(job.task));
    } catch (error) {
      job.fail(error);
    }
    setTimeout(() => {
      this.#runsHere = false;
      // Meanwhile, threads may have started.
      if (this.#workers.size === 0 || this.#limits().threads === 0) this.#runHere();
    });
  }
}

function queueFull(): CountersignError {
  return new CountersignError("PASSWORD_QUEUE_FULL", 'the password queue is full; the option "queue" limits it');
}
