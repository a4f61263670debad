/** The work that has to do with a password, as it is done on whatever thread. */

import { type Bytes, utf8 } from "../bytes.js";
import { call, compute } from "../calls.js";
import { CountersignError } from "../errors.js";
import { passwords } from "../load/instances.js";

/** One piece of work. Whoever has a task owns the bytes of its password, and wipes them. */
export interface Task {
  readonly kind: keyof typeof KINDS;
  readonly password: Bytes;
  readonly stored: string | undefined;
  readonly policy: unknown;
}

/** Each gives text: nothing, the string to store, or an answer as JSON. */
const KINDS = {
  checkHashable: ({ password, policy }: Task) => passwords.glue.check_hashable(password, policy),
  hash: ({ password, policy }: Task) => passwords.glue.hash(password, policy),
  verify: ({ password, stored, policy }: Task) => passwords.glue.verify(password, stored, policy),
  verifyAndUpdate: ({ password, stored, policy }: Task) => passwords.glue.verify_and_update(password, stored, policy),
};

/** One more than the core ever reads of a text: of a longer one it only needs to know that it is longer, and no byte. */
const PASSWORD_BYTES = 65_537;
const STORED_CHARACTERS = 513;

/** Reads what a caller gave. */
export function taskOf(kind: Task["kind"], password: string, stored: string | null, policy: unknown): Task {
  const bytes = encode(password);
  try {
    return { kind, password: bytes, stored: expectStored(stored), policy };
  } catch (error) {
    bytes.fill(0);
    throw error;
  }
}

/** Does the work on this thread, and wipes the password. */
export function perform(task: Task): string {
  try {
    const work = () => KINDS[task.kind](task);
    // It computes no hash.
    if (task.kind === "checkHashable") return call(work);
    return compute(() => passwords.glue.scratch_bytes(task.stored, task.policy), work);
  } finally {
    task.password.fill(0);
  }
}

function encode(password: string): Bytes {
  if (typeof password !== "string") throw new CountersignError("PASSWORD_INVALID", "password is not a string");
  const bytes = password.length < PASSWORD_BYTES ? utf8(password) : new Uint8Array(PASSWORD_BYTES);
  if (bytes === undefined) throw new CountersignError("PASSWORD_INVALID", "password has a lone surrogate");
  if (bytes.length <= PASSWORD_BYTES) return bytes;
  bytes.fill(0);
  return new Uint8Array(PASSWORD_BYTES);
}

/** A stored hash as the core takes it. */
export function expectHash(stored: string): string {
  if (typeof stored !== "string") throw new CountersignError("HASH_MALFORMED", "stored hash is not a string");
  return stored.slice(0, STORED_CHARACTERS);
}

function expectStored(stored: string | null): string | undefined {
  if (stored === null) return undefined;
  if (typeof stored === "string") return stored.slice(0, STORED_CHARACTERS);
  throw new CountersignError("HASH_MALFORMED", "stored hash is neither a string nor null");
}
