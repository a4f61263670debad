// How the memory of a module grows when a program holds very many keys. V8 collects all garbage about once each time, so few
// large steps are fast, and a step for each page made a key ten times slower.

import assert from "node:assert/strict";
import { test } from "node:test";
import { EncryptionKey } from "../../pkg/dist/inline/jwe.js";
import { Key } from "../../pkg/dist/inline/jwt.js";
import { encryption, tokens } from "../../pkg/dist/load/instances.js";

const MEBIBYTE = 1024 * 1024;
const secret = new Uint8Array(32).fill(7);

const makers = [
  ["tokens", tokens, 60_000, () => Key.fromSecret(secret, { alg: "HS256" })],
  ["encryption", encryption, 60_000, () => EncryptionKey.fromSecret(secret, { alg: "A256KW" })],
];

for (const [name, instance, count, make] of makers) {
  test(`grows_the_memory_of_${name}_in_large_steps_when_there_are_many_keys`, () => {
    const keys = [];
    let [size, steps] = [instance.memoryBytes, 0];
    for (let made = 0; made < count; made += 1) {
      keys.push(make());
      if (size === instance.memoryBytes) continue;
      if (12 * MEBIBYTE < size) steps += 1;
      size = instance.memoryBytes;
    }
    assert.ok(16 * MEBIBYTE < size, `the keys take only ${size} bytes, so this shows nothing`);
    assert.ok(steps < 12, `memory grew ${steps} times`);
    for (const key of keys) key.free();
  });
}
