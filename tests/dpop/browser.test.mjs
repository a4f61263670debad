// DpopSigner in Chromium, against a server on Node: the key outlives a reload, and cannot leave the browser.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { onNode } from "countersign/http";
import { build } from "esbuild";
import { findChromium, launch } from "../runtimes/runners/chromium.mjs";
import { makeSystem, SECRET } from "./system.mjs";

const skip = findChromium() === undefined ? "there is no Chrome or Chromium" : false;
const CORS = {
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Allow-Headers": "Authorization, DPoP",
  "Access-Control-Expose-Headers": "DPoP-Nonce, WWW-Authenticate",
};

let browser;
let script;
const servers = [];
let [home, api] = [];

/** A login system on a port of its own, which also serves an empty page with the script. */
async function serve(headers = {}) {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  servers.push(server);
  const url = `http://localhost:${server.address().port}`;
  const system = makeSystem({ dpop: { publicUrl: url, nonceSecret: SECRET }, token: { requireDpop: true } });
  const answer = async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/") return html("<!doctype html><title>test</title><script src=/script.js></script>");
    if (pathname === "/script.js") return new Response(script, { headers: { "Content-Type": "text/javascript" } });
    if (request.method === "OPTIONS") return new Response(null, { status: 204 });
    return system.serve(request);
  };
  const withHeaders = async (request) => {
    const response = await answer(request);
    for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
    return response;
  };
  // Its own idea of its name comes from the client, and does not count.
  server.on("request", onNode(withHeaders));
  return { url, system };
}

const html = (text) => new Response(text, { headers: { "Content-Type": "text/html" } });

before(async () => {
  if (skip) return;
  const { outputFiles } = await build({
    stdin: {
      contents: 'import { DpopSigner } from "countersign/dpop"; globalThis.DpopSigner = DpopSigner;',
      resolveDir: fileURLToPath(new URL(".", import.meta.url)),
    },
    bundle: true,
    format: "iife",
    platform: "browser",
    write: false,
  });
  script = outputFiles[0].text;
  [home, api] = await Promise.all([serve(), serve(CORS)]);
  browser = await launch(findChromium());
});
after(async () => {
  await browser?.close();
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

async function open(context) {
  const page = await context.newPage();
  await page.goto(`${home.url}/`);
  return page;
}

/** Logs in with the kept key, and leaves the tokens in localStorage, as a page may. */
const logIn = (page, url) =>
  page.evaluate(async (at) => {
    const signer = await DpopSigner.create({ keepAs: "login" });
    const body = new URLSearchParams({ username: "alice", password: "right" });
    const tokens = await (await signer.fetch(`${at}/token`, { method: "POST", body })).json();
    localStorage.setItem("tokens", JSON.stringify(tokens));
    return { type: tokens.token_type, thumbprint: signer.thumbprint };
  }, url);

/** What the kept key and the kept tokens are good for: a call, and a refresh. */
const use = (page, url) =>
  page.evaluate(async (at) => {
    const signer = await DpopSigner.create({ keepAs: "login" });
    const tokens = JSON.parse(localStorage.getItem("tokens"));
    const me = await signer.fetch(`${at}/me?x=1#y`, { accessToken: tokens.access_token });
    const body = new URLSearchParams({ grant_type: "refresh_token", refresh_token: tokens.refresh_token });
    const refreshed = await signer.fetch(`${at}/token`, { method: "POST", body });
    const next = await refreshed.json();
    if (refreshed.ok) localStorage.setItem("tokens", JSON.stringify(next));
    return {
      me: [me.status, await me.json()],
      refreshed: [refreshed.status, next.error],
      thumbprint: signer.thumbprint,
    };
  }, url);

for (const name of ["its own origin", "another origin"]) {
  test(`logs in at ${name}, and is logged in after a reload and in another tab`, { skip }, async () => {
    const { url } = name === "its own origin" ? home : api;
    const context = await browser.newContext();
    const page = await open(context);
    const { thumbprint, type } = await logIn(page, url);
    assert.equal(type, "DPoP");
    const right = { me: [200, { user: "alice" }], refreshed: [200, undefined], thumbprint };
    assert.deepEqual(await use(page, url), right);
    await page.reload();
    assert.deepEqual(await use(page, url), right);
    assert.deepEqual(await use(await open(context), url), right);

    // Somebody who has copied the tokens, with a proper key of their own.
    const copied = await page.evaluate(() => localStorage.getItem("tokens"));
    const thief = await open(await browser.newContext());
    await thief.evaluate((tokens) => localStorage.setItem("tokens", tokens), copied);
    const stolen = await use(thief, url);
    assert.deepEqual([stolen.me[0], stolen.me[1].error], [401, "invalid_token"]);
    assert.deepEqual(stolen.refreshed, [400, "invalid_grant"]);
    assert.notEqual(stolen.thumbprint, thumbprint);
    assert.deepEqual(await use(page, url), right);

    // After a log-out, the next key is another.
    await page.evaluate(async () => (await DpopSigner.create({ keepAs: "login" })).forget());
    assert.notEqual((await logIn(page, url)).thumbprint, thumbprint);
    await context.close();
  });
}

test("keeps a key that no script can read, the same for tabs that ask at once", { skip }, async () => {
  const context = await browser.newContext();
  const pages = await Promise.all([1, 2, 3].map(() => open(context)));
  const create = async () => (await DpopSigner.create({ keepAs: "race" })).thumbprint;
  const thumbprints = await Promise.all(pages.flatMap((page) => [page.evaluate(create), page.evaluate(create)]));
  assert.equal(new Set(thumbprints).size, 1);
  const [page] = pages;
  const others = await page.evaluate(async () => {
    const all = [await DpopSigner.create({ keepAs: "other" }), await DpopSigner.create(), await DpopSigner.create()];
    return all.map(({ thumbprint }) => thumbprint);
  });
  assert.equal(new Set([...thumbprints, ...others]).size, 4);
  const found = await page.evaluate(async () => {
    const ask = (request) =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const database = await ask(indexedDB.open("countersign-dpop"));
    const { privateKey } = await ask(database.transaction("keys").objectStore("keys").get("race"));
    const exported = await Promise.allSettled(
      ["jwk", "pkcs8", "raw"].map((format) => crypto.subtle.exportKey(format, privateKey)),
    );
    return { extractable: privateKey.extractable, exported: exported.map(({ status }) => status) };
  });
  assert.deepEqual(found, { extractable: false, exported: ["rejected", "rejected", "rejected"] });
  await context.close();
});
