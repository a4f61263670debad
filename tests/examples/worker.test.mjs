// The page at /docs of examples/worker, in workerd: its policy, what it describes, and its log-in button in Chromium.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { ROOT, startServer } from "../../tools/start/server.mjs";
import { complaintsOf } from "../browser/complaints.mjs";
import { findChromium, launch } from "../runtimes/runners/chromium.mjs";

const PASSWORD = "correct horse battery staple";
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; " +
  "form-action 'none'; frame-ancestors 'none'";
const FILES = ["swagger-ui-bundle.js", "swagger-ui.css"];
const swagger = join(ROOT, "node_modules/swagger-ui-dist");

const folder = mkdtempSync(join(tmpdir(), "countersign-worker-"));
let server;
before(async () => {
  server = await startServer({ dataDir: join(folder, "data") });
});
after(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const get = (path, init) => fetch(`${server.url}${path}`, init);

test("serves_the_page_and_its_files_under_a_strict_policy", async () => {
  const page = await get("/docs");
  assert.deepEqual(
    ["Content-Type", "Content-Security-Policy", "X-Content-Type-Options"].map((name) => page.headers.get(name)),
    ["text/html; charset=utf-8", POLICY, "nosniff"],
  );
  const html = await page.text();
  assert.doesNotMatch(html, /<script>|<style|\son\w+=|style=/);
  const paths = [...html.matchAll(/(?:src|href)="([^"]+)"/g)]
    .map(([, path]) => path)
    .filter((path) => path !== "data:,");
  assert.deepEqual(paths.sort(), [
    "/swagger-ui/swagger-ui-bundle.js",
    "/swagger-ui/swagger-ui.css",
    "?openapi.json",
    "?start",
  ]);
  for (const path of paths) {
    const answer = await get(path.startsWith("?") ? `/docs${path}` : path);
    assert.deepEqual([answer.status, answer.headers.get("X-Content-Type-Options")], [200, "nosniff"], path);
  }
  for (const name of FILES)
    assert.equal(await (await get(`/swagger-ui/${name}`)).text(), readFileSync(join(swagger, name), "utf8"));
  const head = await get("/docs", { method: "HEAD" });
  assert.deepEqual([head.status, await head.text()], [200, ""]);
  const post = await get("/docs", { method: "POST" });
  assert.deepEqual([post.status, post.headers.get("Allow")], [405, "GET, HEAD"]);
});

test("serves_nothing_else_of_the_package", async () => {
  const paths = ["/docs?x", "/docs/", "/docs/x", "/swagger-ui/", "/swagger-ui/index.html", "/swagger-ui/package.json"];
  for (const path of [...paths, "/swagger-ui/swagger-ui-bundle.js.map", "/swagger-ui/swagger-ui.js"])
    assert.equal((await get(path)).status, 404, path);
});

test("describes_all_routes_as_they_answer", async () => {
  const { paths } = await (await get("/docs?openapi.json")).json();
  const source = readFileSync(join(ROOT, "examples/worker/src/index.ts"), "utf8");
  const routes = [...source.matchAll(/^ {2}"(\/[^"]+)": \{/gm)].map(([, path]) => path.replace("*", "{id}"));
  // The page itself, and what is there only for the pages of `npm start`.
  const described = routes.filter((path) => path !== "/docs" && path !== "/session/token");
  assert.deepEqual(Object.keys(paths).sort(), described.sort());
  for (const [path, item] of Object.entries(paths)) {
    const url = path.replace("{id}", "A".repeat(22));
    const allowed = (await get(url, { method: "PATCH" })).headers.get("Allow").toLowerCase().split(", ");
    assert.deepEqual(Object.keys(item).sort(), allowed.filter((method) => method !== "head").sort(), path);
    for (const [method, { responses }] of Object.entries(item)) {
      const { status } = await get(url, { method: method.toUpperCase() });
      assert.ok(Object.keys(responses).includes(String(status)), `${method} ${path}: ${status}`);
    }
  }
});

test("serves_no_page_where_the_files_are_not_served", async () => {
  const without = await startServer({ dataDir: join(folder, "without"), vars: { SWAGGER_UI: "" } });
  try {
    assert.equal((await fetch(`${without.url}/docs`)).status, 404);
  } finally {
    await without.stop();
  }
});

test("copies_the_files_for_cloudflare", () => {
  const example = join(folder, "example");
  execFileSync("mkdir", [example]);
  copyFileSync(join(ROOT, "examples/worker/assets.mjs"), join(example, "assets.mjs"));
  symlinkSync(join(ROOT, "node_modules"), join(example, "node_modules"));
  execFileSync(process.execPath, ["assets.mjs"], { cwd: example });
  for (const name of FILES)
    assert.deepEqual(readFileSync(join(example, "assets/swagger-ui", name)), readFileSync(join(swagger, name)));
  assert.match(readFileSync(join(example, "assets/_headers"), "utf8"), /^\/swagger-ui\/\*\n {2}X-Content-Type-Options/);
  const { devDependencies } = JSON.parse(readFileSync(join(ROOT, "examples/worker/package.json"), "utf8"));
  const { version } = JSON.parse(readFileSync(join(swagger, "package.json"), "utf8"));
  assert.equal(devDependencies["swagger-ui-dist"], version);
});

const chromium = findChromium();

test("logs_in_by_the_button_with_no_complaint_of_the_policy", {
  skip: chromium === undefined && "there is no Chromium",
}, async (t) => {
  const registered = await get("/register", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ username: "alice", password: PASSWORD }),
  });
  assert.equal(registered.status, 201);
  const browser = await launch(chromium);
  t.after(() => browser.close());
  const page = await browser.newPage();
  const complaints = complaintsOf(page, { isOwn: (url) => url.startsWith(server.url) || url.startsWith("data:") });
  await page.goto(`${server.url}/docs`);
  await page.getByRole("button", { name: "Authorize" }).first().click();
  const dialog = page.locator(".modal-ux");
  await dialog.locator("#oauth_username").fill("alice");
  await dialog.locator("#oauth_password").fill(PASSWORD);
  await dialog.getByRole("button", { name: "Apply given OAuth2 credentials" }).click();
  await dialog.getByText("Logout").waitFor();
  await dialog.locator(".close-modal").click();
  await page.locator("#operations-account-me").getByRole("button").first().click();
  await page.getByRole("button", { name: "Try it out" }).click();
  await page.getByRole("button", { name: "Execute" }).click();
  await page.locator(".live-responses-table .response").getByText('"username": "alice"').waitFor();
  if (process.env.COUNTERSIGN_SCREENSHOTS)
    await page.screenshot({ path: `${process.env.COUNTERSIGN_SCREENSHOTS}/docs-worker.png`, fullPage: true });
  assert.deepEqual(complaints, []);
});
