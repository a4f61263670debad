// countersign/elysia in the real framework, with its compiler and without.

import assert from "node:assert/strict";
import { test } from "node:test";
import { guard } from "countersign/elysia";
import { Elysia } from "elysia";
import { elysiaApp } from "./apps.mjs";
import { testFramework, verifier, withToken } from "./cases.mjs";

for (const aot of [true, false]) {
  const app = elysiaApp({ aot });
  testFramework(`Elysia ${aot ? "compiled" : "dynamic"}`, (path, init) =>
    app(new Request(`http://localhost${path}`, init)),
  );

  test(`Elysia ${aot ? "compiled" : "dynamic"}: guards every route after it`, async () => {
    const api = new Elysia({ aot }).resolve(guard(verifier)).get("/me", ({ auth }) => auth.claims.sub);
    const ask = (init) => api.handle(new Request("http://localhost/me", init));
    assert.equal((await ask()).status, 401);
    assert.equal(await (await ask({ headers: withToken() })).text(), "alice");
  });
}
