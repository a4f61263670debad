// The adapters where only a real build shows them: Next, SvelteKit and Nuxt. A page of each application asks the others.

import { SVELTE } from "./servers.mjs";
import { DATE, WRANGLER } from "./wrangler.mjs";

const AUTH = `import { tokenEndpoint } from "countersign/http";
import { Key, Signer, Verifier } from "countersign/jwt";

// The key of RFC 8037, appendix A: each part of the application may have a copy of this file.
const key = Key.fromJwk({
  kty: "OKP",
  crv: "Ed25519",
  d: "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
  x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
  alg: "EdDSA",
});
export const verifier = new Verifier(key.publicKey());
export const token = tokenEndpoint({
  signer: new Signer(key),
  authenticate: (username, password) => (password === "right" ? { subject: username, scopes: ["profile"] } : null),
});
`;

const CHECK = `import { use } from "./program.mjs";

export async function check(url) {
  const { origin } = new URL(url);
  const form = (password) => new URLSearchParams({ username: "alice", password, scope: "profile" });
  const ask = async (path, init) => {
    const answer = await fetch(origin + path, init);
    return [answer.status, answer.headers.get("WWW-Authenticate"), await answer.text()];
  };
  const wrong = await ask("/token", { method: "POST", body: form("wrong") });
  const right = await ask("/token", { method: "POST", body: form("right") });
  const { access_token } = JSON.parse(right[2]);
  const found = {
    wrong: wrong[0],
    visitor: await ask("/api/me"),
    bad: (await ask("/api/me", { headers: { Authorization: "Bearer x" } }))[0],
    encoded: (await ask("/%61pi/me"))[0],
    caller: await ask("/api/me", { headers: { Authorization: "Bearer " + access_token } }),
  };
  const expected = {
    wrong: 400,
    visitor: [401, "Bearer", ""],
    bad: 401,
    // Where the framework decodes the path, the guard must still be there.
    encoded: found.encoded === 404 ? 404 : 401,
    caller: [200, null, JSON.stringify({ hello: "alice" })],
  };
  return JSON.stringify(found) === JSON.stringify(expected) ? use() : found;
}
`;

const COMMON = { "auth.mjs": AUTH, "check.mjs": CHECK };

const NUXT = {
  ...COMMON,
  "app/app.vue": "<template><p>hello</p></template>\n",
  "server/api/me.get.ts": `import { guard } from "countersign/h3";
import { verifier } from "../../auth.mjs";
export default defineEventHandler({
  onRequest: guard(verifier, { scope: "profile" }),
  handler: (event) => ({ hello: event.context.auth.claims.sub }),
});
`,
  "server/routes/token.ts": `import { endpoint } from "countersign/h3";
import { token } from "../../auth.mjs";
export default defineEventHandler(endpoint(token));
`,
  "server/routes/use.ts": `import { check } from "../../check.mjs";
export default defineEventHandler((event) => check(getRequestURL(event).href));
`,
};
const nuxt = (nitro) =>
  `export default defineNuxtConfig({ compatibilityDate: "${DATE}", telemetry: false, nitro: ${JSON.stringify(nitro)} });\n`;

export const ADAPTERS = [
  {
    name: "countersign/next in Next 16, built and in development",
    packages: ["next@16.4.6", "react@19.3.1", "react-dom@19.3.1"],
    files: {
      ...COMMON,
      "app/layout.js": "export default ({ children }) => <html><body>{children}</body></html>;\n",
      "app/page.js": "export default () => <p>hello</p>;\n",
      "app/api/me/route.js": `import { guard } from "countersign/next";
import { verifier } from "../../../auth.mjs";
const withAuth = guard(verifier, { scope: "profile" });
export const GET = withAuth((request, { auth }) => Response.json({ hello: auth.claims.sub }));
`,
      "app/token/route.js": `import { token } from "../../auth.mjs";
export const POST = token;
`,
      "app/use/route.js": `import { check } from "../../check.mjs";
export const GET = async (request) => Response.json(await check(request.url));
`,
    },
    run: ["next build"],
    serve: ["next start -p $PORT", "next dev -p $PORT"],
    ask: ["/use"],
  },
  {
    name: "countersign/sveltekit in SvelteKit 2 for Node",
    packages: [...SVELTE.packages, "@sveltejs/adapter-node@5.5.7"],
    files: {
      ...SVELTE.files("@sveltejs/adapter-node"),
      ...COMMON,
      // SvelteKit refuses forms without an Origin, which only browsers send. The token endpoint sets no cookie.
      "svelte.config.js": `import adapter from "@sveltejs/adapter-node";
export default { kit: { adapter: adapter(), csrf: { trustedOrigins: ["*"] } } };
`,
      "src/hooks.server.js": `import { guard } from "countersign/sveltekit";
import { verifier } from "../auth.mjs";
const PUBLIC = ["/", "/token", "/use"];
const signedIn = guard(verifier, { scope: "profile" });
export const handle = (input) => {
  const { isRemoteRequest, route } = input.event;
  const isPublic = PUBLIC.includes(route.id) && !isRemoteRequest;
  return isPublic ? input.resolve(input.event) : signedIn(input);
};
`,
      // The id of the route has the group.
      "src/routes/(app)/api/me/+server.js":
        "export const GET = ({ locals }) => Response.json({ hello: locals.auth.claims.sub });\n",
      "src/routes/token/+server.js": `import { endpoint } from "countersign/sveltekit";
import { token } from "../../../auth.mjs";
export const POST = endpoint(token);
`,
      "src/routes/use/+server.js": `import { check } from "../../../check.mjs";
export const GET = async ({ request }) => Response.json(await check("http://" + request.headers.get("host")));
`,
    },
    run: ["vite build"],
    serve: ["node build/index.js"],
    ask: ["/use"],
  },
  {
    name: "countersign/h3 in Nuxt 4 for Node",
    packages: ["nuxt@4.5.2"],
    files: { ...NUXT, "nuxt.config.ts": nuxt({}) },
    run: ["nuxt build"],
    serve: ["node .output/server/index.mjs"],
    ask: ["/use"],
  },
  {
    name: "countersign/h3 in Nuxt 4 for Cloudflare",
    packages: ["nuxt@4.5.2", WRANGLER],
    files: { ...NUXT, "nuxt.config.ts": nuxt({ preset: "cloudflare_module", experimental: { wasm: true } }) },
    run: ["nuxt build"],
    serve: [
      `wrangler dev .output/server/index.mjs --port $PORT --compatibility-date ${DATE} --compatibility-flag nodejs_compat`,
    ],
    ask: ["/use"],
  },
];
