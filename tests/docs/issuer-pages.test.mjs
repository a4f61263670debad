// Every page of docs/issuers: its programs run on workerd and on Node with tokens of a made-up issuer, and each row of its table
// of errors is what such a token gets.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import * as http from "node:http";
import { Server } from "node:net";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { TestIssuer } from "countersign/testing";
import { blocks, read, root, section, tableRows } from "./blocks.mjs";
import { ISSUER_PAGES, NO_TOKEN } from "./issuer-pages.mjs";
import { serveWorker } from "./server.mjs";

/** Its keys are those of every issuer. RSA keys take long to make. */
const issuer = new TestIssuer("https://issuer.test", { alg: "RS256" });
const HOSTS = ["worker", "node"];
const urls = { worker: {}, node: {} };
const servers = [];
let directory;
let worker;

before(async () => {
  // Inside the checkout, where the package and esbuild are found.
  mkdirSync(join(root, ".cache"), { recursive: true });
  const { fetch } = globalThis;
  globalThis.fetch = async (url, init) =>
    String(url).startsWith("https:") ? Response.json(answerOf(String(url))) : fetch(url, init);
  directory = mkdtempSync(join(root, ".cache/issuer-pages-"));
  for (const [page, { program }] of Object.entries(ISSUER_PAGES)) {
    for (const [name, code] of Object.entries(filesOf(page))) writeFileSync(join(directory, name), code);
    urls.node[program] = await nodeServer(`${program}-node.mjs`);
  }
  const outbound = await started(
    http.createServer((request, response) => {
      response.setHeader("Content-Type", "application/json");
      response.end(JSON.stringify(answerOf(`https://${request.headers.host}${request.url}`)));
    }),
  );
  worker = await serveWorker({
    directory,
    entry: workerOfAll(),
    compatibilityDate: "2026-01-01",
    texts: {},
    kv: { binding: "UNUSED", values: {} },
    outbound: new URL(outbound).host,
  });
  for (const { program } of Object.values(ISSUER_PAGES)) urls.worker[program] = worker.url;
});
after(async () => {
  await worker?.stop();
  for (const server of servers) server.close();
  if (directory !== undefined) rmSync(directory, { recursive: true });
});

test("has_a_row_for_every_page", () => {
  assert.deepEqual(readdirSync(`${root}docs/issuers`).sort(), Object.keys(ISSUER_PAGES).sort());
  const overview = read("docs/issuers.md");
  for (const page of Object.keys(ISSUER_PAGES)) assert.ok(overview.includes(`](issuers/${page})`), page);
});

test("shows_no_program_that_is_not_tested", () => {
  for (const [page, { program }] of Object.entries(ISSUER_PAGES)) {
    const shown = blocks(read(`docs/issuers/${page}`)).map(({ language }) => language);
    assert.deepEqual(
      [...new Set(shown)].filter((language) => language !== "yaml"),
      ["js"],
      page,
    );
    assert.deepEqual(
      Object.keys(filesOf(page)),
      ["", "-worker", "-node"].map((part) => `${program}${part}.mjs`),
    );
  }
});

for (const [page, row] of Object.entries(ISSUER_PAGES)) {
  for (const host of HOSTS) {
    test(`accepts_the_tokens_of_${page}_on_${host}`, async () => {
      for (const [claims, expected, path] of row.right) {
        const { status, body } = await ask(host, row, issuer.token(claims), path);
        assert.deepEqual([status, body], [200, expected]);
      }
    });

    test(`refuses_tokens_with_the_messages_of_${page}_on_${host}`, async () => {
      const messages = tableRows(section(`docs/issuers/${page}`, "When it fails")).map(([cell]) =>
        cell.replaceAll("`", ""),
      );
      assert.deepEqual([...new Set(row.wrong.map(([message]) => message))].sort(), [...messages].sort());
      for (const [message, wrong] of row.wrong) {
        if (typeof wrong === "function") assert.throws(wrong, { message });
        else assert.equal(await messageFor(host, row, wrong), message, JSON.stringify(wrong));
      }
    });
  }
}

/** The blocks of a page, by the name in their first line. */
function filesOf(page) {
  const shown = blocks(read(`docs/issuers/${page}`)).filter(({ language }) => language === "js");
  return Object.fromEntries(shown.map(({ code }) => [code.match(/^\/\/ (\S+)\n/)[1], code]));
}

/** What the server of any issuer answers: its metadata, or its keys. */
function answerOf(url) {
  const [, base] = url.match(/^(.*)\/\.well-known\/openid-configuration$/) ?? [];
  return base === undefined ? issuer.jwks() : { issuer: base, jwks_uri: `${base}/keys` };
}

/** Imports a program that listens on port 3000, and lets it listen on another. */
async function nodeServer(file) {
  const { listen } = Server.prototype;
  let listening;
  Server.prototype.listen = function (port) {
    assert.equal(port, 3000);
    Server.prototype.listen = listen;
    listening = started(this);
  };
  await import(pathToFileURL(join(directory, file)).href);
  return listening;
}

/** The address of a server that starts. */
function started(server) {
  servers.push(server);
  return new Promise((resolve) =>
    server.listen(0, "127.0.0.1", () => resolve(`http://127.0.0.1:${server.address().port}`)),
  );
}

/** One Worker that has all of them. */
function workerOfAll() {
  const names = Object.values(ISSUER_PAGES).map(({ program }) => program);
  const lines = names.map((name, index) => `import worker${index} from "./${name}-worker.mjs";`);
  const all = names.map((name, index) => `"${name}": worker${index}`).join(", ");
  const code = `${lines.join("\n")}\nconst all = { ${all} };
export default { fetch: (request, env, ctx) => all[request.headers.get("X-Program")].fetch(request, env, ctx) };\n`;
  writeFileSync(join(directory, "all.mjs"), code);
  return "all.mjs";
}

async function ask(host, { header, program }, token, path) {
  const headers = { "X-Program": program };
  const init = { headers };
  if (path !== undefined) {
    Object.assign(init, { method: "POST", body: new URLSearchParams({ id_token: token }) });
    headers.Cookie = "theme=dark; __Host-nonce=n-0";
  } else if (token !== "") {
    headers[header ?? "Authorization"] = header === undefined ? `Bearer ${token}` : token;
  }
  const response = await fetch(`${urls[host][program]}/${path ?? ""}`, init);
  const text = await response.text();
  return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
}

/** What a wrong token gets: the first right one with changed claims, with a fault, or another text. */
async function messageFor(host, row, { fault, token, ...changed }) {
  const [[claims, , path]] = row.right;
  const made = token ?? issuer.token({ ...claims, ...changed }, { ...(fault && { fault }) });
  const { status, body } = await ask(host, row, made, path);
  assert.ok(status === 401 || status === 403, String(status));
  // In `WWW-Authenticate` and beside it, quotation marks are not allowed (RFC 6750 §3).
  return body === undefined ? NO_TOKEN : (body.error_description?.replaceAll("'", '"') ?? body.error);
}
