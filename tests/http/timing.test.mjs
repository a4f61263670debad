// An unknown user costs as much time as a wrong password: both are hashed.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { System } from "./system.mjs";

const ROUNDS = 15;

let system;
before(async () => {
  system = await System.start();
  await system.register("alice");
});
after(() => system.close());

async function timed(username) {
  const start = performance.now();
  const response = await system.token(username, "wrong horse battery staple");
  assert.equal(response.status, 400);
  await response.text();
  return performance.now() - start;
}

const median = (times) => times.sort((left, right) => left - right)[Math.floor(times.length / 2)];

test("an unknown user, an impossible name and a wrong password take the same time", async () => {
  const times = { alice: [], nobody: [], "no such name!": [] };
  for (const name of Object.keys(times)) await timed(name);
  // In turns, so that a busy machine is busy for all.
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, list] of Object.entries(times)) list.push(await timed(name));
  }
  const [wrong, unknown, impossible] = Object.values(times).map(median);
  // Argon2id at 19 MiB takes more than 5 ms on any machine; without it the answer is there in one or two.
  assert.ok(5 < wrong, `a wrong password is hashed (${wrong.toFixed(1)} ms)`);
  for (const other of [unknown, impossible]) {
    assert.ok(wrong / 1.6 < other && other < wrong * 1.6, `${other.toFixed(1)} ms against ${wrong.toFixed(1)} ms`);
  }
});
