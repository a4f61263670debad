// Both pages for everyone: by keyboard, by screen reader, in poor light, on a small screen.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import axe from "axe-core";
import { EncryptionKey, encrypt } from "countersign/jwe";
import { Key } from "countersign/jwt";
import { PASSWORD } from "../http/system.mjs";
import { makeKeyPair } from "../interop/key-pair.mjs";
import { measureContrast, nestedHeadings } from "./measure.mjs";
import { Stage, says, settle, skip, text, VIEWS } from "./stage.mjs";

let stage;
before(async () => {
  if (skip) return;
  stage = await Stage.start();
  await stage.system.register("alice");
});
after(() => stage?.close());

/** What is done on each page, until as much as possible is on it. */
const PAGES = {
  "/": [
    async (page) => {
      await page.fill("#register-username", "a b");
      await page.fill("#register-password", "x");
      await page.click("#register [type=submit]");
      // Not the "One moment…" before it: the server's answer moves the focus.
      await says(page, "#register-outcome", /^A user name is 3 to 32 letters/);
    },
    async (page) => {
      await page.fill("#login-username", "alice");
      await page.fill("#login-password", PASSWORD);
      await page.click("#login [type=submit]");
      await says(page, "#token-verdict", /^Checked/);
      await page.getByText("Change the password", { exact: true }).first().click();
      await page.click("#password [type=submit]");
      await says(page, "#password-outcome", /^The current password is missing/);
      await page.click("#token-refresh");
      await says(page, "#token-refreshed", /^Refreshed/);
      await page.click('[data-path="/users/me"][data-token="altered"]');
      await says(page, ".status", /^401/);
    },
  ],
  "/bench.html": [
    async (page) => {
      await page.click("#token-example");
      await says(page, "#token-verdict", /Valid/);
    },
    async (page) => {
      await page.click("[data-alter=payload]");
      await says(page, "#token-verdict", /TOKEN_SIGNATURE_INVALID/);
      await page.fill("#demands-issuer", "");
      await page.click("[data-alter=restore]");
      await says(page, "#token-verdict", /Signature valid/);
      await page.waitForSelector("[data-step=claims].partly");
    },
    async (page) => {
      // Another key without a name: whether it is the right one, only the signature tells.
      await page.fill("#check-key-text", Key.generate("EdDSA").toPem());
      await page.waitForSelector("[data-step=key].partly");
    },
    async (page) => {
      await page.fill("#check-key-text", await page.inputValue("#token-input"));
      await says(page, "#check-key-what", /^This is a token, not a key\.$/);
    },
    async (page) => {
      const token = await page.inputValue("#token-input");
      await page.fill("#token-input", `Cookie: a=${token}; b=${token.slice(0, -4)}_-_-`);
      await says(page, "#token-next", /a cookie with 2 tokens in it/);
    },
    async (page) => {
      const key = EncryptionKey.generate("ECDH-ES");
      await page.fill("#token-input", encrypt(new TextEncoder().encode("attack at dawn"), key));
      await page.fill("#check-key-text", JSON.stringify(key.toJwk({ private: true })));
      await says(page, "#token-verdict", /Decrypted/);
    },
  ],
  "/bench.html#issue": [
    async (page) => {
      await page.click("#claims [type=submit]");
      await says(page, "#claims-outcome", /^Signed/);
      await page.getByText("The key as a JWK").click();
      await page.getByText("Use my own key").click();
    },
  ],
  "/bench.html#keys": [
    async (page) => {
      const { publicKey } = makeKeyPair("rsa", { modulusLength: 2048 });
      await page.fill("#keys-key-text", publicKey.export({ type: "spki", format: "pem" }));
      await says(page, "#keys-verdict", /^A key as PEM/);
      await page.fill("#keys-key-text", "too short a secret");
      await says(page, "#keys-key-what", /KEY_TOO_WEAK/);
      await page.check("#keys-key-short");
      await says(page, "#keys-verdict", /^A secret/);
    },
  ],
  "/bench.html#passwords": [
    async (page) => {
      await page.click("#hash-start");
      await says(page, "#hash-outcome", /^Hashed/);
      await page.fill("#check-password", PASSWORD);
      await page.click("#check-start");
      await says(page, "#check-verdict", /right/);
      await page.fill("#check-stored", "$2b$08$abcdefghijklmnopqrstuuXgtK2Yk2qDAzVqk1v0b1rCkJmY7u7G2");
      await says(page, "#check-report", /OWASP recommends/);
    },
  ],
};

