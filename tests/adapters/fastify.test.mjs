// countersign/fastify in the real framework.

import assert from "node:assert/strict";
import { test } from "node:test";
import { guard } from "countersign/fastify";
import fastify from "fastify";
import { fastifyApp } from "./apps-on-node.mjs";
import { testFramework, testTwoHeaders, verifier, withToken } from "./cases.mjs";

testFramework("Fastify, injected", async (path, { body, headers, method = "GET" }) => {
  const {
    headers: all,
    payload,
    statusCode,
  } = await fastifyApp().inject({ url: path, method, headers, payload: body });
  const given = new Headers();
  for (const [name, value] of Object.entries(all)) for (const each of [value].flat()) given.append(name, each);
  return new Response([204, 304].includes(statusCode) ? null : payload, { status: statusCode, headers: given });
});

const listening = fastifyApp();
test.after(() => listening.close());
const address = await listening.listen({ port: 0, host: "127.0.0.1" });
testFramework("Fastify, listening", (path, init) => fetch(address + path, { redirect: "manual", ...init }));
testTwoHeaders("Fastify", address);

test("Fastify: guards an application by a hook", async () => {
  const app = fastify().decorateRequest("auth", null).addHook("onRequest", guard(verifier));
  app.get("/me", (request) => request.auth.claims);
  assert.equal((await app.inject("/me")).statusCode, 401);
  assert.equal((await app.inject("/unknown")).statusCode, 401);
  assert.equal((await app.inject({ url: "/me", headers: withToken() })).json().sub, "alice");
});

test("Fastify: the other routes keep their parsers", async () => {
  const app = fastifyApp();
  app.post("/json", (request) => request.body);
  const { payload } = await app.inject({ url: "/json", method: "POST", payload: { a: 1 } });
  assert.equal(payload, '{"a":1}');
});

test("Fastify: headers that hooks have set reach the client of an endpoint", async () => {
  const app = fastifyApp();
  app.addHook("onRequest", (_, reply, done) => {
    reply.header("x-hook", "yes");
    done();
  });
  assert.equal((await app.inject("/jwks")).headers["x-hook"], "yes");
});
