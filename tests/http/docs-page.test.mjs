// docsPage: Swagger UI from the own server, under a strict content security policy, with its log-in button, in Chromium.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { after, test } from "node:test";
import { bearerGuard, docsPage, onNode, openApi, tokenEndpoint } from "countersign/http";
import { Key, Signer, Verifier } from "countersign/jwt";
import { complaintsOf } from "../browser/complaints.mjs";
import { findChromium, launch } from "../runtimes/runners/chromium.mjs";
import { invalid } from "./errors.mjs";

const require = createRequire(import.meta.url);
const file = (name) => readFileSync(require.resolve(`swagger-ui-dist/${name}`));
const assets = { script: file("swagger-ui-bundle.js"), style: file("swagger-ui.css") };
const document = openApi({
  title: "Cats & <dogs>",
  version: "1.0.0",
  token: "/token",
  scopes: { profile: "Read your profile" },
  paths: {
    "/users/me": {
      get: {
        operationId: "me",
        security: [{ OAuth2PasswordBearer: ["profile"] }],
        responses: { 200: { description: "Your profile" } },
      },
    },
  },
});
const docs = docsPage({ document, assets });
const get = (url, init) => docs(new Request(`https://api.example${url}`, init));

test("serves the page and its four files at one path", async () => {
  for (const [query, type, beginning] of [
    ["", "text/html; charset=utf-8", "<!doctype html>"],
    ["?openapi.json", "application/json", '{"openapi":"3.1.1"'],
    ["?script", "text/javascript; charset=utf-8", assets.script.toString("utf8").slice(0, 100)],
    ["?style", "text/css; charset=utf-8", assets.style.toString("utf8").slice(0, 100)],
    ["?start", "text/javascript; charset=utf-8", "SwaggerUIBundle({"],
  ]) {
    const answer = await get(`/docs${query}`);
    assert.equal(answer.status, 200, query);
    assert.equal(answer.headers.get("Content-Type"), type);
    assert.equal(answer.headers.get("X-Content-Type-Options"), "nosniff");
    assert.ok((await answer.text()).startsWith(beginning), query);
    const head = await get(`/docs${query}`, { method: "HEAD" });
    assert.deepEqual([head.status, await head.text()], [200, ""]);
  }
});

test("answers 404 to other parameters and 405 to other methods", async () => {
  for (const query of ["?", "?x", "?constructor", "?script&x", "?/../../etc/passwd"]) {
    const { status } = await docs({ url: `/docs${query}`, method: "GET", headers: {} });
    assert.equal(status, 404, query);
  }
  const post = await get("/docs", { method: "POST" });
  assert.deepEqual([post.status, post.headers.get("Allow")], [405, "GET, HEAD"]);
  await assert.rejects(docs(7), { code: "OPTION_INVALID" });
});

test("escapes the title, and takes assets from a folder", async () => {
  assert.match(await (await get("/docs")).text(), /<title>Cats &amp; &lt;dogs&gt;<\/title>/);
  const page = docsPage({ document, assets: '/assets/"swagger"/', lang: "de" });
  const html = await (await page(new Request("https://api.example/docs"))).text();
  assert.match(html, /<html lang="de">/);
  assert.match(html, /<script src="\/assets\/&quot;swagger&quot;\/swagger-ui-bundle\.js">/);
  assert.equal((await page(new Request("https://api.example/docs?script"))).status, 404);
});

test("refuses options that are wrong", () => {
  for (const [options, message] of [
    [{ document: {} }, 'option "document" is not an OpenAPI document'],
    [{ assets: "https://cdn.example/" }, 'option "assets" is not a path such as "/assets/swagger-ui"'],
    [{ assets: "//cdn.example/" }, 'option "assets" is not a path such as "/assets/swagger-ui"'],
    [{ assets: { script: "x" } }, 'option "style" is not the text or the bytes of a file'],
    [{ lang: '"' }, 'option "lang" is not a language such as "en"'],
    [{ title: "x" }, 'unknown option "title"'],
  ]) {
    assert.throws(() => docsPage({ document, assets, ...options }), invalid(message));
  }
});

const chromium = findChromium();
test("logs in by the button and asks a guarded route, with no complaint of the policy", {
  skip: chromium === undefined && "there is no Chromium",
}, async () => {
  const key = Key.generate("EdDSA");
  const token = tokenEndpoint({
    signer: new Signer(key),
    authenticate: (name, password) => (password === "correct horse" ? { subject: name, scopes: ["profile"] } : null),
  });
  const guard = bearerGuard(new Verifier(key.publicKey()), { scope: "profile" });
  const routes = {
    "/docs": docs,
    "/token": token,
    "/users/me": async (request) => {
      const caller = await guard(request);
      return caller instanceof Response ? caller : Response.json({ hello: caller.claims.sub });
    },
  };
  const notFound = () => new Response(null, { status: 404 });
  const server = createServer(onNode((request) => (routes[new URL(request.url).pathname] ?? notFound)(request)));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${server.address().port}`;
  const browser = await launch(chromium);
  after(async () => {
    await browser.close();
    server.closeAllConnections();
    server.close();
  });

  const page = await browser.newPage();
  const complaints = complaintsOf(page, { isOwn: (url) => url.startsWith(origin) || url.startsWith("data:") });
  await page.goto(`${origin}/docs`);
  await page.getByRole("button", { name: "Authorize" }).first().click();
  const dialog = page.locator(".modal-ux");
  await dialog.locator("#oauth_username").fill("alice");
  await dialog.locator("#oauth_password").fill("correct horse");
  await dialog.getByText("select all").click();
  await dialog.getByRole("button", { name: "Apply given OAuth2 credentials" }).click();
  await dialog.getByText("Logout").waitFor();
  if (process.env.COUNTERSIGN_SCREENSHOTS)
    await page.screenshot({ path: `${process.env.COUNTERSIGN_SCREENSHOTS}/docs-dialog.png` });
  await dialog.locator(".close-modal").click();

  await page.locator("#operations-default-me").getByRole("button").first().click();
  await page.getByRole("button", { name: "Try it out" }).click();
  await page.getByRole("button", { name: "Execute" }).click();
  const live = page.locator(".live-responses-table .response");
  await live.getByText('"hello": "alice"').waitFor();
  if (process.env.COUNTERSIGN_SCREENSHOTS)
    await page.screenshot({ path: `${process.env.COUNTERSIGN_SCREENSHOTS}/docs.png`, fullPage: true });
  assert.deepEqual(complaints, []);
});
