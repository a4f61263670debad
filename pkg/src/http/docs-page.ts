/** The page at `/docs` that shows an OpenAPI document, with Swagger UI from your own server. */

import { invalid, type OptionReader, readOptions } from "../options.js";
import { methodNotAllowed } from "./reply.js";
import { checkRequest, type RequestLike } from "./request.js";

/** Options of {@link docsPage}. */
export interface DocsPageOptions {
  /** What to show: an OpenAPI document, from `openApi` or your own. */
  document: object;
  /**
   * Swagger UI: the contents of `swagger-ui-bundle.js` and `swagger-ui.css` of the package `swagger-ui-dist`, as text or bytes; or
   * the path of the folder where you serve these two files, such as `"/assets/swagger-ui"`.
   */
  assets: { script: string | Uint8Array; style: string | Uint8Array } | string;
  /** The language of the page. Default `"en"`. */
  lang?: string;
}

/**
 * Makes a handler for `GET /docs`: the page that users of FastAPI know. Its button "Authorize" logs in at `tokenEndpoint`, and the
 * requests that the page sends have the token.
 *
 * Everything comes from your own server: the page, and with the parameters `?openapi.json`, `?script`, `?style` and `?start` the
 * files that it needs. Its content security policy allows no inline script and no other origin. The page sends nothing to others:
 * Swagger's validator is off.
 *
 * @param options See {@link DocsPageOptions}.
 * @returns The handler. It answers `GET` and `HEAD`, 404 for other parameters, and 405 to other methods. It rejects with
 * `OPTION_INVALID` if it is given something that is not a request.
 * @throws {CountersignError} `OPTION_INVALID`: an option is unknown, missing or of the wrong type.
 *
 * @example
 * ```ts
 * import { readFileSync } from "node:fs";
 * import { createRequire } from "node:module";
 *
 * const file = (name) => readFileSync(createRequire(import.meta.url).resolve(`swagger-ui-dist/${name}`));
 * const docs = docsPage({
 *   document: openApi({ title: "My API", version: "1.0.0", token: "/token" }),
 *   assets: { script: file("swagger-ui-bundle.js"), style: file("swagger-ui.css") },
 * });
 * if (pathname === "/docs") return docs(request);
 * ```
 */
export function docsPage(options: DocsPageOptions): (request: RequestLike) => Promise<Response> {
  const { assets, document, lang } = readOptions(options, {
    assets: readAssets,
    document: readDocument,
    lang: readLang,
  });
  const title = (document as { info?: { title?: unknown } }).info?.title;
  const page = pageOf(typeof title === "string" ? title : "API", lang, assets);
  const files: Record<string, [type: string, body: string | Uint8Array<ArrayBuffer>]> = {
    "": ["text/html; charset=utf-8", page],
    "?openapi.json": ["application/json", JSON.stringify(document)],
    "?start": ["text/javascript; charset=utf-8", START],
    ...("script" in assets
      ? {
          "?script": ["text/javascript; charset=utf-8", assets.script],
          "?style": ["text/css; charset=utf-8", assets.style],
        }
      : {}),
  };

  return async (request) => {
    checkRequest(request);
    if (request.method !== "GET" && request.method !== "HEAD") return methodNotAllowed("GET, HEAD");
    const query = (request.url ?? "").replace(/#.*$/s, "").match(/\?.*$/s)?.[0] ?? "";
    const found = Object.hasOwn(files, query) ? files[query] : undefined;
    if (found === undefined) return new Response("Not Found", { status: 404, headers: PLAIN });
    const [type, body] = found;
    const headers = { ...SAFE, "Content-Type": type, ...(query === "" ? { "Content-Security-Policy": POLICY } : {}) };
    return new Response(request.method === "HEAD" ? null : body, { headers });
  };
}

/** Nothing inline, and nothing from elsewhere. Swagger UI's style sheet has its icons in `data:` URLs. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const SAFE = { "Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer" };
const PLAIN = { "Content-Type": "text/plain; charset=utf-8" };

/** A file of its own, because the policy allows no inline script. */
const START = `SwaggerUIBundle({
  url: "?openapi.json",
  dom_id: "#docs",
  deepLinking: true,
  presets: [SwaggerUIBundle.presets.apis],
  layout: "BaseLayout",
  validatorUrl: null,
});
`;

/** The addresses are relative to the page, wherever it is mounted. */
function pageOf(title: string, lang: string, assets: ReadAssets): string {
  const [script, style] = "folder" in assets ? ["/swagger-ui-bundle.js", "/swagger-ui.css"] : ["?script", "?style"];
  const at = (name: string) => escapeHtml("folder" in assets ? assets.folder + name : name);
  return `<!doctype html>
<html lang="${escapeHtml(lang)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>${escapeHtml(title)}</title>
<link rel="stylesheet" href="${at(style)}">
</head>
<body>
<main id="docs"></main>
<noscript>This page needs JavaScript. The description of the API is at <a href="?openapi.json">openapi.json</a>.</noscript>
<script src="${at(script)}"></script>
<script src="?start"></script>
</body>
</html>
`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeHtml(value: string): string {
  return value.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? "");
}

type File = string | Uint8Array<ArrayBuffer>;
type ReadAssets = { readonly script: File; readonly style: File } | { readonly folder: string };

const readAssets: OptionReader<ReadAssets> = (name, value) => {
  if (typeof value === "string") {
    if (/^\/(?!\/)/.test(value)) return { folder: value.replace(/\/$/, "") };
    throw invalid(`option "${name}" is not a path such as "/assets/swagger-ui"`);
  }
  return readOptions(value, { script: readFile, style: readFile });
};

const readFile: OptionReader<File> = (name, value) => {
  if (typeof value === "string" && value !== "") return value;
  // A copy, which nobody changes later.
  if (value instanceof Uint8Array && value.length > 0) return new Uint8Array(value);
  throw invalid(`option "${name}" is not the text or the bytes of a file`);
};

const readDocument: OptionReader<object> = (name, value) => {
  const { openapi } = (value ?? {}) as { openapi?: unknown };
  if (typeof openapi === "string") return value as object;
  throw invalid(`option "${name}" is not an OpenAPI document`);
};

const readLang: OptionReader<string> = (name, value) => {
  if (value === undefined) return "en";
  if (typeof value === "string" && /^[A-Za-z\d-]+$/.test(value)) return value;
  throw invalid(`option "${name}" is not a language such as "en"`);
};
