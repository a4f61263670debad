// countersign/hono in the real framework.

import assert from "node:assert/strict";
import { test } from "node:test";
import { guard } from "countersign/hono";
import { Hono } from "hono";
import { honoApp } from "./apps.mjs";
import { testFramework, verifier, withToken } from "./cases.mjs";

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
