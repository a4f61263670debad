/** What `countersign/http`, `countersign/key-ring` and `countersign/session` export of the stores. */

export { type D1Like, type D1StatementLike, type D1StoreOptions, d1Store } from "./d1.js";
export {
  type DurableObjectNamespaceLike,
  type DurableObjectStateLike,
  type DurableObjectStoreOptions,
  durableObjectStore,
  SessionStoreObject,
} from "./durable-object.js";
export { type MemoryStoreOptions, memoryStore } from "./memory.js";
export { type SqliteDatabase, type SqliteStatement, type SqliteStoreOptions, sqliteStore } from "./sqlite.js";
export type { Store, StoreRow } from "./store.js";
