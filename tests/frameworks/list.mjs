// The frameworks: what each installs, its files, and how it is built and asked. Versions are pinned, so that a failure is ours.
//
// `run` is a command that must end with 0. `serve` is a command that serves at $PORT until it is stopped; `ask` says which
// paths answer with the result of the program.

import { COMMONJS, EXPECTED, PROGRAM } from "./program.mjs";

const expected = JSON.stringify(EXPECTED);

const WRANGLER = "wrangler@4.86.0";
const WORKER = `import { use } from "./program.mjs";
export default { fetch: async () => Response.json(await use()) };
`;
const WRANGLER_TOML = 'name = "app"\nmain = "worker.mjs"\ncompatibility_date = "2026-01-01"\n';

const NEXT_FILES = {
  "app/layout.js": "export default ({ children }) => <html><body>{children}</body></html>;\n",
  "app/page.js": "export default () => <p>hello</p>;\n",
  "app/api/edge/route.js": `import { use } from "../../../program.mjs";
export const runtime = "edge";
export const GET = async () => Response.json(await use());
`,
  "app/api/node/route.js": `import { use } from "../../../program.mjs";
export const dynamic = "force-dynamic";
export const GET = async () => Response.json(await use());
`,
  // A package whose CommonJS requires this one, on the edge.
  "app/api/edge-require/route.js": `import { use } from "../../../program.cjs";
export const runtime = "edge";
export const GET = async () => Response.json(await use());
`,
  "middleware.js": `import { NextResponse } from "next/server";
import { use } from "./program.mjs";
export const middleware = async () => NextResponse.json(await use());
export const config = { matcher: "/middleware" };
`,
};
/** Turbopack gives `require` of an asynchronous module, such as one that imports `.wasm`, an empty object. */
const nextPaths = (bundler) => [
  "/api/edge",
  "/api/node",
  "/middleware",
  ...(bundler === "webpack" ? ["/api/edge-require"] : []),
];
const NEXT = ["next@16.4.6", "react@19.3.1", "react-dom@19.3.1"];

const next = (bundler) => [
  {
    name: `Next 16, built with ${bundler}`,
    packages: NEXT,
    files: NEXT_FILES,
    run: [`next build --${bundler}`],
    serve: "next start -p $PORT",
    ask: nextPaths(bundler),
  },
  {
    name: `Next 16, developed with ${bundler}`,
    packages: NEXT,
    files: NEXT_FILES,
    serve: `next dev --${bundler} -p $PORT`,
    ask: nextPaths(bundler),
  },
];

const NITRO_ROUTE = 'import { use } from "../program.mjs";\nexport default defineEventHandler(() => use());\n';
const NUXT_ROUTE = 'import { use } from "../../program.mjs";\nexport default defineEventHandler(() => use());\n';
const serveNitro =
  "wrangler dev .output/server/index.mjs --compatibility-date 2026-01-01 --compatibility-flag nodejs_compat";

const JEST_TEST = `const { use } = require("./program.cjs");
test("works", async () => expect(await use()).toEqual(${expected}));
`;
const VITEST_TEST = `import { expect, test } from "vitest";
import { use } from "./program.mjs";
test("works", async () => expect(await use()).toEqual(${expected}));
`;

const SUBPATHS = `import { Key } from "countersign/jwt";
import { hashPassword } from "countersign/argon2";
import { EncryptionKey } from "countersign/jwe";
import { bearerGuard } from "countersign/http";
import { init } from "countersign/jwt/slim";
const kid: string | undefined = Key.generate("EdDSA").kid;
console.log(kid, hashPassword, EncryptionKey, bearerGuard, init);
`;

