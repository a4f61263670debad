/**
 * The local front of `npm start`, itself a Worker: the pages and the built package from disk, under a strict content
 * security policy; every other path goes to the login system. On Cloudflare, static assets do this.
 *
 * A page of another site can let its own name point to this machine (DNS rebinding). The browser then takes this server for
 * that site, whose scripts may call everything here. So the front answers only to names that nobody else controls.
 */

/** WebAssembly needs 'wasm-unsafe-eval' in a page. It does not allow eval of JavaScript. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** Pages that have a policy of their own in their text. Here stands what only a header can say. */
const OWN_POLICIES = {
  "/bench.html": "frame-ancestors 'none'",
  "/bench/fetch-keys.html": "frame-ancestors 'self'",
};

const HEADERS = {
  "Cache-Control": "no-cache",
  "Content-Security-Policy": CONTENT_SECURITY_POLICY,
  // Together they isolate the pages, which gives them a clock fine enough to time a signature.
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
};

const CONTENT_TYPES = {
  css: "text/css; charset=utf-8",
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
  wasm: "application/wasm",
};

/** A file's path: names without leading dots, and one of the extensions above. */
const FILE = /^(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*\/[A-Za-z0-9_-][A-Za-z0-9._-]*\.([a-z]+)$/;

export default {
  async fetch(request, env) {
    const { hostname, pathname } = new URL(request.url);
    if (!isOurs(hostname, env.HOSTS.split(","))) {
      const text = "This server answers only as localhost, by an IP address, or by a name in ALLOWED_HOSTS.\n";
      return new Response(text, { status: 421, headers: HEADERS });
    }
    const path = pathname === "/" ? "/index.html" : pathname;
    const type = CONTENT_TYPES[FILE.exec(path)?.[1] ?? ""];
    if (type === undefined) return env.API.fetch(request);
    if (request.method !== "GET" && request.method !== "HEAD") {
      return new Response(null, { status: 405, headers: { ...HEADERS, Allow: "GET, HEAD" } });
    }
    const [disk, file] = placeOf(path, env);
    const found = await disk?.fetch(`http://disk${file}`);
    if (!found?.ok) return new Response("not found\n", { status: 404, headers: HEADERS });
    const policy = OWN_POLICIES[path] ?? CONTENT_SECURITY_POLICY;
    return new Response(request.method === "HEAD" ? null : found.body, {
      headers: { ...HEADERS, "Content-Security-Policy": policy, "Content-Type": type },
    });
  },
};

/** The disk with a file, and where it is there. Of Swagger UI, only what the page at /docs loads is served. */
function placeOf(path, env) {
  if (path.startsWith("/pkg/dist/")) return [env.DIST, path.slice("/pkg/dist".length)];
  const [, name] = /^\/swagger-ui(\/swagger-ui(?:-bundle\.js|\.css))$/.exec(path) ?? [];
  return name === undefined ? [env.WWW, path] : [env.SWAGGER_UI, name];
}

/** Whether nobody else can let this name point here: an address needs no DNS, and RFC 6761 §6.3 reserves localhost. */
function isOurs(hostname, allowed) {
  const isAddress = /^(\d+\.\d+\.\d+\.\d+|\[[\da-f:.]+\])$/.test(hostname);
  return isAddress || /^([a-z\d-]+\.)*localhost$/.test(hostname) || allowed.includes(hostname);
}
