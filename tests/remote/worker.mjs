// A Worker that checks tokens: `/<set>/<token>`, and with `?leave` without waiting for the answer. `/program` runs the
// program that every runtime runs.

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
  "waited-for": set({}, "waited-for"),
};

export default {
  async fetch(request) {
    const { pathname, search } = new URL(request.url);
    const [name, token] = pathname.slice(1).split("/");
    if (name === "program") return Response.json(await run(countersign, await request.json()));
    if (name === "stored") return Response.json((await env.KEYS.list()).keys);
    const keys = sets[name];
    if (keys === undefined) return new Response(null, { status: 404 });
    const checked = verifyAsync(token, keys);
    if (search === "?leave") {
      checked.catch(() => {});
      // Until the request for the keys is on its way.
      await scheduler.wait(400);
      return new Response("left");
    }
    const answer = await checked.then(
      ({ claims }) => ({ sub: claims.sub }),
      ({ code, message }) => ({ code, message }),
    );
    return Response.json({ ...answer, status: keys.state.status, told: told.splice(0) });
  },
};
