// A guard of the application, in every adapter: what it may return, and what the message says if it returns something else.

import assert from "node:assert/strict";
import { test } from "node:test";
import { guard as express } from "countersign/express";
import { endpoints } from "countersign/fastify";
import { endpoint as endpointOfH3 } from "countersign/h3";
import { endpoint as endpointOfHono } from "countersign/hono";
import { bearerGuard, cookieSession } from "countersign/http";
import { guard as mcp } from "countersign/mcp";
import { guard } from "countersign/next";
import { Sessions } from "countersign/session";
import { endpoint as endpointOfSvelteKit } from "countersign/sveltekit";
import fastify from "fastify";
import { H3 } from "h3";
import { Hono } from "hono";
import { Response as UndiciResponse } from "undici";
import { invalid } from "../http/errors.mjs";
import { ForeignResponse } from "./foreign-response.mjs";
import { signer, verifier, WRONG_ANSWERS, withToken } from "./routes.mjs";

const asked = (headers = {}) => new Request("http://localhost/", { headers });
const never = () => assert.fail("the request got in");
const sent = (answer) => guard(async () => answer)(never)(asked());

const KINDS = {
  undefined: "undefined",
  false: "a boolean",
  true: "a boolean",
  text: "a string",
  number: "a number",
  list: "an array",
  function: "a function",
  error: "an Error",
  object: 'an object without "header"',
  payload: 'an object without "header"',
  claims: 'an object without "header"',
  inherited: 'an instance of a class without "header"',
  "no-scopes": 'an object whose "scopes" is not a list of strings',
  "text-scopes": 'an object whose "scopes" is not a list of strings',
  "no-header": 'an object whose "header" is not an object',
  "text-claims": 'an object whose "claims" is not an object',
  "plain-headers": 'an object whose "headers" is not a Headers',
  "like-a-response": 'an object without "header"',
};

test("says what a guard returned, and what it must return", async () => {
  const must =
    "it must return a caller { header, claims, scopes } as bearerGuard gives it, a Response that refuses the request, " +
    "or null for a visitor who may pass";
  assert.deepEqual(Object.keys(KINDS), Object.keys(WRONG_ANSWERS));
  for (const [name, answer] of Object.entries(WRONG_ANSWERS)) {
    await assert.rejects(sent(answer), invalid(`the guard returned ${KINDS[name]}: ${must}`), name);
  }
  const throwing = new Proxy({}, { getPrototypeOf: () => JSON.parse("{") });
  await assert.rejects(sent(throwing), invalid(`the guard returned an object that cannot be read: ${must}`));
  const response = Object.assign(new ForeignResponse(), { claims: {}, header: {}, scopes: [] });
  assert.equal((await sent(response)).status, 200, "a response refuses, whatever else it has");
});

test("takes the response of another realm as the refusal that it is", async () => {
  const headers = [
    ["WWW-Authenticate", "Mine"],
    ["Set-Cookie", "a=1"],
    ["Set-Cookie", "b=2"],
  ];
  for (const Class of [Response, UndiciResponse, ForeignResponse]) {
    for (const [body, status] of [
      ["no", 401],
      [null, 403],
      [null, 204],
      [new Uint8Array([0, 255]), 503],
    ]) {
      const answer = await sent(new Class(body, { status, statusText: "No", headers }));
      assert.ok(answer instanceof Response);
      assert.deepEqual([answer.status, answer.statusText], [status, "No"]);
      assert.equal(answer.headers.get("www-authenticate"), "Mine");
      assert.deepEqual(answer.headers.getSetCookie(), ["a=1", "b=2"]);
      const bytes = new Uint8Array(await new Response(body).arrayBuffer());
      assert.deepEqual(new Uint8Array(await answer.arrayBuffer()), bytes);
    }
  }
  const read = new UndiciResponse("no", { status: 401 });
  await read.text();
  await assert.rejects(sent(read), invalid("the response's body was already read"));
  await assert.rejects(sent(UndiciResponse.error()), invalid("the response has the status 0, which cannot be sent"));
});

