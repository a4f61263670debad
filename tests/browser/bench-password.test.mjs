// The page "Bench", second half: hashing off the page's thread, and checking.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { PasswordHasher } from "countersign/password";
import { PASSWORD } from "../http/system.mjs";
import { photograph, Stage, says, settle, skip, text, VIEWS } from "./stage.mjs";

let stage;
before(async () => {
  if (!skip) stage = await Stage.start();
});
after(() => stage?.close());

async function slide(page, name, value) {
  await page.locator(`#hash-${name}`).evaluate((slider, to) => {
    slider.value = String(to);
    slider.dispatchEvent(new Event("input", { bubbles: true }));
  }, value);
}

async function check(page, password, stored) {
  if (stored !== undefined) await page.fill("#check-stored", stored);
  await page.fill("#check-password", password);
  await page.click("#check-start");
}

for (const view of Object.keys(VIEWS)) {
  test(`a password is hashed and checked (${view})`, { skip }, async () => {
    const page = await stage.open("/bench.html", view);
    assert.equal(await text(page, "#hash-memory-text"), "19 MiB");
    assert.equal(await text(page, "#hash-passes-text"), "2 passes");
    assert.match(
      await page.locator("#hash-cost .hint").textContent(),
      /^Strong enough to store: 1\.1 times the work of OWASP’s minimum\.$/,
    );
    await page.click("#hash-start");
    await says(page, "#hash-outcome", /^Hashed in [\d.]+ m?s\.$/);
    const stored = await page.inputValue("#check-stored");
    assert.match(stored, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    assert.match(
      await text(page, "#check-parts"),
      /^scheme argon2id version 19 memory, KiB 19456 passes 2 lanes 1 salt .{22} hash .{43}$/,
    );
    // What the browser hashed, Node checks.
    assert.deepEqual(new PasswordHasher().verify(PASSWORD, stored), {
      ok: true,
      needsRehash: false,
      scheme: "argon2id",
    });

    await check(page, PASSWORD);
    await says(page, "#check-verdict", /^The password is right\.$/);
    assert.match(await text(page, "#check-facts"), /^ok true needsRehash false scheme argon2id time [\d.]+ m?s$/);
    await photograph(page, `bench-4-password-${view}`);
    await check(page, `${PASSWORD}!`);
    await says(page, "#check-verdict", /^The password is wrong\.$/);
    assert.match(await text(page, "#check-facts"), /^ok false needsRehash false/);
    await settle(page);
  });
}

test("the sliders say what a setting is worth, and a weak hash is to be made again", { skip }, async () => {
  const page = await stage.open("/bench.html");
  const settings = [
    // The slider's step for the memory, passes, and what is said. OWASP's five come first.
    [8, 1, "Strong enough to store: 1.3 times the work of OWASP’s minimum."],
    [6, 2, "Strong enough to store: 1.1 times the work of OWASP’s minimum."],
    [5, 3, "Strong enough to store: 1 times the work of OWASP’s minimum."],
    [4, 4, "Strong enough to store: 1 times the work of OWASP’s minimum."],
    [3, 5, "Strong enough to store: 1 times the work of OWASP’s minimum."],
    [6, 1, "Too weak to store: 0.54 times the work of OWASP’s minimum."],
    [2, 10, "Too weak to store: enough work, but OWASP asks for at least 7 MiB of memory."],
    [13, 10, "Strong enough to store: 73 times the work of OWASP’s minimum."],
    [0, 1, "Too weak to store: 0.029 times the work of OWASP’s minimum."],
  ];
  for (const [memory, passes, said] of settings) {
    await slide(page, "memory", memory);
    await slide(page, "passes", passes);
    assert.equal(await page.locator("#hash-cost .hint").textContent(), said);
  }
  assert.equal(await page.getAttribute("#hash-memory", "aria-valuetext"), "1 MiB");
  assert.equal(await page.getAttribute("#hash-passes", "aria-valuetext"), "1 pass");
  await page.click("#hash-start");
  await says(page, "#hash-outcome", /^Hashed/);
  await check(page, PASSWORD);
  await says(page, "#check-verdict", /^The password is right\.$/);
  assert.match(await text(page, "#check-facts"), /needsRehash true: weaker than the policy asks for/);
  await settle(page);
});

test("the page does not freeze while it hashes, and a hash can be cancelled", { skip }, async () => {
  const page = await stage.open("/bench.html");
  await slide(page, "memory", 13);
  await slide(page, "passes", 10);
  assert.equal(await text(page, "#hash-memory-text"), "256 MiB");
  await page.evaluate(() => {
    window.gaps = [];
    let last = performance.now();
    const frame = (now) => {
      window.gaps.push(now - last);
      last = now;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
  const start = Date.now();
  await page.click("#hash-start");
  await says(page, "#hash-time", / of about /);
  await photograph(page, "bench-5-hashing-light");
  assert.equal(await page.isEnabled("#hash-cancel"), true);
  const shown = Number(await page.getAttribute("#hash-progress", "value"));
  assert.ok(0 <= shown && shown < 1);
  await says(page, "#hash-time", /^[1-9]\d{2} ms|\d\.\d s/);
  // It can be worked on meanwhile.
  await page.click("[data-alter=cut]");
  assert.match(await text(page, "#token-verdict"), /^TOKEN_MALFORMED/);
  await page.click("#hash-cancel");
  await says(page, "#hash-outcome", /^Cancelled\.$/);
  assert.equal(await page.isHidden("#hash-work"), true);
  assert.ok(Date.now() - start < 20_000, "the hash was not waited for");
  assert.equal(await page.inputValue("#check-stored"), "");
  const longest = await page.evaluate(() => Math.max(...window.gaps));
  assert.ok(longest < 500, `the page stood still for ${Math.round(longest)} ms`);

  await slide(page, "memory", 2);
  await slide(page, "passes", 1);
  await page.click("#hash-start");
  await says(page, "#hash-outcome", /^Hashed/);
  await settle(page);
});

test("what is not a hash, or asks for too much, is refused in words", { skip }, async () => {
  const page = await stage.open("/bench.html");
  const hash = "$c2FsdHNhbHRzYWx0c2FsdA$YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE";
  const refusals = [
    ["nonsense", /^HASH_(MALFORMED|UNSUPPORTED): /],
    ["", /^HASH_(MALFORMED|UNSUPPORTED): /],
    ["$argon2id$v=19$m=19456,t=2$x", /^HASH_MALFORMED: /],
    ["$md5$abc", /^HASH_UNSUPPORTED: /],
    [`$argon2id$v=19$m=4194304,t=2,p=1${hash}`, /^HASH_COST_TOO_HIGH: .*nothing was allocated\.$/],
  ];
  for (const [stored, said] of refusals) {
    await check(page, PASSWORD, stored);
    await says(page, "#check-verdict", said);
    assert.equal(await page.getAttribute("#check-stored", "aria-invalid"), "true", stored);
  }
  await photograph(page, "bench-6-refused-light");
  await page.fill("#hash-password", "x".repeat(5000));
  await page.click("#hash-start");
  await says(page, "#hash-outcome", /^PASSWORD_TOO_LONG: /);
  await settle(page);
});
