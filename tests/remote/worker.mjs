// A Worker that checks tokens: `/<set>/<token>`. `/program` runs what every runtime has to do.

import { env, waitUntil } from "cloudflare:workers";
import * as countersign from "countersign/jwt";
import { run } from "./program.mjs";

const { kvCache, RemoteKeySet, verifyAsync, webCache } = countersign;
const told = [];
const onRefreshError = ({ message }) => told.push(message);
const set = (options, name) =>
  new RemoteKeySet(`${env.ORIGIN}/${name}`, { timeoutMs: 2000, onRefreshError, ...options });

const sets = {
  kv: set({ cache: kvCache(env.KEYS), waitUntil }, "kv"),
  web: set({ cache: webCache(() => caches.default), waitUntil }, "web"),
  named: set({ cache: webCache(() => caches.open("keys"), "https://api.example/"), waitUntil }, "named"),
  kept: set({ waitUntil }, "kept"),
  abandoned: set({}, "abandoned"),
};

export default {
  async fetch(request) {
    const [name, token] = new URL(request.url).pathname.slice(1).split("/");
    if (name === "program") return Response.json(await run(countersign, await request.json()));
    if (name === "stored") return Response.json((await env.KEYS.list()).keys);
    const keys = sets[name];
    if (keys === undefined) return new Response(null, { status: 404 });
    const answer = await verifyAsync(token, keys).then(
      ({ claims }) => ({ sub: claims.sub }),
      ({ code, message }) => ({ code, message }),
    );
    return Response.json({ ...answer, status: keys.state.status, told: told.splice(0) });
  },
};
