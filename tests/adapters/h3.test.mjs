// countersign/h3 in h3 2 (Nitro 3) and h3 1 (Nitro 2, Nuxt 4).

import assert from "node:assert/strict";
import { test } from "node:test";
import { endpoint, guard } from "countersign/h3";
import { H3, toNodeHandler } from "h3";
import {
  createApp,
  createRouter,
  defineEventHandler,
  setCookie as setOldCookie,
  toNodeListener,
  toPlainHandler,
  toWebHandler,
} from "h3-1";
import { makeH3 } from "./apps.mjs";
import { ENDPOINTS, GUARDS, nameOf, testFramework, verifier, withToken } from "./cases.mjs";
import { serve } from "./serve.mjs";

const app = makeH3();
const old = createApp({ onError() {} });
const router = createRouter();
for (const [path, args] of Object.entries(GUARDS)) {
  const handler = (event) => {
    if (path === "/page/own") setOldCookie(event, "mine", "1");
    return nameOf(event.context.auth);
  };
  router.get(path, defineEventHandler({ onRequest: guard(...args), handler }));
}
for (const [path, handler] of Object.entries(ENDPOINTS)) router.use(path, defineEventHandler(endpoint(handler)));
old.use(router);

testFramework("h3 2", (path, init) => app.request(path, init));
testFramework("h3 2 on Node", await serve(toNodeHandler(app)));
testFramework("h3 1 on Node", await serve(toNodeListener(old)));

const web = toWebHandler(old);
testFramework("h3 1 with standard requests", (path, init) => web(new Request(`http://localhost${path}`, init)));

// As Nitro calls it on platforms without Node.
const plain = toPlainHandler(old);
testFramework("h3 1 with plain requests", async (path, { body, headers, method = "GET" }) => {
  const answer = await plain({ path, method, headers: new Headers({ Host: "localhost", ...headers }), body });
  const text = [204, 304].includes(answer.status) ? null : answer.body;
  return new Response(text, { status: answer.status, headers: answer.headers });
});

for (const [name, make] of [
  ["h3 2", () => ({ app: new H3(), ask: (made, init) => made.request("/api/me", init) })],
  [
    "h3 1",
    () => ({ app: createApp(), ask: (made, init) => toWebHandler(made)(new Request("http://localhost/api/me", init)) }),
  ],
]) {
  test(`${name}: guards everything behind a middleware`, async () => {
    const { app: made, ask } = make();
    made.use(name === "h3 1" ? defineEventHandler(guard(verifier)) : guard(verifier));
    made.use(
      name === "h3 1" ? defineEventHandler((event) => event.context.auth.claims) : (event) => event.context.auth.claims,
    );
    assert.equal((await ask(made)).status, 401);
    assert.equal((await (await ask(made, { headers: withToken() })).json()).sub, "alice");
  });
}
