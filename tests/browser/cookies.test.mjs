// cookieSession in a real browser: which cookies it keeps, two tabs, logging out, and pages of other origins.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { cookieSession, onNode } from "countersign/http";
import { Key, Signer, Verifier } from "countersign/jwt";
import { memoryStore, Sessions } from "countersign/session";
import { findChromium, launch } from "../runtimes/runners/chromium.mjs";

const skip = findChromium() === undefined ? "there is no Chrome or Chromium" : false;
const expected = { issuer: "https://app.example", audience: "https://app.example" };
const key = Key.generate("EdDSA");
const PREFIX = "__Host-Http-session";

let browser;
const servers = [];
before(async () => {
  if (!skip) browser = await launch(findChromium());
});
after(async () => {
  await browser?.close();
  for (const server of servers) server.close();
});

const html = (body) => new Response(body, { headers: { "Content-Type": "text/html" } });

async function serve(handler) {
  const server = createServer(onNode(handler));
  servers.push(server);
  await new Promise((resolve) => server.listen(0, resolve));
  return `http://localhost:${server.address().port}`;
}

/** A site with a log-in. Its access tokens end after two seconds. */
async function site({ sameSite } = {}) {
  const signer = new Signer(key, expected);
  const log = [];
  const sessions = new Sessions({
    signer,
    store: memoryStore(),
    secret: crypto.getRandomValues(new Uint8Array(32)),
    accessExpiresIn: 2,
    grace: "1m", // however busy this machine is
    onEvent: ({ type }) => log.push(type),
  });
  const cookies = cookieSession(sessions, {
    verifier: new Verifier(key.publicKey(), expected),
    authenticate: (username, password) => password === "right" && { subject: username },
    onEvent: ({ type }) => log.push(type),
    sameSite,
  });
  const routes = {
    "GET /login": () =>
      html('<form method="post"><input name="username"><input name="password"><button>Log in</button></form>'),
    "POST /login": cookies.login,
    "POST /logout": cookies.logout,
    "POST /logout-everywhere": cookies.logoutEverywhere,
    "GET /": cookies.protect((_, { claims }) =>
      html(`<h1>${claims.sub}</h1><form method="post" action="/logout"><button>Log out</button></form>`),
    ),
    "GET /page": cookies.protect((_, { claims }) => html(`<h1>page of ${claims.sub}</h1>`)),
    "GET /me": cookies.protect((_, { claims }) => Response.json(claims.sub)),
    "POST /me": cookies.protect((_, { claims }) => Response.json(claims.sub)),
  };
  const origin = await serve((request) => {
    const { pathname } = new URL(request.url);
    return routes[`${request.method} ${pathname}`]?.(request) ?? new Response(null, { status: 404 });
  });
  return { log, origin, sessions };
}

async function logIn(page, origin, path = "/login") {
  await page.goto(origin + path);
  await page.fill("[name=username]", "alice");
  await page.fill("[name=password]", "right");
  await page.click("button");
}

const ask = (page, method = "GET", path = "/me") =>
  page.evaluate(async ([url, how]) => (await fetch(url, { method: how })).status, [path, method]);
const heading = (page) => page.locator("h1").textContent();

