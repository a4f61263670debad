// The page "Log in", clicked through: every button, every outcome.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { PASSWORD } from "../http/system.mjs";
import { photograph, ready, Stage, says, settle, skip, text, VIEWS } from "./stage.mjs";

let stage;
before(async () => {
  if (!skip) stage = await Stage.start();
});
after(() => stage?.close());

async function register(page, username, password = PASSWORD) {
  await page.fill("#register-username", username);
  await page.fill("#register-password", password);
  await page.click("#register [type=submit]");
}

async function logIn(page, username, password = PASSWORD) {
  await page.fill("#login-username", username);
  await page.fill("#login-password", password);
  await page.click("#login [type=submit]");
}

async function call(page, path, token) {
  // The answer before this one is not waited for again.
  await page.evaluate(() => document.querySelector(".exchange")?.classList.add("old"));
  await page.click(`[data-path="${path}"][data-token="${token}"]`);
  await page.waitForSelector(".exchange:not(.old)");
  await says(page, "#exchange-status", new RegExp(path));
}

for (const view of Object.keys(VIEWS)) {
  test(`a person registers, logs in and calls the API (${view})`, { skip }, async () => {
    const page = await stage.open("/", view);
    const name = `alice-${view}`;
    assert.equal(await page.isVisible("#token-empty"), true);
    assert.equal(await page.isVisible("#session"), false);
    assert.equal(await page.isDisabled('[data-path="/users/me"][data-token="as-is"]'), true);
    await photograph(page, `login-1-empty-${view}`);

    await register(page, name);
    await says(page, "#register-outcome", new RegExp(`^Registered as ${name}\\. Now log in\\.$`));
    assert.equal(await page.inputValue("#login-username"), name);
    await page.click("#login [type=submit]");
    await says(page, "#session-title", new RegExp(`Logged in as ${name}$`));
    assert.equal(await page.isVisible("#forms"), false);
    assert.equal(await page.evaluate(() => document.activeElement.id), "session-title");
    await says(page, "#session-list", /^Chrome on Linux this browser logged in \d/);
    await says(
      page,
      "#token-verdict",
      new RegExp(`^Checked in this browser: it is ${name}’s\\. EdDSA, key .{8}… from /\\.well-known/jwks\\.json`),
    );

    const token = await text(page, "#token-text");
    assert.match(token, /^[\w-]+\.[\w-]+\.[\w-]+$/);
    assert.deepEqual(
      await page.locator("#token-text > span").evaluateAll((spans) => spans.map(({ className }) => className)),
      ["header", "dot", "payload", "dot", "signature"],
    );
    assert.match(
      await text(page, "#token-anatomy"),
      new RegExp(`sub "${name}".*scope "profile".*exp \\d+ expires (\\S+ )?\\d\\d:\\d\\d:\\d\\d `),
    );
    assert.equal(await page.locator("#token-checks .passed").count(), 5);
    assert.equal(await page.locator("#token-lifetime .lifetime").getAttribute("data-state"), "valid");

    await call(page, "/users/me", "as-is");
    assert.equal(await text(page, ".status"), "200 OK");
    assert.match(
      await text(page, ".answer .body"),
      new RegExp(`"username": "${name}", "scopes": \\[ "profile" \\], "registered"`),
    );
    await photograph(page, `login-2-good-${view}`);

    await call(page, "/users/me", "altered");
    assert.equal(await text(page, ".status"), "401 Unauthorized");
    assert.match(
      await text(page, ".answer .lines"),
      /WWW-Authenticate: Bearer realm="countersign", error="invalid_token", error_description="signature does not match"/,
    );
    assert.equal(await page.locator(".request mark").count(), 1);
    await photograph(page, `login-3-altered-${view}`);

    await call(page, "/users/me", "none");
    assert.equal(await text(page, ".status"), "401 Unauthorized");
    assert.match(await text(page, ".answer .lines"), /WWW-Authenticate: Bearer realm="countersign"$/);
    assert.match(await text(page, ".request"), /\(no Authorization header\)/);

    await call(page, "/admin", "as-is");
    assert.equal(await text(page, ".status"), "403 Forbidden");
    assert.match(
      await text(page, ".answer .lines"),
      /error="insufficient_scope", error_description="the token does not have the required scope", scope="admin"/,
    );
    await photograph(page, `login-4-forbidden-${view}`);
    await settle(page);
  });
}

