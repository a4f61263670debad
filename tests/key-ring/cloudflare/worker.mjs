// A Worker with a ring in D1 or Durable Objects: `?store=d1|object&job=…`. Each request may have an isolate's ring of its own.

import { jwksEndpoint } from "countersign/http";
import { Verifier } from "countersign/jwt";
import { d1Store, durableObjectStore, KeyRing, SessionStoreObject } from "countersign/key-ring";

export { SessionStoreObject };

/** Rings by store and number, as of several isolates. */
const rings = new Map();

function ringOf(env, kind, number) {
  const key = `${kind} ${number}`;
  if (!rings.has(key)) {
    const ring = new KeyRing({
      alg: "ES256",
      store: kind === "d1" ? d1Store(env.DB) : durableObjectStore(env.SESSIONS),
      secret: "a secret of 32 bytes, or a few more",
      rotateEvery: "30d",
      tokensLiveFor: 600,
      publishedAhead: 2,
      clockTolerance: 0,
    });
    rings.set(key, { ring, signer: ring.signer(), verifier: new Verifier(ring.keySet()), jwks: jwksEndpoint(ring) });
  }
  return rings.get(key);
}

export default {
  async fetch(request, env) {
    const { argument, job, number = "0", store } = Object.fromEntries(new URL(request.url).searchParams);
    const { jwks, ring, signer, verifier } = ringOf(env, store, number);
    const jobs = {
      sign: () => signer.sign({ sub: "alice" }),
      verify: async () => (await verifier.verifyAsync(argument)).claims.sub,
      published: async () => (await (await jwks(request)).json()).keys.map(({ kid }) => kid),
      rotate: () => ring.rotate(JSON.parse(argument)),
    };
    try {
      return Response.json({ value: await jobs[job]() });
    } catch (error) {
      return Response.json({ code: error.code ?? error.stack });
    }
  },
};
