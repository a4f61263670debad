/** One worker, seen from outside: a worker thread where the runtime has them, or else a Web Worker. */

import { builtin, type NodeWorker } from "../builtin.js";
import type { Answer, Start } from "./messages.js";

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
  answered(answer: Answer): void;
  /** It failed to start, or crashed; it is of no more use. Not called once it was told to end. */
  lost(): void;
}

/** A worker at work. */
export interface Thread {
  /** Hands a message over, and with it the memory on the list. */
  send(message: object, transferred?: ArrayBuffer[]): void;
  /** Whether the process stays alive for it. */
  hold(held: boolean): void;
  /** Ends it, whatever it is doing, and resolves when it is gone. */
  end(): Promise<void>;
}

/** Starts a thread. Throws where the runtime has none, or does not let us have one. */
export function startThread(source: ThreadSource, events: ThreadEvents): Thread {
  const Worker = builtin("worker_threads")?.Worker;
  const thread = Worker === undefined ? webThread(source, events) : nodeThread(new Worker(source.script, NODE), events);
  try {
    thread.send({ module: source.module } satisfies Start);
  } catch (error) {
    void thread.end();
    throw error;
  }
  return thread;
}

/** With nothing of the process: no loaders and hooks that were meant for the program, no environment. */
const NODE = { env: {}, eval: true, execArgv: [], name: "countersign" };

function nodeThread(worker: NodeWorker, events: ThreadEvents): Thread {
  let ended = false;
  let left = () => {};
  const gone = new Promise<void>((resolve) => {
    left = resolve;
  });
  const lose = () => {
    if (!ended) events.lost();
    ended = true;
  };
  worker.on("message", (answer) => {
    if (!ended) events.answered(answer as Answer);
  });
  worker.on("error", lose);
  worker.on("messageerror", lose);
  worker.on("exit", () => {
    left();
    lose();
  });
  return {
    send: (message, transferred = []) => worker.postMessage(message, transferred),
    hold: (held) => (held ? worker.ref() : worker.unref()),
    end() {
      ended = true;
      void worker.terminate();
      return gone;
    },
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
    warnOf(url);
    throw error;
  }
  let started = false;
  const lose = (event: Event) => {
    event.preventDefault();
    settle();
    if (!started) warnOf(url);
    worker.terminate();
    events.lost();
  };
  worker.onerror = lose;
  worker.onmessageerror = lose;
  worker.onmessage = ({ data }) => {
    started = true;
    settle();
    events.answered(data);
  };
  return {
    send: (message, transferred = []) => worker.postMessage(message, transferred),
    hold() {},
    async end() {
      settle();
      worker.onerror = worker.onmessageerror = worker.onmessage = null;
      worker.terminate();
    },
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
