// countersign/express in the real framework.

import assert from "node:assert/strict";
import { test } from "node:test";
import { guard } from "countersign/express";
import { cookieSession } from "countersign/http";
import { memoryStore, Sessions } from "countersign/session";
import express from "express";
import { expressApp } from "./apps-on-node.mjs";
import { signer, testFramework, testTwoHeaders, verifier, withToken } from "./cases.mjs";
import { serve } from "./serve.mjs";

const served = await serve(expressApp());
testFramework("Express", served);
testTwoHeaders("Express", served.url);

test("Express: guards a router, at the path where it is mounted", async () => {
  const api = express.Router();
  api.get("/me", (req, res) => res.json(req.auth.claims));
  const ask = await serve(express().use("/api", guard(verifier), api));
  assert.equal((await ask("/api/me")).status, 401);
  assert.equal((await (await ask("/api/me", { headers: withToken() })).json()).sub, "alice");
});

test("Express: asks for the cookies of the connection, which may be TLS on this machine", async () => {
  const sessions = new Sessions({ signer, store: memoryStore(), secret: "a secret of 32 bytes, or a few more" });
  const cookies = cookieSession(sessions, {
    verifier,
    authenticate: (username) => ({ subject: username }),
    allowInsecureLoopback: true,
  });
  const middleware = guard(cookies, { optional: true });
  for (const [scheme, encrypted] of [
    ["https", true],
    ["http", false],
  ]) {
    const headers = { "Sec-Fetch-Site": "same-origin" };
    const body = new URLSearchParams({ username: "alice", password: "right" });
    const login = await cookies.login(new Request(`${scheme}://localhost:8443/`, { method: "POST", headers, body }));
    const cookie = login.headers.getSetCookie().map((each) => each.split(";")[0]);
    for (const [tls, name] of [
      [encrypted, "alice"],
      [!encrypted, undefined],
    ]) {
      const incoming = { method: "GET", url: "/", rawHeaders: [], socket: { encrypted: tls } };
      const request = { ...incoming, headers: { host: "localhost:8443", cookie: cookie.join("; ") } };
      await middleware(request, { getHeader() {}, setHeader() {} }, (error) => assert.equal(error, undefined));
      assert.equal(request.auth?.claims.sub, name, `${scheme} ${tls}`);
    }
  }
});
