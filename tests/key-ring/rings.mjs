// Key rings of the tests, and their rows in a store.

import { mock } from "node:test";
import { decodeHeaderUnverified } from "countersign/jwt";
import { KeyRing, memoryStore } from "countersign/key-ring";

export const SECRET = "a secret of 32 bytes, or a few more";
export const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];
export const START = Date.parse("2026-11-30T12:00:00Z");
export const NAMES = { issuer: "https://login.example", audience: "https://api.example" };

export const pass = (milliseconds) => mock.timers.setTime(Date.now() + milliseconds);
export const error = (code, message) => ({ name: "CountersignError", code, ...(message && { message }) });
export const invalid = (message) => error("OPTION_INVALID", message);

/** A server with a ring. `kid` signs a token and returns whose key has signed it. */
export function open(more = {}) {
  const events = [];
  const ring = new KeyRing({
    alg: "EdDSA",
    store: memoryStore(),
    secret: SECRET,
    rotateEvery: "30d",
    tokensLiveFor: "15m",
    onEvent: (event) => events.push(event),
    ...more,
  });
  const signer = ring.signer(NAMES);
  const kid = async () => decodeHeaderUnverified(await signer.sign({ sub: "alice" })).kid;
  const published = async () => (await ring.toJwksAsync()).keys.map((key) => key.kid);
  return { ring, signer, kid, published, events, types: () => events.map(({ type }) => type) };
}

/** A store in memory. Until the test ends, nothing is encrypted, so its row can be read and replaced, and it counts the writes. */
export function readableStore(t) {
  for (const method of ["encrypt", "decrypt"])
    t.mock.method(crypto.subtle, method, async (_algorithm, _key, bytes) => bytes.slice().buffer);
  const [name, store] = ["key-ring:default", memoryStore()];
  const sealed = () => JSON.parse(store.get(name).value);
  const replace = (row) => {
    const before = store.get(name);
    store.replace(name, before.value, { ...before, value: JSON.stringify(row) });
  };
  return {
    ...store,
    sealed,
    row: () => JSON.parse(Buffer.from(sealed().data, "base64url").toString()),
    /** Replaces the ring in the row as another server would: it counts as one more change. */
    change(change) {
      const row = sealed();
      const ring = JSON.stringify(change(JSON.parse(Buffer.from(row.data, "base64url").toString())));
      replace({ ...row, writes: row.writes + 1, data: Buffer.from(ring).toString("base64url") });
    },
  };
}