/** What axe finds wrong: the rules, each with the elements that break it. */
async function faults(page) {
  await page.evaluate(axe.source);
  const { passes, violations } = await page.evaluate(() => window.axe.run(document, { iframes: false }));
  assert.ok(passes.length > 10, `${passes.length} rules had something to check`);
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`);
}

test("the frame that fetches keys satisfies axe", { skip }, async () => {
  for (const view of ["light", "phone-dark"]) {
    const page = await stage.open("/bench/fetch-keys.html", view);
    await page.fill("#url", "ftp://example.com");
    await page.keyboard.press("Enter");
    await says(page, "#told", /no https: URL/);
    // It is no page of its own, and needs no landmarks and no heading.
    const own = (await faults(page)).filter(
      (fault) => !/^(landmark-one-main|page-has-heading-one|region): /.test(fault),
    );
    assert.deepEqual(own, []);
    await settle(page);
  }
});

for (const [path, steps] of Object.entries(PAGES)) {
  const fill = async (page) => {
    for (const step of steps) await step(page);
  };

  for (const view of Object.keys(VIEWS)) {
    test(`${path} has enough contrast and no sideways scrolling (${view})`, { skip }, async () => {
      const page = await stage.open(path, view);
      for (const step of [async () => {}, ...steps]) {
        await step(page);
        const { width } = page.viewportSize();
        assert.equal(
          await page.evaluate(() => document.documentElement.scrollWidth),
          width,
          "no wider than the window",
        );
        const { checked, poor } = await page.evaluate(measureContrast);
        assert.deepEqual(poor, []);
        assert.ok(checked > 15, `${checked} texts were measured`);
      }
      await settle(page);
    });
  }

  for (const view of ["light", "phone-dark"]) {
    test(`${path} satisfies axe (${view})`, { skip }, async () => {
      const page = await stage.open(path, view);
      // In the dark only the colors differ.
      if (view === "light") assert.deepEqual(await faults(page), []);
      for (const step of steps) {
        await step(page);
        assert.deepEqual(await faults(page), []);
      }
      await settle(page);
    });
  }

  test(`${path} has a name for everything that can be used`, { skip }, async () => {
    const page = await stage.open(path);
    await fill(page);
    const session = await page.context().newCDPSession(page);
    const { nodes } = await session.send("Accessibility.getFullAXTree");
    const roles = [
      "button",
      "checkbox",
      "img",
      "image",
      "link",
      "list",
      "navigation",
      "progressbar",
      "radio",
      "region",
      "slider",
      "textbox",
    ];
    const used = nodes.filter(({ ignored, role }) => !ignored && roles.includes(role?.value) && role.value !== "list");
    assert.ok(used.length > 12, `${used.length} were found`);
    const nameless = used
      .filter(({ name }) => !name?.value)
      .map(({ role, backendDOMNodeId }) => `${role.value} ${backendDOMNodeId}`);
    assert.deepEqual(nameless, []);
    const names = used.filter(({ role }) => role.value === "button").map(({ name }) => name.value);
    assert.equal(names.includes("Show"), false, "a button says what it shows");
    await settle(page);
  });

  test(`${path} has landmarks, nested headings and live regions`, { skip }, async () => {
    const page = await stage.open(path);
    await fill(page);
    for (const landmark of ["banner", "navigation", "main", "contentinfo"]) {
      assert.equal(await page.getByRole(landmark).count(), 1, landmark);
    }
    assert.deepEqual(await page.evaluate(nestedHeadings), { first: 1, skipped: [] });
    assert.equal(await page.locator("html").getAttribute("lang"), "en");
    assert.ok((await page.title()).length > 5);
    assert.equal(await page.getByRole("navigation").locator("[aria-current=page]").count(), 1);
    assert.ok((await page.getByRole("status").count()) >= 1);
    await settle(page);
  });

  test(`${path} is gone through by keyboard, in order, and shows where one is`, { skip }, async () => {
    const page = await stage.open(path);
    await fill(page);
    await page.evaluate(() => {
      window.scrollTo(0, 0);
      getSelection().removeAllRanges();
      // Where the focus was is where Tab goes on from, even after `blur()`: it has to have been at the start.
      document.body.tabIndex = -1;
      document.body.focus();
      document.body.removeAttribute("tabindex");
    });
    const visited = [];
    for (let press = 0; press < 80; press++) {
      await page.keyboard.press("Tab");
      const stop = await page.evaluate(() => {
        const element = document.activeElement;
        if (element === document.body) return null;
        const all = [...document.querySelectorAll("*")];
        // A radio button's ring is drawn around its label.
        const ringed = element.type === "radio" ? element.nextElementSibling : element;
        const { outlineStyle, outlineWidth } = getComputedStyle(ringed);
        const { width, height, bottom } = element.getBoundingClientRect();
        return {
          order: all.indexOf(element),
          what: element.id || element.textContent.trim() || element.value,
          ring: outlineStyle === "solid" && Number.parseFloat(outlineWidth) >= 2,
          seen: width >= 16 && height >= 16 && bottom > 0,
        };
      });
      if (stop === null || stop.order === visited[0]?.order) break;
      visited.push(stop);
    }
    assert.ok(visited.length > 8, `${visited.length} stops`);
    assert.deepEqual(
      visited.filter(({ ring }) => !ring).map(({ what }) => what),
      [],
      "focus is drawn",
    );
    assert.deepEqual(
      visited.filter(({ seen }) => !seen).map(({ what }) => what),
      [],
      "focus is in sight",
    );
    assert.deepEqual(
      visited.map(({ order }) => order),
      visited.map(({ order }) => order).sort((left, right) => left - right),
    );
    await settle(page);
  });

  test(`${path} has targets that a finger hits`, { skip }, async () => {
    const page = await stage.open(path, "phone");
    await fill(page);
    const small = await page
      .locator("button:visible, input:visible, textarea:visible, nav a:visible")
      .evaluateAll((controls) =>
        controls
          // A checkbox is hit by its label.
          .map((control) => (control.type === "checkbox" ? control.closest("label") : control))
          .map((control) => ({ what: control.id || control.textContent.trim(), box: control.getBoundingClientRect() }))
          .filter(({ box }) => box.height < 30 || box.width < 30)
          .map(({ what }) => what),
      );
    assert.deepEqual(small, []);
    await settle(page);
  });
}

test("a person registers and logs in without a mouse", { skip }, async () => {
  const page = await stage.open("/");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
  await page.locator("#register-username").focus();
  await page.keyboard.type("keyboarder");
  await page.keyboard.press("Tab");
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press("Enter");
  await says(page, "#register-outcome", /^Registered/);
  // Focus has gone to the button that comes next.
  await page.keyboard.press("Enter");
  await says(page, "#token-verdict", /^Checked/);
  await page.locator('[data-path="/users/me"][data-token="as-is"]').focus();
  await page.keyboard.press("Space");
  await says(page, "#exchange-status", /^\/users\/me: 200 OK$/);
  await settle(page);
});

test("an empty form tells a screen reader what is missing", { skip }, async () => {
  const page = await stage.open("/");
  await page.locator("#login-username").focus();
  await page.keyboard.press("Enter");
  assert.equal(await page.locator("#login-username").getAttribute("aria-invalid"), "true");
  assert.equal(await text(page, "#login-outcome"), "The user name is missing.");
  await settle(page);
});

test("forced colors leave everything readable", { skip }, async () => {
  const page = await stage.open("/bench.html", "light", { forcedColors: "active" });
  const colors = await page.locator("#token-input").evaluate((field) => {
    const { color, backgroundColor } = getComputedStyle(field);
    return [color, backgroundColor];
  });
  assert.notEqual(colors[0], "rgba(0, 0, 0, 0)", "the token's own text is shown");
  await settle(page);
});
