// The pages as the local front serves them: types, policy, and nothing beside them.

import assert from "node:assert/strict";
import { request } from "node:http";
import { after, before, test } from "node:test";
import { System } from "./system.mjs";

let system;
before(async () => {
  system = await System.start();
});
after(() => system.close());

const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
  "worker-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

test("serves files with their types, under a strict policy", async () => {
  const files = {
    "/": "text/html; charset=utf-8",
    "/index.html": "text/html; charset=utf-8",
    "/style/base.css": "text/css; charset=utf-8",
    "/script/login.js": "text/javascript; charset=utf-8",
    "/favicon.svg": "image/svg+xml",
    "/pkg/dist/inline/jwt.js": "text/javascript; charset=utf-8",
    "/pkg/dist/inline/password.js": "text/javascript; charset=utf-8",
    "/pkg/dist/jwt.wasm": "application/wasm",
  };
  for (const [path, type] of Object.entries(files)) {
    const response = await system.get(path);
    assert.equal(response.status, 200, path);
    assert.equal(response.headers.get("Content-Type"), type);
    assert.equal(response.headers.get("Content-Security-Policy"), POLICY);
    assert.equal(response.headers.get("X-Content-Type-Options"), "nosniff");
    assert.equal(response.headers.get("Cross-Origin-Opener-Policy"), "same-origin");
    assert.ok((await response.arrayBuffer()).byteLength > 0, path);
  }
});

test("leaves the workbench its own policy, which allows no connection, and forbids frames around it", async () => {
  const own = {
    "/bench.html": ["frame-ancestors 'none'", /connect-src 'none'/],
    // The frame in it that fetches key sets sees nothing else.
    "/bench/fetch-keys.html": [
      "frame-ancestors 'self'",
      /default-src 'none'; script-src 'sha256-[^ ]+'; style-src 'sha256-[^ ]+'; connect-src https: http:\/\/localhost:\* http:\/\/127\.0\.0\.1:\*;/,
    ],
  };
  for (const [path, [header, inText]] of Object.entries(own)) {
    const response = await system.get(path);
    assert.equal(response.status, 200, path);
    assert.equal(response.headers.get("Content-Security-Policy"), header);
    const [, policy] = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(await response.text());
    assert.match(policy, inText);
  }
  // Every file that the page names is there.
  const html = await (await system.get("/bench.html")).text();
  const named = [...html.matchAll(/(?:src|href)="(\.?\/[^"#]+)"/g)].map(([, path]) => path.replace(/^\./, ""));
  assert.ok(named.length > 4);
  for (const path of [...named, "/service-worker.js"]) assert.equal((await system.get(path)).status, 200, path);
});

test("the pages hold nothing that the policy would block", async () => {
  for (const path of ["/", "/bench.html"]) {
    const html = await (await system.get(path)).text();
    assert.doesNotMatch(html, /\sstyle=|\son\w+=|<style|<script(?![^>]* src=)|https?:/i, path);
  }
});

test("answers HEAD, refuses other methods", async () => {
  const head = await fetch(`${system.url}/bench.html`, { method: "HEAD" });
  assert.equal(head.status, 200);
  assert.equal(await head.text(), "");
  const post = await fetch(`${system.url}/bench.html`, { method: "POST" });
  assert.equal(post.status, 405);
  assert.equal(post.headers.get("Allow"), "GET, HEAD");
});

test("serves nothing from outside its directories", async () => {
  const paths = [
    "/../package.json",
    "/..%2fpackage.json",
    "/script/%2e%2e/%2e%2e/package.json",
    "/pkg/dist/../package.json",
    "/pkg/src/jwt.ts",
    "/.data/objects",
    "/style/",
    "/style",
    "//etc/passwd",
    "/script/..\\..\\package.json",
  ];
  for (const path of paths) {
    const status = await new Promise((resolve, reject) => {
      request(system.url, { path }, (response) => resolve(response.resume().statusCode))
        .on("error", reject)
        .end();
    });
    assert.equal(status, 404, path);
  }
  assert.equal((await system.get("/script/missing.js")).status, 404);
});
