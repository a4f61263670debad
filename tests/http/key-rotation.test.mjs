// How signing keys change, by the schedule alone and on workerd.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { decodeHeaderUnverified } from "countersign/jwt";
import { transform } from "esbuild";
import { System } from "./system.mjs";

const source = await readFile(new URL("../../examples/worker/src/key-schedule.ts", import.meta.url), "utf8");
const { code } = await transform(source, { loader: "ts" });
const { dueChanges, publishedPairs, signingPair } = await import(`data:text/javascript,${encodeURIComponent(code)}`);

const SCHEDULE = { rotateEvery: 1000, publishedAhead: 10, tokensLiveFor: 20, sessionsIdleFor: 300 };
const pair = (signsFrom) => ({ signsFrom });
const [first, second] = [pair(0), pair(1010)];

test("a_key_is_due_at_first_and_when_the_newest_has_signed_long_enough", () => {
  assert.equal(dueChanges([], 0, SCHEDULE).due, true);
  assert.equal(dueChanges([first], 999, SCHEDULE).due, false);
  assert.equal(dueChanges([first], 1000, SCHEDULE).due, true);
  assert.equal(dueChanges([first, second], 1500, SCHEDULE).due, false);
});

test("a_key_signs_from_its_time_on", () => {
  assert.equal(signingPair([first, second], 1009), first);
  assert.equal(signingPair([first, second], 1010), second);
  assert.equal(signingPair([], 0), undefined);
});

test("a_key_is_published_before_it_signs_and_until_its_last_token_has_ended", () => {
  assert.deepEqual(publishedPairs([first, second], 1000, SCHEDULE), [first, second]);
  assert.deepEqual(publishedPairs([first, second], 1039, SCHEDULE), [first, second]);
  assert.deepEqual(publishedPairs([first, second], 1040, SCHEDULE), [second]);
});

test("its_secret_is_kept_until_the_last_session_that_it_made_has_ended", () => {
  assert.deepEqual(dueChanges([first, second], 1319, SCHEDULE).kept, [first, second]);
  assert.deepEqual(dueChanges([first, second], 1320, SCHEDULE).kept, [second]);
});

test("a_new_key_is_published_and_then_signs_and_the_old_tokens_stay_valid", async (t) => {
  const system = await System.start({ KEYS_PUBLISHED_AHEAD: "2" });
  t.after(() => system.close());
  await system.register("admin");
  const logIn = async () => (await system.token("admin", undefined, { scope: "admin profile" })).json();
  const kidOf = ({ access_token }) => decodeHeaderUnverified(access_token).kid;
  const published = async () => (await (await system.get("/.well-known/jwks.json")).json()).keys.map(({ kid }) => kid);

  const before = await logIn();
  const authorization = { Authorization: `Bearer ${before.access_token}` };
  const rotated = await fetch(`${system.url}/admin/keys`, { method: "POST", headers: authorization });
  assert.equal(rotated.status, 200);
  const [old, next] = (await rotated.json()).keys;
  assert.deepEqual([old.kid, old.signing, next.signing], [kidOf(before), true, false]);
  // A second request while a key waits makes no third key.
  const again = await fetch(`${system.url}/admin/keys`, { method: "POST", headers: authorization });
  assert.equal((await again.json()).keys.length, 2);

  let after = await logIn();
  while (kidOf(after) !== next.kid) {
    await pause(100);
    after = await logIn();
  }
  assert.ok(Date.parse(next.signs_from) <= Date.now(), "not before its time");
  assert.deepEqual(await published(), [old.kid, next.kid]);
  for (const { access_token } of [before, after]) {
    assert.equal((await system.get("/users/me", { Authorization: `Bearer ${access_token}` })).status, 200);
  }
  // Refresh tokens that were made with the old secret too.
  for (const { refresh_token } of [before, after]) {
    const form = new URLSearchParams({ grant_type: "refresh_token", refresh_token });
    assert.equal((await system.tokenRaw(form)).status, 200);
  }
  await system.restart();
  assert.deepEqual(await published(), [old.kid, next.kid]);
  assert.equal(system.log, "");
});
