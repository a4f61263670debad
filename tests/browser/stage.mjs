/** The pages in a browser, with the login system behind them. */

import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { System } from "../http/system.mjs";
import { findChromium, launch } from "../runtimes/runners/chromium.mjs";
import { complaintsOf } from "./complaints.mjs";

/** The folder of the photographs. */
export const SCREENSHOTS = fileURLToPath(new URL("screenshots/", import.meta.url));

/** The ways to look at a page that are tried and photographed. */
export const VIEWS = {
  light: { viewport: { width: 1280, height: 900 }, colorScheme: "light" },
  dark: { viewport: { width: 1280, height: 900 }, colorScheme: "dark" },
  phone: { viewport: { width: 375, height: 740 }, colorScheme: "light", deviceScaleFactor: 2, hasTouch: true },
  "phone-dark": { viewport: { width: 320, height: 640 }, colorScheme: "dark", deviceScaleFactor: 2, hasTouch: true },
};

/** Why the tests of a file are skipped, or `false`. */
export const skip = findChromium() === undefined ? "there is no Chrome or Chromium" : false;

/** A browser and a login system. */
export class Stage {
  /** @param {Record<string, string>} [vars] variables of the login system */
  static async start(vars = {}) {
    const stage = new Stage();
    stage.system = await System.start(vars);
    stage.browser = await launch(findChromium());
    await mkdir(SCREENSHOTS, { recursive: true });
    return stage;
  }

  async close() {
    await this.browser?.close();
    await this.system?.close();
  }

  /**
   * Opens a page and waits until its script has run. Its `complaints` are everything it said on the console that it
   * should not have, its uncaught errors, and requests to anybody else.
   */
  async open(path, view = "light", more = {}) {
    const options = { reducedMotion: "reduce", locale: "en-GB", ...VIEWS[view], ...more };
    return this.openTab(await this.browser.newContext(options), path);
  }

  /** Opens a page beside those of a browser context, as another tab. */
  async openTab(context, path) {
    const page = await context.newPage();
    page.complaints = complaintsOf(page, {
      // The browser reports every refused request; that they are refused is what some tests are about.
      isExpected: (text) => /status of (400|401|403|409)/.test(text),
      isOwn: (url) => url.startsWith("blob:") || url.startsWith(this.system.url),
    });
    await page.goto(this.system.url + path, { waitUntil: "load" });
    if (path === "/") await ready(page);
    return page;
  }
}

/** Waits until the page "Log in" knows who is logged in. */
export const ready = (page) => page.waitForSelector("body[data-ready]");

/** Ends a test: the page has not complained. */
export async function settle(page) {
  assert.deepEqual(page.complaints, []);
  await page.context().close();
}

/** A picture of the whole page, for people to look at. */
export async function photograph(page, name) {
  await page.screenshot({ path: `${SCREENSHOTS}${name}.png`, fullPage: true });
}

/** The text of an element, white space folded. */
export async function text(page, selector) {
  // biome-ignore lint/performance/useDomNodeTextContent: what is seen is asked for, with its breaks
  return (await page.locator(selector).innerText()).replace(/\s+/g, " ").trim();
}

/** Waits until an element's text matches. */
export async function says(page, selector, pattern) {
  await page
    .waitForFunction(
      // biome-ignore lint/performance/useDomNodeTextContent: what is seen is asked for, with its breaks
      ([place, source]) => new RegExp(source).test(document.querySelector(place)?.innerText.replace(/\s+/g, " ") ?? ""),
      [selector, pattern.source],
      { timeout: 20_000 },
    )
    .catch(async () => assert.match(await text(page, selector), pattern));
}
