/** Counts the attempts to log in of an account or of an address, in the row of a store. */

import { type StoreRow, unavailable } from "../stores/store.js";

/** How long a failure is remembered. */
const KEPT_MS = 30 * 24 * 3600 * 1000;

/** Limits that were read, in milliseconds. */
export interface Limits {
  readonly free: number;
  readonly firstWait: number;
  readonly longestWait: number;
  readonly lockAfter: number;
  readonly unlockAfter: number;
  /** After this time, one failure is forgotten. Those of an account are in a row, however long it takes. */
  readonly forgetOneAfter: number;
}

/** A row: failures, when the next attempt is allowed, and from when on time counts for forgetting. */
interface Count {
  readonly failures: number;
  readonly until: number;
  readonly since: number;
}

/** What counting an attempt did. */
export interface Change {
  /** The milliseconds that are left to wait. 0: the attempt was counted. */
  readonly wait: number;
  readonly before: StoreRow | undefined;
  /** The value that was written. */
  readonly value: string | undefined;
}

/** Counts an attempt, unless it must wait. */
export function counted(
  before: StoreRow | undefined,
  limits: Limits,
  now: number,
): { result: Change; next?: StoreRow } {
  const { failures, since, until } = readCount(before, limits, now);
  if (now < until) return { result: { wait: until - now, before, value: undefined } };
  const wait = waitAfter(failures + 1, limits);
  // Without a wait, not `now`: another attempt that began a moment earlier may read this row.
  const next = writeCount({ failures: failures + 1, since, until: wait === 0 ? 0 : now + wait }, now);
  return { result: { wait: 0, before, value: next.value }, next };
}

/** Undoes a count. If others were counted since, only the number is one less. */
export function uncounted(
  row: StoreRow | undefined,
  { before, value }: Change,
  limits: Limits,
): { result: undefined; next?: StoreRow | undefined } {
  if (row?.value === value) return { result: undefined, next: before };
  const now = Date.now();
  const { failures, since, until } = readCount(row, limits, now);
  if (failures === 0) return { result: undefined };
  return { result: undefined, next: writeCount({ failures: failures - 1, since, until }, now) };
}

function waitAfter(failures: number, { free, firstWait, lockAfter, longestWait, unlockAfter }: Limits): number {
  if (lockAfter <= failures) return unlockAfter;
  return failures <= free ? 0 : Math.min(longestWait, firstWait * 2 ** (failures - free - 1));
}

function readCount(row: StoreRow | undefined, { forgetOneAfter, lockAfter }: Limits, now: number): Count {
  const none = { failures: 0, until: 0, since: now };
  if (row === undefined || row.expiresAt <= now) return none;
  const found = row.value.match(/^(\d+) (\d+|Infinity) (\d+) /);
  if (found === null) throw unavailable("the store returned a row that was not written here");
  const [, failures = 0, until = 0, since = 0] = found.map(Number);
  // Unlocked by time: all attempts are allowed again.
  if (lockAfter <= failures && until <= now) return none;
  const forgotten = Math.max(0, Math.floor((now - since) / forgetOneAfter));
  if (forgotten === 0) return { failures, until, since };
  return failures <= forgotten
    ? { ...none, until }
    : { failures: failures - forgotten, until, since: since + forgotten * forgetOneAfter };
}

function writeCount({ failures, since, until }: Count, now: number): StoreRow {
  // No two writes are equal, so that the store can tell them apart.
  const value = `${failures} ${until} ${Math.floor(since)} ${crypto.randomUUID()}`;
  const isForever = until === Number.POSITIVE_INFINITY;
  return { value, owner: "", expiresAt: isForever ? Number.MAX_SAFE_INTEGER : Math.max(until, now) + KEPT_MS };
}
