// A server for Workers, Bun and Deno: each framework under a path of its own.

import { elysiaApp, h3App, honoApp, nextApp, svelteKitApp } from "./apps.mjs";

export const apps = {
  hono: honoApp(),
  h3: h3App(),
  // Workers allow no `eval`.
  elysia: elysiaApp({ aot: false }),
  next: nextApp(),
  sveltekit: svelteKitApp(),
};

export default {
  async fetch(request) {
    const [, name, path] = request.url.match(/^https?:\/\/[^/]+\/([a-z0-9]+)(.*)$/) ?? [];
    if (apps[name] === undefined) return new Response("ready");
    return apps[name](new Request(`http://localhost${path}`, request));
  },
};
