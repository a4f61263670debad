/**
 * A login system as a Worker: accounts with hashed passwords, sessions that users can end, signed tokens, and routes that need
 * a token. README.md lists the requests.
 */

import type { Caller } from "countersign/http";
import { SessionStoreObject } from "countersign/session";
import { changePassword, endSession, endSessions, listSessions, me } from "./account.js";
import { rotateKeys, showKeys } from "./admin.js";
import type { Env } from "./env.js";
import { failure } from "./json.js";
import { type Claims, type Login, makeLogin } from "./login.js";
import { register } from "./registration.js";

export { SessionStoreObject };
export { AccountShard } from "./accounts.js";
export { Keys } from "./keys.js";

/** Attempts have objects of their own, because anybody can fill them. */
export class AttemptStoreObject extends SessionStoreObject {}

/** What a route may use. */
interface Context {
  request: Request;
  env: Env;
  login: Login;
  /** The last part of the path, where the route has one that varies. */
  id: string;
}

type Route = (context: Context) => Promise<Response>;

const ROUTES: Record<string, Record<string, Route>> = {
  "/register": { POST: ({ env, request }) => register(request, env) },
  "/token": { POST: ({ login, request }) => login.token(request) },
  "/revoke": { POST: ({ login, request }) => login.revoke(request) },
  "/users/me": { GET: (context) => forAnyone(context, (caller) => me(caller, context.env)) },
  "/users/me/password": {
    POST: (context) =>
      forAnyone(context, (caller) => changePassword(caller, context.login, context.request, context.env)),
  },
  "/users/me/sessions": {
    GET: (context) => forAnyone(context, (caller) => listSessions(caller, context.login)),
    DELETE: (context) => forAnyone(context, (caller) => endSessions(caller, context.login)),
  },
  "/users/me/sessions/*": {
    DELETE: (context) => forAnyone(context, (caller) => endSession(caller, context.login, context.id)),
  },
  "/admin": { GET: (context) => forAdmins(context, (caller) => showKeys(caller, context.login)) },
  "/admin/keys": { POST: (context) => forAdmins(context, (caller) => rotateKeys(caller, context.env)) },
  "/.well-known/jwks.json": { GET: ({ login, request }) => login.jwks(request) },
};

export default {
  async fetch(request, env): Promise<Response> {
    const { pathname } = new URL(request.url);
    const [, id = ""] = /^\/users\/me\/sessions\/([\w-]{22})$/.exec(pathname) ?? [];
    const path = id === "" ? pathname : "/users/me/sessions/*";
    const route = Object.hasOwn(ROUTES, path) && !pathname.includes("*") ? ROUTES[path] : undefined;
    if (route === undefined) return failure(404, "not_found", "there is nothing at this path");
    // A HEAD is a GET whose body is not sent; the runtime leaves the body out.
    const method = request.method === "HEAD" ? "GET" : request.method;
    const handler = Object.hasOwn(route, method) ? route[method] : undefined;
    if (handler === undefined) {
      const allow = Object.keys(route).join(", ").replace("GET", "GET, HEAD");
      return failure(405, "method_not_allowed", `the method is not ${allow}`, { Allow: allow });
    }
    try {
      return await handler({ request, env, login: await currentLogin(env), id });
    } catch (error) {
      const { code } = (error ?? {}) as { code?: unknown };
      if (code === "STORE_UNAVAILABLE")
        return failure(503, "temporarily_unavailable", "try again in a moment", { "Retry-After": "3" });
      // The details go to the log and not to the client.
      console.error(error);
      return failure(500, "server_error", "something went wrong here");
    }
  },
} satisfies ExportedHandler<Env>;

async function forAnyone({ login, request }: Context, run: (caller: Caller<Claims>) => Promise<Response>) {
  const caller = await login.anyone(request);
  return caller instanceof Response ? caller : run(caller);
}

async function forAdmins({ login, request }: Context, run: (caller: Caller<Claims>) => Promise<Response>) {
  const caller = await login.admins(request);
  return caller instanceof Response ? caller : run(caller);
}

let made: { login: Login; until: number } | undefined;

/** The login system of this isolate, made again when its keys may have changed. */
async function currentLogin(env: Env): Promise<Login> {
  if (made !== undefined && Date.now() < made.until) return made.login;
  const pairs = await env.KEYS.getByName("current").current();
  // Well before a new key signs.
  const until = Date.now() + Math.min(60, Number(env.KEYS_PUBLISHED_AHEAD) / 4) * 1000;
  made = { login: makeLogin(env, pairs), until };
  return made.login;
}
