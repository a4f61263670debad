// The page "Log in", as people stay logged in: on several tabs and browsers, over restarts, until they log out.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { PASSWORD } from "../http/system.mjs";
import { photograph, ready, Stage, says, settle, skip, text } from "./stage.mjs";

const OTHER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:150.0) Gecko/20100101 Firefox/150.0";

let stage;
before(async () => {
  // Short enough to see a token being replaced, and long enough for a busy machine to use it.
  if (!skip) stage = await Stage.start({ ACCESS_TOKEN_SECONDS: "6" });
});
after(() => stage?.close());

/** A page that is logged in. */
async function loggedIn(username, options = {}) {
  await stage.system.register(username);
  const page = await stage.open("/", "light", options);
  await page.fill("#login-username", username);
  await page.fill("#login-password", PASSWORD);
  await page.press("#login-password", "Enter");
  await says(page, "#session-title", new RegExp(`Logged in as ${username}$`));
  await says(page, "#token-verdict", /^Checked/);
  return page;
}

test("the page refreshes the token, again and again", { skip }, async () => {
  const page = await loggedIn("alice");
  const seen = new Set([await text(page, "#token-text")]);
  while (seen.size < 3) {
    const known = [...seen];
    await page.waitForFunction((list) => !list.includes(document.querySelector("#token-text").textContent), known);
    seen.add(await text(page, "#token-text"));
  }
  await says(page, "#token-refreshed", /^Refreshed at \d\d:\d\d:\d\d\.$/);
  await says(page, "#token-verdict", /^Checked/);
  assert.equal((await page.context().cookies()).length, 2);
  await settle(page);
});

test("a reload, a second tab and a restart of the server find the person logged in", { skip }, async () => {
  const page = await loggedIn("bob");
  await page.reload();
  await ready(page);
  await says(page, "#session-title", /Logged in as bob$/);
  const tab = await stage.openTab(page.context(), "/");
  await says(tab, "#session-title", /Logged in as bob$/);
  // Both tabs are the same session.
  assert.equal(await tab.locator("#session-list li").count(), 1);
  assert.deepEqual(tab.complaints, []);
  await tab.close();

  const before = stage.system.url;
  await stage.system.restart();
  assert.notEqual(stage.system.url, before, "on another port, but cookies know no ports");
  await page.goto(`${stage.system.url}/`);
  await ready(page);
  await says(page, "#session-title", /Logged in as bob$/);
  await says(page, "#token-verdict", /^Checked/);
  await page.context().close();
});

test("a log-out and a log-in in one tab reach the other tab", { skip }, async () => {
  const page = await loggedIn("carol");
  const tab = await stage.openTab(page.context(), "/");
  await says(tab, "#session-title", /Logged in as carol$/);
  await tab.click("#logout");
  await says(tab, "#session-news", /^You are logged out\.$/);
  await says(page, "#session-news", /^You were logged out in another tab or elsewhere\.$/);
  assert.equal(await page.isVisible("#login"), true);
  await photograph(page, "sessions-1-logged-out-light");

  await tab.fill("#login-username", "carol");
  await tab.fill("#login-password", PASSWORD);
  await tab.press("#login-password", "Enter");
  await says(page, "#session-title", /Logged in as carol$/);
  assert.equal(await page.isVisible("#login"), false);
  assert.deepEqual(tab.complaints, []);
  await settle(page);
});

test("a person sees another browser, and logs it out", { skip }, async () => {
  const page = await loggedIn("dave");
  const other = await loggedIn("dave", { userAgent: OTHER });
  await says(
    other,
    "#session-list",
    /Firefox on Windows this browser.*Chrome on Linux|Chrome on Linux.*Firefox on Windows this/,
  );
  await photograph(other, "sessions-2-list-light");
  const button = other.getByRole("button", { name: "Log out Chrome on Linux" });
  await button.focus();
  await other.keyboard.press("Enter");
  await says(other, "#session-told", /^Chrome on Linux is logged out\.$/);
  assert.equal(await other.locator("#session-list li").count(), 1);
  assert.equal(await other.evaluate(() => document.activeElement.id), "session-title");
  // The other browser notices when it refreshes the token.
  await says(
    page,
    "#session-news",
    /^You are logged out: the session was ended elsewhere, or was not used for too long\.$/,
  );
  await settle(page);
  await settle(other);
});

test("a person logs out everywhere", { skip }, async () => {
  const page = await loggedIn("erin");
  const tab = await stage.openTab(page.context(), "/");
  const other = await loggedIn("erin", { userAgent: OTHER });
  await tab.click("#logout-everywhere");
  await says(tab, "#session-news", /^You are logged out everywhere\.$/);
  await says(page, "#session-news", /^You were logged out in another tab or elsewhere\.$/);
  await says(other, "#session-news", /^You are logged out: the session was ended elsewhere/);
  assert.deepEqual(tab.complaints, []);
  await settle(page);
  await settle(other);
});

test("a new password logs out the other browsers", { skip }, async () => {
  const NEW = "a completely different password";
  const page = await loggedIn("frank");
  const other = await loggedIn("frank", { userAgent: OTHER });
  await page.getByText("Change the password", { exact: true }).first().click();
  await page.click("#password [type=submit]");
  await says(page, "#password-outcome", /^The current password is missing\.$/);
  await page.fill("#password-current", "wrong horse battery staple");
  await page.fill("#password-next", NEW);
  await page.press("#password-next", "Enter");
  await says(page, "#password-outcome", /^The current password is wrong\.$/);
  assert.equal(await page.evaluate(() => document.activeElement.id), "password-current");
  await page.fill("#password-current", PASSWORD);
  await page.press("#password-current", "Enter");
  await says(page, "#password-outcome", /^The password is changed\. One other session was ended\.$/);
  await says(other, "#session-news", /^You are logged out: the session was ended elsewhere/);
  await says(page, "#session-title", /Logged in as frank$/);
  assert.equal((await stage.system.token("frank", NEW)).status, 200);
  await settle(page);
  await settle(other);
});
