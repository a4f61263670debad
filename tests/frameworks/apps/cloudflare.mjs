// Tools and frameworks that end in workerd, Cloudflare's runtime. Next's is in next.mjs.

import { NITRO_ROUTE, NUXT_ROUTE, REACT_ROUTER, SVELTE } from "./servers.mjs";
import { VITEST_TEST } from "./tests.mjs";
import { DATE, WORKER, WRANGLER, WRANGLER_TOML } from "./wrangler.mjs";

const wrangler = (settings) =>
  JSON.stringify({ name: "app", compatibility_date: DATE, compatibility_flags: ["nodejs_compat"], ...settings });
const serveNitro = `wrangler dev .output/server/index.mjs --compatibility-date ${DATE} --compatibility-flag nodejs_compat --port $PORT`;

export const CLOUDFLARE = [
  {
    name: "wrangler 4, deploy --dry-run and dev",
    packages: [WRANGLER],
    files: { "worker.mjs": WORKER, "wrangler.toml": WRANGLER_TOML },
    run: ["wrangler deploy --dry-run"],
    serve: ["wrangler dev --port $PORT"],
    ask: ["/"],
  },
  {
    name: "Cloudflare's Vite plugin, built and in development",
    packages: ["vite@7.3.8", "@cloudflare/vite-plugin@1.64.0", WRANGLER],
    files: {
      "worker.mjs": WORKER,
      "wrangler.toml": WRANGLER_TOML,
      "vite.config.mjs":
        'import { cloudflare } from "@cloudflare/vite-plugin";\nexport default { plugins: [cloudflare()] };\n',
    },
    run: ["vite build"],
    serve: ["vite preview --port $PORT", "vite dev --port $PORT"],
    ask: ["/"],
  },
  {
    name: "Vitest 4 in workerd (vitest-pool-workers)",
    packages: ["vitest@4.1.12", "@cloudflare/vitest-pool-workers@0.23.0"],
    files: {
      "a.test.mjs": VITEST_TEST,
      "worker.mjs": WORKER,
      "wrangler.toml": WRANGLER_TOML,
      "vitest.config.mjs": `import { cloudflareTest } from "@cloudflare/vitest-pool-workers";
import { defineConfig } from "vitest/config";
export default defineConfig({ plugins: [cloudflareTest({ wrangler: { configPath: "./wrangler.toml" } })] });
`,
    },
    run: ["vitest run"],
  },
  {
    name: "Nitro 2 for Cloudflare, with experimental.wasm",
    packages: ["nitropack@2.13.6", WRANGLER],
    files: {
      "routes/index.ts": NITRO_ROUTE,
      "nitro.config.ts": `export default defineNitroConfig({ preset: "cloudflare_module", compatibilityDate: "${DATE}", experimental: { wasm: true } });\n`,
    },
    run: ["nitropack build"],
    serve: [serveNitro],
    ask: ["/"],
  },
  {
    name: "Nuxt 4 for Cloudflare, with experimental.wasm",
    packages: ["nuxt@4.5.2", WRANGLER],
    files: {
      "server/api/use.ts": NUXT_ROUTE,
      "app/app.vue": "<template><p>hello</p></template>\n",
      "nuxt.config.ts": `export default defineNuxtConfig({ compatibilityDate: "${DATE}", telemetry: false, nitro: { preset: "cloudflare_module", experimental: { wasm: true } } });\n`,
    },
    run: ["nuxt build"],
    serve: [serveNitro],
    ask: ["/api/use"],
  },
  {
    name: "SvelteKit 2 for Cloudflare",
    packages: [...SVELTE.packages, "@sveltejs/adapter-cloudflare@7.2.9", WRANGLER],
    files: {
      ...SVELTE.files("@sveltejs/adapter-cloudflare"),
      "wrangler.jsonc": wrangler({
        main: ".svelte-kit/cloudflare/_worker.js",
        assets: { binding: "ASSETS", directory: ".svelte-kit/cloudflare" },
      }),
    },
    run: ["vite build"],
    serve: ["wrangler dev --port $PORT", "vite dev --port $PORT"],
    ask: ["/use"],
  },
  {
    name: "Astro 7 for Cloudflare, built and in development",
    packages: ["astro@7.3.5", "@astrojs/cloudflare@14.3.3", WRANGLER],
    files: {
      "astro.config.mjs": `import cloudflare from "@astrojs/cloudflare";
export default { output: "server", adapter: cloudflare() };
`,
      "wrangler.jsonc": wrangler({}),
      "src/pages/use.js": `import { use } from "../../program.mjs";
export const GET = async () => Response.json(await use());
`,
    },
    run: ["astro build"],
    serve: ["astro preview --port $PORT", "astro dev --port $PORT"],
    ask: ["/use"],
  },
  {
    name: "React Router 7 for Cloudflare, built and in development",
    packages: [...REACT_ROUTER.packages, "@cloudflare/vite-plugin@1.64.0", WRANGLER],
    files: {
      ...REACT_ROUTER.files,
      "app/entry.server.jsx": `import { ServerRouter } from "react-router";
import { renderToReadableStream } from "react-dom/server";
export default async function handle(request, status, headers, context) {
  headers.set("content-type", "text/html");
  return new Response(await renderToReadableStream(<ServerRouter context={context} url={request.url} />), { headers, status });
}
`,
      "react-router.config.js": "export default { ssr: true, future: { v8_viteEnvironmentApi: true } };\n",
      "vite.config.mjs": `import { cloudflare } from "@cloudflare/vite-plugin";
import { reactRouter } from "@react-router/dev/vite";
export default { plugins: [cloudflare({ viteEnvironment: { name: "ssr" } }), reactRouter()] };
`,
      "wrangler.jsonc": wrangler({ main: "workers/app.js" }),
      "workers/app.js": `import { createRequestHandler } from "react-router";
const handle = createRequestHandler(() => import("virtual:react-router/server-build"), import.meta.env.MODE);
export default { fetch: (request) => handle(request) };
`,
    },
    run: ["react-router build"],
    serve: ["vite preview --port $PORT", "react-router dev --port $PORT"],
    ask: ["/use"],
  },
];
