// Frameworks on Node.

import { EXPECTED } from "../program.mjs";
import { DATE } from "./wrangler.mjs";

export const NITRO_ROUTE = 'import { use } from "../program.mjs";\nexport default defineEventHandler(() => use());\n';
export const NUXT_ROUTE = 'import { use } from "../../program.mjs";\nexport default defineEventHandler(() => use());\n';

const svelteFiles = {
  "src/app.html": "<html><head>%sveltekit.head%</head><body>%sveltekit.body%</body></html>\n",
  "src/routes/use/+server.js": `import { use } from "../../../program.mjs";
export const GET = async () => Response.json(await use());
`,
};

/** SvelteKit, with an adapter of its name. */
export const SVELTE = {
  packages: ["@sveltejs/kit@2.70.4", "@sveltejs/vite-plugin-svelte@6.2.3", "svelte@5.57.3", "vite@7.3.8"],
  files: (adapter) => ({
    "svelte.config.js": `const { default: adapter } = await import("${adapter}");
export default { kit: { adapter: adapter() } };
`,
    "vite.config.mjs": `import { sveltekit } from "@sveltejs/kit/vite";
export default { plugins: [sveltekit()] };
`,
    ...svelteFiles,
  }),
};

/** React Router in its framework mode. */
const reactRouter = (version) => ({
  packages: [
    ...["react-router", "@react-router/dev", "@react-router/node", "@react-router/serve"].map(
      (name) => `${name}@${version}`,
    ),
    "isbot@5.2.3",
    "react@19.3.1",
    "react-dom@19.3.1",
    "vite@7.3.8",
    "typescript@5.9.3",
  ],
  files: {
    "app/root.jsx": `import { Outlet, Scripts } from "react-router";
export default () => <html lang="en"><body><Outlet /><Scripts /></body></html>;
`,
    "app/routes.js": `import { index, route } from "@react-router/dev/routes";
export default [index("home.jsx"), route("use", "use.js")];
`,
    "app/home.jsx": "export default () => <p>hello</p>;\n",
    "app/use.js": `import { use } from "../program.mjs";
export const loader = async () => Response.json(await use());
`,
    "vite.config.mjs": `import { reactRouter } from "@react-router/dev/vite";
export default { plugins: [reactRouter()] };
`,
  },
});
export const REACT_ROUTER = reactRouter("7.18.4");

export const SERVERS = [
  {
    name: "Nitro 2 for Node",
    packages: ["nitropack@2.13.6"],
    files: {
      "routes/index.ts": NITRO_ROUTE,
      "nitro.config.ts": `export default defineNitroConfig({ compatibilityDate: "${DATE}" });\n`,
    },
    run: ["nitropack build"],
    serve: ["node .output/server/index.mjs"],
    ask: ["/"],
  },
  {
    name: "SvelteKit 2 for Node",
    packages: [...SVELTE.packages, "@sveltejs/adapter-node@5.5.7"],
    files: SVELTE.files("@sveltejs/adapter-node"),
    run: ["vite build"],
    serve: ["node build/index.js"],
    ask: ["/use"],
  },
  {
    name: "SvelteKit 3 for Node",
    packages: [
      "@sveltejs/kit@3.2.0",
      "@sveltejs/vite-plugin-svelte@7.3.1",
      "@sveltejs/adapter-node@6.0.1",
      "svelte@5.57.3",
      "vite@8.3.8",
    ],
    // Its configuration is in Vite's.
    files: {
      ...svelteFiles,
      "vite.config.mjs": `import adapter from "@sveltejs/adapter-node";
import { sveltekit } from "@sveltejs/kit/vite";
export default { plugins: [sveltekit({ adapter: adapter() })] };
`,
    },
    run: ["vite build"],
    serve: ["node build/index.js"],
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
    serve: ["node dist/server/entry.mjs"],
    ask: ["/use"],
  },
  ...["7.18.4", "8.4.0"].map((version) => ({
    name: `React Router ${version[0]} for Node, built and in development`,
    packages: reactRouter(version).packages,
    files: reactRouter(version).files,
    run: ["react-router build"],
    serve: ["react-router-serve build/server/index.js", "react-router dev --port $PORT"],
    ask: ["/use"],
  })),
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
    serve: ["node main.cjs"],
    ask: ["/use"],
  },
  {
    name: "Bundled for AWS Lambda as CommonJS",
    packages: ["esbuild@0.28.2"],
    files: {
      "main.cjs": 'require("./program.cjs").use().then((result) => console.log(JSON.stringify(result)));\n',
      "check.cjs": `const text = require("child_process").execFileSync("node", ["out.cjs"]);
require("assert").deepEqual(JSON.parse(text), ${JSON.stringify(EXPECTED)});
`,
    },
    run: ["esbuild main.cjs --bundle --platform=node --format=cjs --outfile=out.cjs", "node check.cjs"],
  },
];
