/** A pool of threads: who works, who waits, and what becomes of work when its caller or its thread gives up. */

import { CountersignError } from "../errors.js";
import { Job } from "./job.js";
import { Member } from "./member.js";
import type { ThreadSource } from "./thread.js";
import { perform, type Task } from "./work.js";

/** How large a pool may become, and how long it stays so. */
export interface PoolBounds {
  /** The most threads; with none the work is done by whoever calls. */
  readonly threads: number;
  /** The most tasks that wait for a thread. */
  readonly queue: number;
  /** How long a thread without work is kept. */
  readonly idleMs: number;
}

export class Pool {
  readonly #source: () => ThreadSource | undefined;
  readonly #bounds: () => PoolBounds;
  readonly #members = new Set<Member>();
  #waiting: Job[] = [];
  /** Not known until a thread was of use, or none could be had. */
  #hasThreads: boolean | undefined;

  /** @param source What threads are started with; nothing where there are to be none. */
  constructor(source: () => ThreadSource | undefined, bounds: () => PoolBounds) {
    this.#source = source;
    this.#bounds = bounds;
  }

  /** Does the work on a thread, or, where there are none, before it returns. */
  run(task: Task, signal: AbortSignal | undefined): Promise<string> {
    const { threads, queue } = this.#bounds();
    if (threads === 0 || this.#hasThreads === false || this.#source() === undefined) {
      return new Promise((resolve) => resolve(perform(task)));
    }
    const busy = [...this.#members].filter((member) => member.busy).length;
    if (threads + queue <= busy + this.#waiting.length) {
      task.password.fill(0);
      return Promise.reject(new CountersignError("PASSWORD_QUEUE_FULL", "too much work waits for a thread"));
    }
    const job = new Job(task, signal, (given, reason) => this.#giveUp(given, reason));
    this.#waiting.push(job);
    this.#distribute();
    return job.result;
  }

  /** Ends every thread once its work is done, and resolves when they are gone. */
  async close(): Promise<void> {
    const leaving = [...this.#members];
    this.#members.clear();
    this.#distribute();
    await Promise.all(leaving.map((member) => member.retire()));
  }

  /** Tries to start threads again where there were none to be had. */
  reconsider(): void {
    this.#hasThreads ||= undefined;
  }

  /** Gives what waits to the members without work, and to as many new ones as that takes. */
  #distribute(): void {
    // In the order in which they came, so that the last ones can rest and leave.
    for (const member of this.#members) {
      if (!member.starting && !member.busy) this.#employ(member);
    }
    const missing = () => this.#waiting.length - [...this.#members].filter((member) => member.starting).length;
    while (0 < missing() && this.#members.size < this.#bounds().threads && this.#start());
    if (this.#bounds().threads === 0) this.#workHere();
  }

  /** Work for a member, if there is any, or its dismissal: there may be too many, or its module may have given way to another. */
  #employ(member: Member): void {
    const { threads } = this.#bounds();
    if (threads < this.#members.size || member.module !== this.#source()?.module) return void this.#dismiss(member);
    const job = this.#waiting.shift();
    if (job !== undefined) member.work(job);
  }

  #start(): boolean {
    const source = this.#source();
    try {
      if (source === undefined) throw new TypeError("there is nothing to start a thread with");
      const member: Member = new Member(source, {
        free: () => this.#free(member),
        lost: (started) => this.#lost(member, started),
      });
      this.#members.add(member);
      return true;
    } catch {
      this.#missed();
      return false;
    }
  }

  #free(member: Member): void {
    this.#hasThreads = true;
    this.#employ(member);
    if (!this.#members.has(member)) this.#distribute();
    else if (!member.busy) member.rest(this.#bounds().idleMs, () => this.#dismiss(member));
  }

  #dismiss(member: Member): void {
    this.#members.delete(member);
    void member.stop();
  }

  /** A thread that cannot be interrupted from inside is ended, and another takes its place. */
  #giveUp(job: Job, reason: unknown): void {
    this.#waiting = this.#waiting.filter((waiting) => waiting !== job);
    if (job.member === undefined) job.task.password.fill(0);
    else this.#dismiss(job.member);
    job.fail(reason);
    this.#distribute();
  }

  #lost(member: Member, started: boolean): void {
    this.#members.delete(member);
    if (started) this.#distribute();
    else this.#missed();
  }

  /** A thread could not be had. If there is no other, what waits for one is done here; if there never was, for good. */
  #missed(): void {
    if (0 < this.#members.size) return;
    this.#hasThreads ??= false;
    this.#workHere();
  }

  /** One task at a time, so that the thread gets to something else in between. */
  #workHere(): void {
    const job = this.#waiting.shift();
    if (job === undefined) return;
    try {
      job.succeed(perform(job.task));
    } catch (error) {
      job.fail(error);
    }
    setTimeout(() => this.#workHere());
  }
}
