// The routes in each framework that works on standard requests: functions from a request to a response.

import * as elysia from "countersign/elysia";
import * as h3 from "countersign/h3";
import * as hono from "countersign/hono";
import * as next from "countersign/next";
import * as sveltekit from "countersign/sveltekit";
import { Elysia } from "elysia";
import { H3, setCookie as setH3Cookie } from "h3";
import { Hono } from "hono";
import { setCookie as setHonoCookie } from "hono/cookie";
import { ENDPOINTS, GUARDS, nameOf } from "./routes.mjs";

const guarded = Object.entries(GUARDS);
const endpoints = Object.entries(ENDPOINTS);

/** The route that sets a cookie beside those of the guard. */
const OWN = "/page/own";
const ownCookie = (path) => (path === OWN ? { "Set-Cookie": "mine=1" } : {});

export function honoApp() {
  const app = new Hono();
  for (const [path, args] of guarded) {
    app.get(path, hono.guard(...args), (c) => {
      if (path === OWN) setHonoCookie(c, "mine", "1");
      return c.text(nameOf(c.get("auth")));
    });
  }
  for (const [path, handler] of endpoints) app.all(path, hono.endpoint(handler));
  app.onError((_, c) => c.text("sorry", 500));
  return async (request) => app.fetch(request);
}

export function h3App() {
  return async (request) => makeH3().fetch(request);
}

/** The application of h3 2 itself, which its adapter for Node takes. */
export function makeH3() {
  const app = new H3({ silent: true });
  for (const [path, args] of guarded) {
    const handler = (event) => {
      if (path === OWN) setH3Cookie(event, "mine", "1");
      return nameOf(event.context.auth);
    };
    app.get(path, handler, { middleware: [h3.guard(...args)] });
  }
  for (const [path, handler] of endpoints) app.all(path, h3.endpoint(handler));
  return app;
}

/** @param aot Whether Elysia compiles the routes, which needs `eval`. */
export function elysiaApp({ aot }) {
  const app = new Elysia({ aot });
  for (const [path, args] of guarded) {
    const one = new Elysia({ aot, name: path }).macro({ signedIn: { resolve: elysia.guard(...args) } });
    const handler = ({ auth }) => nameOf(auth);
    const own = ({ auth, cookie: { mine } }) => {
      mine.value = "1";
      return nameOf(auth);
    };
    app.use(one.get(path, path === OWN ? own : handler, { signedIn: true }));
  }
  for (const [path, handler] of endpoints) app.mount(path, handler);
  return async (request) => app.handle(request);
}

/** @param Request Next's class, or the standard one. */
export function nextApp({ Request: Class = Request } = {}) {
  const routes = Object.fromEntries(
    guarded.map(([path, args]) => {
      return [path, next.guard(...args)((_, { auth }) => new Response(nameOf(auth), { headers: ownCookie(path) }))];
    }),
  );
  return async (request) => {
    const { pathname } = new URL(request.url);
    const handle = routes[pathname] ?? ENDPOINTS[pathname];
    return orFault(() => handle(new Class(request), { params: Promise.resolve({}) }));
  };
}

export function svelteKitApp() {
  const posts = Object.fromEntries(endpoints.map(([path, handler]) => [path, sveltekit.endpoint(handler)]));
  const handles = Object.fromEntries(guarded.map(([path, args]) => [path, sveltekit.guard(...args)]));
  return async (request) => {
    const event = { request, locals: {} };
    const { pathname } = new URL(request.url);
    const resolve = ({ locals }) => new Response(nameOf(locals.auth), { headers: ownCookie(pathname) });
    return orFault(() => handles[pathname]?.({ event, resolve }) ?? posts[pathname](event));
  };
}

/** As the frameworks answer when a handler throws. */
async function orFault(answer) {
  try {
    return await answer();
  } catch {
    return new Response(null, { status: 500 });
  }
}
