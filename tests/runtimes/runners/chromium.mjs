// Chromium: the package's raw modules from a server on the loopback interface, without a bundler, under a content
// security policy that allows wasm, workers for passwords, and nothing else.

import { existsSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { text } from "node:stream/consumers";
import { chromium as playwright } from "playwright-core";
import { COPY } from "../consumer.mjs";
import { resolveExport } from "../exports-map.mjs";

/** The policy of a page that may start workers. */
export const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src blob:";

/** Where a browser is, or `undefined`: COUNTERSIGN_CHROMIUM, one that the system installed, or playwright's own. */
export function findChromium() {
  const installed = [
    process.env.COUNTERSIGN_CHROMIUM,
    "/usr/bin/chromium",
    "/usr/bin/chromium-headless-shell",
    "/usr/bin/google-chrome",
    "/usr/bin/google-chrome-stable",
    "/usr/bin/chromium-browser",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    playwright.executablePath(),
  ];
  return installed.find((path) => path !== undefined && path !== "" && existsSync(path));
}

/** Starts the browser. Nothing in it may use the network unasked. */
export function launch(executablePath) {
  return playwright.launch({
    executablePath,
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** Runs the suite in a page. */
export async function chromium(consumer, executablePath) {
  writePage(consumer, "chromium.mjs");
  const result = await evaluateModule(consumer.directory, "chromium.mjs", executablePath);
  return JSON.parse(result);
}

/** Writes the module of a page that runs the suite and leaves what it found in `globalThis.result`. */
export function writePage(consumer, name) {
  const conditions = ["browser", "import"];
  const [index, jws, jwe, decode, lite, onlyVerify, formats, postQuantum] = [
    ...[".", "./jws", "./jwe", "./decode", "./lite", "./verify", "./formats", "./post-quantum"],
  ].map((path) => resolveExport(consumer.manifest, path, conditions));
  writeFileSync(
    join(consumer.directory, name),
    `import * as index from "./node_modules/countersign/${index.slice(2)}";
import * as jws from "./node_modules/countersign/${jws.slice(2)}";
import { enablePostQuantum } from "./node_modules/countersign/${postQuantum.slice(2)}";
import * as jwe from "./node_modules/countersign/${jwe.slice(2)}";
import * as decode from "./node_modules/countersign/${decode.slice(2)}";
import * as lite from "./node_modules/countersign/${lite.slice(2)}";
import * as onlyVerify from "./node_modules/countersign/${onlyVerify.slice(2)}";
import * as formats from "./node_modules/${COPY}/${formats.slice(2)}";
import { run } from "./suite/conformance.mjs";
import { vectors } from "./suite/vectors.mjs";
enablePostQuantum();
const countersign = { ...index, ...jws, jwe, decode, lite, onlyVerify, formats };
const frame = document.body.appendChild(document.createElement("iframe"));
const { Date, Uint8Array } = frame.contentWindow;
globalThis.result = JSON.stringify(await run(countersign, vectors, undefined, { Date, Uint8Array }));
`,
  );
}

/**
 * Loads `script` as the only module of a page and gives what it leaves in `globalThis.result`. What the page complains of,
 * and what it does not get, ends it, unless there is a list for `complaints`.
 */
export async function evaluateModule(directory, script, executablePath, { policy = POLICY, complaints } = {}) {
  const server = await serve(directory, script, policy);
  const browser = await launch(executablePath);
  try {
    const page = await browser.newPage();
    const failed = new Promise((_, reject) => {
      page.on("pageerror", reject);
      const complain = (text) => {
        if (complaints === undefined) reject(new Error(text));
        else complaints.push(text);
      };
      page.on("requestfailed", (request) => complain(`${request.url()}: ${request.failure()?.errorText}`));
      page.on("response", (response) => {
        if (400 <= response.status()) complain(`${response.url()}: ${response.status()}`);
      });
      page.on("console", (message) => {
        const asked = complaints === undefined ? ["error"] : ["error", "warning"];
        if (asked.includes(message.type())) complain(message.text());
      });
    });
    const loaded = page
      // A page has loaded when its module has run, which takes longer than this may.
      .goto(`http://127.0.0.1:${server.address().port}/`, { waitUntil: "commit" })
      .then(() => page.waitForFunction(() => globalThis.result !== undefined, undefined, { timeout: 600_000 }))
      .then(() => page.evaluate(() => globalThis.result));
    return await Promise.race([loaded, failed]);
  } finally {
    await browser.close();
    server.close();
  }
}

const TYPES = { ".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm" };

/** Serves the files of a directory and a page that loads `script`. Passes each body that is posted to /result to `onResult`. */
export function serve(directory, script, policy, onResult) {
  const page = `<!doctype html><html lang="en"><body><script type="module" src="/${script}"></script></body></html>`;
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://127.0.0.1");
    if (pathname === "/result" && request.method === "POST") {
      onResult?.(await text(request));
      return response.writeHead(204).end();
    }
    if (pathname === "/favicon.ico") return response.writeHead(204).end();
    const file = pathname === "/" ? undefined : join(directory, normalize(pathname));
    try {
      const body = file === undefined ? page : await readFile(file);
      response.writeHead(200, {
        "content-security-policy": policy,
        "content-type": file === undefined ? "text/html; charset=utf-8" : (TYPES[extname(file)] ?? "text/plain"),
      });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}
