/** A thread of the pool, with one job at a time. */

import { CountersignError } from "../errors.js";
import type { Job } from "./job.js";
import type { Answer } from "./messages.js";
import { copyToHandOver } from "./policy.js";
import { startThread, type Thread, type ThreadSource } from "./thread.js";

/** What the pool is told. */
export interface MemberEvents {
  /** It has started, or its job is done. */
  free(): void;
  /** Its thread is gone, with its job if it had one; `started` says whether it ever was of use. */
  lost(started: boolean): void;
}

export class Member {
  /** What it computes with. */
  readonly module: WebAssembly.Module;
  readonly #thread: Thread;
  readonly #events: MemberEvents;
  #started = false;
  #leaving = false;
  #job: Job | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Starts it. Throws where no thread can be had. */
  constructor(source: ThreadSource, events: MemberEvents) {
    this.module = source.module;
    this.#events = events;
    this.#thread = startThread(source, { answered: (answer) => this.#answered(answer), lost: () => this.#lost() });
  }

  get starting(): boolean {
    return !this.#started;
  }

  get busy(): boolean {
    return this.#job !== undefined;
  }

  /** Sets it to work. The password is handed over, and so are copies of the policy's keys: none of it stays here. */
  work(job: Job): void {
    clearTimeout(this.#timer);
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
    this.#timer = unheld(setTimeout(over, ms));
  }

  /** Ends it once its work is done, and resolves when it is gone. */
  async retire(): Promise<void> {
    this.#leaving = true;
    await this.#job?.result.catch(() => {});
    await this.stop();
  }

  /** Ends it, whatever it is doing, and resolves when it is gone. */
  stop(): Promise<void> {
    clearTimeout(this.#timer);
    return this.#thread.end();
  }

  #answered(answer: Answer): void {
    const job = this.#job;
    this.#job = undefined;
    this.#started = true;
    if ("text" in answer) job?.succeed(answer.text);
    else if ("code" in answer) job?.fail(new CountersignError(answer.code, answer.message));
    if (!this.#leaving) this.#events.free();
  }

  #lost(): void {
    clearTimeout(this.#timer);
    this.#job?.fail(new CountersignError("INTERNAL", "the thread has ended before its work was done"));
    this.#job = undefined;
    if (!this.#leaving) this.#events.lost(this.#started);
  }
}

/** A timer for which no process stays alive. */
function unheld<Timer>(timer: Timer): Timer {
  // An object in Node, Bun and newer versions of Deno; a number in older ones, and in browsers, where nothing is to be done.
  const { unref } = timer as { unref?: () => void };
  if (typeof unref === "function") unref.call(timer);
  else (globalThis as { Deno?: { unrefTimer?(timer: unknown): void } }).Deno?.unrefTimer?.(timer);
  return timer;
}
