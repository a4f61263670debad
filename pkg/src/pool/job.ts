/** A task that somebody waits for, until it is done, has failed, or is given up. */

import { CountersignError } from "../errors.js";
import type { Member } from "./member.js";
import type { Task } from "./work.js";

export class Job {
  readonly task: Task;
  /** What the task gives. */
  readonly result: Promise<string>;
  /** Who works on it. */
  member: Member | undefined;
  #settled = false;
  readonly #resolve: (text: string) => void;
  readonly #reject: (reason: unknown) => void;
  #unheed = () => {};

  constructor(task: Task) {
    this.task = task;
    // Node has had `Promise.withResolvers` since 22.
    let both: [(text: string) => void, (reason: unknown) => void] = [() => {}, () => {}];
    this.result = new Promise<string>((...given) => {
      both = given;
    });
    [this.#resolve, this.#reject] = both;
  }

  /** Whether nobody waits for it any more. */
  get settled(): boolean {
    return this.#settled;
  }

  /**
   * Has `giveUp` called when the signal is aborted before the job is settled.
   *
   * @throws {@link CountersignError} `OPTION_INVALID`: the signal does not let anybody listen.
   */
  heed(signal: AbortSignal, giveUp: (job: Job, reason: unknown) => void): void {
    const abort = () => {
      if (!this.#settled) giveUp(this, reasonOf(signal));
    };
    this.#unheed = () => signal.removeEventListener("abort", abort);
    try {
      signal.addEventListener("abort", abort);
    } catch {
      throw new CountersignError("OPTION_INVALID", 'option "signal" is not an AbortSignal');
    }
  }

  /** Of no effect once it is settled. */
  succeed(text: string): void {
    if (this.#settle()) this.#resolve(text);
  }

  /** Of no effect once it is settled. */
  fail(reason: unknown): void {
    if (this.#settle()) this.#reject(reason);
  }

  #settle(): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    try {
      this.#unheed();
    } catch {
      // A signal of the caller's own making. What it says from now on is of no effect.
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
