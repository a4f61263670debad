/** One worker, seen from outside: a worker thread where the runtime has them, or else a Web Worker. */

import { builtin, type NodeWorker } from "../builtin.js";
import { isReady, type Start } from "./messages.js";

/** What a thread is started with. */
export interface ThreadSource {
  /** The worker's script, and the module it computes with. */
  readonly script: string;
  readonly module: WebAssembly.Module;
  /** Where the script is served, for a page that must not make a Web Worker of a text. */
  readonly url: string | undefined;
}

/** What becomes of it. */
export interface ThreadEvents {
  /** What it is, is yet to be seen. */
  answered(answer: unknown): void;
  /** It failed to start, or crashed; it is of no more use. Called once, and not once it was told to end. */
  lost(): void;
}

/** A worker at work. */
export interface Thread {
  /** Whether `end` stops what it is doing; if not, that runs on, and `gone` says nothing of it. */
  readonly interruptible: boolean;
  /** Resolves when it is no more. */
  readonly gone: Promise<void>;
  /** Hands a message over, and with it the memory on the list. */
  send(message: object, transferred?: ArrayBuffer[]): void;
  /** Whether the process stays alive for it. */
  hold(held: boolean): void;
  /** Ends it, whatever it is doing. */
  end(): void;
  /** Ends it as one that is of no use. */
  lose(): void;
}

/** Starts a thread. Throws where the runtime has none, or does not let us have one. */
export function startThread(source: ThreadSource, events: ThreadEvents): Thread {
  const Worker = builtin("worker_threads")?.Worker;
  const thread = Worker === undefined ? webThread(source, events) : nodeThread(new Worker(source.script, NODE), events);
  try {
    thread.send({ module: source.module } satisfies Start);
  } catch (error) {
    thread.end();
    throw error;
  }
  return thread;
}

/** With nothing of the process: no loaders and hooks that were meant for the program, no environment. */
const NODE = { env: {}, eval: true, execArgv: [], name: "countersign" };

function nodeThread(worker: NodeWorker, events: ThreadEvents): Thread {
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
    if (!ended) events.answered(answer);
  });
  worker.on("error", lose);
  worker.on("messageerror", lose);
  worker.on("exit", lose);
  return {
    interruptible: interrupts(),
    gone,
    send: (message, transferred = []) => worker.postMessage(message, transferred),
    hold: (held) => (held ? worker.ref() : worker.unref()),
    end,
    lose,
  };
}

function webThread({ script, url }: ThreadSource, events: ThreadEvents): Thread {
  const address = url ?? URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  const settle = () => {
    if (url === undefined) URL.revokeObjectURL(address);
  };
  let worker: Worker;
  try {
    worker = new Worker(address, { name: "countersign" });
  } catch (error) {
    settle();
    throw error;
  }
  let leave = () => {};
  // Of its end a page hears nothing.
  const gone = new Promise<void>((resolve) => {
    leave = resolve;
  });
  const end = () => {
    settle();
    worker.onerror = worker.onmessageerror = worker.onmessage = null;
    worker.terminate();
    leave();
  };
  let started = false;
  const lose = (event?: Event) => {
    event?.preventDefault();
    if (!started) warnOf(url);
    end();
    events.lost();
  };
  worker.onerror = lose;
  worker.onmessageerror = lose;
  worker.onmessage = ({ data }) => {
    settle();
    // A script that says something else is another's.
    started ||= isReady(data);
    events.answered(data);
  };
  return {
    interruptible: interrupts(),
    gone,
    send: (message, transferred = []) => worker.postMessage(message, transferred),
    hold() {},
    end,
    lose: () => lose(),
  };
}

/** The address that was warned of last. */
let warnedOf: string | undefined;

/**
 * Says, once, that there is no worker where the page was told to find one. Where it was told nothing, its policy decides,
 * and the browser has said so itself.
 */
function warnOf(url: string | undefined): void {
  if (url === undefined || url === warnedOf) return;
  warnedOf = url;
  console.warn(
    `countersign: option "workerUrl" leads to no worker (${url}); passwords are hashed on the page's own thread`,
  );
}

/**
 * Whether threads can be interrupted in WebAssembly. In Deno and Bun they run on after they were terminated, with all their
 * memory; Deno even says at once that they are gone.
 */
function interrupts(): boolean {
  return !("Deno" in globalThis || "Bun" in globalThis);
}
