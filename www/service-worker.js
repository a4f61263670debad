/**
 * Keeps the files of the workbench, so that it works without a network. It answers only for these files, and requests nothing
 * else. The build puts the list and its digest here.
 */

const { digest, first, later } = __FILES__;
const PREFIX = "countersign-workbench-";
const CACHE = PREFIX + digest;

const urlOf = (path) => new URL(path, self.registration.scope).href;
const KNOWN = new Set([...first, ...later].map(urlOf));

/** The addresses of the page, and the file that each shows. In `npm start`, the folder shows another page. */
const PAGES = new Map([[urlOf(first[0]), urlOf(first[0])]]);
if (first[0] === "index.html") PAGES.set(urlOf("./"), urlOf(first[0]));

self.addEventListener("install", (event) => event.waitUntil(keep(first)));

self.addEventListener("activate", (event) => {
  const tidy = async () => {
    for (const name of await caches.keys()) if (name.startsWith(PREFIX) && name !== CACHE) await caches.delete(name);
    await self.clients.claim();
  };
  event.waitUntil(tidy());
});

// The page asks for what is loaded on demand once it has everything that it shows at first.
self.addEventListener("message", (event) => {
  if (event.data !== "complete") return;
  const complete = async () => {
    await keep(later);
    event.ports[0]?.postMessage("complete");
  };
  event.waitUntil(complete());
});

self.addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  if (method !== "GET") return;
  const { origin, pathname } = new URL(url);
  const address = origin + pathname;
  if (mode === "navigate" && PAGES.has(address)) event.respondWith(page(event.request, PAGES.get(address)));
  else if (KNOWN.has(address)) event.respondWith(file(event.request, address));
});

/** The newest page where there is a network: it names the files that belong to it. */
async function page(request, href) {
  try {
    const fresh = await fetch(request);
    if (fresh.ok) return fresh;
  } catch {
    // Offline.
  }
  return (await caches.match(href, { cacheName: CACHE })) ?? Response.error();
}

/** The names of the other files change with their contents, so that those that are kept are the right ones. */
async function file(request, href) {
  return (await caches.match(href, { cacheName: CACHE })) ?? fetch(request);
}

async function keep(paths) {
  const cache = await caches.open(CACHE);
  for (const path of paths) if ((await cache.match(urlOf(path))) === undefined) await cache.add(urlOf(path));
}
