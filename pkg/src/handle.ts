/** What all handles to objects in a wasm module share: how they are freed, and the error for using them afterwards. */

import { CountersignError, type ErrorCode } from "./errors.js";
import { type Instance, tokens } from "./load/instances.js";

/** `Symbol.dispose`. Older browsers have none; with this substitute, classes with a dispose method still load there. */
export const dispose: typeof Symbol.dispose = Symbol.dispose ?? Symbol.for("Symbol.dispose");

/** The name of the method that Node, Deno and Bun ask for what `console.log` shows. */
export const inspect: unique symbol = /* @__PURE__ */ Symbol.for("nodejs.util.inspect.custom") as never;

/** What `console.log` shows of a key: its name and its algorithm, and nothing else. */
export function describeKey(className: string, { kid, alg }: { kid: string | undefined; alg: string }): string {
  return `${className} { kid: ${JSON.stringify(kid)}, alg: "${alg}" }`;
}

/**
 * The name of the property by which every copy of this package, in every realm, recognizes the handles of the others. Its
 * value is a {@link Kind}.
 */
export const KIND: unique symbol = /* @__PURE__ */ Symbol.for("countersign.kind") as never;

/** What a handle is, and which copy of the package made it. */
export interface Kind {
  readonly name: string;
  readonly copy: object;
}

/** This copy of the package. */
const COPY = {};

/** The kind of a class of this copy. */
export function kindOf(name: string): Kind {
  return { name, copy: COPY };
}

/**
 * The error for a value that is not a handle that this copy of the package made, although it may look like one: a `Proxy`
 * around one has none of its private fields.
 *
 * @param otherwise The message for a value that does not even look like one.
 * @param expected The kinds that would do, if another kind of this copy may be given by mistake.
 */
export function notOurs(
  value: unknown,
  otherwise: string,
  code: ErrorCode = "KEY_INVALID",
  expected?: readonly string[],
): CountersignError {
  const kind = readKind(value);
  if (kind === undefined) return new CountersignError(code, otherwise);
  if (kind.copy === COPY && expected?.includes(kind.name) === false) {
    const message = `expected ${article(expected.join(" or "))}, not ${article(kind.name)}`;
    return new CountersignError(code, message, undefined, "kind");
  }
  if (kind.copy === COPY) {
    const message = `this ${kind.name} is a copy, or wrapped in a Proxy: pass the ${kind.name} itself, in Vue with markRaw or toRaw`;
    return new CountersignError(code, message, undefined, "proxy");
  }
  const message =
    `this ${kind.name} is from another copy of countersign: let the whole program load one copy, ` +
    `only with import or only with require, in Next.js with serverExternalPackages; countersign/lite and countersign/verify ` +
    `are copies of their own`;
  return new CountersignError(code, message, undefined, "copy");
}

/** The error for a method whose `this` is not an object of its class. `const { verify } = verifier` loses the object. */
export function notThis(value: unknown, code?: "OPTION_INVALID"): CountersignError {
  return notOurs(value, lost("verifier.verify(token)"), code);
}

/** The message for a method whose `this` is nothing that looks like a handle. `call` is how to call one of its class. */
export function lost(call: string): string {
  return `method called without its object: call it as ${call}, or bind it`;
}

/** The message for a method of a key. */
export const LOST: string = /* @__PURE__ */ lost("key.toJwk()");

const article = (name: string): string => (/^[EI]/.test(name) ? `an ${name}` : `a ${name}`);

/** `instanceof`, which throws for some proxies. */
export function isInstance<T>(value: unknown, kind: { readonly prototype: T }): value is T {
  try {
    return value instanceof (kind as never);
  } catch {
    return false;
  }
}

function readKind(value: unknown): Kind | undefined {
  try {
    const kind = (value as { [KIND]?: Partial<Kind> } | null | undefined)?.[KIND];
    return /^(?:Issuers|Key|KeySet|KeyRing|RemoteKeySet|RingSigner|Signer|Verifier|EncryptionKey|PasswordHasher)$/.test(
      String(kind?.name),
    )
      ? (kind as Kind)
      : undefined;
  } catch {
    // A Proxy may throw anything.
    return undefined;
  }
}

/** @internal Frees a handle, and wipes what that leaves on the stack. */
export function release(handle: { free(): void } | undefined, instance: Instance = tokens): void {
  const { stackPointer } = instance;
  try {
    handle?.free();
  } catch (thrown) {
    // If a method of the handle has trapped, wasm-bindgen keeps it borrowed: it can never be freed.
    instance.recover(thrown, stackPointer);
  } finally {
    instance.wipeStack();
  }
}

/** Throws the error for the use of a handle after `free()`. */
export function throwFreed(what: string): never {
  throw new CountersignError("KEY_INVALID", `${what} has been freed`);
}
