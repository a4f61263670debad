/**
 * A login system as a Worker: accounts with hashed passwords, signed tokens, and routes that need a token.
 *
 *   POST /register               JSON { username, password }
 *   POST /token                  form: grant_type=password, username, password, scope
 *   GET  /users/me               needs a token
 *   GET  /admin                  needs a token with the scope "admin"
 *   GET  /.well-known/jwks.json  the public key, for other services that check tokens
 *
 * The Worker holds no secret. Passwords are checked inside the account's own object (account.ts), tokens are signed
 * inside the object that made the key (signing-key.ts). The Worker itself only forwards calls.
 */

import type { Env } from "./env.js";
import { failure } from "./json.js";
import { type Login, login } from "./login.js";
import { register } from "./registration.js";

export { Account } from "./account.js";
export { SigningKey } from "./signing-key.js";

type Route = (request: Request, env: Env) => Promise<Response>;

const ROUTES: Record<string, Partial<Record<"GET" | "POST", Route>>> = {
  "/register": { POST: register },
  "/token": { POST: (request, env) => through(env, ({ token }) => token(request)) },
  "/users/me": { GET: (request, env) => through(env, ({ me }) => me(request)) },
  "/admin": { GET: (request, env) => through(env, ({ admin }) => admin(request)) },
  "/.well-known/jwks.json": { GET: (request, env) => through(env, ({ jwks }) => jwks(request)) },
};

export default {
  async fetch(request, env): Promise<Response> {
    const { pathname } = new URL(request.url);
    const route = Object.hasOwn(ROUTES, pathname) ? ROUTES[pathname] : undefined;
    if (route === undefined) return failure(404, "not_found", "there is nothing at this path");
    // A HEAD is a GET whose body is not sent; the runtime leaves the body out.
    const handler = route[request.method === "HEAD" ? "GET" : (request.method as "GET")];
    if (handler === undefined) {
      const allow = route.GET === undefined ? "POST" : "GET, HEAD";
      return failure(405, "method_not_allowed", `the method is not ${allow}`, { Allow: allow });
    }
    try {
      return await handler(request, env);
    } catch (error) {
      // The details go to the log and not to the client.
      console.error(error);
      return failure(500, "server_error", "something went wrong here");
    }
  },
} satisfies ExportedHandler<Env>;

let made: Login | undefined;

/** Runs a handler of the login system, which is made once per isolate, when the first request needs the public key. */
async function through(env: Env, handle: (login: Login) => Promise<Response>): Promise<Response> {
  made ??= await login(env);
  return handle(made);
}
