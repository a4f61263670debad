// How the signing keys of the login system change, on workerd.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { decodeHeaderUnverified } from "countersign/jwt";
import { System } from "./system.mjs";

const kidOf = ({ access_token }) => decodeHeaderUnverified(access_token).kid;

/** A system with an administrator. A new key signs 4 seconds after it was made. */
async function start(t) {
  const system = await System.start({ KEYS_PUBLISHED_AHEAD: "2" });
  t.after(() => system.close());
  await system.register("admin");
  const logIn = async () => (await system.token("admin", undefined, { scope: "admin profile" })).json();
  const published = async () => (await (await system.get("/.well-known/jwks.json")).json()).keys.map(({ kid }) => kid);
  const ask = (path, { access_token }, method = "GET") => {
    return fetch(system.url + path, { method, headers: { Authorization: `Bearer ${access_token}` } });
  };
  const refresh = ({ refresh_token }) => {
    return system.tokenRaw(new URLSearchParams({ grant_type: "refresh_token", refresh_token }));
  };
  return { system, logIn, published, ask, refresh };
}

test("a_new_key_is_published_and_then_signs_and_the_old_tokens_stay_valid", async (t) => {
  const { ask, logIn, published, refresh, system } = await start(t);
  const before = await logIn();
  const rotated = await ask("/admin/keys", before, "POST");
  assert.equal(rotated.status, 200);
  const [old, next] = (await rotated.json()).keys;
  assert.deepEqual([old.kid, old.signing, next.signing], [kidOf(before), true, false]);
  // A second request while a key waits makes no third key.
  const again = await ask("/admin/keys", before, "POST");
  assert.equal((await again.json()).keys.length, 2);

  let after = await logIn();
  while (kidOf(after) !== next.kid) {
    await pause(100);
    after = await logIn();
  }
  assert.ok(Date.parse(next.signs_from) <= Date.now(), "not before its time");
  assert.deepEqual(await published(), [old.kid, next.kid]);
  for (const pair of [before, after]) {
    assert.equal((await ask("/users/me", pair)).status, 200);
    assert.equal((await refresh(pair)).status, 200);
  }
  await system.restart();
  assert.deepEqual(await published(), [old.kid, next.kid]);
  assert.equal(system.log, "");
  const types = system.events.map(({ type }) => type).filter((type) => type === "made" || type === "signing");
  assert.deepEqual(types, ["made", "signing", "made", "signing"]);
});

test("after_a_leak_no_older_token_is_accepted_and_nobody_is_logged_out", async (t) => {
  const { ask, logIn, published, refresh, system } = await start(t);
  const before = await logIn();
  const withdrawn = await ask("/admin/keys", before, "DELETE");
  assert.equal(withdrawn.status, 200);
  const { keys, old_tokens_end: end } = await withdrawn.json();
  assert.deepEqual(
    keys.map(({ kid, signing }) => [kid === kidOf(before), signing]),
    [[false, true]],
  );
  assert.ok(Math.abs(Date.parse(end) - Date.now() - 2000) < 1500, end);
  assert.deepEqual(await published(), [keys[0].kid]);
  assert.equal((await ask("/users/me", before)).status, 401);
  const after = await refresh(before);
  assert.equal(after.status, 200);
  const next = await after.json();
  assert.equal(kidOf(next), keys[0].kid);
  assert.equal((await ask("/users/me", next)).status, 200);
  assert.equal(system.log, "");
});

test("its_secret_can_be_replaced_without_logging_anybody_out", async (t) => {
  const { ask, logIn, published, refresh, system } = await start(t);
  const before = await logIn();
  const keys = await published();
  const [old, next] = ["an old secret of 32 bytes, or a few more", "a new secret of 32 bytes, or a few more"];
  // `npm start` makes the first one.
  const { SECRET: made } = await system.secrets();
  for (const [SECRET, OLD_SECRET] of [
    [made, old],
    [old, made],
    [old, next],
    [next, old],
  ]) {
    system.vars = { ...system.vars, SECRET, OLD_SECRET };
    await system.restart();
    assert.deepEqual(await published(), keys);
    assert.equal((await ask("/users/me", before)).status, 200);
  }
  // The refresh token was made two secrets ago.
  assert.equal((await refresh(before)).status, 400);
  assert.equal(kidOf(await logIn()), keys[0]);
});
