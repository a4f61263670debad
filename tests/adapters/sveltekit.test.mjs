// countersign/sveltekit with an event of SvelteKit's shape and its `sequence`. `npm run test:frameworks` builds an application.

import assert from "node:assert/strict";
import { test } from "node:test";
import { guard } from "countersign/sveltekit";
import { svelteKitApp } from "./apps.mjs";
import { testFramework, verifier, withToken } from "./cases.mjs";

const app = svelteKitApp();
testFramework("SvelteKit", (path, init) => app(new Request(`http://localhost${path}`, init)));

/** The event of a request, as SvelteKit passes it to `handle`. */
function eventOf(path, init) {
  const request = new Request(`http://localhost${path}`, init);
  return { request, url: new URL(request.url), locals: {}, params: {}, route: { id: path } };
}

test("SvelteKit: joins other handles", async () => {
  const [{ sequence }, { with_request_store: within }] = await Promise.all(
    ["hooks", "internal/server"].map((name) => import(`@sveltejs/kit/${name}`)),
  );
  const later = ({ event, resolve }) => {
    event.locals.seen = event.locals.auth.claims.sub;
    return resolve(event);
  };
  const event = eventOf("/me", { headers: withToken() });
  // What SvelteKit's server sets up around each request.
  const span = { setAttributes() {} };
  const tracing = { enabled: false, record_span: ({ fn }) => fn(span) };
  const resolve = ({ locals }) => new Response(locals.seen);
  const handle = sequence(guard(verifier), later);
  const answer = await within({ event, state: { tracing } }, () => handle({ event, resolve }));
  assert.equal(await answer.text(), "alice");
});
