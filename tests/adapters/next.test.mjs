// countersign/next with Next's own request class. `npm run test:frameworks` builds an application.

import assert from "node:assert/strict";
import { test } from "node:test";
import { guard } from "countersign/next";
import { NextRequest } from "next/server.js";
import { ENDPOINTS, GUARDS, nameOf, testFramework, verifier, withToken } from "./cases.mjs";

const routes = Object.fromEntries(
  Object.entries(GUARDS).map(([path, args]) => [path, guard(...args)((_, { auth }) => new Response(nameOf(auth)))]),
);

testFramework("Next", async (path, init) => {
  const request = new NextRequest(`http://localhost${path}`, init);
  const { pathname } = request.nextUrl;
  // As Next answers when a handler throws.
  const handle = routes[pathname] ?? ENDPOINTS[pathname];
  return Promise.resolve(handle(request, { params: Promise.resolve({}) })).catch(
    () => new Response(null, { status: 500 }),
  );
});

test("Next: passes the parameters of the route on", async () => {
  const GET = guard(verifier)(async (request, { auth, params }) => {
    return Response.json({ sub: auth.claims.sub, id: (await params).id, path: request.nextUrl.pathname });
  });
  const request = new NextRequest("http://localhost/things/7", { headers: withToken() });
  const answer = await GET(request, { params: Promise.resolve({ id: "7" }) });
  assert.deepEqual(await answer.json(), { sub: "alice", id: "7", path: "/things/7" });
});

test("Next: wraps a handler without parameters, which gets no context", async () => {
  const GET = guard(verifier)((_, { auth }) => new Response(auth.claims.sub));
  const answer = await GET(new NextRequest("http://localhost/", { headers: withToken() }));
  assert.equal(await answer.text(), "alice");
});
