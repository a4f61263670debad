// countersign/express in the real framework.

import assert from "node:assert/strict";
import { test } from "node:test";
import { endpoint, guard } from "countersign/express";
import express from "express";
import { ENDPOINTS, GUARDS, nameOf, testFramework, verifier, withToken } from "./cases.mjs";
import { serve } from "./serve.mjs";

const app = express();
for (const [path, handler] of Object.entries(ENDPOINTS)) app.all(path, endpoint(handler));
app.use(express.urlencoded(), express.json());
for (const [path, args] of Object.entries(GUARDS)) {
  app.get(path, guard(...args), (req, res) => res.type("text").send(nameOf(req.auth)));
}
app.use((_error, _req, res, _next) => res.status(500).send("sorry"));

testFramework("Express", await serve(app));

test("Express: guards a router, at the path where it is mounted", async () => {
  const api = express.Router();
  api.get("/me", (req, res) => res.json(req.auth.claims));
  const ask = await serve(express().use("/api", guard(verifier), api));
  assert.equal((await ask("/api/me")).status, 401);
  assert.equal((await (await ask("/api/me", { headers: withToken() })).json()).sub, "alice");
});
