// That others get their turn while 32 passwords are hashed.

import assert from "node:assert/strict";
import { test } from "node:test";
import { delays } from "../../benches/delay.mjs";

test("lets_others_have_their_turn_while_32_passwords_are_hashed", async (context) => {
  const found = await delays();
  for (const [name, { p99, max, all }] of Object.entries(found)) {
    const figures = [p99, max, all].map((ms) => ms.toFixed(1));
    context.diagnostic(`${name}: event loop p99 ${figures[0]} ms, max ${figures[1]} ms, all 32 in ${figures[2]} ms`);
  }
  const threads = found["countersign, hashAsync"];
  const blocking = found["countersign, hash"];
  // On one thread the loop stands still for all of them together: the control.
  assert.ok(blocking.all / 2 < blocking.max, `${blocking.max} ms of ${blocking.all} ms`);
  assert.ok(threads.max < blocking.max / 4, `${threads.max} ms, and ${blocking.max} ms without threads`);
});
