// The options of a ring: their limits, and what they are by default.

import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { memoryStore } from "countersign/key-ring";
import { DAY, error, HOUR, invalid, MINUTE, open, START } from "./rings.mjs";

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["Date"], now: START });
});

test("accepts_each_option_up_to_its_limit", () => {
  const short = 'option "rotateEvery" is shorter than "publishedAhead" and twice "clockTolerance"';
  const limits = [
    [{ rotateEvery: 3602, publishedAhead: "1h", clockTolerance: 1 }, { rotateEvery: 3601 }, short],
    [{ rotateEvery: 3600, publishedAhead: "1h", clockTolerance: 0 }, { rotateEvery: 3599 }, short],
    [
      { tokensLiveFor: "960d" },
      { tokensLiveFor: 960 * 86_400 + 1 },
      'option "tokensLiveFor" is more than 32 times "rotateEvery"',
    ],
    [{ rotateEvery: "3650d" }, { rotateEvery: 3650 * 86_400 + 1 }, 'option "rotateEvery" is longer than 10 years'],
    [
      { rotateEvery: "3650d", tokensLiveFor: "3650d" },
      { tokensLiveFor: 3650 * 86_400 + 1 },
      'option "tokensLiveFor" is longer than 10 years',
    ],
    [
      { rotateEvery: "3650d", publishedAhead: 3650 * 86_400 - 120, clockTolerance: 60 },
      { publishedAhead: 3650 * 86_400 + 1 },
      'option "publishedAhead" is longer than 10 years',
    ],
    [{ clockTolerance: "1h" }, { clockTolerance: 3601 }, 'option "clockTolerance" is longer than 1 hour'],
    [{ clockTolerance: 0 }, { clockTolerance: 0.5 }, undefined],
  ];
  for (const [accepted, refused, message] of limits) {
    open(accepted);
    assert.throws(() => open({ ...accepted, ...refused }), invalid(message), JSON.stringify(refused));
  }
});

test("refuses_what_is_no_duration", () => {
  for (const name of ["rotateEvery", "tokensLiveFor", "publishedAhead", "clockTolerance"])
    for (const value of [null, "soon", 1.5, -1, Number.NaN, {}, name === "clockTolerance" ? "0s" : 0])
      assert.throws(
        () => open({ [name]: value }),
        invalid(`option "${name}" is not a whole number of seconds of at least 1, or a text such as "30m"`),
        `${name} ${value}`,
      );
});

test("refuses_what_is_no_algorithm_for_public_keys", () => {
  for (const alg of ["HS256", "HS384", "HS512"])
    assert.throws(() => open({ alg }), invalid('option "alg" is for secrets, which cannot be published'));
  for (const alg of [null, "", "none", "HS1", "ECDH-ES", 256, ["ES256"], Object("ES256")])
    assert.throws(() => open({ alg }), error("OPTION_INVALID"), `${alg}`);
});

test("has_defaults_that_fit_rotateEvery", async () => {
  for (const [more, publishedAhead, clockTolerance] of [
    [{}, HOUR, MINUTE],
    [{ rotateEvery: "4h" }, HOUR, MINUTE],
    [{ rotateEvery: "2h" }, HOUR / 2, MINUTE],
    [{ rotateEvery: "64m" }, 16 * MINUTE, MINUTE],
    [{ rotateEvery: "32m" }, 8 * MINUTE, MINUTE / 2],
    [{ publishedAhead: "2h" }, 2 * HOUR, MINUTE],
    [{ publishedAhead: "8m" }, 8 * MINUTE, MINUTE / 2],
    [{ clockTolerance: 10 }, HOUR, 10_000],
    [{ clockTolerance: 0 }, HOUR, 0],
  ]) {
    const { ring } = open(more);
    const { signsFrom, oldTokensEnd } = await ring.rotate({ publishFirst: true });
    assert.equal(signsFrom.getTime() - Date.now(), publishedAhead + 2 * clockTolerance, JSON.stringify(more));
    assert.equal(oldTokensEnd - signsFrom, publishedAhead / 2 + 15 * MINUTE + 2 * clockTolerance);
    assert.equal((await ring.toJwksAsync()).maxAge, publishedAhead / 2000);
    const [first, next] = await ring.keys();
    const rotateEvery = { "4h": 4 * HOUR, "2h": 2 * HOUR, "64m": 64 * MINUTE, "32m": 32 * MINUTE }[more.rotateEvery];
    const stays = 15 * MINUTE + publishedAhead / 2 + 6 * clockTolerance;
    assert.deepEqual(
      [first.stage, first.signsFrom.getTime(), first.endsAt.getTime() - START],
      ["signing", START, (rotateEvery ?? 30 * DAY) + stays],
    );
    assert.deepEqual([next.stage, next.signsFrom, next.endsAt], ["next", signsFrom, undefined]);
  }
});

test("shares_a_store_with_rings_of_other_names", async () => {
  const store = memoryStore();
  const kids = [];
  for (const name of [undefined, "default", "other"]) kids.push(await open({ store, name }).kid());
  assert.equal(kids[0], kids[1]);
  assert.notEqual(kids[0], kids[2]);
});
