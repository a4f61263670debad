// Isolates that share a key ring for many rotations, with clocks that are wrong, a store that fails, restarts, and verifiers that
// keep the published keys as long as they may, and never ask again for an unknown `kid`.
//
// The ring is the real one. Only its encryption is replaced, for speed and to see what is stored.

import { AsyncLocalStorage } from "node:async_hooks";
import { jwksEndpoint } from "countersign/http";
import { usePlatformCryptography } from "countersign/jwt";
import { KeyRing } from "countersign/key-ring";
import { seeded } from "../runtimes/random.mjs";

const isolateNow = new AsyncLocalStorage();
const DAY = 86_400;
const REQUEST = new Request("https://login.example/.well-known/jwks.json");
const START = Date.parse("2026-11-30T12:00:00Z");

/** What is simulated by default. Durations are seconds. */
const DEFAULTS = {
  seed: 1,
  isolates: 20,
  rotations: 1000,
  publishedAhead: 600,
  clockTolerance: 60,
  rotateEvery: 720,
  tokensLiveFor: 300,
  /** How long tokens really live. */
  tokensReallyLiveFor: 300,
  /** How long verifiers keep the keys; `undefined`: as long as the endpoint says. */
  keptFor: undefined,
  verifiers: 20,
  /** An isolate has something to do this often. */
  every: 600,
  /** The share of the store's calls that fail. */
  failing: 0.03,
  /** Whether the store compares before it writes. */
  compares: true,
};

/**
 * Runs the simulation: `{ rotations, tokens, unverifiable, retiredPublished, duplicates, unavailable }`. The last counts calls that
 * were refused with `STORE_UNAVAILABLE`, which is no fault.
 */
