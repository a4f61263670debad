// The workbench: nothing that is pasted leaves the page, whatever it is, and the page works without a network.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { Key, sign } from "countersign/jwt";
import { says, settle, skip, text } from "./stage.mjs";
import { act, expectState, giveKey, giveToken, openTool, Workbench } from "./workbench.mjs";

let bench;
before(async () => {
  if (!skip) bench = await Workbench.start();
});
after(() => bench?.close());

const key = Key.generate("ES256").withKid("2027");
const token = sign({ sub: "alice" }, key, { issuer: "https://login.example", audience: "api", expiresIn: "15m" });
const SECRET = "s3cr3t-s3cr3t-s3cr3t-s3cr3t-s3cr3t";
const signedWithSecret = sign({ sub: "alice" }, Key.fromSecret(SECRET, { alg: "HS256" }));

/** What may be in no request: whole, in parts, and in other encodings. */
function marks() {
  const values = [token, signedWithSecret, SECRET, JSON.stringify(key.toJwk({ private: true })), "my-passw0rd-of-mine"];
  const parts = [...token.split("."), ...signedWithSecret.split("."), key.toJwk({ private: true }).d, key.toJwk().x];
  return [...values, ...parts].flatMap((value) => [
    value,
    encodeURIComponent(value),
    btoa(value),
    btoa(value).replace(/=+$/, ""),
  ]);
}

function expectSilence(requests) {
  for (const { method, url, body, headers, path } of requests) {
    assert.equal(method, "GET");
    const all = decodeURIComponent(`${url ?? ""} ${path ?? ""} ${body ?? ""} ${JSON.stringify(headers ?? {})}`);
    for (const mark of marks()) assert.equal(all.includes(mark), false, `${url ?? path} tells what was pasted`);
  }
}

async function useEverything(page) {
  await giveToken(page, token);
  await giveKey(page, JSON.stringify(key.toJwk({ private: true })));
  await expectState(page, "partly");
  await giveToken(page, signedWithSecret);
  await giveKey(page, SECRET);
  await expectState(page, "partly");
  await page.click("#token-link");
  await openTool(page, "Issue a token");
  await page.click("#claims [type=submit]");
  await says(page, "#claims-outcome", /^Signed/);
  await openTool(page, "Keys");
  await giveKey(page, JSON.stringify(key.toJwk({ private: true })), "keys-key");
  await says(page, "#keys-verdict", /^A key as JWK/);
  await openTool(page, "Passwords");
  await page.fill("#hash-password", "my-passw0rd-of-mine");
  await page.click("#hash-start");
  await says(page, "#hash-outcome", /^Hashed/);
  await page.fill("#check-password", "my-passw0rd-of-mine");
  await page.click("#check-start");
  await says(page, "#check-verdict", /right/);
}

test("no request tells what was pasted, and nothing is stored", { skip }, async () => {
  const before = bench.requests.length;
  const page = await bench.open();
  const first = page.url();
  await useEverything(page);
  assert.ok(page.sent.length > 5, "requests were seen");
  expectSilence(page.sent);
  // Also what the page does not report, such as beacons, would reach the server.
  expectSilence(bench.requests.slice(before));
  const own = bench.written.files.map((name) => `/${name}`);
  for (const { path } of bench.requests.slice(before)) assert.ok(path === "/" || own.includes(path), path);

  assert.equal(page.url(), first);
  const kept = await page.evaluate(async () => ({
    local: { ...localStorage },
    session: { ...sessionStorage },
    cookies: document.cookie,
    databases: await indexedDB.databases(),
    state: history.state,
    length: history.length,
  }));
  assert.deepEqual(kept, { local: {}, session: {}, cookies: "", databases: [], state: null, length: 2 });
  await settle(page);
});