/** Quick ones, about half a minute together once they are installed. */
const QUICK = [
  {
    name: "Jest 30 (node, jsdom, edge-runtime)",
    packages: ["jest@30.5.2", "jest-environment-jsdom@30.5.2", "@edge-runtime/jest-environment@4.0.0"],
    files: {
      "node.test.cjs": JEST_TEST,
      "jsdom.test.cjs": `/** @jest-environment jsdom */
const { Key } = require("countersign");
// jsdom has no TextDecoder.
test("says what is missing", () => {
  expect(() => Key.generate("HS256")).toThrow("this runtime has no TextDecoder, which this package needs");
});
`,
      "edge.test.cjs": `/** @jest-environment @edge-runtime/jest-environment */\n${JEST_TEST}`,
      "jest.config.cjs": 'module.exports = { testMatch: ["**/*.test.cjs"], transform: {} };\n',
    },
    run: ["jest"],
  },
  {
    name: "Vitest 4 (forks, threads, vmForks, vmThreads)",
    packages: ["vitest@4.1.12"],
    files: { "a.test.mjs": VITEST_TEST },
    run: ["forks", "threads", "vmForks", "vmThreads"].map((pool) => `vitest run --pool=${pool}`),
  },
  {
    name: "Parcel 2, as it comes",
    packages: ["parcel@2.16.4"],
    files: {
      "main.mjs": 'import { Key } from "countersign/jwt";\nconsole.log(Key.generate("EdDSA").alg);\n',
      "index.html": '<!doctype html><script type="module" src="./main.mjs"></script>\n',
    },
    run: ["parcel build index.html --no-cache"],
  },
  {
    name: "TypeScript 5.9, moduleResolution node10",
    packages: ["typescript@5.9.3"],
    files: { "main.ts": SUBPATHS },
    run: ["tsc --noEmit --strict --target es2022 --lib es2022,dom --module esnext --moduleResolution node10 main.ts"],
  },
  {
    name: "Vue 3 and MobX 6, reactive objects",
    packages: ["vue@3.5.45", "mobx@6.16.1"],
    files: {
      "reactive.mjs": `import assert from "node:assert/strict";
import { Key, KeySet, PasswordHasher, RemoteKeySet, Signer, Verifier } from "countersign";
import { EncryptionKey, decrypt, encrypt } from "countersign/jwe";
import { makeAutoObservable, observable } from "mobx";
import { reactive, readonly, ref, shallowReactive } from "vue";
class Store {
  constructor(members) {
    Object.assign(this, members);
    makeAutoObservable(this);
  }
}
const wrappers = { reactive, readonly, shallowReactive, ref: (value) => ref(value).value, observable, Store: (value) => new Store(value) };
for (const [name, wrap] of Object.entries(wrappers)) {
  const key = Key.generate("EdDSA");
  const held = wrap({
    key,
    set: new KeySet([key]),
    signer: new Signer(key),
    verifier: new Verifier(key),
    remote: new RemoteKeySet("https://login.example/keys"),
    hasher: new PasswordHasher({ params: { memoryKib: 64, passes: 1, lanes: 1 } }),
    secret: EncryptionKey.generate("A256KW"),
  });
  const token = held.signer.sign({ sub: "alice" });
  assert.equal(held.verifier.verify(token).claims.sub, "alice", name);
  assert.equal(new Verifier(held.set).verify(token).claims.sub, "alice", name);
  assert.equal(new Verifier(held.key.publicKey()).verify(token).claims.sub, "alice", name);
  assert.equal(held.remote.state.status, "empty", name);
  assert.equal(held.hasher.verify("right", held.hasher.hash("right")).ok, true, name);
  assert.equal(decrypt(encrypt(new Uint8Array([1]), held.secret), held.secret).plaintext[0], 1, name);
}
`,
    },
    run: ["node reactive.mjs"],
  },
];

