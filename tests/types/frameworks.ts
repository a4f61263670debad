// What the adapters promise to the compilers of each framework's users. This file is compiled but never run.

import * as nestCommon from "@nestjs/common";
import type { RequestHandler } from "@sveltejs/kit";
import type { Handle } from "@sveltejs/kit/hooks";
import { initTRPC } from "@trpc/server";
import type { FetchCreateContextFnOptions } from "@trpc/server/adapters/fetch";
import * as elysia from "countersign/elysia";
import * as express from "countersign/express";
import * as fastify from "countersign/fastify";
import * as h3 from "countersign/h3";
import * as hono from "countersign/hono";
import { bearerGuard, type Caller, type CookieSession } from "countersign/http";
import { type Key, Verifier } from "countersign/jwt";
import { withNest } from "countersign/nest";
import * as next from "countersign/next";
import * as sveltekit from "countersign/sveltekit";
import * as trpc from "countersign/trpc";
import { Elysia } from "elysia";
import expressApp from "express";
import fastifyApp from "fastify";
import { H3 } from "h3";
import { createApp, defineEventHandler } from "h3-1";
import { Hono } from "hono";
import type { NextRequest } from "next/server.js";

declare const key: Key;
declare const cookies: CookieSession;
declare const token: (request: Request) => Promise<Response>;
const verifier = new Verifier(key, { audience: "https://api.example" });
interface Mine {
  sub: string;
  org: string;
}

// Hono ---------------------------------------------------------------------------------------------------------------
const honoApp = new Hono()
  .get("/me", hono.guard(verifier), (c) => c.text(String(c.var.claims.sub)))
  .get("/org", hono.guard<Mine>(verifier, { scope: "read" }), (c) =>
    c.text(c.var.claims.org + c.get("auth").claims.org),
  )
  .get("/visitor", hono.guard<Mine>(verifier, { optional: true }), (c) => c.text(c.var.auth?.claims.org ?? ""))
  .get("/page", hono.guard(cookies, { scope: "read" }), (c) => c.text(c.var.auth.scopes.join()))
  .get("/made", hono.guard(bearerGuard<Mine>(verifier)), (c) => c.text(c.var.claims.org))
  .all("/token", hono.endpoint(token));
// @ts-expect-error A visitor has no claims.
honoApp.get("/visitor", hono.guard<Mine>(verifier, { optional: true }), (c) => c.text(c.var.auth.claims.org));
// @ts-expect-error There is no such option.
hono.guard(verifier, { scopes: "read" });

// Express ------------------------------------------------------------------------------------------------------------
declare global {
  namespace Express {
    interface Request extends express.Authenticated<Caller<Mine>> {}
  }
}
expressApp()
  .all("/token", express.endpoint(token))
  .use(express.guard(verifier, { accept: ({ claims }) => claims.sub !== undefined }))
  .get("/me", express.guard(verifier), (req, res) => res.json(req.auth?.claims.org));

// Fastify ------------------------------------------------------------------------------------------------------------
declare module "fastify" {
  interface FastifyRequest {
    auth: Caller<Mine> | null;
  }
}
const fastifyServer = fastifyApp();
fastifyServer.decorateRequest("auth", null);
fastifyServer.register(fastify.endpoints({ "/token": token }));
fastifyServer.addHook("onRequest", fastify.guard(verifier));
fastifyServer.get("/me", { onRequest: fastify.guard(verifier) }, (request) => request.auth?.claims.org);

// Next ---------------------------------------------------------------------------------------------------------------
const withAuth = next.guard<Mine>(verifier, { scope: "read" });
export const GET: (request: NextRequest, context: { params: Promise<{ id: string }> }) => Promise<Response> = withAuth(
  async (request: NextRequest, { auth, params }: { auth: Caller<Mine>; params: Promise<{ id: string }> }) =>
    Response.json([request.nextUrl.pathname, auth.claims.org, (await params).id]),
);
export const POST = withAuth((_request, { auth }) => Response.json(auth.claims.org));
// @ts-expect-error A visitor has no claims.
next.guard<Mine>(verifier, { optional: true })((_request, { auth }) => Response.json(auth.claims.org));

// SvelteKit ----------------------------------------------------------------------------------------------------------
declare global {
  namespace App {
    interface Locals {
      auth: Caller<Mine> | null;
    }
  }
}
export const handle: Handle = sveltekit.guard(verifier, { optional: true });
export const post: RequestHandler = sveltekit.endpoint(token);

// h3 -----------------------------------------------------------------------------------------------------------------
new H3()
  .all("/token", h3.endpoint(token))
  .use("/api/**", h3.guard(verifier))
  .get("/me", (event) => String(event.context.auth), { middleware: [h3.guard(cookies)] });
createApp().use(defineEventHandler({ onRequest: h3.guard(verifier), handler: (event) => event.context.auth }));
createApp()
  .use(defineEventHandler(h3.guard(verifier)))
  .use(defineEventHandler(h3.endpoint(token)));

// Elysia -------------------------------------------------------------------------------------------------------------
new Elysia().resolve(elysia.guard<Mine>(verifier)).get("/me", ({ auth }) => auth.claims.org);
new Elysia()
  .macro({ signedIn: { resolve: elysia.guard<Mine>(verifier) } })
  .get("/me", ({ auth }) => auth.claims.org, { signedIn: true })
  .mount("/token", token);
// @ts-expect-error A visitor has no claims.
new Elysia().resolve(elysia.guard<Mine>(verifier, { optional: true })).get("/me", ({ auth }) => auth.claims.org);

// NestJS -------------------------------------------------------------------------------------------------------------
const { Auth, Claims, guard } = withNest(nestCommon);
@nestCommon.Controller()
export class Me {
  @nestCommon.Get("me")
  @nestCommon.UseGuards(guard<Mine>(verifier, { scope: "read" }))
  me(@Claims() claims: Mine, @Auth() auth: Caller<Mine>): string[] {
    return [claims.org, auth.claims.org];
  }
}
export const canActivate: nestCommon.CanActivate = guard(verifier);

// tRPC ---------------------------------------------------------------------------------------------------------------
const t = initTRPC.context<FetchCreateContextFnOptions>().create();
t.router({
  me: t.procedure.use(trpc.guard<Mine>(verifier)).query(({ ctx }) => ctx.auth.claims.org + ctx.req.url),
  visitor: t.procedure.use(trpc.guard<Mine>(verifier, { optional: true })).query(({ ctx }) => ctx.auth?.claims.org),
});
// @ts-expect-error A visitor has no claims.
t.procedure.use(trpc.guard<Mine>(verifier, { optional: true })).query(({ ctx }) => ctx.auth.claims.org);
// @ts-expect-error The context has no request.
initTRPC.create().procedure.use(trpc.guard(verifier));
