// Writes `pkg/dist/cdn`: the entries that pages use, each as one minified file with its module inside, and what a page needs to
// refuse any other bytes (Subresource Integrity). CDNs that serve npm's packages serve them under a URL that never changes.

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { root } from "../command.mjs";
import { COMPILED } from "./javascript.mjs";
import { encodePacked } from "./packed.mjs";
import { filesUnder, step } from "./step.mjs";

/** The entries: for tokens, alone, with WebCrypto, or only to check them, and to hash passwords. */
const ENTRIES = ["argon2", "jwt", "lite", "verify"];

const FOLDER = "pkg/dist/cdn";
/** What decompresses a module. Only some entries carry it. */
const UNPACKING = `${COMPILED}/load/packed.js`;
/** What each page may use: ES2022, as the package itself, with what older browsers lack left as it is. */
const TARGET = "es2022";

/** Writes all files of the folder. */
export async function writeCdn() {
  const sources = filesUnder("pkg/dist").filter(
    (path) => /\.js$/.test(path) && !/^pkg\/dist\/(cdn|cjs|cli)\//.test(path),
  );
  const tools = ["cdn", "packed"].map((tool) => `tools/build/${tool}.mjs`);
  const inputs = [...sources, UNPACKING, "pkg/package.json", "package-lock.json", ...tools];
  await step("write the files for CDNs", { inputs }, async () => {
    const { version, license } = JSON.parse(readFileSync(join(root, "pkg/package.json"), "utf8"));
    const files = {};
    for (const name of ENTRIES) files[`${name}.js`] = await bundle(name, `/*! countersign ${version}, ${license} */`);
    const hashes = Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, integrityOf(bytes)]));
    files["integrity.json"] = `${JSON.stringify(hashes, undefined, 2)}\n`;
    files["README.md"] = tagsOf(version, hashes);
    mkdirSync(join(root, FOLDER), { recursive: true });
    for (const [name, content] of Object.entries(files)) writeFileSync(join(root, FOLDER, name), content);
    return Object.keys(files).map((name) => `${FOLDER}/${name}`);
  });
}

async function bundle(name, banner) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    banner: { js: banner },
    bundle: true,
    entryPoints: [`pkg/dist/inline/${name}.js`],
    format: "esm",
    legalComments: "none",
    logLevel: "warning",
    minify: true,
    plugins: [packing],
    target: TARGET,
    write: false,
  });
  return outputFiles[0].contents;
}

// Compresses also the modules that servers get as they are: a page waits longer for the bytes than for decompressing them.
const packing = {
  name: "packing",
  setup(building) {
    building.onLoad({ filter: /[\\/]dist[\\/]printable[\\/]/ }, ({ path }) => {
      const wasm = readFileSync(path.replace(/printable[\\/](?=[^\\/]+$)/, "").replace(/\.js$/, ".wasm"));
      return { contents: `export default "${encodePacked(wasm)}";` };
    });
    building.onLoad({ filter: /[\\/]dist[\\/]inline[\\/]/ }, ({ path }) => {
      const code = readFileSync(path, "utf8");
      if (!code.includes("decodePrintable(")) return undefined;
      const contents = `import { decodePacked } from "unpacking";\n${code.replaceAll("decodePrintable(", "decodePacked(")}`;
      return { contents, resolveDir: dirname(path) };
    });
    building.onResolve({ filter: /^unpacking$/ }, () => ({ path: join(root, UNPACKING), sideEffects: false }));
    building.onResolve({ filter: /^\.\/source\.js$/ }, () => ({ path: join(root, "pkg/dist/load/instances.js") }));
  },
};

/** The hash of a file as the attribute `integrity` has it. */
export function integrityOf(bytes) {
  return `sha384-${createHash("sha384").update(bytes).digest("base64")}`;
}

/** The URL of a file of a version. */
export function cdnUrl(version, name) {
  return `https://cdn.jsdelivr.net/npm/countersign@${version}/dist/cdn/${name}`;
}

/** What a page has to contain, in Markdown. */
export function tagsOf(version, hashes) {
  const urls = Object.keys(hashes).map((name) => [name, cdnUrl(version, name)]);
  const map = {
    imports: Object.fromEntries(urls.map(([name, url]) => [`countersign/${name.replace(/\.js$/, "")}`, url])),
    integrity: Object.fromEntries(urls.map(([name, url]) => [url, hashes[name]])),
  };
  const indented = JSON.stringify(map, undefined, 2).replaceAll(/^/gm, "  ");
  return `# countersign ${version} from a CDN

The import map names each file and its hash, and the page imports as with a bundler. Leave out what you do not use.

\`\`\`html
<script type="importmap">
${indented}
</script>
\`\`\`
`;
}
