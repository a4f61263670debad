// An unknown user costs as much time as a wrong password: both are hashed.

import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { System } from "./system.mjs";

const ROUNDS = 15;

let system;
before(async () => {
  system = await System.start();
  // After some failures, an account must wait, and nothing is hashed. So each round has other names.
  for (let round = 0; round <= ROUNDS; round += 1) assert.equal((await system.register(`alice${round}`)).status, 201);
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
  // In turns, so that a busy machine is busy for all.
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [name, list] of Object.entries(times)) list.push(await timed(`${name}${round}`));
  }
  // The first round makes what is made once.
  const [wrong, unknown, impossible] = Object.values(times).map((list) => median(list.slice(1)));
  // Argon2id at 19 MiB takes more than 5 ms on any machine; without it the answer is there in one or two.
  assert.ok(5 < wrong, `a wrong password is hashed (${wrong.toFixed(1)} ms)`);
  for (const other of [unknown, impossible]) {
    assert.ok(wrong / 1.6 < other && other < wrong * 1.6, `${other.toFixed(1)} ms against ${wrong.toFixed(1)} ms`);
  }
});

test("an unknown name leaves no object behind", async () => {
  for (let index = 0; index < 80; index += 1) await system.token(`stranger${index}`, "wrong horse battery staple");
  // Accounts are in 64 objects, each with a database of its own.
  for (const folder of await readdir(join(system.dataDir, "objects"))) {
    const files = await readdir(join(system.dataDir, "objects", folder));
    const databases = files.filter((file) => file.endsWith(".sqlite"));
    assert.ok(databases.length <= 64, `${folder}: ${databases.length}`);
  }
});