test("an administrator may use what others may not", { skip }, async () => {
  const page = await stage.open("/");
  await register(page, "admin");
  await says(page, "#register-outcome", /^Registered/);
  await logIn(page, "admin");
  await says(page, "#token-anatomy", /scope "profile admin"/);
  await call(page, "/admin", "as-is");
  assert.equal(await text(page, ".status"), "200 OK");
  assert.match(await text(page, ".answer .body"), /"username": "admin", "keys": \[ \{ "kid": "[\w-]{43}"/);
  await settle(page);
});

test("every refusal is said in words, at the field it is about", { skip }, async () => {
  const page = await stage.open("/");
  const invalid = () => page.locator("[aria-invalid=true]").evaluateAll((fields) => fields.map(({ id }) => id));

  await page.click("#register [type=submit]");
  await says(page, "#register-outcome", /^The user name is missing\.$/);
  assert.deepEqual(await invalid(), ["register-username"]);
  await register(page, "a b");
  await says(page, "#register-outcome", /^A user name is 3 to 32 letters/);
  await register(page, "bob", "too short");
  await says(page, "#register-outcome", /^The password is shorter than 15 characters\.$/);
  assert.deepEqual(await invalid(), ["register-password"]);
  assert.equal(await page.evaluate(() => document.activeElement.id), "register-password");
  await photograph(page, "login-5-refused-light");
  await register(page, "bob");
  await says(page, "#register-outcome", /^Registered/);
  await register(page, "bob");
  await says(page, "#register-outcome", /^This user name is taken\.$/);

  await logIn(page, "bob", "wrong horse battery staple");
  await says(page, "#login-outcome", /^The user name or the password is wrong\.$/);
  assert.deepEqual(await invalid(), ["register-username", "login-username", "login-password"]);
  await logIn(page, "nobody");
  await says(page, "#login-outcome", /^The user name or the password is wrong\.$/);
  assert.equal(await page.isVisible("#token-empty"), true);
  await settle(page);
});

test("what the server says about a log-in is only ever text", { skip }, async () => {
  const page = await stage.open("/");
  const description = "the user name <img src=x onerror=alert(1)> is wrong";
  await page.route("**/session/login", (route) =>
    route.fulfill({ status: 400, json: { error: "invalid_grant", error_description: description } }),
  );
  await logIn(page, "alice");
  await says(page, "#login-outcome", /^The user name <img src=x onerror=alert\(1\)> is wrong\.$/);
  assert.equal(await page.locator("main img").count(), 0);
  await settle(page);
});

test("a password can be shown and hidden, and its length is measured", { skip }, async () => {
  const page = await stage.open("/");
  await page.fill("#register-password", "eight ch");
  assert.equal(await text(page, "#register-password-hint"), "8 of at least 15 characters.");
  await page.click("[data-reveals=register-password]");
  assert.equal(await page.getAttribute("#register-password", "type"), "text");
  assert.equal(await page.getAttribute("[data-reveals=register-password]", "aria-label"), "Hide the password");
  await page.click("[data-reveals=register-password]");
  assert.equal(await page.getAttribute("#register-password", "type"), "password");
  await page.fill("#register-password", PASSWORD);
  assert.match(await text(page, "#register-password-hint"), /^At least 15 characters/);
  await settle(page);
});

test("a token that expires while the page shows it turns red, and can be refreshed", { skip }, async () => {
  await stage.system.register("carol");
  const page = await stage.open("/");
  await page.clock.install();
  await page.reload();
  await ready(page);
  await logIn(page, "carol");
  await says(page, "#token-verdict", /^Checked in this browser/);
  await page.uncheck("#token-refreshes");
  await page.clock.fastForward("15:01");
  await page.clock.runFor(2000);
  await says(page, "#token-verdict", /^TOKEN_EXPIRED: token has expired It is authentic, but it has expired\.$/);
  assert.equal(await page.locator("#token-lifetime .lifetime").getAttribute("data-state"), "over");
  assert.equal(await page.locator("#token-checks .refused").getAttribute("data-step"), "claims");
  await photograph(page, "login-6-expired-light");
  await settle(page);
});

test("a token can be copied, and scripts find none in the browser", { skip }, async () => {
  await stage.system.register("dave");
  const page = await stage.open("/", "light", { permissions: ["clipboard-read", "clipboard-write"] });
  await logIn(page, "dave");
  await says(page, "#token-verdict", /^Checked/);
  await page.click("#token-copy");
  await says(page, "#token-copied", /^Copied\.$/);
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), await text(page, "#token-text"));
  assert.deepEqual(await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie]), [
    0,
    0,
    "",
  ]);
  const cookies = await page.context().cookies();
  assert.deepEqual(
    cookies.map(({ httpOnly, name, path, sameSite, secure }) => ({ httpOnly, name, path, sameSite, secure })),
    ["__Host-Http-session", "__Host-Http-session-refresh"].map((name) => {
      return { httpOnly: true, name, path: "/", sameSite: "Strict", secure: true };
    }),
  );
  await settle(page);
});

test("a person logs out, and the API refuses the token from then on", { skip }, async () => {
  await stage.system.register("erin");
  const page = await stage.open("/");
  await logIn(page, "erin");
  await says(page, "#token-verdict", /^Checked/);
  const token = await text(page, "#token-text");
  await page.click("#logout");
  await says(page, "#session-news", /^You are logged out\.$/);
  assert.equal(await page.isVisible("#token-empty"), true);
  assert.equal(await page.isDisabled('[data-path="/admin"]'), true);
  assert.equal(await page.evaluate(() => document.activeElement.id), "login-username");
  assert.deepEqual(await page.context().cookies(), []);
  assert.equal((await stage.system.get("/users/me", { Authorization: `Bearer ${token}` })).status, 401);
  await settle(page);
});

test("a server that is away is said to be", { skip }, async () => {
  await stage.system.register("frank");
  const page = await stage.open("/");
  const away = "**/{users/me,session/*}";
  await page.route(away, (route) => route.abort());
  await logIn(page, "frank");
  await says(page, "#login-outcome", /^The server does not answer\. Is it still running\?$/);
  await page.click('[data-path="/users/me"][data-token="none"]');
  await says(page, "#exchange", /^The server does not answer\. Is it still running\?$/);
  await page.unroute(away);
  await page.click("#login [type=submit]");
  await says(page, "#token-verdict", /^Checked/);
  page.complaints = page.complaints.filter((complaint) => !complaint.includes("net::ERR_FAILED"));
  await settle(page);
});
