/** The workbench as a folder of static files, on a server that knows nothing about it, in a browser. */

import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serveFolder } from "../../tools/workbench/serve.mjs";
import { writeWorkbench } from "../../tools/workbench/write.mjs";
import { findChromium, launch } from "../runtimes/runners/chromium.mjs";
import { complaintsOf } from "./complaints.mjs";
import { SCREENSHOTS, says, text, VIEWS } from "./stage.mjs";

/** The folder, its server and a browser. */
export class Workbench {
  /** Every request that reached the server: method, URL, headers. */
  requests = [];

  /** @param {string} [below] the folder that it is in, on the server, with a slash at its end */
  static async start(below = "") {
    const bench = new Workbench();
    bench.folder = await mkdtemp(join(tmpdir(), "countersign-workbench-"));
    bench.written = await writeWorkbench({ out: join(bench.folder, below) });
    await bench.serve();
    bench.browser = await launch(findChromium());
    await mkdir(SCREENSHOTS, { recursive: true });
    return bench;
  }

  async serve(port = 0) {
    const { stop, url } = await serveFolder(this.folder, port, ({ headers, method, url: path }) =>
      this.requests.push({ headers, method, path }),
    );
    Object.assign(this, { stop, url });
  }

  async close() {
    await this.browser?.close();
    await this.stop?.();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Opens the page. Its `complaints` are what it should not have said, and requests to anybody else. */
  async open(path = "/", view = "light", more = {}) {
    // A service worker would answer for the server, whose requests some tests look at.
    const options = { reducedMotion: "reduce", locale: "en-GB", serviceWorkers: "block", ...VIEWS[view], ...more };
    const context = await this.browser.newContext(options);
    return this.openTab(context, path);
  }

  async openTab(context, path = "/") {
    const page = await context.newPage();
    page.complaints = complaintsOf(page, {
      isExpected: (text) => text === "Service Worker registration blocked by Playwright",
      isOwn: (url) => /^(blob:|data:)/.test(url) || url.startsWith(`${this.url}/`),
    });
    page.sent = [];
    page.on("request", (request) => {
      page.sent.push({ method: request.method(), url: request.url(), body: request.postData() });
    });
    await page.goto(this.url + path, { waitUntil: "load" });
    await page.waitForSelector("body[data-ready]");
    return page;
  }
}

/** Opens a tab of the page. */
export const openTool = (page, name) => page.getByRole("tab", { name }).click();

/** Gives a token, and waits until it is judged. */
export async function giveToken(page, token) {
  await page.fill("#token-input", token);
}

/** Gives a key, and waits until it is read. */
export async function giveKey(page, key, id = "check-key") {
  await page.fill(`#${id}-text`, key);
}

/** The verdict: the state, waiting until it is that one. */
export async function expectState(page, state, pattern = /./) {
  await page.waitForSelector(`#token-verdict[data-state=${state}]`, { timeout: 15_000 }).catch(async (error) => {
    throw new Error(`not ${state}: ${await text(page, "#result")}`, { cause: error });
  });
  await says(page, "#token-verdict", pattern);
}

/** The step that refused, or `null`. */
export async function refusing(page) {
  const refused = page.locator("#token-checks .refused");
  return (await refused.count()) === 0 ? null : refused.getAttribute("data-step");
}

/** The states of the steps, by name. */
export async function stepStates(page) {
  return page
    .locator("#token-checks li")
    .evaluateAll((items) => Object.fromEntries(items.map((item) => [item.dataset.step, item.className])));
}

/** Presses the button of the next step. */
export const act = (page) => page.click("#token-act");