test("logs in by a form, returns to the page, and shows scripts no cookie", { skip }, async () => {
  const { origin, sessions } = await site();
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${origin}/page?x=1`);
  assert.equal(page.url(), `${origin}/login?next=%2Fpage%3Fx%3D1`);
  await page.fill("[name=username]", "alice");
  await page.fill("[name=password]", "wrong");
  await page.click("button");
  assert.equal(page.url(), `${origin}/login?error=invalid_grant&next=%2Fpage%3Fx%3D1`);
  await logIn(page, origin, "/login?next=%2Fpage%3Fx%3D1");
  assert.equal(page.url(), `${origin}/page?x=1`);
  assert.equal(await heading(page), "page of alice");

  const kept = await context.cookies();
  assert.deepEqual(kept.map(({ name }) => name).sort(), [PREFIX, `${PREFIX}-refresh`]);
  for (const { httpOnly, path, sameSite, secure } of kept) {
    assert.deepEqual(
      { httpOnly, path, sameSite, secure },
      { httpOnly: true, path: "/", sameSite: "Strict", secure: true },
    );
  }
  // No script can read them, and none can put another session into the browser.
  const seen = await page.evaluate((name) => {
    for (const more of ["Path=/; Secure", "Path=/", "Path=/; Secure; HttpOnly"]) {
      // biome-ignore lint/suspicious/noDocumentCookie: what scripts can do is the question
      document.cookie = `${name}=planted; ${more}`;
    }
    return document.cookie;
  }, PREFIX);
  assert.equal(seen, "");
  assert.equal(await ask(page), 200);
  assert.equal((await sessions.list("alice")).length, 1);
});

test("two tabs stay logged in while the access token ends again and again", { skip }, async () => {
  const { log, origin, sessions } = await site();
  const context = await browser.newContext();
  const [one, two] = [await context.newPage(), await context.newPage()];
  await logIn(one, origin);
  await two.goto(`${origin}/page`);
  for (let round = 0; round < 2; round += 1) {
    await setTimeout(2100);
    const statuses = await Promise.all([one, two, one, two, one, two].map((page) => ask(page)));
    assert.deepEqual(statuses, Array(6).fill(200));
  }
  assert.ok(log.includes("refresh") && !log.includes("reuse"), log.join());
  assert.equal((await sessions.list("alice")).length, 1);

  // Logged out in one tab, logged out in the other.
  await one.goto(origin);
  await one.click("button");
  assert.equal(one.url(), `${origin}/login`);
  assert.deepEqual(await context.cookies(), []);
  assert.equal(await ask(two), 401);
  await two.reload();
  assert.equal(two.url(), `${origin}/login?next=%2Fpage`);
});

test("logs out everywhere", { skip }, async () => {
  const { origin } = await site();
  const [one, two] = await Promise.all([browser, browser].map(async (each) => (await each.newContext()).newPage()));
  await logIn(one, origin);
  await logIn(two, origin);
  assert.equal(await ask(one, "POST", "/logout-everywhere"), 204);
  assert.deepEqual([await ask(one), await ask(two)], [401, 401]);
});

test("a page of another origin logs nobody in or out", { skip }, async () => {
  const { log, origin, sessions } = await site();
  // A form that the page sends on its own, in every way that a form can have.
  const attack = (action, type) => `<form method="post" action="${origin}${action}" enctype="${type}">
    <input name="username" value="mallory"><input name="password" value="right"></form><script>document.forms[0].submit()</script>`;
  const other = await serve((request) => {
    const { searchParams } = new URL(request.url);
    return html(attack(searchParams.get("action"), searchParams.get("type")));
  });
  const context = await browser.newContext();
  const page = await context.newPage();
  await logIn(page, origin);
  // Another port is the same site, so the cookies are sent with it. Another host is another site.
  for (const from of [other, other.replace("localhost", "127.0.0.1")]) {
    for (const action of ["/login", "/logout", "/logout-everywhere", "/me"]) {
      for (const type of ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"]) {
        // Without the cookie, a guard has nobody to protect, and sends the visitor to the log-in page.
        const isAlone = action === "/me" && from.includes("127.0.0.1");
        const arrived = page.waitForResponse((response) => response.url() === origin + action);
        await page.goto(`${from}/?action=${encodeURIComponent(action)}&type=${encodeURIComponent(type)}`);
        assert.equal((await arrived).status(), isAlone ? 303 : 403, `${from} ${action} ${type}`);
        await page.waitForURL(isAlone ? `${origin}/login` : origin + action);
      }
    }
  }
  await page.goto(origin);
  assert.equal(await heading(page), "alice");
  assert.equal((await sessions.list("mallory")).length, 0);
  assert.deepEqual(
    log.filter((type) => type === "logout"),
    [],
  );
});

test("a link of another site: the user counts as logged out with Strict, as logged in with Lax", { skip }, async () => {
  for (const [sameSite, path] of [
    ["Strict", "/login?next=%2Fpage"],
    ["Lax", "/page"],
  ]) {
    const { origin } = await site({ sameSite });
    const other = (await serve(() => html(`<a href="${origin}/page">x</a>`))).replace("localhost", "127.0.0.1");
    const page = await (await browser.newContext()).newPage();
    await logIn(page, origin);
    await page.goto(other);
    await page.click("a");
    await page.waitForURL(`${origin}/**`);
    assert.equal(page.url(), origin + path);
    await page.goto(`${origin}/page`);
    assert.equal(await heading(page), "page of alice");
  }
});
