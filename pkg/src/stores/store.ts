/** The rows that sessions and login attempts are kept in, and how every store is used. */

import { CountersignError } from "../errors.js";
import { checkMethod } from "../options.js";

/** A row of a {@link Store}. It contains no password and no token. */
export interface StoreRow {
  /** What the row says, as text. */
  readonly value: string;
  /** Whose row it is, for `list`; `""` if nobody asks for it by owner. */
  readonly owner: string;
  /** When the row is no longer needed: milliseconds since 1970. */
  readonly expiresAt: number;
}

/**
 * A store with compare-and-set. The methods may be asynchronous, and throw if the store fails.
 *
 * Rows may be deleted once they have expired. Nothing relies on it. A store that can lose a write, or that cannot compare and
 * set, such as Workers KV, must not be used.
 */
export interface Store {
  /** The row of a key, also if it has expired; `undefined` if there is none. It must not come from a stale replica. */
  get(key: string): StoreRow | undefined | Promise<StoreRow | undefined>;
  /**
   * In one atomic step: compares the row's value with `before` (`undefined`: there is no row) and, if they are equal, writes
   * `after` (`undefined`: deletes the row). Returns whether it wrote.
   */
  replace(key: string, before: string | undefined, after: StoreRow | undefined): boolean | Promise<boolean>;
  /** The keys and rows of an owner. */
  list(
    owner: string,
  ): readonly (StoreRow & { readonly key: string })[] | Promise<readonly (StoreRow & { readonly key: string })[]>;
}

/** How long a store may take. */
const TIMEOUT_MS = 5000;
/** How often a write is tried again when another one came first. */
const MAX_TRIES = 24;
/** After so many tries, each waits a random time, so that not all of them meet again: of up to the first pause, then twice as long. */
const EAGER_TRIES = 4;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 400;

/** Uses a store, and turns everything that can go wrong with it into `STORE_UNAVAILABLE`. */
export class CheckedStore {
  readonly #store: Store;

  /** @throws {CountersignError} `OPTION_INVALID`: this is not a store. */
  constructor(name: string, store: unknown) {
    for (const method of ["get", "replace", "list"]) checkMethod(name, store, method);
    this.#store = store as Store;
  }

  /** The row of a key. */
  async get(key: string): Promise<StoreRow | undefined> {
    return inTime(async () => {
      const row = await this.#store.get(key);
      return row === undefined || row === null ? undefined : checkRow(row);
    });
  }

  /** Compare-and-set: whether it wrote. */
  async replace(key: string, before: string | undefined, after: StoreRow | undefined): Promise<boolean> {
    const written = await inTime(() => this.#store.replace(key, before, after));
    if (typeof written !== "boolean") throw unavailable("the store did not say whether it wrote");
    return written;
  }

  /** The rows of an owner. */
  async list(owner: string): Promise<(StoreRow & { key: string })[]> {
    return inTime(async () => {
      const rows = await this.#store.list(owner);
      if (!Array.isArray(rows)) throw unavailable("the store returned no list");
      return rows.map((row: StoreRow & { key: string }) => {
        const key = row?.key;
        if (typeof key !== "string") throw unavailable("the store returned a row without a key");
        return { ...checkRow(row), key };
      });
    });
  }

  /**
   * Reads a row, changes it and writes it, again and again until nobody else wrote in between.
   *
   * @param change Gets the row, and returns a result and the next row (`undefined` to delete it). Without `next`, nothing is
   * written.
   */
  async update<T>(
    key: string,
    change: (row: StoreRow | undefined) => { result: T; next?: StoreRow | undefined },
  ): Promise<T> {
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const row = await this.get(key);
      const changed = change(row);
      if (!("next" in changed) || (row === undefined && changed.next === undefined)) return changed.result;
      if (await this.replace(key, row?.value, changed.next)) return changed.result;
      if (EAGER_TRIES <= tries) {
        await pause(Math.random() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (tries - EAGER_TRIES)));
      }
    }
    throw unavailable("too many changes of one row at once");
  }
}

/** A `STORE_UNAVAILABLE` error. */
export function unavailable(message: string, cause?: unknown): CountersignError {
  const error = new CountersignError("STORE_UNAVAILABLE", message);
  if (cause !== undefined) Object.defineProperty(error, "cause", { value: cause, configurable: true, writable: true });
  return error;
}

/** The message for a row that is older than one that was written. */
export const OLDER_ROW = "the store returned an older row than before, as a replica or a backup does";

const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/** What a row's getters throw counts as a failure of the store. */
async function inTime<T>(call: () => T | Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(unavailable("the store took too long")), TIMEOUT_MS);
  });
  try {
    return await Promise.race([call(), late]);
  } catch (error) {
    throw error instanceof CountersignError ? error : unavailable("the store failed", error);
  } finally {
    clearTimeout(timer);
  }
}

function checkRow(row: StoreRow): StoreRow {
  const { value, owner, expiresAt } = row;
  if (typeof value === "string" && typeof owner === "string" && typeof expiresAt === "number") {
    return { value, owner, expiresAt };
  }
  throw unavailable("the store returned something that is not a row");
}
