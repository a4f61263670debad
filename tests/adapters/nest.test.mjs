// countersign/nest in the real framework, on Express and on Fastify. Decorators are called as compiled TypeScript calls them.

import assert from "node:assert/strict";
import { test } from "node:test";
import "reflect-metadata";
import * as nest from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { FastifyAdapter } from "@nestjs/platform-fastify";
import { endpoint, withNest } from "countersign/nest";
import { ENDPOINTS, GUARDS, nameOf, testFramework, testTwoHeaders, verifier, withToken } from "./cases.mjs";

const { Auth, Claims, guard } = withNest(nest);

/** Makes a controller: each route has a path, a handler of one parameter, its decorator, and guards. */
function controllerOf(routes, prefix = "") {
  class Routes {}
  routes.forEach(({ path, handler, parameter, guards }, index) => {
    const name = `route${index}`;
    // Nest keeps what it knows of a route on its function, so each needs its own.
    const descriptor = {
      value: (argument) => handler(argument),
      writable: true,
      configurable: true,
      enumerable: false,
    };
    Object.defineProperty(Routes.prototype, name, descriptor);
    nest.Get(path)(Routes.prototype, name, descriptor);
    nest.Header("Content-Type", "text/plain")(Routes.prototype, name, descriptor);
    if (guards.length > 0) nest.UseGuards(...guards)(Routes.prototype, name, descriptor);
    parameter(Routes.prototype, name, 0);
  });
  nest.Controller(prefix)(Routes);
  return Routes;
}

async function start(controller, set = () => {}, ...adapter) {
  class App {}
  nest.Module({ controllers: [controller] })(App);
  const app = await NestFactory.create(App, ...adapter, { logger: false });
  set(app);
  await app.listen(0, "127.0.0.1");
  test.after(() => app.close());
  const { port } = app.getHttpServer().address();
  const url = `http://127.0.0.1:${port}`;
  return Object.assign((path, init) => fetch(url + path, { redirect: "manual", ...init }), { url });
}

/** A middleware, because a route with the response as a parameter would have to send it. */
const own = (_request, response, next) => {
  response.appendHeader("Set-Cookie", "mine=1");
  next();
};

const guarded = Object.entries(GUARDS).map(([path, args]) => {
  return { path, handler: nameOf, parameter: Auth(), guards: [guard(...args)] };
});
const ask = await start(controllerOf(guarded), (app) => {
  for (const [path, handler] of Object.entries(ENDPOINTS)) app.use(path, endpoint(handler));
  app.use("/page/own", own);
});

// Nest's filters write a body for every refusal, and their own for a fault of ours.
testFramework("Nest", ask, { leave: ["no token", "another scheme"] });

const onFastify = await start(controllerOf(guarded), () => {}, new FastifyAdapter());
testFramework("Nest on Fastify", onFastify, { endpoints: false, leave: ["no token", "another scheme"] });

testTwoHeaders("Nest", ask.url);
testTwoHeaders("Nest on Fastify", onFastify.url);

test("Nest on Fastify: refreshed cookies, and headers of a refusal", async () => {
  const { headers } = await ask("/login", {
    method: "POST",
    headers: { "Content-Type": "application/json", "Sec-Fetch-Site": "same-origin" },
    body: JSON.stringify({ username: "carol", password: "right" }),
  });
  const [, refresh] = headers.getSetCookie().map((cookie) => cookie.split(";")[0]);
  const later = await onFastify("/page", { headers: { Cookie: refresh } });
  assert.equal(await later.text(), "carol");
  assert.equal(later.headers.getSetCookie().length, 2);
  const refused = await onFastify("/me", {});
  assert.deepEqual([refused.status, refused.headers.get("www-authenticate")], [401, "Bearer"]);
});

test("Nest: no token", async () => {
  const answer = await ask("/me", {});
  assert.equal(answer.status, 401);
  assert.equal(answer.headers.get("www-authenticate"), "Bearer");
  assert.equal(answer.headers.get("cache-control"), "no-store");
  assert.deepEqual(await answer.json(), {});
});

test("Nest: a refusal that is no JSON", async () => {
  for (const [body, expected] of [
    ["closed on Sundays", { statusCode: 403, message: "closed on Sundays" }],
    ['["closed"]', { statusCode: 403, message: '["closed"]' }],
    ['{"error":"closed"}', { error: "closed" }],
  ]) {
    const headers = { "Content-Length": String(body.length), "X-Mine": "yes" };
    const refuse = guard(async () => new Response(body, { status: 403, headers }));
    const route = { path: "me", handler: () => "never", parameter: Claims(), guards: [refuse] };
    for (const adapter of [[], [new FastifyAdapter()]]) {
      const closed = await start(controllerOf([route]), () => {}, ...adapter);
      const answer = await closed("/me");
      assert.deepEqual([answer.status, answer.headers.get("x-mine")], [403, "yes"]);
      assert.deepEqual(await answer.json(), expected);
    }
  }
});

test("Nest: a guard for the whole application, and the claims as a parameter", async () => {
  const route = { path: "me", handler: (claims) => claims.sub, parameter: Claims(), guards: [] };
  const all = await start(controllerOf([route], "api"), (app) => app.useGlobalGuards(guard(verifier)));
  assert.equal((await all("/api/me")).status, 401);
  assert.equal(await (await all("/api/me", { headers: withToken() })).text(), "alice");
});

test("Nest: a filter of the application gets an HttpException", async () => {
  const seen = [];
  const route = { path: "me", handler: () => "never", parameter: Claims(), guards: [guard(verifier)] };
  const filtered = await start(controllerOf([route]), (app) => {
    class Filter {
      catch(exception, host) {
        seen.push(exception.getStatus(), exception.getResponse());
        host.switchToHttp().getResponse().status(418).send("mine");
      }
    }
    nest.Catch(nest.HttpException)(Filter);
    app.useGlobalFilters(new Filter());
  });
  const answer = await filtered("/me", { headers: withToken({ exp: 1 }, { expiresIn: null }) });
  assert.equal(answer.status, 418);
  assert.deepEqual(seen, [401, { error: "invalid_token", error_description: "token has expired" }]);
});

test("Nest: refuses what is not @nestjs/common", () => {
  const message = 'option "HttpException" is not a function';
  assert.throws(() => withNest(undefined), { code: "OPTION_INVALID", message });
  assert.throws(() => withNest({}), { code: "OPTION_INVALID", message });
});
