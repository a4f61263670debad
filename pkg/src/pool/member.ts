/** A thread of the pool, with one job at a time. */

import { CountersignError } from "../errors.js";
import type { Job } from "./job.js";
import { isOutcome, isReady, type Outcome } from "./messages.js";
import { copyToHandOver } from "./policy.js";
import { startThread, type Thread, type ThreadSource } from "./thread.js";
import { after, afterTurns } from "./timers.js";

/** What the pool is told. */
export interface MemberEvents {
  /** It has started, or its job is done. */
  free(): void;
  /** Its thread is gone, with its job if it had one; `started` says whether it ever was of use. */
  lost(started: boolean): void;
}

/** How long a worker has to say that it is ready. It takes a hundredth of that; on a machine under load, a tenth. */
const START_TURNS = 20;
const START_TURN_MS = 500;

export class Member {
  /** What it computes with. */
  readonly module: WebAssembly.Module;
  readonly #thread: Thread;
  readonly #events: MemberEvents;
  #started = false;
  #leaving = false;
  #job: Job | undefined;
  #stopTimer: () => void;

  /** Starts it. Throws where no thread can be had. */
  constructor(source: ThreadSource, events: MemberEvents) {
    this.module = source.module;
    this.#events = events;
    this.#thread = startThread(source, { answered: (answer) => this.#answered(answer), lost: () => this.#lost() });
    this.#stopTimer = afterTurns(START_TURNS, START_TURN_MS, () => this.#thread.lose());
  }

  get starting(): boolean {
    return !this.#started;
  }

  /** Whether it works, be it for nobody. */
  get busy(): boolean {
    return this.#job !== undefined;
  }

  /** Whether it works for nobody. */
  get abandoned(): boolean {
    return this.#job?.settled === true;
  }

  /** Whether it can be stopped while it works. */
  get interruptible(): boolean {
    return this.#thread.interruptible;
  }

  /** When its thread is no more. */
  get gone(): Promise<void> {
    return this.#thread.gone;
  }

  /** Sets it to work. The password is handed over, and so are copies of the policy's keys: none of it stays here. */
  work(job: Job): void {
    this.#stopTimer();
    this.#thread.hold(true);
    this.#job = job;
    job.member = this;
    const transferred = [job.task.password.buffer];
    const policy = copyToHandOver(job.task.policy, transferred);
    this.#thread.send({ ...job.task, policy }, transferred);
  }

  /** Keeps it for `ms` without work, in which the process may end, and then calls `over`. */
  rest(ms: number, over: () => void): void {
    this.#thread.hold(false);
    this.#stopTimer();
    this.#stopTimer = after(ms, over);
  }

  /** Whether the process stays alive for it. */
  hold(held: boolean): void {
    this.#thread.hold(held);
  }

  /** Ends it once its work is done. */
  retire(): void {
    this.#leaving = true;
    this.#thread.hold(true);
    if (!this.busy) this.stop();
  }

  /** Ends it without waiting for its work. */
  stop(): void {
    this.#leaving = true;
    this.#dropJob();
    this.#thread.end();
  }

  #answered(answer: unknown): void {
    if (isReady(answer) && !this.#started) this.#ready();
    else if (isOutcome(answer) && this.#job !== undefined) this.#done(this.#job, answer);
    // Whatever this is, it is no worker of ours.
    else this.#thread.lose();
  }

  #ready(): void {
    this.#started = true;
    this.#stopTimer();
    this.#events.free();
  }

  #done(job: Job, outcome: Outcome): void {
    this.#job = undefined;
    if ("text" in outcome) job.succeed(outcome.text);
    else job.fail(new CountersignError(outcome.code, outcome.message));
    if (this.#leaving) this.stop();
    else this.#events.free();
  }

  #lost(): void {
    this.#dropJob();
    if (!this.#leaving) this.#events.lost(this.#started);
  }

  #dropJob(): void {
    this.#stopTimer();
    this.#job?.fail(new CountersignError("INTERNAL", "the thread has ended before its work was done"));
    this.#job = undefined;
  }
}
