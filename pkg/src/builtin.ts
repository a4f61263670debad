/** Modules that come with Node, and that Deno and Bun have as well; as nothing else has them, nothing imports them. */

/** As much of them as is used. */
interface Builtins {
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

/** The module, if there is one: Node has had this way to get at it since 20.16. */
export function builtin<Name extends keyof Builtins>(name: Name): Builtins[Name] | undefined {
  const { process } = globalThis as { process?: { getBuiltinModule?(name: string): unknown } };
  return process?.getBuiltinModule?.(name) as Builtins[Name] | undefined;
}
