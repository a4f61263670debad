/**
 * Runs password functions of the core on the current thread: the caller's, or a worker of the pool.
 *
 * After each call, no secret is left on the stack, and no more memory is kept than a hash at the default cost needs.
 */

import { type Bytes, utf8 } from "./bytes.js";
import { CountersignError } from "./errors.js";
import { type PasswordQuestion, passwords } from "./load/instances.js";
import { restartPasswords, reuseGrownInstance, setGrownInstanceAside } from "./load/passwords.js";

/** A call to run. The holder of a task must wipe the bytes of its password. */
export interface HashTask {
  readonly kind: keyof typeof KINDS;
  readonly password: Bytes;
  readonly stored: string | undefined;
  readonly account: string | undefined;
  readonly policy: unknown;
}

/** The core's name of each. Its answer is text: nothing, the hash to store, or JSON. */
const KINDS = {
  checkHashable: "CheckHashable",
  hash: "Hash",
  verify: "Verify",
  verifyAndUpdate: "VerifyAndUpdate",
} as const;

const NO_PASSWORD = /* @__PURE__ */ new Uint8Array(0);

// One more than the core accepts: of a longer value, the core needs to know only that it is too long.
const PASSWORD_BYTES = 65_537;
const STORED_CHARACTERS = 1025;

/** Makes a task from a caller's arguments. Throws if one has the wrong type. */
export function createTask(
  kind: HashTask["kind"],
  password: string,
  stored: string | null,
  policy: unknown,
  account?: string,
): HashTask {
  expectBinding(account);
  const bytes = passwordBytes(password);
  try {
    return { kind, password: bytes, stored: expectHashOrNull(stored), account, policy };
  } catch (error) {
    bytes.fill(0);
    throw error;
  }
}

/** Runs a task on this thread, and wipes the password. */
export function runTask(task: HashTask): string {
  const call = () => ask(KINDS[task.kind], task.password, task.stored, task.account, task.policy);
  try {
    return task.kind === "checkHashable" ? callPasswords(call) : callHash(task, call);
  } finally {
    task.password.fill(0);
  }
}

/** Whether a stored hash is weaker than the policy, as JSON. */
export function askNeedsRehash(stored: string, policy: unknown, account: string | undefined): string {
  expectBinding(account);
  return callPasswords(() => ask("NeedsRehash", NO_PASSWORD, expectHash(stored), account, policy));
}

/** The module with Argon2 only takes no account, and would ignore it. */
function expectBinding(account: string | undefined): void {
  if (account === undefined || passwords.covers("password")) return;
  throw new CountersignError(
    "OPTION_INVALID",
    'option "account" needs "countersign/password" instead of "countersign/argon2"',
  );
}

function ask(
  question: PasswordQuestion,
  password: Bytes,
  stored: string | undefined,
  account: string | undefined,
  policy: unknown,
): string {
  const { glue } = passwords;
  return glue.ask(glue.Question[question], password, stored, policy, account);
}

/** A stored hash, shortened to what the core reads. */
export function expectHash(stored: string): string {
  if (typeof stored !== "string") throw new CountersignError("HASH_MALFORMED", "stored hash is not a string");
  return stored.slice(0, STORED_CHARACTERS);
}

function expectHashOrNull(stored: string | null): string | undefined {
  if (stored === null) return undefined;
  if (typeof stored === "string") return stored.slice(0, STORED_CHARACTERS);
  throw new CountersignError("HASH_MALFORMED", "stored hash is neither a string nor null");
}

function passwordBytes(password: string): Bytes {
  // A forgotten argument is the caller's mistake, and not a password that somebody typed.
  if (password === undefined) throw new CountersignError("OPTION_INVALID", "password is undefined");
  if (typeof password !== "string") throw new CountersignError("PASSWORD_INVALID", "password is not a string");
  const bytes = password.length < PASSWORD_BYTES ? utf8(password) : new Uint8Array(PASSWORD_BYTES);
  if (bytes === undefined) throw new CountersignError("PASSWORD_INVALID", "password has a lone surrogate");
  if (bytes.length <= PASSWORD_BYTES) return bytes;
  bytes.fill(0);
  return new Uint8Array(PASSWORD_BYTES);
}

/** The memory that is kept for the next call. A hash at the default cost fits in it; a hash of 32 MiB does not. */
const KEPT_BYTES = 32 * 1024 * 1024;

/** The largest scratch memory of a hash that fits in it. The rest is for the module's own data and its stack. */
const KEPT_SCRATCH_BYTES = 30 * 1024 * 1024;

/** How many calls are nested: a getter of the caller's policy may call in again. */
let depth = 0;
let mustRestart = false;

/** Runs a call into the password module and throws a `CountersignError` for whatever the call throws. */
export function callPasswords<T>(call: () => T): T {
  passwords.ensureLoaded();
  const { stackPointer } = passwords;
  depth += 1;
  try {
    return call();
  } catch (thrown) {
    mustRestart ||= !(thrown instanceof CountersignError);
    throw passwords.recover(thrown, stackPointer);
  } finally {
    depth -= 1;
    passwords.wipeStack();
    // An outer call still runs in the old instance.
    if (depth === 0) replaceInstanceIfNeeded();
  }
}

/** Like `callPasswords`, for a call that computes a hash. A large hash runs in the instance of the last one, if possible. */
function callHash<T>({ stored, policy }: HashTask, call: () => T): T {
  const scratchBytes = callPasswords(() => ask("ScratchBytes", NO_PASSWORD, stored, undefined, policy));
  const isLarge = KEPT_SCRATCH_BYTES < Number(scratchBytes);
  // Inside another call, the instance cannot be replaced. Then this one grows.
  if (isLarge && depth === 0) reuseGrownInstance();
  return callPasswords(call);
}

function replaceInstanceIfNeeded(): void {
  try {
    if (passwords.loaded) {
      if (mustRestart) restartPasswords();
      else if (KEPT_BYTES < passwords.memoryBytes) setGrownInstanceAside();
    }
    mustRestart = false;
  } catch {
    // There is no memory for another instance now. The old one stays, and the next call tries again.
  }
}
