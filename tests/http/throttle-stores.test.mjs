// loginThrottle with stores that are slow, small or broken.

import assert from "node:assert/strict";
import { test } from "node:test";
import { loginThrottle, memoryStore, tokenEndpoint } from "countersign/http";
import { Key, Signer } from "countersign/jwt";

const nowhere = { headers: {}, url: "/" };
const signer = new Signer(Key.generate("EdDSA"));
const form = (username, password) =>
  new Request("https://a.example/token", { method: "POST", body: new URLSearchParams({ username, password }) });

/** An endpoint with a throttle, whose `authenticate` counts how often it was asked. */
function throttled(options) {
  const counts = { hashed: 0 };
  const token = tokenEndpoint({
    signer,
    throttle: loginThrottle({ store: memoryStore(), ...options }),
    authenticate(username, password) {
      counts.hashed += 1;
      return password === "right" && { subject: username };
    },
  });
  return { counts, token };
}

test("many users of one address log in at once, also with a store that takes its time", async () => {
  const inner = memoryStore();
  const slow =
    (name) =>
    (...all) =>
      new Promise((resolve) => setTimeout(() => resolve(inner[name](...all)), 1));
  const store = { get: slow("get"), replace: slow("replace"), list: slow("list") };
  const { token } = throttled({ store, perAddress: { free: 1000, header: "CF-Connecting-IP" } });
  const answers = await Promise.all(Array.from({ length: 200 }, (_, index) => token(form(`user ${index}`, "right"))));
  assert.deepEqual(
    answers.filter(({ status }) => status !== 200),
    [],
  );
});

test("locked names that fill the memory let nobody guess on", async () => {
  const throttle = loginThrottle({ store: memoryStore({ maxRows: 200 }), perAccount: { free: 5, lockAfter: 6 } });
  for (let index = 0; index < 200; index += 1) {
    for (let times = 0; times < 6; times += 1) await throttle.attempt(`made up ${index}`, nowhere);
  }
  let guesses = 0;
  for (let index = 0; index < 90; index += 1) {
    if ((await throttle.attempt("alice", nowhere)).allowed) guesses += 1;
    await throttle.attempt(`filler ${index}`, nowhere);
  }
  assert.equal(guesses, 6);
});

test("answers 503 and hashes nothing when the store fails, lies or is full of something else", async () => {
  const good = memoryStore();
  const bad = {
    "fails to read": { get: () => Promise.reject(new Error("x")) },
    "throws while reading": {
      get() {
        throw new Error("x");
      },
    },
    "fails to write": { replace: () => Promise.reject(new Error("x")) },
    "never writes": { replace: () => false },
    "does not say whether it wrote": { replace: () => undefined },
    "returns a number": { get: () => 7 },
    "returns a row without a value": { get: () => ({ owner: "", expiresAt: 9e15 }) },
    "returns a row with more before it": {
      get: () => ({ value: "x1 0 5 x", owner: "", expiresAt: 9e15 }),
      replace: () => true,
    },
    "returns another kind of row": { get: () => ({ value: "hello", owner: "", expiresAt: 9e15 }) },
  };
  const checks = Object.entries(bad).map(async ([name, methods]) => {
    const events = [];
    const store = { ...good, ...methods };
    const { counts, token } = throttled({ store, onEvent: (event) => events.push(event) });
    const answer = await token(form("alice", "right"));
    assert.deepEqual([answer.status, answer.headers.get("Retry-After")], [503, "3"], name);
    assert.equal((await answer.json()).error, "temporarily_unavailable");
    assert.equal(counts.hashed, 0, name);
    assert.deepEqual(
      events.map(({ type, error }) => `${type} ${error.code}`),
      ["store-failed STORE_UNAVAILABLE"],
      name,
    );
  });
  await Promise.all(checks);
});