test("takes a response whose body is a stream of Node, as that of node-fetch", async () => {
  const { Readable } = await import("node:stream");
  const response = {
    status: 401,
    statusText: "",
    headers: new Headers({ "X-Mine": "yes" }),
    body: Readable.from(["no"]),
    bodyUsed: false,
    arrayBuffer: async () => new TextEncoder().encode("no").buffer,
    [Symbol.toStringTag]: "Response",
  };
  const answer = await sent(response);
  assert.deepEqual([answer.status, answer.headers.get("x-mine"), await answer.text()], [401, "yes", "no"]);
});

test("takes the response of fetch where a server has replaced the global class", async () => {
  const { Response: standard } = globalThis;
  const refusal = new standard("no", { status: 401 });
  globalThis.Response = class extends standard {};
  try {
    assert.equal(refusal instanceof Response, false);
    assert.equal((await sent(refusal)).status, 401);
  } finally {
    globalThis.Response = standard;
  }
});

test("a guard that calls another one may add to its caller", async () => {
  const check = bearerGuard(verifier);
  const own = async (request) => {
    const caller = await check(request);
    return caller instanceof Response ? caller : { ...caller, team: "red" };
  };
  const handler = guard(own)((_, { auth }) => Response.json([auth.claims.sub, auth.team]));
  assert.deepEqual(await (await handler(asked(withToken()))).json(), ["alice", "red"]);
  assert.equal((await handler(asked())).status, 401);
});

test("sends the response of another realm from an endpoint, and nothing that is no response", async () => {
  const missing = invalid("the handler returned undefined: it must return a Response");
  for (const Class of [UndiciResponse, ForeignResponse]) {
    const handler = async () => new Class("locked", { status: 423 });
    const app = fastify().register(endpoints({ "/": handler }));
    const answers = [
      await new Hono().all("/", endpointOfHono(handler)).request("/"),
      await new H3().all("/", endpointOfH3(handler)).request("/"),
      await endpointOfSvelteKit(handler)({ request: asked() }),
      new Response(...(await app.inject("/").then(({ payload, statusCode }) => [payload, { status: statusCode }]))),
    ];
    for (const answer of answers) assert.deepEqual([answer.status, await answer.text()], [423, "locked"]);
  }
  await assert.rejects(endpointOfSvelteKit(async () => {})({ request: asked() }), missing);
  await assert.rejects(endpointOfHono(() => {})({ req: { raw: asked() } }), missing);
  await assert.rejects(endpointOfH3(() => {})({ req: asked() }), missing);
});

test("a verifier of the application must return a header and claims", async () => {
  const must = "it must return { header, claims }, and throw a CountersignError for a token that is not valid";
  for (const [answer, kind] of [
    [undefined, "undefined"],
    [null, "null"],
    [false, "a boolean"],
    [true, "a boolean"],
    ["alice", "a string"],
    [[], "an array"],
    [new Error("invalid signature"), "an Error"],
    [{ sub: "alice" }, 'an object without "header"'],
    [{ payload: {}, protectedHeader: {} }, 'an object without "header"'],
    [{ header: {} }, 'an object without "claims"'],
    [{ header: {}, claims: null }, 'an object whose "claims" is not an object'],
    [{ header: "x", claims: {} }, 'an object whose "header" is not an object'],
  ]) {
    for (const method of ["verify", "verifyAsync"]) {
      const message = invalid(`"${method}" of the verifier returned ${kind}: ${must}`);
      const own = { [method]: async () => answer };
      await assert.rejects(bearerGuard(own)(asked(withToken())), message);
      await assert.rejects(bearerGuard(own, { optional: true })(asked(withToken())), message);
      await assert.rejects(mcp(own)(asked(withToken())), message);
      await assert.rejects(guard(own)(never)(asked(withToken())), message);
      const sessions = new Proxy({ idleExpiresIn: 60 }, { get: (_, name) => (name === "idleExpiresIn" ? 60 : never) });
      const cookies = cookieSession(sessions, { verifier: own, authenticate: never });
      const request = asked({ Cookie: "__Host-Http-session=a.b.c", "Sec-Fetch-Site": "same-origin" });
      await assert.rejects(cookies.guard(request), message);
    }
  }
  const header = { alg: "HS256" };
  const own = { verify: () => ({ header, claims: { sub: "alice", scope: "read" } }) };
  const caller = await bearerGuard(own, { scope: "read" })(asked(withToken()));
  assert.deepEqual([caller.claims.sub, caller.scopes], ["alice", ["read"]]);
});