test("the policy forbids every connection from the page and from its worker", { skip }, async () => {
  const page = await bench.open();
  const { url } = bench;
  const tried = await page.evaluate(async (own) => {
    const blocked = [];
    document.addEventListener("securitypolicyviolation", ({ effectiveDirective }) => blocked.push(effectiveDirective));
    const failed = (promise) =>
      promise.then(
        () => "sent",
        () => "failed",
      );
    const results = [];
    for (const target of [own, "https://example.com/"]) {
      results.push(await failed(fetch(target)));
      results.push(navigator.sendBeacon(target, "x") ? "queued" : "failed");
      const socket = target.replace(/^http/, "ws");
      results.push(
        await failed(
          new Promise((resolve, reject) => {
            try {
              const made = new WebSocket(socket);
              made.onopen = resolve;
              made.onerror = reject;
            } catch (error) {
              reject(error);
            }
          }),
        ),
      );
    }
    const image = new Image();
    image.src = "https://example.com/?x";
    const script = document.createElement("script");
    script.src = "https://example.com/x.js";
    document.body.append(script);
    const form = document.createElement("form");
    form.action = "https://example.com/";
    document.body.append(form);
    form.submit();
    // A worker from text, as hashing uses one.
    const source = `fetch(${JSON.stringify(own)}).then(() => postMessage("sent"), () => postMessage("failed"))`;
    const worker = new Worker(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
    results.push(
      await new Promise((resolve) => {
        worker.onmessage = ({ data }) => resolve(data);
      }),
    );
    await new Promise((resolve) => setTimeout(resolve, 100));
    return { results, blocked: [...new Set(blocked)].sort() };
  }, `${url}/?beacon`);
  assert.equal(tried.results.includes("sent"), false);
  assert.deepEqual(tried.blocked, ["connect-src", "form-action", "img-src", "script-src-elem"]);
  assert.equal(
    bench.requests.some(({ path }) => path.includes("beacon")),
    false,
  );
  await page.context().close();
});

test("takes the token of a link out of the address bar before anything else", { skip }, async () => {
  const page = await bench.open(`/#token=${token}`);
  assert.equal(await page.inputValue("#token-input"), token);
  await expectState(page, "unchecked", /There is no key yet/);
  assert.equal(page.url(), `${bench.url}/`);
  assert.equal(await page.evaluate(() => history.length), 2);
  expectSilence(page.sent);

  // A second link in the same tab, percent-encoded.
  await page.evaluate(
    (hash) => {
      location.hash = hash;
    },
    `#token=${encodeURIComponent(`Bearer ${signedWithSecret}`)}`,
  );
  await page.waitForFunction(
    (given) => document.querySelector("#token-input").value === given,
    `Bearer ${signedWithSecret}`,
  );
  assert.equal(page.url(), `${bench.url}/`);
  await page.evaluate(() => {
    location.hash = "#token=%ff%";
  });
  await page.waitForFunction(() => document.querySelector("#token-input").value === "%ff%");
  await page.reload();
  await page.waitForSelector("body[data-ready]");
  assert.equal(await page.inputValue("#token-input"), "", "a reload starts anew");
  await settle(page);
});

// A page that opened this one may change what stands behind the # of its address, and so the token.
test("a page that opened this one cannot replace the token, where the host sends the headers", { skip }, async () => {
  const rules = (await readFile(`${bench.folder}/_headers`, "utf8")).split(/\n(?=\/)/);
  const forAll = rules
    .find((rule) => rule.startsWith("/*\n"))
    .split("\n")
    .slice(1);
  const headers = Object.fromEntries(forAll.map((line) => line.trim().split(": ")));
  const context = await bench.browser.newContext({ serviceWorkers: "block" });
  await context.route(`${bench.url}/`, async (route) =>
    route.fulfill({ response: await route.fetch(), headers: { ...headers, "Content-Type": "text/html" } }),
  );
  const opener = await context.newPage();
  await context.route("http://127.0.0.1:9/", (route) =>
    route.fulfill({ body: "<!doctype html>", contentType: "text/html" }),
  );
  await opener.goto("http://127.0.0.1:9/");
  const [page] = await Promise.all([
    context.waitForEvent("page"),
    opener.evaluate((url) => {
      window.other = window.open(url);
    }, `${bench.url}/`),
  ]);
  await page.waitForSelector("body[data-ready]");
  await giveToken(page, token);
  await opener.evaluate((url) => {
    window.other.location = url;
  }, `${bench.url}/#token=${signedWithSecret}`);
  await page.waitForTimeout(300);
  assert.equal(await opener.evaluate(() => window.other.closed), true);
  assert.equal(await page.inputValue("#token-input"), token);
  await context.close();
});

test("makes such a link for the clipboard only", { skip }, async () => {
  const page = await bench.open("/", "light", { permissions: ["clipboard-read", "clipboard-write"] });
  await giveToken(page, token);
  await page.click("#token-link");
  await says(page, "#token-told", /^Copied\. Anybody with the link has the token\.$/);
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), `${bench.url}/#token=${token}`);
  assert.equal(page.url(), `${bench.url}/`);
  await settle(page);
});

