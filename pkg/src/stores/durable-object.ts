/** A store in Durable Objects of Cloudflare. */

import { checkMethod, readOptions, wholeNumber } from "../options.js";
import { type Query, sqlTable } from "./sql.js";
import type { Store, StoreRow } from "./store.js";

/** The part of a Durable Object namespace that is used. */
export interface DurableObjectNamespaceLike {
  // biome-ignore lint/suspicious/noExplicitAny: the ids and objects of Cloudflare's own type
  idFromName(name: string): any;
  // biome-ignore lint/suspicious/noExplicitAny: see above
  get(id: any): { fetch(url: string, init: { method: string; body: string }): Promise<Answer> };
}

interface Answer {
  readonly ok: boolean;
  json(): Promise<unknown>;
}

/** The part of a Durable Object's state that is used. */
export interface DurableObjectStateLike {
  readonly storage: {
    // biome-ignore lint/suspicious/noExplicitAny: the values of SQL
    readonly sql: { exec(sql: string, ...values: any[]): { toArray(): unknown[] } };
    getAlarm(): Promise<number | null>;
    setAlarm(time: number): Promise<void>;
  };
}

/** Options of {@link durableObjectStore}. */
export interface DurableObjectStoreOptions {
  /**
   * Over how many objects the rows are spread, 1 to 256. Never change it: rows are not moved, so everybody would be logged
   * out. Default 8.
   */
  shards?: number;
}

/** What one of the objects is asked. JSON has no `undefined`. */
type Call = readonly [method: keyof Store, key: string, before: string | null, after?: StoreRow];

const DAY_MS = 24 * 3600 * 1000;
const { create, get, list, removeExpired, replace } = sqlTable("countersign");

/**
 * The class of the Durable Objects that hold the rows of {@link durableObjectStore}. Export it from your Worker, and name it in
 * `new_sqlite_classes` of a migration.
 *
 * @example
 * ```ts
 * export { SessionStoreObject } from "countersign/session";
 * ```
 */
export class SessionStoreObject {
  /** Cloudflare's declarations ask for it, so that `DurableDurableObjectNamespaceLike<SessionStoreObject>` can be written. */
  declare readonly __DURABLE_OBJECT_BRAND: never;
  readonly #storage: DurableObjectStateLike["storage"];
  #hasAlarm = false;

  /** Cloudflare calls it. */
  constructor(state: DurableObjectStateLike) {
    this.#storage = state.storage;
    for (const sql of create) this.#run([sql]);
  }

  /** Answers `durableObjectStore`. */
  async fetch(request: Request): Promise<Response> {
    const [method, key, before, after] = (await request.json()) as Call;
    if (method === "get") return Response.json(this.#run(get(key))[0] ?? null);
    if (method === "list") return Response.json(this.#run(list(key)));
    // Before the row, so that none is left without one.
    if (after !== undefined) await this.#setAlarm();
    return Response.json(this.#run(replace(key, before ?? undefined, after)).length === 1);
  }

  /** Deletes what has expired, once a day, until the object is empty. */
  async alarm(): Promise<void> {
    this.#hasAlarm = false;
    while (0 < this.#run(removeExpired(Date.now())).length);
    if (0 < this.#run(["SELECT 1 FROM countersign LIMIT 1"]).length) await this.#setAlarm();
  }

  async #setAlarm(): Promise<void> {
    if (this.#hasAlarm) return;
    if ((await this.#storage.getAlarm()) === null) await this.#storage.setAlarm(Date.now() + DAY_MS);
    this.#hasAlarm = true;
  }

  #run([sql, ...values]: Query): unknown[] {
    return this.#storage.sql.exec(sql, ...values).toArray();
  }
}

/**
 * A store in Durable Objects with SQLite. A row's key chooses its object, so each compare-and-set happens in one place. A list
 * of a user's sessions asks all objects at once.
 *
 * @param namespace The binding of {@link SessionStoreObject}, such as `env.SESSIONS`, or `env.SESSIONS.jurisdiction("eu")`.
 * @throws {CountersignError} `OPTION_INVALID`. Errors of the objects reach you unchanged.
 *
 * @example
 * ```ts
 * import { env } from "cloudflare:workers";
 *
 * export { SessionStoreObject } from "countersign/session";
 * const store = durableObjectStore(env.SESSIONS);
 * ```
 */
export function durableObjectStore(
  namespace: DurableObjectNamespaceLike,
  options: DurableObjectStoreOptions = {},
): Store {
  for (const method of ["idFromName", "get"]) checkMethod("namespace", namespace, method);
  const { shards } = readOptions(options, { shards: wholeNumber(1, 8, 256) });

  const ask = async (shard: number, ...call: Call): Promise<unknown> => {
    const object = namespace.get(namespace.idFromName(`countersign ${shard}`));
    const answer = await object.fetch("https://store/", { method: "POST", body: JSON.stringify(call) });
    if (!answer.ok) throw new Error("the object did not answer");
    return answer.json();
  };
  const shardOf = (key: string): number => {
    let hash = 0;
    for (const character of key) hash = (Math.imul(hash, 31) + (character.codePointAt(0) as number)) >>> 0;
    return hash % shards;
  };

  return {
    get: async (key) => ((await ask(shardOf(key), "get", key, null)) as StoreRow | null) ?? undefined,
    replace: async (key, before, after) =>
      (await ask(shardOf(key), "replace", key, before ?? null, ...(after === undefined ? [] : [after]))) as boolean,
    async list(owner) {
      const lists = await Promise.all(Array.from({ length: shards }, (_, shard) => ask(shard, "list", owner, null)));
      return lists.flat() as (StoreRow & { key: string })[];
    },
  };
}
