/**
 * A login system as a Worker: accounts with hashed passwords, sessions that users can end, signed tokens, and routes that need
 * a token. README.md lists the requests.
 */

import { SessionStoreObject } from "countersign/session";
import { changePassword, endSession, endSessions, listSessions, me, showToken } from "./account.js";
import { rotateKeys, showKeys, withdrawKeys } from "./admin.js";
import { showDocs } from "./docs.js";
import type { Env } from "./env.js";
import { failure } from "./json.js";
import { type Login, makeLogin, type User } from "./login.js";
import { register } from "./registration.js";

export { AccountShard } from "./accounts.js";
export { SessionStoreObject };

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
  "/register": { POST: ({ env, login, request }) => register(request, env, login) },

  // For pages, whose tokens are in cookies.
  "/session/login": { POST: ({ login, request }) => login.cookies.login(request) },
  "/session/refresh": { POST: ({ login, request }) => login.cookies.refresh(request) },
  "/session/logout": { POST: ({ login, request }) => login.cookies.logout(request) },
  "/session/logout-everywhere": { POST: ({ login, request }) => login.cookies.logoutEverywhere(request) },
  "/session/token": {
    GET: forUsers((user, { env, login }) => (env.SHOW_TOKEN === "yes" ? showToken(user, login) : nothing())),
  },

  // For programs.
  "/token": { POST: ({ login, request }) => login.token(request) },
  "/revoke": { POST: ({ login, request }) => login.revoke(request) },
  "/.well-known/jwks.json": { GET: ({ login, request }) => login.jwks(request) },

  // For developers.
  "/docs": { GET: ({ env, request }) => showDocs(request, env) },

  // For pages and programs.
  "/users/me": { GET: forUsers((user, { env }) => me(user, env)) },
  "/users/me/password": {
    POST: forUsers((user, { env, login, request }) => changePassword(user, login, request, env)),
  },
  "/users/me/sessions": {
    GET: forUsers((user, { login }) => listSessions(user, login)),
    DELETE: forUsers((user, { login }) => endSessions(user, login)),
  },
  "/users/me/sessions/*": { DELETE: forUsers((user, { id, login }) => endSession(user, login, id)) },
  "/admin": { GET: forAdmins((user, { login }) => showKeys(user, login)) },
  "/admin/keys": {
    POST: forAdmins((user, { login }) => rotateKeys(user, login)),
    DELETE: forAdmins((user, { login }) => withdrawKeys(user, login)),
  },
};

/** The login system of this isolate. */
let login: Login | undefined;

export default {
  async fetch(request, env): Promise<Response> {
    const { pathname } = new URL(request.url);
    const [, id = ""] = /^\/users\/me\/sessions\/([\w-]{22})$/.exec(pathname) ?? [];
    const path = id === "" ? pathname : "/users/me/sessions/*";
    const route = Object.hasOwn(ROUTES, path) && !pathname.includes("*") ? ROUTES[path] : undefined;
    if (route === undefined) return nothing();
    // A HEAD is a GET whose body is not sent; the runtime leaves the body out.
    const method = request.method === "HEAD" ? "GET" : request.method;
    const handler = Object.hasOwn(route, method) ? route[method] : undefined;
    if (handler === undefined) {
      const allow = Object.keys(route).join(", ").replace("GET", "GET, HEAD");
      return failure(405, "method_not_allowed", `the method is not ${allow}`, { Allow: allow });
    }
    try {
      login ??= makeLogin(env);
      return await handler({ request, env, login, id });
    } catch (error) {
      const { code } = (error ?? {}) as { code?: unknown };
      if (code === "STORE_UNAVAILABLE" || code === "JWKS_UNAVAILABLE")
        return failure(503, "temporarily_unavailable", "try again in a moment", { "Retry-After": "3" });
      // The details go to the log and not to the client.
      console.error(error);
      return failure(500, "server_error", "something went wrong here");
    }
  },
} satisfies ExportedHandler<Env>;

async function nothing(): Promise<Response> {
  return failure(404, "not_found", "there is nothing at this path");
}

type UserRoute = (user: User, context: Context) => Promise<Response>;

/** A route for users who are logged in. */
function forUsers(route: UserRoute): Route {
  return async (context) => answer(await context.login.anyone(context.request), route, context);
}

/** A route for administrators. */
function forAdmins(route: UserRoute): Route {
  return async (context) => answer(await context.login.admins(context.request), route, context);
}

async function answer(user: User | Response, route: UserRoute, context: Context): Promise<Response> {
  if (user instanceof Response) return user;
  const response = await route(user, context);
  // The next cookies, if the session was refreshed on the way.
  for (const [name, value] of user.headers ?? []) {
    if (name === "set-cookie") response.headers.append(name, value);
  }
  return response;
}
