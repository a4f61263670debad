// countersign/next with Next's own request class. `npm run test:frameworks` builds an application.

import assert from "node:assert/strict";
import { test } from "node:test";
import { guard } from "countersign/next";
import { NextRequest } from "next/server.js";
import { nextApp } from "./apps.mjs";
import { testFramework, verifier, withToken } from "./cases.mjs";

const app = nextApp({ Request: NextRequest });
testFramework("Next", (path, init) => app(new Request(`http://localhost${path}`, init)));

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
