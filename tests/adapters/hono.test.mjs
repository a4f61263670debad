// countersign/hono in the real framework.

import assert from "node:assert/strict";
import { test } from "node:test";
import { guard } from "countersign/hono";
import { Hono } from "hono";
import { honoApp } from "./apps.mjs";
import { cookieToRefresh, GUARDS, testFramework, verifier, withToken } from "./cases.mjs";

const app = honoApp();
testFramework("Hono", (path, init) => app(new Request(`http://localhost${path}`, init)));

test("Hono: guards everything under a path, and sets the claims", async () => {
  const api = new Hono();
  api.use("/api/*", guard(verifier));
  api.get("/api/me", (c) => c.json(c.var.claims));
  assert.equal((await api.request("/api/me")).status, 401);
  assert.equal((await api.request("/api/unknown")).status, 401);
  assert.equal((await (await api.request("/api/me", { headers: withToken() })).json()).sub, "alice");
});

test("Hono: no cache may keep a refreshed session, whatever the handler says", async () => {
  const app = new Hono().get("/page", guard(...GUARDS["/page"]), (c) => {
    return c.text("x", 200, { "Cache-Control": "public, max-age=60" });
  });
  const ask = async (headers) => (await app.request("/page", { headers })).headers;
  const refreshed = await ask(await cookieToRefresh());
  assert.equal(refreshed.get("cache-control"), "no-store");
  const Cookie = refreshed.getSetCookie()[0].split(";")[0];
  assert.equal((await ask({ Cookie })).get("cache-control"), "public, max-age=60");
});
