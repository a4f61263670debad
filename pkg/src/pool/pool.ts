/** A pool of threads: who works, who waits, and what becomes of work when its caller or its thread gives up. */

import { CountersignError } from "../errors.js";
import { Job } from "./job.js";
import { Member } from "./member.js";
import type { ThreadSource } from "./thread.js";
import { perform, type Task } from "./work.js";

/** How large a pool may become, and how long it stays so. */
export interface PoolBounds {
  /** The most threads at any time; with none the work is done by whoever calls. */
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
  /** Those that get no more work and are not gone yet. Until then they take the place of others. */
  readonly #leaving = new Set<Member>();
  #waiting: Job[] = [];
  #worksHere = false;
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
    const busy = [...this.#members, ...this.#leaving].filter((member) => member.busy).length;
    if (threads + queue <= busy + this.#waiting.length) {
      task.password.fill(0);
      return Promise.reject(new CountersignError("PASSWORD_QUEUE_FULL", "too much work waits for a thread"));
    }
    const job = new Job(task);
    this.#waiting.push(job);
    try {
      if (signal !== undefined) job.heed(signal, (given, reason) => this.#giveUp(given, reason));
    } catch (error) {
      this.#giveUp(job, error);
    }
    this.#distribute();
    return job.result;
  }

  /** Ends every thread once all is done that has been asked for, and resolves when they are gone. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#waiting.map(({ result }) => result));
    for (const member of this.#members) {
      this.#letGo(member);
      member.retire();
    }
    await Promise.all([...this.#leaving].map((member) => member.gone));
  }

  /** Looks at its bounds again, and tries to start threads again where there were none to be had. */
  reconsider(): void {
    this.#hasThreads ||= undefined;
    // With none any more, what waits is done here, but not before this returns.
    if (0 < this.#bounds().threads) this.#distribute();
  }

  /** Gives what waits to the members without work, and to as many new ones as that takes. */
  #distribute(): void {
    // In the order in which they came, so that the last ones can rest and leave.
    for (const member of this.#members) {
      if (!member.starting && !member.busy) this.#employ(member);
    }
    const missing = () => this.#waiting.length - [...this.#members].filter((member) => member.starting).length;
    const room = () => this.#hasThreads !== false && this.#members.size + this.#leaving.size < this.#bounds().threads;
    while (0 < missing() && room() && this.#start());
    if (this.#bounds().threads === 0) this.#workHere();
    // Work that nobody waits for keeps no process alive; who waits for the thread that is at it does.
    for (const member of this.#members) if (member.abandoned) member.hold(0 < this.#waiting.length);
  }

  /** Work for a member, if there is any, or its dismissal: there may be too many, or its module may have given way to another. */
  #employ(member: Member): void {
    const { threads } = this.#bounds();
    if (threads < this.#members.size || member.module !== this.#source()?.module) return void this.#dismiss(member);
    const job = this.#waiting.shift();
    if (job === undefined) return;
    try {
      member.work(job);
    } catch {
      job.task.password.fill(0);
      job.fail(new CountersignError("INTERNAL", "the work could not be handed to a thread"));
      this.#dismiss(member);
    }
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
    this.#distribute();
    if (this.#members.has(member) && !member.busy) {
      member.rest(this.#bounds().idleMs, () => this.#dismiss(member));
    }
  }

  #dismiss(member: Member): void {
    this.#letGo(member);
    member.stop();
  }

  #letGo(member: Member, replace = () => this.#distribute()): void {
    // It may be leaving already.
    if (!this.#members.delete(member)) return;
    this.#leaving.add(member);
    void member.gone.then(() => {
      this.#leaving.delete(member);
      replace();
    });
  }

  /**
   * A hash cannot be interrupted from inside. Where a runtime interrupts a thread, it is ended, and another takes its place
   * when it is gone; elsewhere it computes to the end for nobody, and what waits for a thread waits for that.
   */
  #giveUp(job: Job, reason: unknown): void {
    job.fail(reason);
    const { member } = job;
    if (member === undefined) {
      this.#waiting = this.#waiting.filter((waiting) => waiting !== job);
      job.task.password.fill(0);
    } else if (member.interruptible) {
      this.#dismiss(member);
    }
    this.#distribute();
  }

  #lost(member: Member, started: boolean): void {
    // One that never was of use is not replaced, or there would be no end of it where there are none to be had.
    this.#letGo(member, started ? undefined : () => {});
    if (!started) this.#missed();
  }

  /** A thread could not be had. If there is no other, what waits for one is done here; if there never was, for good. */
  #missed(): void {
    if (0 < this.#members.size) return;
    this.#hasThreads ??= false;
    this.#workHere();
  }

  /** One task at a time, so that the thread gets to something else in between. */
  #workHere(): void {
    const job = this.#worksHere ? undefined : this.#waiting.shift();
    if (job === undefined) return;
    this.#worksHere = true;
    try {
      job.succeed(perform(job.task));
    } catch (error) {
      job.fail(error);
    }
    setTimeout(() => {
      this.#worksHere = false;
      // There may be threads again.
      if (this.#members.size === 0 || this.#bounds().threads === 0) this.#workHere();
    });
  }
}