/** All others. */
const SLOW = [
  ...next("webpack"),
  ...next("turbopack"),
  {
    name: "Nitro 2 for Cloudflare, with experimental.wasm",
    packages: ["nitropack@2.13.6", WRANGLER],
    files: {
      "routes/index.ts": NITRO_ROUTE,
      "nitro.config.ts":
        'export default defineNitroConfig({ preset: "cloudflare_module", compatibilityDate: "2026-01-01", experimental: { wasm: true } });\n',
    },
    run: ["nitropack build"],
    serve: `${serveNitro} --port $PORT`,
    ask: ["/"],
  },
  {
    name: "Nitro 2 for Node",
    packages: ["nitropack@2.13.6"],
    files: {
      "routes/index.ts": NITRO_ROUTE,
      "nitro.config.ts": 'export default defineNitroConfig({ compatibilityDate: "2026-01-01" });\n',
    },
    run: ["nitropack build"],
    serve: "node .output/server/index.mjs",
    ask: ["/"],
  },
  {
    name: "Nuxt 4 for Cloudflare, with experimental.wasm",
    packages: ["nuxt@4.4.5", WRANGLER],
    files: {
      "server/api/use.ts": NUXT_ROUTE.replace("../../", "../../"),
      "app/app.vue": "<template><p>hello</p></template>\n",
      "nuxt.config.ts":
        'export default defineNuxtConfig({ compatibilityDate: "2026-01-01", telemetry: false, nitro: { preset: "cloudflare_module", experimental: { wasm: true } } });\n',
    },
    run: ["nuxt build"],
    serve: `${serveNitro} --port $PORT`,
    ask: ["/api/use"],
  },
  {
    name: "SvelteKit 2 for Node",
    packages: [
      "@sveltejs/kit@2.70.4",
      "@sveltejs/adapter-node@5.5.7",
      "@sveltejs/vite-plugin-svelte@6.2.3",
      "svelte@5.57.3",
      "vite@7.3.8",
    ],
    files: {
      "svelte.config.js": `const { default: adapter } = await import("@sveltejs/adapter-node");
export default { kit: { adapter: adapter() } };
`,
      "vite.config.mjs": `import { sveltekit } from "@sveltejs/kit/vite";
export default { plugins: [sveltekit()] };
`,
      "src/app.html": "<html><head>%sveltekit.head%</head><body>%sveltekit.body%</body></html>\n",
      "src/routes/use/+server.js": `import { use } from "../../../program.mjs";
export const GET = async () => Response.json(await use());
`,
    },
    run: ["vite build"],
    serve: "node build/index.js",
    ask: ["/use"],
  },
  {
    name: "Astro 7 for Node",
    packages: ["astro@7.3.5", "@astrojs/node@11.1.6"],
    files: {
      "astro.config.mjs": `import node from "@astrojs/node";
export default { output: "server", adapter: node({ mode: "standalone" }) };
`,
      "src/pages/use.js": `import { use } from "../../program.mjs";
export const GET = async () => Response.json(await use());
`,
    },
    run: ["astro build"],
    serve: "node dist/server/entry.mjs",
    ask: ["/use"],
  },
  {
    name: "NestJS 12",
    packages: [
      "@nestjs/core@12.5.1",
      "@nestjs/common@12.5.1",
      "@nestjs/platform-express@12.5.1",
      "reflect-metadata@0.2.1",
      "rxjs@7.8.0",
    ],
    files: {
      "main.cjs": `require("reflect-metadata");
const { Controller, Get, Module } = require("@nestjs/common");
const { NestFactory } = require("@nestjs/core");
const { use } = require("./program.cjs");
class Controllers {
  use() {
    return use();
  }
}
Get("use")(Controllers.prototype, "use", Object.getOwnPropertyDescriptor(Controllers.prototype, "use"));
Controller()(Controllers);
class App {}
Module({ controllers: [Controllers] })(App);
NestFactory.create(App).then((app) => app.listen(process.env.PORT));
`,
    },
    serve: "node main.cjs",
    ask: ["/use"],
  },
  {
    name: "wrangler 4",
    packages: [WRANGLER],
    files: { "worker.mjs": WORKER, "wrangler.toml": WRANGLER_TOML },
    serve: "wrangler dev --port $PORT",
    ask: ["/"],
  },
  {
    name: "Cloudflare's Vite plugin",
    packages: ["vite@7.3.8", "@cloudflare/vite-plugin@1.64.0", "wrangler@4.86.0"],
    files: {
      "worker.mjs": WORKER,
      "wrangler.toml": WRANGLER_TOML,
      "vite.config.mjs":
        'import { cloudflare } from "@cloudflare/vite-plugin";\nexport default { plugins: [cloudflare()] };\n',
    },
    run: ["vite build"],
    serve: "vite preview --port $PORT",
    ask: ["/"],
  },
  {
    name: "Vitest in workerd",
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
    name: "Bundled for AWS Lambda as CommonJS",
    packages: ["esbuild@0.28.2"],
    files: { "main.cjs": 'require("./program.cjs").use().then((result) => console.log(JSON.stringify(result)));\n' },
    run: [
      "esbuild main.cjs --bundle --platform=node --format=cjs --outfile=out.cjs",
      `node -e 'require("assert").deepEqual(JSON.parse(require("child_process").execFileSync("node", ["out.cjs"])), ${expected})'`,
    ],
  },
];

/** Files that every project has. */
export const COMMON = { "program.mjs": PROGRAM, "program.cjs": COMMONJS };

export { QUICK, SLOW };
