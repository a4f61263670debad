/** The pool that all hashers share, and how it is configured. */

import { builtin } from "../builtin.js";
import { CountersignError } from "../errors.js";
import { passwords, threadParts } from "../load/instances.js";
import { readOptions, wholeNumber } from "../options.js";
import { Pool, type PoolBounds } from "./pool.js";
import { type Task, taskOf } from "./work.js";

/** What may be said of work that is done on another thread. */
export interface PasswordAsyncOptions {
  /**
   * Gives the work up: what waits is not begun, and a thread that is at it is ended, as a hash cannot be interrupted. The
   * next task then waits for a new thread to start, which takes about as long again as three hashes. Deno and Bun cannot
   * end a thread: there it is busy until its hash is done. The promise rejects at once with the signal's reason, a
   * `DOMException` named `AbortError` or `TimeoutError` unless you gave another: not with a `CountersignError`.
   */
  signal?: AbortSignal;
}

/** How {@link configurePasswordPool} sets the pool up. What is left out has its default. */
export interface PasswordPoolOptions {
  /**
   * The most threads: by default one for each processor, and at most 4, as each holds the memory of a hash; from 0, which
   * means that the work is done on the thread of the caller, to 64.
   */
  threads?: number;
  /** The most tasks that wait for a thread: 256 by default, from 0 to 65536. One more is `PASSWORD_QUEUE_FULL`. */
  queue?: number;
  /** How many milliseconds a thread without work is kept: 5000 by default, from 0 to 3600000. */
  idleMs?: number;
  /**
   * In browsers, where `countersign/password/worker.js` is served. For pages whose content security policy forbids `blob:`
   * workers; it needs `worker-src` to allow this one. Where no worker is found there, the page is warned once on its
   * console, and the work is done on the page's own thread.
   */
  workerUrl?: string | URL;
}

interface Settings extends PoolBounds {
  readonly workerUrl: string | undefined;
}

let settings: Settings | undefined;
const current = () => {
  settings ??= read({});
  return settings;
};

const pool = /* @__PURE__ */ new Pool(
  () => {
    const { module, script } = threadParts;
    return module === undefined || script === undefined ? undefined : { module, script, url: current().workerUrl };
  },
  () => current(),
);

/** Has work done by the pool. */
export async function offThread(
  kind: Task["kind"],
  password: string,
  stored: string | null,
  policy: unknown,
  options: PasswordAsyncOptions = {},
): Promise<string> {
  const signal = readSignal(options);
  // Threads are started with the module that computes here.
  passwords.ready();
  const task = taskOf(kind, password, stored, policy);
  if (signal?.aborted) {
    task.password.fill(0);
    throw signal.reason;
  }
  return pool.run(task, signal);
}

/**
 * Sets up the pool on which `hashAsync` and its siblings work, for the whole process; the package's ES
 * modules and its CommonJS have one each. It applies to what is begun from
 * now on; without a call of this the defaults hold.
 *
 * @param options What is left out has its default.
 * @throws {CountersignError} `OPTION_INVALID` an unknown option, a wrong type, or a number out of its range.
 * @example
 * ```ts
 * configurePasswordPool({ threads: 2, queue: 100 });
 * ```
 */
export function configurePasswordPool(options: PasswordPoolOptions): void {
  settings = read(options);
  pool.reconsider();
}

/**
 * Ends the threads of the pool, once all is done that has been asked for. The process ends without it; it is for test
 * runners and programs that want nothing to go on. Whatever is asked for afterwards starts threads anew.
 *
 * @returns When the threads that there were are gone.
 * @example
 * ```ts
 * await closePasswordPool();
 * ```
 */
export function closePasswordPool(): Promise<void> {
  return pool.close();
}

function read(given: PasswordPoolOptions): Settings {
  const options = readOptions(given, ["idleMs", "queue", "threads", "workerUrl"]);
  return {
    idleMs: wholeNumber("idleMs", options.idleMs, 0, 5000, 3_600_000),
    queue: wholeNumber("queue", options.queue, 0, 256, 65_536),
    threads: wholeNumber("threads", options.threads, 0, usualThreads(), 64),
    workerUrl: readUrl(options.workerUrl),
  };
}

const USUAL_THREADS = 4;

function usualThreads(): number {
  const { navigator } = globalThis as { navigator?: { hardwareConcurrency?: number } };
  const processors = navigator?.hardwareConcurrency ?? builtin("os")?.availableParallelism?.() ?? 1;
  return Math.max(1, Math.min(processors, USUAL_THREADS));
}

function readUrl(url: unknown): string | undefined {
  if (url === undefined || typeof url === "string") return url;
  if (Object.prototype.toString.call(url) === "[object URL]") return String(url);
  throw new CountersignError("OPTION_INVALID", 'option "workerUrl" is neither a string nor a URL');
}

function readSignal(options: PasswordAsyncOptions): AbortSignal | undefined {
  const { signal } = readOptions(options, ["signal"]);
  if (signal === undefined || isSignal(signal)) return signal;
  throw new CountersignError("OPTION_INVALID", 'option "signal" is not an AbortSignal');
}

/** By what it does: it may be another realm's, and on edge runtimes it is nobody's class. */
function isSignal(value: unknown): value is AbortSignal {
  try {
    const { aborted, addEventListener, removeEventListener } = (value ?? {}) as Partial<AbortSignal>;
    const listens = typeof addEventListener === "function" && typeof removeEventListener === "function";
    return typeof aborted === "boolean" && listens;
  } catch {
    return false;
  }
}
