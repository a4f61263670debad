// Worker threads under observation: while it is installed, every thread of the pool can be looked into.

import { EventEmitter } from "node:events";
import workerThreads, { Worker } from "node:worker_threads";

/**
 * Runs in the worker before its script: each answer says what the memory of the module holds, and whether the input
 * has been wiped.
 */
const PRELUDE = `{
  const { parentPort } = process.getBuiltinModule("worker_threads");
  let memory, last;
  WebAssembly.Instance = class extends WebAssembly.Instance {
    constructor(module, imports) { super(module, imports); memory = this.exports.memory; }
  };
  const post = parentPort.postMessage.bind(parentPort);
  parentPort.on("message", (message) => {
    if ("needle" in message) post({ observed: Buffer.from(memory.buffer).includes(message.needle) });
    last = message;
  });
  const on = parentPort.on.bind(parentPort);
  parentPort.on = (name, listener) => on(name, (message) => { if (!("needle" in message)) listener(message); });
  const zero = (value) => value instanceof Uint8Array ? value.every((byte) => byte === 0)
    : typeof value !== "object" || value === null || Object.values(value).every(zero);
  parentPort.postMessage = (answer) => post({
    ...answer,
    memoryBytes: memory.buffer.byteLength,
    wiped: "password" in last ? zero(last.password) && zero(last.policy) : undefined,
  });
}
`;

/** Puts itself in the place of `Worker`. */
export class Observed extends EventEmitter {
  /** The workers that were started, in order. */
  workers = [];
  /** The most of them that there were at a time. */
  most = 0;
  /** What they answered, in order. */
  answers = [];

  /** `alter(script)` may make another script of it, or throw as `Worker` does. */
  constructor(alter = (script) => script) {
    super();
    const observed = this;
    workerThreads.Worker = class extends Worker {
      constructor(script, options) {
        super(PRELUDE + alter(script), options);
        this.alive = true;
        observed.workers.push(this);
        observed.most = Math.max(observed.most, observed.alive.length);
        this.on("exit", () => {
          this.alive = false;
        });
        this.on("message", (answer) => {
          observed.answers.push(answer);
          observed.emit("answer", answer);
        });
      }
    };
  }

  get alive() {
    return this.workers.filter(({ alive }) => alive);
  }

  /** Whether a worker's memory holds some bytes. */
  async holds(worker, needle) {
    const answered = new Promise((resolve) => {
      worker.on("message", (answer) => {
        if ("observed" in answer) resolve(answer.observed);
      });
    });
    worker.postMessage({ needle });
    return answered;
  }

  remove() {
    workerThreads.Worker = Worker;
  }
}
