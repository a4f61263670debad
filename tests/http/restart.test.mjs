// What survives a restart: accounts, the key, and every token that was issued with it.

import assert from "node:assert/strict";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { PASSWORD, System } from "./system.mjs";

const jwksOf = async (system) => (await system.get("/.well-known/jwks.json")).text();
const me = (system, token) => system.get("/users/me", { Authorization: `Bearer ${token}` });

test("users, the key and its tokens survive a restart", async (t) => {
  const system = await System.start();
  t.after(() => system.close());
  const token = await system.accessToken("alice");
  const [jwks, profile] = [await jwksOf(system), await (await me(system, token)).json()];

  await system.restart();
  assert.equal(await jwksOf(system), jwks);
  assert.deepEqual(await (await me(system, token)).json(), profile);
  assert.equal((await system.register("alice")).status, 409);
  assert.equal((await system.token("alice", "wrong horse battery staple")).status, 400);
  const again = await system.token("alice", PASSWORD);
  assert.equal(again.status, 200);
  assert.equal((await me(system, (await again.json()).access_token)).status, 200);
});

test("what was answered survives a crash", async (t) => {
  const system = await System.start();
  t.after(() => system.close());
  const jwks = await jwksOf(system);
  assert.equal((await system.register("alice")).status, 201);
  process.kill(Number(await readFile(join(system.dataDir, "running"), "utf8")), "SIGKILL");
  await system.restart();
  assert.equal(await jwksOf(system), jwks);
  assert.equal((await system.token("alice")).status, 200);
});

test("a good token is of no use once its user is gone", async (t) => {
  const system = await System.start();
  t.after(() => system.close());
  const token = await system.accessToken("alice");
  await system.restart(() => rm(join(system.dataDir, "objects/countersign-accounts"), { recursive: true }));
  const response = await me(system, token);
  assert.equal(response.status, 401);
  assert.match(
    response.headers.get("WWW-Authenticate"),
    /error="invalid_token", error_description="the account of the token no longer exists"$/,
  );
});

test("another system has another key", async (t) => {
  const systems = [await System.start(), await System.start()];
  t.after(() => Promise.all(systems.map((system) => system.close())));
  assert.notEqual(await jwksOf(systems[0]), await jwksOf(systems[1]));
  const token = await systems[0].accessToken("alice");
  await systems[1].register("alice");
  assert.equal((await me(systems[1], token)).status, 401);
});
