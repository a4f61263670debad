// countersign/trpc in the real framework, over its adapters for fetch and for Node.

import assert from "node:assert/strict";
import { test } from "node:test";
import { initTRPC, TRPCError } from "@trpc/server";
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { createHTTPHandler } from "@trpc/server/adapters/standalone";
import { DpopSigner } from "countersign/dpop";
import { guard } from "countersign/trpc";
import { dpop, GUARDS, nameOf, tokenFor, verifier, WRONG_ANSWERS, withToken } from "./cases.mjs";
import { serve } from "./serve.mjs";

const t = initTRPC.context().create();
const router = t.router(
  Object.fromEntries(
    Object.entries(GUARDS).map(([path, args]) => [
      path.slice(1).replace("/", "-"),
      t.procedure.use(guard(...args)).query(({ ctx }) => nameOf(ctx.auth)),
    ]),
  ),
);
const createContext = (options) => options;
const overFetch = (path, init) =>
  fetchRequestHandler({ endpoint: "", req: new Request(`http://localhost${path}`, init), router, createContext });
const overNode = await serve(createHTTPHandler({ router, createContext }));

for (const [name, ask] of [
  ["fetch", overFetch],
  ["Node", overNode],
]) {
  test(`tRPC over ${name}: a token that is bound to a key`, async () => {
    const signer = await DpopSigner.create();
    const accessToken = tokenFor({ cnf: { jkt: signer.thumbprint } });
    const send = async (nonce) => {
      const proof = await signer.proof({ method: "GET", url: "https://api.example/bound", accessToken, nonce });
      return ask("/bound", { headers: { DPoP: proof, Authorization: `DPoP ${accessToken}` } });
    };
    const first = await send();
    assert.equal(first.status, 401);
    assert.equal(first.headers.get("dpop-nonce"), await dpop.nonce());
    assert.match(first.headers.get("www-authenticate"), /error="use_dpop_nonce"/);
    assert.equal((await send(await dpop.nonce())).status, 200);
  });
  for (const [what, path, headers, status, code, message, challenge] of [
    ["no token", "/me", {}, 401, "UNAUTHORIZED", "the request has no token", "Bearer"],
    ["an expired token", "/me", withToken({ exp: 1 }, { expiresIn: null }), 401, "UNAUTHORIZED", "token has expired"],
    ["too few scopes", "/admin", withToken(), 403, "FORBIDDEN", "the token does not have the required scope"],
    ["no keys", "/down", withToken(), 503, "SERVICE_UNAVAILABLE", "the keys are not available", null],
    ["a fault of ours", "/broken", withToken(), 500, "INTERNAL_SERVER_ERROR", "a fault of ours", null],
    ["a wrong token where visitors may pass", "/visitor", { Authorization: "Bearer x" }, 401, "UNAUTHORIZED"],
    ["two tokens", "/me?access_token=a", withToken(), 400, "BAD_REQUEST"],
    ["a refusal of the application", "/own-refusal", {}, 401, "UNAUTHORIZED", "mine", "Mine"],
    ["a refusal of another realm", "/own-foreign", {}, 401, "UNAUTHORIZED", "mine", "Mine"],
    ...Object.keys(WRONG_ANSWERS).map((name) => {
      return [`a guard that returns ${name}`, `/wrong-${name}`, {}, 500, "INTERNAL_SERVER_ERROR", undefined, null];
    }),
  ]) {
    test(`tRPC over ${name}: ${what}`, async () => {
      const answer = await ask(path, { headers });
      const { error } = await answer.json();
      assert.equal(answer.status, status);
      assert.equal(error.data.code, code);
      if (message !== undefined) assert.equal(error.message, message);
      const header = answer.headers.get("www-authenticate");
      if (challenge !== undefined) assert.equal(header, challenge);
      else assert.match(header, /^Bearer (realm="api", )?error="/);
      assert.equal(answer.headers.get("retry-after"), status === 503 ? "3" : null);
    });
  }
  for (const [what, path, headers, name] of [
    ["a token", "/me", withToken(), "alice"],
    ["the scope", "/admin", withToken({ scope: "admin" }), "alice"],
    ["a visitor", "/visitor", {}, "nobody"],
    ["a caller of the application", "/own-caller", {}, "alice"],
    ["a visitor of the application", "/own-null", {}, "nobody"],
    ["a guard that was made before", "/made", withToken({ scope: "read" }), "alice"],
  ]) {
    test(`tRPC over ${name}: ${what}`, async () => {
      const answer = await ask(path, { headers });
      assert.equal((await answer.json()).result.data, name);
    });
  }
}

test("tRPC: a refusal that is no JSON", async () => {
  for (const [body, message] of [
    ["closed on Sundays", "closed on Sundays"],
    ['["closed"]', '["closed"]'],
    ['{"error_description":7}', "the request has no token"],
    [null, "the request has no token"],
  ]) {
    const refuse = guard(async () => new Response(body, { status: 403 }));
    const closed = t.router({ me: t.procedure.use(refuse).query(() => "never") });
    const call = t.createCallerFactory(closed)({ req: new Request("http://localhost/me") });
    await assert.rejects(call.me(), { name: "TRPCError", code: "FORBIDDEN", message });
  }
});

test("tRPC: a page without a session", async () => {
  for (const ask of [overFetch, overNode]) {
    const answer = await ask("/page", {});
    assert.equal(answer.status, 401);
    assert.equal((await answer.json()).error.data.code, "UNAUTHORIZED");
  }
});

test("tRPC: its error formatter and its callers get a TRPCError", async () => {
  const seen = [];
  const formatted = initTRPC.context().create({
    errorFormatter({ error, shape }) {
      seen.push(error.code);
      return shape;
    },
  });
  const me = formatted.router({ me: formatted.procedure.use(guard(verifier)).query(() => "never") });
  const request = new Request("http://localhost/me");
  await fetchRequestHandler({ endpoint: "", req: request, router: me, createContext });
  assert.deepEqual(seen, ["UNAUTHORIZED"]);
  const call = formatted.createCallerFactory(me)({ req: request });
  await assert.rejects(call.me(), { name: "TRPCError", code: "UNAUTHORIZED" });
  assert.equal(new TRPCError({ code: "UNAUTHORIZED" }).name, "TRPCError");
});