export async function simulate(changed = {}) {
  const o = { ...DEFAULTS, ...changed };
  const random = seeded(o.seed);
  const between = (least, most) => least + random() * (most - least);
  const { now: realNow } = Date;
  const { subtle } = globalThis.crypto;
  // It takes a third of a millisecond to import a key, which each isolate does.
  usePlatformCryptography(false);
  // The true time, in seconds since the start.
  let time = 0;
  Date.now = () => START + Math.round(1000 * (time + (isolateNow.getStore()?.offset() ?? 0)));
  Object.defineProperty(globalThis.crypto, "subtle", { configurable: true, value: withoutEncryption() });

  const found = { rotations: 0, tokens: 0, unverifiable: 0, retiredPublished: 0, duplicates: 0, unavailable: 0 };
  const [retired, signed, made] = [new Set(), new Set(), new Set()];
  /** When the last token of a key ends. */
  const lastEnds = new Map();
  let row;
  /** The one isolate whose clock is wrong, and by how much. */
  let jump = { isolate: undefined, by: 0, until: 0 };

  function see(text) {
    const { keys } = JSON.parse(text);
    const stages = (stage) => keys.filter((key) => key.stage === stage).map(({ kid }) => kid);
    if (stages("current").length !== 1 || 1 < stages("next").length) found.duplicates += 1;
    const fresh = keys.filter(({ kid }) => !made.has(kid)).map(({ kid }) => kid);
    if (1 < fresh.length) found.duplicates += 1;
    for (const kid of fresh) made.add(kid);
    const [current] = stages("current");
    if (!signed.has(current)) found.rotations += 1;
    signed.add(current);
    // A key that was lost to another one, which an isolate without it has made.
    if (2 < made.size - signed.size - retired.size) found.duplicates += 1;
  }

  const storeOf = (isolate) => {
    const call = async (work) => {
      await undefined;
      if (time < isolate.outageUntil || random() < o.failing) throw new Error("the store is down");
      const answer = work();
      await undefined;
      if (random() < o.failing) throw new Error("the answer is lost");
      return answer;
    };
    return {
      get: () => call(() => row),
      list: () => [],
      replace: (_, before, after) =>
        call(() => {
          if (o.compares && row?.value !== before) return false;
          row = after;
          see(decrypted(after.value));
          return true;
        }),
    };
  };

  const start = (isolate) => {
    isolate.ring = new KeyRing({
      alg: "EdDSA",
      store: storeOf(isolate),
      secret: "a secret of 32 bytes, or a few more",
      rotateEvery: o.rotateEvery,
      tokensLiveFor: o.tokensLiveFor,
      publishedAhead: o.publishedAhead,
      clockTolerance: o.clockTolerance,
      onEvent: ({ kid, type }) => type === "retired" && retired.add(kid),
    });
    isolate.signer = isolate.ring.signer();
    // As long as the ring allows.
    isolate.publish = jwksEndpoint(isolate.ring, { maxAge: 100_000 });
  };
  const isolates = Array.from({ length: o.isolates }, (_, index) => {
    const skew = between(-60, 60);
    const isolate = { next: (index * o.every) / o.isolates, outageUntil: 0 };
    isolate.offset = () => skew + (jump.isolate === isolate && time < jump.until ? jump.by : 0);
    start(isolate);
    return isolate;
  });

  const attempt = async (work) => {
    try {
      return await work();
    } catch (error) {
      if (error.code !== "STORE_UNAVAILABLE") throw error;
      found.unavailable += 1;
      return undefined;
    }
  };

  async function act(isolate) {
    if (random() < 0.01) start(isolate);
    if (random() < 0.005) isolate.outageUntil = time + between(10, 2 * o.publishedAhead);
    if (random() < 0.002) await attempt(() => isolate.ring.rotate({ publishFirst: true }));
    const token = await attempt(() => isolate.signer.sign({ sub: "alice" }));
    if (token === undefined) return;
    found.tokens += 1;
    const { kid } = JSON.parse(atob(token.slice(0, token.indexOf("."))));
    lastEnds.set(kid, Math.max(lastEnds.get(kid) ?? 0, time + o.tokensReallyLiveFor));
  }

  /** What an isolate publishes, and until when it may be kept. */
  async function fetchKeys(isolate) {
    const response = await isolateNow.run(isolate, () => isolate.publish(REQUEST));
    if (response.status !== 200) return undefined;
    const kids = new Set((await response.json()).keys.map(({ kid }) => kid));
    for (const kid of kids) if (retired.has(kid)) found.retiredPublished += 1;
    const maxAge = Number(/\d+$/.exec(response.headers.get("Cache-Control"))[0]);
    return { kids, until: time + (o.keptFor ?? maxAge) };
  }

  const verifiers = Array.from({ length: o.verifiers }, () => ({ kids: new Set(), until: Number.NEGATIVE_INFINITY }));

  async function verify(index) {
    for (let tries = 0; verifiers[index].until <= time && tries < 5; tries += 1) {
      verifiers[index] = (await fetchKeys(isolates[Math.floor(between(0, o.isolates))])) ?? verifiers[index];
    }
    if (verifiers[index].until <= time) return;
    for (const [kid, end] of lastEnds) {
      if (end <= time) lastEnds.delete(kid);
      else if (!verifiers[index].kids.has(kid)) found.unverifiable += 1;
    }
  }

  try {
    while (found.rotations < o.rotations) {
      time = Math.min(...isolates.map(({ next }) => next));
      if (jump.until < time && random() < 0.02) {
        const by = random() < 0.5 ? between(1, 30) * 60 : between(30, 90) * DAY;
        const isolate = isolates[Math.floor(between(0, o.isolates))];
        jump = { isolate, by: random() < 0.5 ? by : -by, until: time + between(60, 2000) };
      }
      // Those whose turn comes in the same few seconds are interleaved.
      const acting = isolates.filter(({ next }) => next <= time + 10);
      for (const isolate of acting) isolate.next = time + o.every * between(0.9, 1.1);
      await Promise.all(acting.map((isolate) => isolateNow.run(isolate, () => act(isolate))));
      for (let times = 0; times < 2; times += 1) await verify(Math.floor(between(0, o.verifiers)));
    }
    return { ...found, days: Math.round(time / DAY) };
  } finally {
    Date.now = realNow;
    usePlatformCryptography(true);
    Object.defineProperty(globalThis.crypto, "subtle", { configurable: true, value: subtle });
  }
}

/** The part of WebCrypto that the ring uses, without any encryption. */
function withoutEncryption() {
  return {
    // Of entity tags, which nobody compares here.
    digest: async () => new ArrayBuffer(32),
    importKey: async () => ({}),
    deriveBits: async () => new ArrayBuffer(9),
    deriveKey: async () => ({}),
    encrypt: async (_algorithm, _key, bytes) => bytes.slice().buffer,
    decrypt: async (_algorithm, _key, bytes) => bytes.slice().buffer,
  };
}

const decrypted = (value) => Buffer.from(JSON.parse(value).data, "base64url").toString();

// node tests/key-ring/simulation.mjs '{ "seed": 2 }'
if (process.argv[1]?.endsWith("simulation.mjs")) {
  console.time("simulation");
  console.log(await simulate(JSON.parse(process.argv[2] ?? "{}")));
  console.timeEnd("simulation");
}
