// Writes the workbench: one page, its style, its scripts with hashes in their names, and the service worker. All links are
// relative, so that the folder can be served from anywhere.

import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { Failure, root } from "../command.mjs";
import { findSources } from "./sources.mjs";

const www = join(root, "www");

/** The policy of the frame that fetches keys. Its script and its style are in its text, named by their digests. */
const FETCH_POLICY = (script, style) =>
  `default-src 'none'; script-src '${script}'; style-src '${style}'; connect-src https: http://localhost:* http://127.0.0.1:*; form-action 'none'; base-uri 'none'`;

/**
 * Headers for hosts that read this file, such as Cloudflare Pages and Netlify. The page's own policy needs none of them. The first one
 * keeps a page that opened this one from replacing the token in its address.
 */
const HEADERS = `/*
  Cross-Origin-Opener-Policy: same-origin
  Referrer-Policy: no-referrer
  X-Content-Type-Options: nosniff
/
  Content-Security-Policy: frame-ancestors 'none'
/index.html
  Content-Security-Policy: frame-ancestors 'none'
/bench/fetch-keys.html
  Content-Security-Policy: frame-ancestors 'self'
`;

/**
 * Writes it to the folder `out`.
 *
 * @param {object} o
 * @param {string} o.out the folder; removed first, unless `beside` is set
 * @param {boolean} [o.beside] whether it is written beside other pages: as bench.html, with links to them
 * @param {string} [o.package] folder of the built package, from the root; default pkg
 * @returns {Promise<{firstLoad: number, total: number, files: string[]}>} bytes after gzip, and what was written
 */
export async function writeWorkbench({ out, beside = false, package: folder = "pkg" }) {
  if (!beside) await rm(out, { recursive: true, force: true });
  await mkdir(join(out, "bench"), { recursive: true });
  const page = beside ? "bench.html" : "index.html";
  const html = await readFile(join(www, "bench.html"), "utf8");

  const scripts = await bundleScripts(join(root, folder, "dist"));
  const style = await bundleStyle(
    [...html.matchAll(/<link rel="stylesheet" href="\/(.*?)">/g)].map(([, path]) => path),
  );
  const files = new Map();
  for (const { name, text } of scripts.files) files.set(`bench/${name}`, text);
  files.set(`bench/${style.name}`, style.text);
  files.set("bench/fetch-keys.html", await fetchFrame());
  files.set(page, pageOf(html, { style: style.name, script: scripts.entry, beside }));
  const icon = "favicon.svg";
  files.set(icon, await readFile(join(www, icon), "utf8"));

  const first = [page, `bench/${style.name}`, ...scripts.first.map((name) => `bench/${name}`), icon];
  const later = [...files.keys()].filter((path) => !first.includes(path));
  files.set("service-worker.js", await serviceWorker(first, later, files));
  if (!beside) files.set("_headers", HEADERS);

  for (const [path, text] of files) {
    await mkdir(dirname(join(out, path)), { recursive: true });
    await writeFile(join(out, path), text);
  }
  const zipped = (paths) => paths.reduce((sum, path) => sum + gzipSync(files.get(path), { level: 9 }).length, 0);
  return {
    firstLoad: zipped(first),
    total: zipped([...first, ...later, "service-worker.js"]),
    files: [...files.keys()],
  };
}

/** Bundles the scripts. Imports on demand stay in files of their own. */
async function bundleScripts(dist) {
  if (!existsSync(join(dist, "inline/jwt.js"))) throw new Failure(`${dist} is not built: run npm run build`);
  const { metafile, outputFiles } = await build({
    absWorkingDir: root,
    bundle: true,
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    entryPoints: ["www/script/workbench/main.js"],
    external: ["node:*"],
    format: "esm",
    legalComments: "none",
    metafile: true,
    minify: true,
    outdir: "bench",
    platform: "browser",
    plugins: [{ name: "workbench", setup: (hooks) => findSources(hooks, dist) }],
    splitting: true,
    target: "es2022",
    write: false,
  });
  const files = outputFiles.map(({ path, text }) => ({ name: nameOf(path), text }));
  const outputs = new Map(Object.entries(metafile.outputs).map(([path, output]) => [nameOf(path), output]));
  const [entry] = [...outputs].find(([, { entryPoint }]) => entryPoint === "www/script/workbench/main.js");
  const first = new Set();
  const add = (name) => {
    if (first.has(name)) return;
    first.add(name);
    for (const { kind, path } of outputs.get(name).imports) if (kind === "import-statement") add(nameOf(path));
  };
  add(entry);
  return { files, entry, first: [...first] };
}

const nameOf = (path) => path.split(/[\\/]/).at(-1);

async function bundleStyle(paths) {
  const { outputFiles } = await build({
    bundle: true,
    legalComments: "none",
    minify: true,
    stdin: { contents: paths.map((path) => `@import "./${path}";`).join("\n"), loader: "css", resolveDir: www },
    write: false,
  });
  const [{ text }] = outputFiles;
  return { name: `style-${digest(text).slice(0, 8)}.css`, text };
}

/** The frame as one file. It has an origin of its own, for which files of this folder would be those of another site. */
async function fetchFrame() {
  const html = await readFile(join(www, "fetch-keys.html"), "utf8");
  const minified = async (path) => {
    const { outputFiles } = await build({ entryPoints: [join(www, path)], minify: true, write: false });
    return outputFiles[0].text.trim();
  };
  const style = await minified("style/fetch-keys.css");
  const script = await minified("script/fetch-keys.js");
  return html
    .replace(/<link rel="stylesheet"[^>]*>/, () => `<style>${style}</style>`)
    .replace(/<script src[^>]*><\/script>/, () => `<script>${script}</script>`)
    .replace("__POLICY__", () => FETCH_POLICY(digestSource(script), digestSource(style)));
}

const digestSource = (text) => `sha256-${createHash("sha256").update(text).digest("base64")}`;

function pageOf(html, { style, script, beside }) {
  const links = /( *<link rel="stylesheet"[^>]*>\n)+/;
  const nav = /( *<nav aria-label="Pages">[\s\S]*?<\/nav>\n)/;
  const page = html
    .replace(links, `  <link rel="stylesheet" href="./bench/${style}">\n`)
    .replace("/script/workbench/main.js", `./bench/${script}`)
    .replaceAll('"/favicon.svg"', '"./favicon.svg"');
  // Alone, it has no other pages.
  return beside ? page : page.replace(nav, "").replace('class="mark" href="/"', 'class="mark" href="./"');
}

async function serviceWorker(first, later, files) {
  const contents = [...files].map(([path, text]) => `${path} ${digest(text)}`).join("\n");
  const list = JSON.stringify({ digest: digest(contents).slice(0, 16), first, later });
  const source = await readFile(join(www, "service-worker.js"), "utf8");
  return source.replace("__FILES__", () => list);
}

const digest = (text) => createHash("sha256").update(text).digest("hex");
