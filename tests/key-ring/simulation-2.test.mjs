// 500 rotations under fault injection, and whether the simulation would find mistakes. `simulation-1.test.mjs` runs beside it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { simulate } from "./simulation.mjs";

test("survives_500_rotations_with_20_isolates_wrong_clocks_and_a_failing_store", async () => {
  const found = await simulate({ seed: 2, rotations: 500 });
  const { days, duplicates, retiredPublished, rotations, tokens, unverifiable } = found;
  assert.deepEqual(
    { duplicates, retiredPublished, unverifiable },
    { duplicates: 0, retiredPublished: 0, unverifiable: 0 },
  );
  assert.ok(rotations === 500 && 10_000 < tokens, `${rotations} rotations, ${tokens} tokens`);
  // One each 12 minutes: none has waited for a time that a wrong clock had written.
  assert.ok(days <= 5, `${days} days`);
});

const MISTAKES = {
  tokens_that_outlive_their_key: { tokensReallyLiveFor: 3000 },
  a_store_that_does_not_compare: { compares: false, every: 60 },
};
for (const [name, mistake] of Object.entries(MISTAKES)) {
  test(`finds_${name}`, async () => {
    const { unverifiable } = await simulate({ ...mistake, rotations: 10 });
    assert.ok(0 < unverifiable);
  });
}
