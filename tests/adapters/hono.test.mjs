// countersign/hono in the real framework.

import assert from "node:assert/strict";
import { test } from "node:test";
import { endpoint, guard } from "countersign/hono";
import { Hono } from "hono";
import { ENDPOINTS, GUARDS, nameOf, testFramework, verifier, withToken } from "./cases.mjs";

const app = new Hono();
for (const [path, args] of Object.entries(GUARDS)) app.get(path, guard(...args), (c) => c.text(nameOf(c.get("auth"))));
for (const [path, handler] of Object.entries(ENDPOINTS)) app.all(path, endpoint(handler));
app.onError((_, c) => c.text("sorry", 500));

testFramework("Hono", (path, init) => app.request(path, init));

test("Hono: guards everything under a path, and sets the claims", async () => {
  const api = new Hono();
  api.use("/api/*", guard(verifier));
  api.get("/api/me", (c) => c.json(c.var.claims));
  assert.equal((await api.request("/api/me")).status, 401);
  assert.equal((await api.request("/api/unknown")).status, 401);
  assert.equal((await (await api.request("/api/me", { headers: withToken() })).json()).sub, "alice");
});
