// A Worker that runs the checks of a store in workerd: `?store=d1|object&job=check`, or `&job=count&times=N`.

import { DpopSigner, DpopVerifier } from "countersign/dpop";
import { loginThrottle } from "countersign/http";
import { Key, Signer } from "countersign/jwt";
import { d1Store, durableObjectStore, SessionStoreObject, Sessions } from "countersign/session";
import { count, runChecks } from "../checks.mjs";

const signer = new Signer(Key.fromSecret("a secret of 32 bytes, or a few more", { alg: "HS256" }));
const library = { DpopSigner, DpopVerifier, Sessions, loginThrottle, signer };

/** The object under test. A test can also ring its alarm, and break it. */
export class TestObject extends SessionStoreObject {
  #state;

  constructor(state) {
    super(state);
    this.#state = state;
  }

  async fetch(request) {
    const { pathname } = new URL(request.url);
    if (pathname === "/") return super.fetch(request);
    if (pathname === "/alarm") await this.alarm();
    const time = await this.#state.storage.getAlarm();
    const rows = this.#state.storage.sql.exec("SELECT count(*) AS count FROM countersign").one().count;
    return Response.json({ rows, days: time === null ? null : (time - Date.now()) / 86_400_000 });
  }
}

export default {
  async fetch(request, env) {
    const { store: kind, job, times, shards = "8" } = Object.fromEntries(new URL(request.url).searchParams);
    const objects = (path) =>
      Promise.all(
        Array.from({ length: Number(shards) }, async (_, shard) => {
          const object = env.SESSIONS.get(env.SESSIONS.idFromName(`countersign ${shard}`));
          return (await object.fetch(`https://store${path}`)).json();
        }),
      );
    const store = { d1: () => d1Store(env.DB), object: () => durableObjectStore(env.SESSIONS) }[kind]();
    const forget = kind === "object" ? () => objects("/alarm") : undefined;
    const jobs = {
      check: () => runChecks(store, { ...library, forget, atOnce: 100 }),
      count: () => count(store, Number(times)),
      counter: async () => Number((await store.get("counter"))?.value),
      objects: () => objects("/look"),
      ring: () => objects("/alarm"),
    };
    try {
      return Response.json((await jobs[job]()) ?? null);
    } catch (error) {
      return new Response(error.stack, { status: 500 });
    }
  },
};
