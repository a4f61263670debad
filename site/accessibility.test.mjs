// The built site for everyone, by axe: contrast, names, landmarks, headings. And by keyboard: the order of the focus, the tabs of the
// code, the search. Run `npm run docs -- --build` first.

import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { findChromium, launch } from "../tests/runtimes/runners/chromium.mjs";

const DIST = fileURLToPath(new URL("../.cache/site/dist/", import.meta.url));
const AXE = readFileSync(new URL("node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
const TYPES = {
  ".css": "text/css",
  ".html": "text/html",
  ".js": "text/javascript",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};

/** WCAG 2.2 to level AA, and what axe's authors advise beyond it. */
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

const VIEWS = {
  light: { viewport: { width: 1280, height: 900 }, colorScheme: "light" },
  dark: { viewport: { width: 1280, height: 900 }, colorScheme: "dark" },
  "phone, dark": { viewport: { width: 375, height: 740 }, colorScheme: "dark", hasTouch: true },
};

/** Pages of each kind: the front page with tabs of code, a page of text, one of tables and figures, the reference. */
const PAGES = ["/", "/docs/", "/docs/tokens", "/docs/benchmarks", "/docs/browsers", "/reference/", "/reference/jwt"];

let browser;
let server;
let origin;
before(async () => {
  assert.ok(existsSync(join(DIST, "index.html")), "run npm run docs -- --build first");
  server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url, "http://localhost").pathname));
    const file = [path, `${path}.html`, join(path, "index.html")]
      .map((each) => join(DIST, each))
      .find((each) => statSync(each, { throwIfNoEntry: false })?.isFile());
    if (file === undefined) return response.writeHead(404).end();
    response.setHeader("content-type", TYPES[extname(file)] ?? "application/octet-stream");
    response.end(readFileSync(file));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${server.address().port}`;
  browser = await launch(findChromium());
});
after(async () => {
  await browser?.close();
  server?.close();
});

async function open(path, view) {
  const page = await browser.newPage({ reducedMotion: "reduce", ...VIEWS[view] });
  await page.goto(origin + path, { waitUntil: "networkidle" });
  return page;
}

/** What axe finds: the rule, how bad it is, and where. */
async function findings(page, where) {
  await page.evaluate(AXE);
  const violations = await page.evaluate(
    async ([rules]) => (await globalThis.axe.run(document, { runOnly: rules, resultTypes: ["violations"] })).violations,
    [RULES],
  );
  return violations.map(({ id, impact, nodes }) => {
    const [{ target, failureSummary }] = nodes;
    return `${where}: ${id} (${impact}), ${nodes.length} times, first at ${target.join(" ")}: ${failureSummary.replaceAll(/\s+/g, " ")}`;
  });
}

for (const view of Object.keys(VIEWS)) {
  test(`has_no_findings_of_axe_on_pages (${view})`, async () => {
    const all = [];
    for (const path of PAGES) {
      const page = await open(path, view);
      all.push(...(await findings(page, path)));
      await page.close();
    }
    assert.deepEqual(all, []);
  });

  test(`has_no_findings_of_axe_while_one_searches (${view})`, async () => {
    const page = await open("/docs/tokens", view);
    await page.keyboard.press("Control+k");
    await page.fill("#localsearch-input", "expired");
    await page.waitForSelector("#localsearch-list .result");
    assert.deepEqual(await findings(page, "search"), []);
    await page.keyboard.press("Escape");
    await page.waitForSelector("#localsearch-input", { state: "detached" });
    await page.close();
  });
}

test("skips_to_the_content_with_the_first_key", async () => {
  const page = await open("/docs/tokens", "light");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.textContent.trim()), "Skip to content");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  assert.ok(await page.evaluate(() => document.activeElement.closest("main, .VPContent") !== null));
  await page.close();
});

test("reaches_everything_in_order_by_keyboard_and_shows_where_one_is", async () => {
  const page = await open("/docs/browsers", "light");
  const stops = [];
  for (let press = 0; press < 60; press += 1) {
    await page.keyboard.press("Tab");
    const stop = await page.evaluate(() => {
      const { activeElement: element } = document;
      if (element === document.body) return null;
      const { outlineStyle, boxShadow } = getComputedStyle(element);
      const { width, height } = element.getBoundingClientRect();
      const order = [...document.querySelectorAll("*")].indexOf(element);
      return {
        order,
        what: element.textContent.trim() || element.ariaLabel,
        ring: outlineStyle !== "none" || boxShadow !== "none",
        seen: 0 < width && 0 < height,
      };
    });
    if (stop === null) break;
    stops.push(stop);
  }
  assert.ok(30 < stops.length, `${stops.length} stops`);
  assert.deepEqual(
    stops.filter(({ ring, seen }) => !ring || !seen),
    [],
  );
  assert.deepEqual(
    stops.map(({ order }) => order),
    stops.map(({ order }) => order).sort((one, other) => one - other),
  );
  await page.close();
});

test("changes_the_tab_of_code_by_keyboard", async () => {
  const page = await open("/", "light");
  const tabs = page.locator(".vp-code-group").first();
  const shown = () => tabs.locator(".blocks > .active").textContent();
  const first = await shown();
  await tabs.locator("input").first().focus();
  await page.keyboard.press("ArrowRight");
  assert.notEqual(await shown(), first);
  const label = await tabs.locator("input:checked + label").textContent();
  assert.equal(label, "Node");
  await page.close();
});

test("finds_a_page_by_keyboard_alone", async () => {
  const page = await open("/", "light");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("threat model");
  await page.waitForSelector("#localsearch-list .result");
  await page.keyboard.press("Enter");
  await page.waitForURL(/threat-model/);
  await page.close();
});
