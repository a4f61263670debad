/** Modules that come with Node, and that Deno and Bun have as well; as nothing else has them, nothing imports them. */

import type { NodeCrypto } from "./platform/node.js";

/** As much of them as is used. */
interface Builtins {
  crypto: NodeCrypto;
  os: { availableParallelism?(): number };
  worker_threads: {
    parentPort?: {
      on(event: "message", listener: (message: unknown) => void): void;
      postMessage(message: unknown): void;
    };
    Worker?: new (script: string | URL, options: object) => NodeWorker;
  };
}

/** A worker thread. */
export interface NodeWorker {
  on(event: "error" | "exit" | "message" | "messageerror", listener: (value: unknown) => void): void;
  postMessage(message: unknown, transferred: ArrayBuffer[]): void;
  ref(): void;
  terminate(): Promise<unknown>;
  unref(): void;
}

/** Whether any can be asked for: Node has had this way to get at them since 20.16. */
export function hasBuiltins(): boolean {
  return typeof host()?.getBuiltinModule === "function";
}

/** The module, if there is one. */
export function builtin<Name extends keyof Builtins>(name: Name): Builtins[Name] | undefined {
  return host()?.getBuiltinModule?.(name) as Builtins[Name] | undefined;
}

function host(): { getBuiltinModule?(name: string): unknown } | undefined {
  return (globalThis as { process?: { getBuiltinModule?(name: string): unknown } }).process;
}
