// countersign/next with Next's own request class. `npm run test:frameworks` builds an application.

import assert from "node:assert/strict";
import { test } from "node:test";
import { guard } from "countersign/next";
import { notFound, permanentRedirect, redirect } from "next/navigation.js";
import { NextRequest } from "next/server.js";
import { nextApp } from "./apps.mjs";
import { cookieToRefresh, GUARDS, testFramework, verifier, withToken } from "./cases.mjs";

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

/** What handlers do by throwing, with the answer that Next gives to it. */
const THROWN = [
  ["redirect", () => redirect("/a;b?c=d;e"), 307, "/a;b?c=d;e"],
  ["redirect to another site", () => redirect("https://other.example/"), 307, "https://other.example/"],
  ["permanentRedirect", () => permanentRedirect("/b"), 308, "/b"],
  ["notFound", () => notFound(), 404, null],
];
for (const [name, handler, status, location] of THROWN) {
  test(`Next: ${name}() keeps the refreshed cookies`, async () => {
    const headers = await cookieToRefresh();
    const answer = await guard(...GUARDS["/page"])(handler)(new NextRequest("http://localhost/page", { headers }));
    assert.deepEqual([answer.status, answer.headers.get("location")], [status, location]);
    assert.equal(answer.headers.getSetCookie().length, 2);
    assert.equal(answer.headers.get("cache-control"), "no-store");
  });
}

test("Next: what a handler throws is Next's where the answer needs no headers, and where it is an error", async () => {
  const [bearer, cookies] = [{ headers: withToken() }, { headers: await cookieToRefresh() }];
  const fault = () => {
    throw new Error("a fault of ours");
  };
  for (const [source, handler, init, expected] of [
    [verifier, () => redirect("/a"), bearer, { digest: "NEXT_REDIRECT;replace;/a;307;" }],
    [verifier, fault, bearer, { message: "a fault of ours" }],
    [GUARDS["/page"][0], fault, cookies, { message: "a fault of ours" }],
    [
      GUARDS["/page"][0],
      () => {
        throw undefined;
      },
      cookies,
      (error) => error === undefined,
    ],
  ]) {
    await assert.rejects(guard(source)(handler)(new NextRequest("http://localhost/page", init)), expected);
  }
});

test("Next: no cache may keep a refreshed session, whatever the handler says", async () => {
  const GET = guard(...GUARDS["/page"])(
    () => new Response("x", { headers: { "Cache-Control": "public, max-age=60" } }),
  );
  const ask = async (headers) => (await GET(new NextRequest("http://localhost/page", { headers }))).headers;
  const refreshed = await ask(await cookieToRefresh());
  assert.equal(refreshed.get("cache-control"), "no-store");
  const Cookie = refreshed.getSetCookie()[0].split(";")[0];
  assert.equal((await ask({ Cookie })).get("cache-control"), "public, max-age=60");
});
