// Serves a folder of static files on this machine, without any header beyond the type, as the simplest hosts do.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** Serves `folder` on 127.0.0.1. `seen` receives each request. Gives the URL, and a function that stops it. */
export async function serveFolder(folder, port = 0, seen = () => {}) {
  const server = createServer(async (request, response) => {
    seen(request);
    const { pathname } = new URL(request.url, "http://localhost");
    const path = normalize(pathname.endsWith("/") ? `${pathname}index.html` : pathname);
    const body = await readFile(join(folder, path)).catch(() => undefined);
    const type = TYPES[extname(path)];
    if (body === undefined || type === undefined) return response.writeHead(404).end("not found\n");
    response.writeHead(200, { "Content-Type": type }).end(body);
  });
  await new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const stop = () =>
    new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  return { url: `http://localhost:${server.address().port}`, stop };
}
