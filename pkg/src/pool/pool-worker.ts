/** A worker of the pool, and the job that it runs. */

import { CountersignError } from "../errors.js";
import type { HashTask } from "../hashing.js";
import { onAbort as listenForAbort } from "./abort.js";
import { copyPolicy, isOutcome, isReady, type Outcome } from "./messages.js";
import { startThread, type Thread, type ThreadSource } from "./thread.js";

/** A task whose caller waits for the result. */
export class Job {
  readonly task: HashTask;
  /** The result of the task. */
  readonly result: Promise<string>;
  #settled = false;
  readonly #resolve: (text: string) => void;
  readonly #reject: (reason: unknown) => void;
  #removeListener = () => {};

  constructor(task: HashTask) {
    this.task = task;
    // `Promise.withResolvers` does not exist before Node 22.
    let functions: [(text: string) => void, (reason: unknown) => void] = [() => {}, () => {}];
    this.result = new Promise<string>((...given) => {
      functions = given;
    });
    [this.#resolve, this.#reject] = functions;
  }

  /** Whether the caller has its result or has given up. */
  get settled(): boolean {
    return this.#settled;
  }

  /**
   * Calls `giveUp` if the signal is aborted before the job is settled.
   *
   * @throws {CountersignError} `OPTION_INVALID`: the signal does not accept a listener.
   */
  onAbort(signal: AbortSignal, giveUp: (job: Job, reason: unknown) => void): void {
    const abort = () => {
      if (!this.#settled) giveUp(this, reasonOf(signal));
    };
    try {
      this.#removeListener = listenForAbort(signal, abort);
    } catch {
      throw new CountersignError("OPTION_INVALID", 'option "signal" is not an AbortSignal');
    }
  }

  /** Has no effect on a settled job. */
  succeed(text: string): void {
    if (this.#settle()) this.#resolve(text);
  }

  /** Has no effect on a settled job. */
  fail(reason: unknown): void {
    if (this.#settle()) this.#reject(reason);
  }

  #settle(): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    try {
      this.#removeListener();
    } catch {
      // The signal is the caller's own object. An error that it throws now has no effect.
    }
    return true;
  }
}

function reasonOf(signal: AbortSignal): unknown {
  try {
    return signal.reason;
  } catch (error) {
    return error;
  }
}

/** What a worker tells the pool. */
export interface PoolWorkerEvents {
  /** It has started, or has finished its job. */
  idle(): void;
  /** Its thread has ended unexpectedly, together with its job. `started` tells whether it ever was ready. */
  lost(started: boolean): void;
}

// How long a worker may take to get ready: a hundred times what it usually needs, and ten times what it needs under load.
const START_TURNS = 20;
const START_TURN_MS = 500;

/** A thread that runs one job at a time. */
export class PoolWorker {
  /** The module that it computes with. */
  readonly module: WebAssembly.Module;
  readonly #thread: Thread;
  readonly #events: PoolWorkerEvents;
  #started = false;
  #stopping = false;
  #job: Job | undefined;
  #stopTimer: () => void;

  /** Starts a thread. Throws if the runtime refuses. */
  constructor(source: ThreadSource, events: PoolWorkerEvents) {
    this.module = source.module;
    this.#events = events;
    this.#thread = startThread(source, { answered: (answer) => this.#answered(answer), lost: () => this.#lost() });
    this.#stopTimer = afterTurns(START_TURNS, START_TURN_MS, () => this.#thread.lose());
  }

  get starting(): boolean {
    return !this.#started;
  }

  /** Whether it runs a job, even one whose caller has given up. */
  get busy(): boolean {
    return this.#job !== undefined;
  }

  /** Whether it runs a job whose caller has given up. */
  get abandoned(): boolean {
    return this.#job?.settled === true;
  }

  /** Whether `stop` ends it while it computes. */
  get interruptible(): boolean {
    return this.#thread.interruptible;
  }

  /** Resolves when the thread has ended. */
  get gone(): Promise<void> {
    return this.#thread.gone;
  }

  runs(job: Job): boolean {
    return this.#job === job;
  }

  /** Starts a job. The password and copies of the policy's keys are transferred, so no copy stays here. */
  run(job: Job): void {
    this.#stopTimer();
    this.#thread.keepProcessAlive(true);
    this.#job = job;
    const transferred = [job.task.password.buffer];
    const policy = copyPolicy(job.task.policy, transferred);
    this.#thread.send({ ...job.task, policy }, transferred);
  }

  /** Waits idle for `ms` without keeping the process alive, then calls `onTimeout`. */
  rest(ms: number, onTimeout: () => void): void {
    this.#thread.keepProcessAlive(false);
    this.#stopTimer();
    this.#stopTimer = after(ms, onTimeout);
  }

  keepProcessAlive(alive: boolean): void {
    this.#thread.keepProcessAlive(alive);
  }

  /** Stops it after its job. */
  stopWhenIdle(): void {
    this.#stopping = true;
    this.#thread.keepProcessAlive(true);
    if (!this.busy) this.stop();
  }

  /** Stops it at once. Its job fails. */
  stop(): void {
    this.#stopping = true;
    this.#failJob();
    this.#thread.end();
  }

  #answered(answer: unknown): void {
    if (isReady(answer) && !this.#started) this.#ready();
    else if (isOutcome(answer) && this.#job !== undefined) this.#done(this.#job, answer);
    // The script is not ours.
    else this.#thread.lose();
  }

  #ready(): void {
    this.#started = true;
    this.#stopTimer();
    this.#events.idle();
  }

  #done(job: Job, outcome: Outcome): void {
    this.#job = undefined;
    if ("text" in outcome) job.succeed(outcome.text);
    else job.fail(new CountersignError(outcome.code, outcome.message));
    if (this.#stopping) this.stop();
    else this.#events.idle();
  }

  #lost(): void {
    this.#failJob();
    if (!this.#stopping) this.#events.lost(this.#started);
  }

  #failJob(): void {
    this.#stopTimer();
    this.#job?.fail(new CountersignError("INTERNAL", "the hashing thread ended before it finished"));
    this.#job = undefined;
  }
}

/** Calls `onTimeout` after `ms`. The timer does not keep the process alive. Returns a function that stops it. */
function after(ms: number, onTimeout: () => void): () => void {
  const timer = unref(setTimeout(onTimeout, ms));
  return () => clearTimeout(timer);
}

/**
 * Calls `onTimeout` after `turns` timers of `ms` in a row. If the thread is blocked meanwhile, only one of them has fired,
 * so the program still receives a message that has arrived before this gives up.
 */
function afterTurns(turns: number, ms: number, onTimeout: () => void): () => void {
  let stop = () => {};
  const next = (left: number) => {
    stop = after(ms, () => (left === 1 ? onTimeout() : next(left - 1)));
  };
  next(turns);
  return () => stop();
}

function unref<Timer>(timer: Timer): Timer {
  // An object in Node, Bun and newer versions of Deno; a number in older ones, and in browsers, which need nothing.
  const { unref } = timer as { unref?: () => void };
  if (typeof unref === "function") unref.call(timer);
  else (globalThis as { Deno?: { unrefTimer?(timer: unknown): void } }).Deno?.unrefTimer?.(timer);
  return timer;
}