test("what a verifier of the application throws is the server's fault, unless it has a code of tokens", async () => {
  const named = Object.assign(new Error("invalid signature"), { name: "JsonWebTokenError" });
  const coded = Object.assign(new Error("expired"), { code: "ERR_JWT_EXPIRED" });
  for (const error of [named, coded]) {
    await assert.rejects(bearerGuard({ verify: () => Promise.reject(error) })(asked(withToken())), (e) => e === error);
  }
  const known = Object.assign(new Error("not ours"), { code: "TOKEN_SIGNATURE_INVALID" });
  assert.equal((await bearerGuard({ verify: () => Promise.reject(known) })(asked(withToken()))).status, 401);
});

test("sends a stream of Node as it comes, and ends it when the client has left", async () => {
  let made = 0;
  let hasEnded = false;
  async function* endless() {
    try {
      for (;;) {
        made += 1;
        yield new Uint8Array(1024).fill(made);
      }
    } finally {
      hasEnded = true;
    }
  }
  const answer = nodeResponse({ status: 200, body: endless(), headers: {} });
  const response = await sent(answer);
  const reader = response.body.getReader();
  assert.equal((await reader.read()).value.length, 1024);
  assert.ok(made < 8, `${made} chunks were read for one`);
  await reader.cancel();
  assert.equal(hasEnded, true);
});

test("ends a stream of Node that sends nothing when the client has left", async () => {
  let isDestroyed = false;
  const silent = {
    [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}), return: () => new Promise(() => {}) }),
    destroy() {
      isDestroyed = true;
    },
  };
  const response = await sent(nodeResponse({ status: 200, body: silent, headers: {} }));
  await response.body.cancel();
  assert.equal(isDestroyed, true);
});

test("keeps the cookies of node-fetch's headers apart", async () => {
  const cookies = ["a=1; Path=/", "b=2; Expires=Wed, 21 Oct 2026 07:28:00 GMT"];
  const answer = nodeResponse({ status: 401, body: null, headers: { "set-cookie": cookies, "x-other": ["c"] } });
  const response = await sent(answer);
  assert.deepEqual(response.headers.getSetCookie(), cookies);
  assert.equal(response.headers.get("x-other"), "c");
  assert.equal(response.status, 401);
});

/** A response of the form that node-fetch 2 and 3 have: cookies joined but in `raw`, and a body that is no standard stream. */
function nodeResponse({ status, body, headers }) {
  return {
    status,
    statusText: "",
    body,
    bodyUsed: false,
    headers: {
      get: (name) => headers[name]?.join(", ") ?? null,
      raw: () => headers,
      *[Symbol.iterator]() {
        for (const [name, values] of Object.entries(headers)) yield [name, values.join(", ")];
      },
    },
    [Symbol.toStringTag]: "Response",
  };
}

test("says how to make what a door takes", () => {
  const verifierNeeded = invalid(
    'option "verifier" has no method "verify": make one with new Verifier(key, { issuer, audience })',
  );
  for (const wrong of [{ secret: "x", algorithms: ["HS256"] }, undefined, null, "key", { toJwks() {} }]) {
    for (const make of [express, guard, mcp, bearerGuard]) assert.throws(() => make(wrong), verifierNeeded);
  }
  assert.throws(
    () => new Sessions({ signer: { alg: "EdDSA" } }),
    invalid('option "signer" has no method "sign": make one with new Signer(key, { issuer, audience })'),
  );
  assert.equal(typeof signer.sign, "function");
});
