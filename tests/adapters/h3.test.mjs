// countersign/h3 in h3 2 (Nitro 3) and h3 1 (Nitro 2, Nuxt 4).

import assert from "node:assert/strict";
import { test } from "node:test";
import { endpoint, guard } from "countersign/h3";
import { H3, HTTPError, toNodeHandler } from "h3";
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
import {
  cookieToRefresh,
  ENDPOINTS,
  GUARDS,
  nameOf,
  testFramework,
  testTwoHeaders,
  verifier,
  withToken,
} from "./cases.mjs";
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
for (const [name, listener] of [
  ["h3 2 on Node", toNodeHandler(app)],
  ["h3 1 on Node", toNodeListener(old)],
]) {
  const served = await serve(listener);
  testFramework(name, served);
  testTwoHeaders(name, served.url);
}

const web = toWebHandler(old);
testFramework("h3 1 with standard requests", (path, init) => web(new Request(`http://localhost${path}`, init)));

// As Nitro calls it on platforms without Node.
const plain = toPlainHandler(old);
testFramework("h3 1 with plain requests", async (path, { body, headers, method = "GET" }) => {
  const answer = await plain({ path, method, headers: new Headers({ Host: "localhost", ...headers }), body });
  const text = [204, 304].includes(answer.status) ? null : answer.body;
  return new Response(text, { status: answer.status, headers: answer.headers });
});

test("h3 1 with plain requests: refuses those that cannot be standard ones", async () => {
  const send = (path, method, Host = "localhost") => {
    const headers = new Headers({ Host, "Content-Type": "application/x-www-form-urlencoded" });
    const event = { req: {}, context: {}, respondWith() {}, headers, method, path };
    const body = "username=alice&password=right";
    return endpoint(ENDPOINTS["/token"])({ ...event, node: { req: { body }, res: {} } });
  };
  for (const [path, method, host, status] of [
    ["/token", "POST", "localhost", 200],
    ["/token", "POST", "", 200],
    ["//", "POST", "localhost", 200],
    ["//other.example/token", "POST", "localhost", 200],
    ["http://[", "POST", "localhost", 400],
    ["token", "POST", "localhost", 400],
    ["/token", "POST", "a b", 400],
    ["/token", "POST", "a/b", 400],
    ["/token", "POST", "user@host", 400],
    ["/token", "TRACE", "localhost", 501],
    ["/token", "CONNECT", "localhost", 501],
    // A body that the platform passes with these does not count.
    ["/token", "GET", "localhost", 405],
    ["/token", "HEAD", "localhost", 405],
  ]) {
    assert.equal((await send(path, method, host)).status, status, `${method} ${path} at ${host}`);
  }
});

test("h3 2: an answer to an error has the refreshed cookies, too", async () => {
  const failing = new H3({ silent: true }).get(
    "/page",
    () => {
      throw new HTTPError({ status: 404 });
    },
    { middleware: [guard(...GUARDS["/page"])] },
  );
  const answer = await failing.request("/page", { headers: await cookieToRefresh() });
  assert.equal(answer.status, 404);
  assert.equal(answer.headers.getSetCookie().length, 2);
  assert.equal(answer.headers.get("cache-control"), "no-store");
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
