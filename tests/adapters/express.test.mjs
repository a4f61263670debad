// countersign/express in the real framework.

import assert from "node:assert/strict";
import { test } from "node:test";
import { guard } from "countersign/express";
import express from "express";
import { expressApp } from "./apps-on-node.mjs";
import { testFramework, verifier, withToken } from "./cases.mjs";
import { serve } from "./serve.mjs";

testFramework("Express", await serve(expressApp()));

test("Express: guards a router, at the path where it is mounted", async () => {
  const api = express.Router();
  api.get("/me", (req, res) => res.json(req.auth.claims));
  const ask = await serve(express().use("/api", guard(verifier), api));
  assert.equal((await ask("/api/me")).status, 401);
  assert.equal((await (await ask("/api/me", { headers: withToken() })).json()).sub, "alice");
});
