// A Worker: its own types in place of a browser's, and its own entry of the package.

import { waitUntil } from "cloudflare:workers";
import { Key, kvCache, RemoteKeySet, sign, webCache } from "countersign";
import { tokenEndpoint } from "countersign/http";
import { initSync } from "countersign/jwt/slim";
import module from "countersign/jwt.wasm";
import { d1Store, durableObjectStore, SessionStoreObject, type Store } from "countersign/session";

initSync(module);

/** Where sessions are kept. */
export { SessionStoreObject };
export const stores = (database: D1Database, objects: DurableObjectNamespace<SessionStoreObject>): Store[] => [
  d1Store(database, { table: "sessions" }),
  durableObjectStore(objects),
  durableObjectStore(objects.jurisdiction("eu"), { shards: 16 }),
];

/** A Worker's own `fetch`, caches and namespaces fit. */
export const remote = (keys: KVNamespace): RemoteKeySet[] => [
  new RemoteKeySet("https://login.example/keys", { cache: kvCache(keys), fetch, waitUntil }),
  new RemoteKeySet("https://login.example/keys", { cache: webCache(caches.default) }),
  new RemoteKeySet("https://login.example/keys", { cache: webCache(() => caches.open("keys")) }),
];

export default {
  fetch(_request: Request): Response {
    return new Response(sign({ sub: "alice" }, Key.generate("HS256")));
  },
} satisfies ExportedHandler;
export { tokenEndpoint };
