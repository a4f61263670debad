// Next: 14, 15 and 16, with webpack and Turbopack, built and in development, and on Cloudflare through OpenNext.

import { WRANGLER } from "./wrangler.mjs";

const ROUTE = `import { use } from "../../../program.mjs";
export const GET = async () => Response.json(await use());
`;

const FILES = {
  "app/layout.js": "export default ({ children }) => <html><body>{children}</body></html>;\n",
  "app/page.js": "export default () => <p>hello</p>;\n",
  "app/api/node/route.js": `${ROUTE}export const dynamic = "force-dynamic";\n`,
  "middleware.js": `import { NextResponse } from "next/server";
import { use } from "./program.mjs";
export const middleware = async () => NextResponse.json(await use());
export const config = { matcher: "/middleware" };
`,
};

const EDGE_FILES = {
  "app/api/edge/route.js": `${ROUTE}export const runtime = "edge";\n`,
  // A package whose CommonJS requires this one, on the edge.
  "app/api/edge-require/route.js": `${ROUTE.replace("program.mjs", "program.cjs")}export const runtime = "edge";\n`,
};

const REACT_18 = ["react@18.3.1", "react-dom@18.3.1"];
const REACT_19 = ["react@19.3.1", "react-dom@19.3.1"];

/** `flag` chooses the bundler, where it is not the default. */
function next(version, react, bundler, flag = "") {
  return {
    name: `Next ${version.split(".")[0]} with ${bundler}, built and in development`,
    packages: [`next@${version}`, ...react],
    files: { ...FILES, ...EDGE_FILES },
    run: [`next build${flag}`],
    serve: ["next start -p $PORT", `next dev${flag} -p $PORT`],
    // Turbopack gives `require` of an asynchronous module, such as one that imports `.wasm`, an empty object.
    ask: ["/api/edge", "/api/node", "/middleware", ...(bundler === "webpack" ? ["/api/edge-require"] : [])],
  };
}

export const NEXT = [
  next("14.2.35", REACT_18, "webpack"),
  next("15.5.29", REACT_19, "webpack"),
  next("15.5.29", REACT_19, "Turbopack", " --turbopack"),
  next("16.4.6", REACT_19, "webpack", " --webpack"),
  next("16.4.6", REACT_19, "Turbopack", " --turbopack"),
  ...["15.5.29", "16.4.6"].map((version) => ({
    name: `OpenNext for Cloudflare, Next ${version.split(".")[0]}`,
    packages: ["@opennextjs/cloudflare@1.20.17", `next@${version}`, ...REACT_19, WRANGLER],
    // With Turbopack, OpenNext does not find the subpaths of an external package.
    scripts: { build: version.startsWith("16") ? "next build --webpack" : "next build" },
    files: {
      ...FILES,
      "next.config.mjs": 'export default { serverExternalPackages: ["countersign"] };\n',
      "open-next.config.ts": `import { defineCloudflareConfig } from "@opennextjs/cloudflare";
export default defineCloudflareConfig({});
`,
      "wrangler.jsonc": JSON.stringify({
        name: "app",
        main: ".open-next/worker.js",
        compatibility_date: "2026-01-01",
        compatibility_flags: ["nodejs_compat", "global_fetch_strictly_public"],
        assets: { directory: ".open-next/assets", binding: "ASSETS" },
      }),
    },
    run: ["opennextjs-cloudflare build"],
    serve: ["wrangler dev --port $PORT"],
    ask: ["/api/node", "/middleware"],
  })),
];