/** A server of keys on another port, which is another origin. */
async function keyServer(answers) {
  const seen = [];
  const server = createServer((request, response) => {
    seen.push({ headers: request.headers, method: request.method, path: request.url });
    const { status = 200, body = "", cors = "*", location } = answers[request.url] ?? { status: 404 };
    response.writeHead(status, {
      ...(cors && { "Access-Control-Allow-Origin": cors }),
      ...(location && { Location: location }),
      "Content-Type": "application/json",
    });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A test that fails does not stop it.
  server.unref();
  return { seen, url: `http://127.0.0.1:${server.address().port}`, stop: () => server.close() };
}

test("fetches a key set from the URL that a person gives, and tells that server nothing", { skip }, async () => {
  const answers = {
    "/jwks": { body: { keys: [key.toJwk()] } },
    "/moved": { status: 302, location: "/jwks" },
    "/closed": { cors: "" },
    "/huge": { body: " ".repeat(300_000) },
  };
  const server = await keyServer(answers);
  answers["/.well-known/openid-configuration"] = { body: { issuer: server.url, jwks_uri: `${server.url}/jwks` } };
  const page = await bench.open();
  await giveToken(page, token);
  // A URL in the field for the key leads there, and is not fetched on its own.
  await giveKey(page, `${server.url}/.well-known/openid-configuration`);
  await expectState(page, "unchecked", /The key is a URL, and nothing was fetched from it\.$/);
  await act(page);
  const frame = page.frameLocator("iframe");
  await page.waitForFunction(() => document.activeElement.localName === "iframe");
  assert.equal(server.seen.length, 0);
  await page.waitForTimeout(100);
  assert.equal(await frame.locator("#url").inputValue(), `${server.url}/.well-known/openid-configuration`);

  // By keyboard: the field, the button, and the button again for the URL that the document names.
  await frame.locator("#url").press("Enter");
  await frame.getByText("press the button again").waitFor();
  await frame.locator("#url").press("Enter");
  await expectState(page, "partly", /Signature valid/);
  await says(page, "#remote-outcome", /^Keys fetched from 127\.0\.0\.1:\d+\.$/);
  assert.deepEqual(
    server.seen.map(({ path }) => path),
    ["/.well-known/openid-configuration", "/jwks"],
  );
  expectSilence(server.seen);
  for (const { headers } of server.seen) {
    assert.equal(headers.origin, "null");
    for (const name of ["cookie", "referer", "authorization"]) assert.equal(headers[name], undefined, name);
  }

  for (const [path, said] of [
    ["/moved", /redirects/],
    ["/closed", /CORS/],
    ["/nothing", /answered 404/],
    ["/huge", /longer than 262144 bytes/],
  ]) {
    await frame.locator("#url").fill(server.url + path);
    await frame.locator("button").click();
    await frame.getByText(said).waitFor();
  }
  for (const url of ["http://login.example/jwks", "javascript:alert(1)", "file:///etc/passwd", "jwks.json"]) {
    await frame.locator("#url").fill(url);
    await frame.locator("button").click();
    await frame.getByText("That is no https: URL").waitFor();
  }
  await page.context().close();
  server.stop();
});

test("what a server answers is never a secret that signs", { skip }, async () => {
  const html = "<!doctype html><title>Sign in</title><p>A page that everybody can read, longer than 32 bytes.</p>\n";
  const k = Buffer.from(SECRET).toString("base64url");
  const oct = { kty: "oct", alg: "HS256", kid: "2027", k };
  // Each answer, and the secret that it would be.
  const answers = {
    "/page": { body: html, secret: html },
    "/array": { body: '["a","b","cccccccccccccccccccccccccccccccccccc"]' },
    "/text": { body: '"a JSON text of more than 32 bytes, which is no key"' },
    "/url": { body: `https://login.example/${"x".repeat(40)}` },
    "/empty": { body: "" },
    "/secret": { body: oct, secret: SECRET },
    "/short": { body: { ...oct, k: "c2hvcnQ" }, secret: "short" },
    "/set": { body: { keys: [oct] }, secret: SECRET },
    "/mixed": { body: { keys: [key.toJwk(), oct] }, secret: SECRET },
    "/object": { body: { error: "not_found", path: "/.well-known/jwks.json" } },
    "/none": { body: { keys: [] } },
  };
  const server = await keyServer(answers);
  const names = { issuer: "https://login.example", audience: "api", expiresIn: "15m" };
  const page = await bench.open();
  await page.fill("#demands-issuer", names.issuer);
  await page.fill("#demands-audience", names.audience);
  await page.getByText("Fetch keys from a URL").click();
  const frame = page.frameLocator("iframe");
  const fetchFrom = async (path) => {
    await frame.locator("#url").fill(server.url + path);
    await frame.locator("#url").press("Enter");
  };
  const isNone = /^The server's answer is no set of public keys\.$/;
  for (const [path, { body, secret = body }] of Object.entries(answers)) {
    const signing = Key.fromSecret(typeof secret === "string" && secret !== "" ? secret : SECRET, {
      ...{ alg: "HS256", allowShort: true },
    }).withKid("2027");
    await giveToken(page, sign({ sub: "admin" }, signing, names));
    await page.evaluate(() => {
      const line = document.getElementById("remote-outcome");
      line.replaceChildren();
      delete line.dataset.said;
    });
    await fetchFrom(path);
    await says(page, "#remote-outcome", /^What 127\.0\.0\.1:\d+ answered cannot be used as keys\.$/);
    assert.equal(await page.locator("#remote-outcome.good, #check-key-what.good").count(), 0, path);
    await page.waitForSelector("#token-verdict:is([data-state=unchecked], [data-state=invalid])");
    if (!["/object", "/none"].includes(path)) await says(page, "#check-key-what", isNone);
    // Nor once somebody says what it is for.
    for (const name of ["HS256", "dir A256GCM", "PBES2-HS256+A128KW"]) {
      await page.selectOption("#check-key-alg", name);
      await page.waitForTimeout(30);
      assert.equal(await page.locator("#check-key-what.good").count(), 0, `${path} as ${name}`);
      await page.waitForSelector("#token-verdict:is([data-state=unchecked], [data-state=invalid])");
    }
  }
  // A set of public keys is still one, and so is a secret that somebody gives.
  answers["/jwks"] = { body: { keys: [key.toJwk()] } };
  await giveToken(page, token);
  await fetchFrom("/jwks");
  await expectState(page, "valid");
  await says(page, "#remote-outcome", /^Keys fetched from/);
  await giveToken(page, sign({ sub: "alice" }, Key.fromSecret(SECRET, { alg: "HS256" }), names));
  await giveKey(page, SECRET);
  await expectState(page, "valid");
  await page.context().close();
  server.stop();
});

test("the frame that fetches fetches nothing on a script's word, and hears nobody else", { skip }, async () => {
  const server = await keyServer({ "/jwks": { body: { keys: [] } } });
  const page = await bench.open();
  await page.getByText("Fetch keys from a URL").click();
  await page.frameLocator("iframe").locator("#url").waitFor();
  const frame = page.frames()[1];
  // It has an origin of its own: the page cannot reach into it, and it cannot see the page.
  assert.equal(await page.evaluate(() => document.querySelector("iframe").contentDocument), null);
  assert.equal(
    await frame.evaluate(() => {
      try {
        return parent.document.title;
      } catch (error) {
        return error.name;
      }
    }),
    "SecurityError",
  );
  await page.evaluate((url) => {
    const { contentWindow } = document.querySelector("iframe");
    contentWindow.postMessage({ propose: url }, "*");
    contentWindow.postMessage({ propose: url, submit: true }, "*");
    // A stranger's keys.
    window.postMessage({ keys: "{}", url: "https://example.com" }, "*");
  }, `${server.url}/jwks`);
  await frame.waitForFunction(() => document.getElementById("url").value !== "");
  await frame.evaluate(() => document.getElementById("fetch").dispatchEvent(new Event("submit", { cancelable: true })));
  await page.waitForTimeout(200);
  assert.equal(server.seen.length, 0);
  assert.equal(await page.inputValue("#check-key-text"), "");
  await page.context().close();
  server.stop();
});

test("works offline after the first visit, with everything that is loaded on demand", { skip }, async () => {
  // Below a path, as some hosts serve it.
  const own = await Workbench.start("tools/jwt/");
  const context = await own.browser.newContext({ reducedMotion: "reduce" });
  const page = await own.openTab(context, "/tools/jwt/");
  await page.waitForSelector("body[data-offline]", { state: "attached" });
  assert.equal(await text(page, "#offline"), "It also works offline.");
  await page.close();
  await own.stop();
  const again = await own.openTab(context, "/tools/jwt/");
  await useEverything(again);
  expectSilence(again.sent);
  await settle(again);
  await own.close();
});

test("the first load is small", { skip }, async () => {
  const { firstLoad, total } = bench.written;
  assert.ok(firstLoad <= 300 * 1024, `${firstLoad} bytes`);
  const page = await readFile(new URL("../../docs/workbench.md", import.meta.url), "utf8");
  for (const [pattern, bytes] of [
    [/first load takes (\d+) KB/, firstLoad],
    [/remaining (\d+) KB/, total - firstLoad],
  ]) {
    const documented = Number(page.replace(/\s+/g, " ").match(pattern)[1]) * 1000;
    assert.ok(
      Math.abs(documented - bytes) < 0.03 * bytes,
      `docs/workbench.md: ${pattern} is ${Math.round(bytes / 1000)}`,
    );
  }
  // The list is that of what the browser asks for.
  const before = bench.requests.length;
  const opened = await bench.open();
  await opened.waitForLoadState("networkidle");
  const paths = new Set(bench.requests.slice(before).map(({ path }) => (path === "/" ? "/index.html" : path)));
  let bytes = 0;
  for (const path of paths) bytes += gzipSync(await readFile(bench.folder + path), { level: 9 }).length;
  assert.ok(bytes <= 300 * 1024, `${bytes} bytes: ${[...paths]}`);
  await settle(opened);
});

test("hostile texts are harmless and bounded", { skip }, async () => {
  const page = await bench.open();
  const encoded = (value) =>
    Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
  const html = '<img src=x onerror="window.hit=1"><script>window.hit=1</script>';
  const bidi = "\u202eevil\u2066\u0007";
  const claims = { sub: html, [html]: bidi, name: bidi, exp: 4e9, aud: html, iss: `https://${html}` };
  await giveToken(page, `${encoded({ alg: "ES256", kid: html + bidi })}.${encoded(claims)}.${"A".repeat(86)}`);
  await expectState(page, "unchecked");
  const anatomy = await text(page, "#token-anatomy");
  assert.match(anatomy, /<img src=x onerror/);
  assert.doesNotMatch(await text(page, "#result"), /[\u202e\u2066]/);
  assert.doesNotMatch(anatomy, /[\p{Cc}\p{Cf}]/u);
  assert.match(anatomy, /\\u202eevil\\u2066/);
  assert.equal(await page.locator("main img, main script").count(), 0);

  const deep = `${"[".repeat(50_000)}${"]".repeat(50_000)}`;
  const wide = JSON.stringify(Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`c${index}`, index])));
  const header = encoded({ alg: "HS256" });
  const texts = [
    "A".repeat(200_000),
    `${header}.${encoded(`{"a":${deep}}`)}.AAAA`,
    `${header}.${encoded(wide)}.AAAA`,
    `${header}.${encoded({ long: "x".repeat(9000) })}.${"A".repeat(43)}`,
    ".".repeat(200_000),
    `${header}.`.repeat(4000),
    html,
    bidi,
    "💥".repeat(50_000),
    "x".repeat(2_000_000),
  ];
  for (const given of texts) {
    const start = Date.now();
    await giveToken(page, given);
    await page.waitForTimeout(150);
    await expectState(page, given.length < 20_000 && given.startsWith("eyJ") ? "unchecked" : "invalid");
    assert.ok(Date.now() - start < 8000, `${given.slice(0, 20)} took ${Date.now() - start} ms`);
    const elements = await page.evaluate(() => document.querySelectorAll("*").length);
    assert.ok(elements < 3000, `${given.slice(0, 20)} made ${elements} elements`);
  }
  for (const given of [...texts, JSON.stringify({ keys: Array.from({ length: 500 }, () => key.toJwk()) })]) {
    await giveKey(page, given);
    await page.waitForTimeout(200);
    assert.ok((await page.evaluate(() => document.querySelectorAll("*").length)) < 3000);
  }
  assert.equal(await page.evaluate(() => window.hit), undefined);
  await settle(page);
});

test("everything is done by keyboard", { skip }, async () => {
  const page = await bench.open();
  await page.locator("#tab-check").focus();
  await page.keyboard.press("ArrowRight");
  assert.equal(await page.evaluate(() => document.activeElement.id), "tab-issue");
  assert.equal(await page.isVisible("#panel-issue"), true);
  await page.keyboard.press("End");
  assert.equal(await page.isVisible("#panel-passwords"), true);
  await page.keyboard.press("ArrowRight");
  assert.equal(await page.isVisible("#panel-check"), true);

  // Tab leads from the tab to the token; the button of the next step leads to the key.
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.id), "token-input");
  await page.keyboard.insertText(token);
  await expectState(page, "unchecked");
  for (let press = 0; press < 6; press++) {
    await page.keyboard.press("Tab");
    if ((await page.evaluate(() => document.activeElement.id)) === "token-act") break;
  }
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "check-key-text");
  await page.keyboard.insertText(key.toPem());
  await expectState(page, "partly", /Signature valid/);
  await page.locator("#token-act").focus();
  await page.keyboard.press("Enter");
  await expectState(page, "valid");
  assert.equal(await page.evaluate(() => document.activeElement.id), "result-title");
  await settle(page);
});
