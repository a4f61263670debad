/** Starts one thread: a worker thread in Node, Deno and Bun, or else a Web Worker. */

import { builtin, type NodeWorkerClass } from "../builtin.js";
import type { WorkerUrl } from "../password-types.js";
import { hasAddressSpace } from "./address-space.js";
import { isReady, type Start } from "./messages.js";

/** What a thread is started with. */
export interface ThreadSource {
  /** The worker script. */
  readonly script: string;
  /** The module that it computes with. */
  readonly module: WebAssembly.Module;
  /** Where the script is served, for pages whose Content-Security-Policy forbids `blob:` workers. */
  readonly url: WorkerUrl | undefined;
}

/** What a thread reports. */
export interface ThreadEvents {
  /** It has sent a message, which may be anything. */
  answered(answer: unknown): void;
  /** It failed to start, or crashed. Called at most once, and never after `end`. */
  lost(): void;
}

/** A running thread. */
export interface Thread {
  /** Whether `end` stops a running computation. If not, it goes on after `gone` has resolved. */
  readonly interruptible: boolean;
  /** Resolves when the thread has ended. */
  readonly gone: Promise<void>;
  /** Sends a message, and transfers the listed buffers with it. */
  send(message: object, transferred?: ArrayBuffer[]): void;
  /** Sets whether the process stays alive for this thread. */
  keepProcessAlive(alive: boolean): void;
  /** Ends it. */
  end(): void;
  /** Ends it and reports it as lost. */
  lose(): void;
}

/** Starts a thread. Throws where the runtime has none or refuses. */
export function startThread(source: ThreadSource, events: ThreadEvents): Thread {
  const Worker = builtin("worker_threads")?.Worker;
  const thread = Worker === undefined ? webThread(source, events) : nodeThread(Worker, source.script, events);
  try {
    thread.send({ module: source.module } satisfies Start);
  } catch (error) {
    thread.end();
    throw error;
  }
  return thread;
}

/** The worker gets no environment variables, and none of the loaders that the program was started with. */
const NODE_OPTIONS = { env: {}, eval: true, execArgv: [], name: "countersign" };

let startingThreads = 0;

function nodeThread(Worker: NodeWorkerClass, script: string, events: ThreadEvents): Thread {
  if (!hasAddressSpace(startingThreads)) throw new RangeError("there is no address space for a thread");
  const worker = new Worker(script, NODE_OPTIONS);
  startingThreads += 1;
  let isStarting = true;
  const started = () => {
    if (isStarting) startingThreads -= 1;
    isStarting = false;
  };
  worker.on("exit", started);
  let ended = false;
  const gone = new Promise<void>((resolve) => worker.on("exit", () => resolve()));
  const end = () => {
    ended = true;
    void worker.terminate();
  };
  const lose = () => {
    if (ended) return;
    end();
    events.lost();
  };
  worker.on("message", (answer) => {
    started();
    if (!ended) events.answered(answer);
  });
  worker.on("error", lose);
  worker.on("messageerror", lose);
  worker.on("exit", lose);
  return {
    interruptible: canInterrupt(),
    gone,
    send: (message, transferred = []) => worker.postMessage(message, transferred),
    keepProcessAlive: (alive) => (alive ? worker.ref() : worker.unref()),
    end,
    lose,
  };
}

function webThread({ script, url }: ThreadSource, events: ThreadEvents): Thread {
  const address = url ?? URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  const revoke = () => {
    if (url === undefined) URL.revokeObjectURL(address as string);
  };
  let worker: Worker;
  try {
    // TypeScript's declaration does not know that a `TrustedScriptURL` is allowed.
    worker = new Worker(address as string, { name: "countersign" });
  } catch (error) {
    revoke();
    throw error;
  }
  // A page is not told when a Web Worker has ended, so `end` resolves this.
  let resolveGone = () => {};
  const gone = new Promise<void>((resolve) => {
    resolveGone = resolve;
  });
  const end = () => {
    revoke();
    worker.onerror = worker.onmessageerror = worker.onmessage = null;
    worker.terminate();
    resolveGone();
  };
  let started = false;
  const lose = (event?: Event) => {
    event?.preventDefault();
    if (!started) warnAbout(url);
    end();
    events.lost();
  };
  worker.onerror = lose;
  worker.onmessageerror = lose;
  worker.onmessage = ({ data }) => {
    revoke();
    // Another script may be served at `workerUrl`.
    started ||= isReady(data);
    events.answered(data);
  };
  return {
    interruptible: canInterrupt(),
    gone,
    send: (message, transferred = []) => worker.postMessage(message, transferred),
    keepProcessAlive() {},
    end,
    lose: () => lose(),
  };
}

let hasWarned = false;

/**
 * Says once that calls block, where the runtime has worker threads and starts none: without permission, or without memory. In a
 * browser, the console shows what forbids the worker.
 */
export function warnOfBlocking(): void {
  if (hasWarned || builtin("worker_threads")?.Worker === undefined) return;
  hasWarned = true;
  console.warn(
    "countersign: no worker thread can be started, so passwords are hashed on the calling thread, which blocks it; Node needs --allow-worker under --permission, and 1 GiB of address space for each thread under ulimit -v",
  );
}

let lastWarnedUrl: WorkerUrl | undefined;

/**
 * Warns once that `workerUrl` leads to no worker. Without `workerUrl` it says nothing: then the page's
 * Content-Security-Policy forbids the worker, and the browser has logged that.
 */
function warnAbout(url: WorkerUrl | undefined): void {
  if (url === undefined || url === lastWarnedUrl) return;
  lastWarnedUrl = url;
  console.warn(
    `countersign: option "workerUrl" leads to no worker (${url}); passwords are hashed on the page's own thread`,
  );
}

/**
 * Whether a thread can be terminated while it runs WebAssembly. In Deno and Bun it goes on, with all its memory. Deno even
 * reports at once that it has ended.
 */
function canInterrupt(): boolean {
  return !("Deno" in globalThis || "Bun" in globalThis);
}
