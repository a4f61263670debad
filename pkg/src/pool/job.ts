/** A task that somebody waits for, until it is done, has failed, or is given up. */

import type { Member } from "./member.js";
import type { Task } from "./work.js";

export class Job {
  readonly task: Task;
  /** What the task gives. */
  readonly result: Promise<string>;
  /** Who works on it. */
  member: Member | undefined;
  /** Both are of no effect once it is settled. */
  readonly succeed: (text: string) => void;
  readonly fail: (reason: unknown) => void;

  /** @param giveUp Called when the signal is aborted before the job is settled. */
  constructor(task: Task, signal: AbortSignal | undefined, giveUp: (job: Job, reason: unknown) => void) {
    this.task = task;
    const { promise, resolve, reject } = withResolvers();
    this.result = promise;
    const abort = () => giveUp(this, signal?.reason);
    this.succeed = (text) => {
      signal?.removeEventListener("abort", abort);
      resolve(text);
    };
    this.fail = (reason) => {
      signal?.removeEventListener("abort", abort);
      reject(reason);
    };
    signal?.addEventListener("abort", abort);
  }
}

// Node has had `Promise.withResolvers` since 22.
function withResolvers() {
  let resolve: (text: string) => void = () => {};
  let reject: (reason: unknown) => void = () => {};
  const promise = new Promise<string>((...both) => {
    [resolve, reject] = both;
  });
  return { promise, resolve, reject };
}
