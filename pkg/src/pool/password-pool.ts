/** The thread pool that all hashers of the process share, and its configuration. */

import { accountOption, type PasswordCallOptions } from "../account-option.js";
import { builtin } from "../builtin.js";
import { createTask, type HashTask } from "../hashing.js";
import { passwords } from "../load/instances.js";
import { threadParts } from "../load/passwords.js";
import { invalid, readOptions, wholeNumber } from "../options.js";
import type { TrustedWorkerUrl, WorkerUrl } from "../password-types.js";
import { Pool, type PoolLimits } from "./pool.js";

/** Options of `hashAsync`, `verifyAsync` and the other asynchronous functions. */
export interface PasswordAsyncOptions extends PasswordCallOptions {
  /**
   * Aborts the call. A waiting task is dropped. A running hash cannot be interrupted, so its thread is terminated, and the
   * next task waits for a new thread, for about the time of three hashes. Deno and Bun cannot terminate a thread: there it
   * stays busy until the hash is done.
   *
   * The promise rejects at once with the reason of the signal: a `DOMException` named `AbortError` or `TimeoutError`, or
   * your own reason, not a `CountersignError`.
   */
  signal?: AbortSignal;
}

/** Options of {@link configurePasswordPool}. */
export interface PasswordPoolOptions {
  /**
   * The most threads, from 0 to 64. Default: one per processor, at most 4, because each holds the memory of a hash. With 0,
   * the caller's thread does the work.
   */
  threads?: number;
  /** The most tasks that wait for a thread, from 0 to 65536. Default 256. One more rejects with `PASSWORD_QUEUE_FULL`. */
  queue?: number;
  /** How many milliseconds an idle thread is kept, from 0 to 3600000. Default 5000. */
  idleMs?: number;
  /**
   * In browsers, where `countersign/password/worker.js` is served. Set it for pages whose Content-Security-Policy forbids
   * `blob:` workers; the policy's `worker-src` must allow this URL. If no worker is found there, the console shows one
   * warning, and the page's own thread does the work. If the policy requires Trusted Types, give a `TrustedScriptURL`.
   */
  workerUrl?: string | URL | TrustedWorkerUrl;
}

interface Settings extends PoolLimits {
  readonly workerUrl: WorkerUrl | undefined;
}

let settings: Settings | undefined;
const currentSettings = () => {
  settings ??= readSettings({});
  return settings;
};

const pool = /* @__PURE__ */ new Pool(
  () => {
    const { module, script } = threadParts;
    return module === undefined || script === undefined
      ? undefined
      : { module, script, url: currentSettings().workerUrl };
  },
  () => currentSettings(),
);

/** Runs a task in the pool. */
export async function runInPool(
  kind: HashTask["kind"],
  password: string,
  stored: string | null,
  policy: unknown,
  options: PasswordAsyncOptions = {},
): Promise<string> {
  const { account, signal } = readOptions(options, { account: accountOption, signal: readSignal });
  // Threads start with the module that is loaded here.
  passwords.ensureLoaded();
  const task = createTask(kind, password, stored, policy, account);
  if (signal?.aborted) {
    task.password.fill(0);
    throw signal.reason;
  }
  return pool.run(task, signal);
}

/**
 * Configures the thread pool of `hashAsync`, `verifyAsync` and the other asynchronous functions, for the whole process. The
 * package's ES modules and its CommonJS modules have one pool each. It applies to calls that start afterwards.
 *
 * @param options An option that is left out gets its default.
 * @throws {CountersignError} `OPTION_INVALID`: an option is unknown, of the wrong type or out of range.
 * @example
 * ```ts
 * configurePasswordPool({ threads: 2, queue: 100 });
 * ```
 */
export function configurePasswordPool(options: PasswordPoolOptions): void {
  settings = readSettings(options);
  pool.applyLimits();
}

/**
 * Finishes all tasks and ends the threads of the pool. Threads do not keep the process alive, so only test runners and
 * similar programs need this. A later call starts new threads.
 *
 * @returns Resolves when the threads have ended.
 * @example
 * ```ts
 * await closePasswordPool();
 * ```
 */
export function closePasswordPool(): Promise<void> {
  return pool.close();
}

function readSettings(options: PasswordPoolOptions): Settings {
  return readOptions(options, {
    threads: wholeNumber(0, defaultThreads(), 64),
    queue: wholeNumber(0, 256, 65_536),
    idleMs: wholeNumber(0, 5000, 3_600_000),
    workerUrl: readUrl,
  });
}

const MOST_DEFAULT_THREADS = 4;

function defaultThreads(): number {
  const { navigator } = globalThis as { navigator?: { hardwareConcurrency?: number } };
  const processors = navigator?.hardwareConcurrency ?? builtin("os")?.availableParallelism?.() ?? 1;
  return Math.max(1, Math.min(processors, MOST_DEFAULT_THREADS));
}

function readUrl(name: string, url: unknown): WorkerUrl | undefined {
  if (url === undefined || typeof url === "string") return url;
  const type = Object.prototype.toString.call(url);
  if (type === "[object URL]") return String(url);
  // As text, the browser would refuse it.
  if (type === "[object TrustedScriptURL]") return url as TrustedWorkerUrl;
  throw invalid(`option "${name}" is neither a string nor a URL`);
}

function readSignal(name: string, signal: unknown): AbortSignal | undefined {
  if (signal === undefined || isSignal(signal)) return signal;
  throw invalid(`option "${name}" is not an AbortSignal`);
}

/** Checks the members, not the class: the signal may come from another realm, and some edge runtimes have no class. */
function isSignal(value: unknown): value is AbortSignal {
  try {
    const { aborted, addEventListener, removeEventListener } = (value ?? {}) as Partial<AbortSignal>;
    return (
      typeof aborted === "boolean" &&
      typeof addEventListener === "function" &&
      typeof removeEventListener === "function"
    );
  } catch {
    return false;
  }
}
