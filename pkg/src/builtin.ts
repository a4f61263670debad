/**
 * Node's built-in modules, which Deno, Bun and Workers with `nodejs_compat` have as well. They are looked up at run time,
 * because an import would fail in all other runtimes.
 */

/** The parts of Node's modules that this package uses. */
interface Builtins {
  crypto: NodeCrypto;
  fs: { readFileSync(path: string, encoding: "latin1"): string };
  os: { availableParallelism?(): number };
  worker_threads: {
    parentPort?: {
      on(event: "message", listener: (message: unknown) => void): void;
      postMessage(message: unknown): void;
    };
    Worker?: NodeWorkerClass;
  };
}

/** Node's `crypto`. */
export interface NodeCrypto {
  constants: { RSA_PKCS1_PSS_PADDING: number };
  createPrivateKey(key: { key: Uint8Array; format: "der"; type: "pkcs8" }): NodeKeyObject;
  createPublicKey(key: { key: Uint8Array; format: "der"; type: "spki" } | NodeKeyObject): NodeKeyObject;
  createSign(hash: string): { update(message: Uint8Array): { sign(key: NodeKeyObject): Uint8Array } };
  createVerify(hash: string): {
    update(message: Uint8Array): { verify(key: NodeKeyObject, signature: Uint8Array): boolean };
  };
  sign(hash: string | null, message: Uint8Array, key: NodeKeyObject): Uint8Array;
  verify(hash: string | null, message: Uint8Array, key: NodeKeyObject, signature: Uint8Array): boolean;
}

/** A parsed key, and the padding that it is used with. */
export interface NodeKeyObject {
  readonly type: string;
  readonly asymmetricKeyType?: string;
  padding?: number;
  saltLength?: number;
}

/** The class of worker threads. */
export type NodeWorkerClass = new (script: string | URL, options: object) => NodeWorker;

/** A worker thread. */
export interface NodeWorker {
  on(event: "error" | "exit" | "message" | "messageerror", listener: (value: unknown) => void): void;
  postMessage(message: unknown, transferred: ArrayBuffer[]): void;
  ref(): void;
  terminate(): Promise<unknown>;
  unref(): void;
}

/** Whether `builtin` can find modules: in Node from 20.16, in Deno, in Bun, and in Workers with `nodejs_compat`. */
export function hasBuiltins(): boolean {
  // A small module that is loaded anyway. Asking is the only way to know whether `getBuiltinModule` works.
  return lookUp("path") !== undefined;
}

/** The module, or `undefined` where it does not exist. */
export function builtin<Name extends keyof Builtins>(name: Name): Builtins[Name] | undefined {
  return lookUp(name) as Builtins[Name] | undefined;
}

function lookUp(name: string): unknown {
  try {
    return (globalThis as { process?: { getBuiltinModule?(name: string): unknown } }).process?.getBuiltinModule?.(name);
  } catch {
    // On Next's edge runtime the function exists and throws.
    return undefined;
  }
}
