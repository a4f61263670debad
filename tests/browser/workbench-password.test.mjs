// The workbench: what a stored hash is, checking passwords, and hashing off the page's thread.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { PasswordHasher } from "countersign/password";
import { PASSWORD } from "../http/system.mjs";
import { photograph, says, settle, skip, text, VIEWS } from "./stage.mjs";
import { expectState, openTool, Workbench } from "./workbench.mjs";

let bench;
before(async () => {
  if (!skip) bench = await Workbench.start();
});
after(() => bench?.close());

async function open(view) {
  const page = await bench.open("/", view);
  await openTool(page, "Passwords");
  return page;
}

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
    const page = await open(view);
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
    await says(
      page,
      "#check-report",
      /^Scheme argon2id Format phc Memory 19456 KiB Passes 2 Lanes 1 One check needs 19 MiB of memory Read by countersign, /,
    );
    // What the browser hashed, Node checks.
    assert.deepEqual(new PasswordHasher().verify(PASSWORD, stored), {
      ok: true,
      needsRehash: false,
      scheme: "argon2id",
    });

    await check(page, PASSWORD);
    await says(page, "#check-verdict", /^The password is right\.$/);
    assert.match(
      await text(page, "#check-facts"),
      /^ok true needsRehash false scheme argon2id time [\d.]+ m?s on this device$/,
    );
    await photograph(page, `bench-4-password-${view}`);
    await check(page, `${PASSWORD}!`);
    await says(page, "#check-verdict", /^The password is wrong\.$/);
    assert.match(await text(page, "#check-facts"), /^ok false needsRehash false/);
    await settle(page);
  });
}

test("the sliders say what a setting is worth, and a weak hash is to be made again", { skip }, async () => {
  const page = await open();
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
  const page = await open();
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
  await openTool(page, "Check a token");
  await page.click("#token-example");
  await expectState(page, "valid");
  await page.click("[data-alter=cut]");
  await expectState(page, "invalid", /TOKEN_MALFORMED/);
  await openTool(page, "Passwords");
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
  const page = await open();
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

test("describes stored hashes of other systems, and what is weak about them", { skip }, async () => {
  const page = await open();
  const hashes = [
    [
      "$2b$08$abcdefghijklmnopqrstuuXgtK2Yk2qDAzVqk1v0b1rCkJmY7u7G2",
      /Scheme bcrypt Format mcf Cost 2\^8 .*cost is below the 10 that OWASP recommends/,
    ],
    [
      "pbkdf2_sha256$600000$c2FsdHNhbHQ$YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE=",
      /Scheme pbkdf2-sha256 Format django Iterations 600000/,
    ],
    [
      "$1$saltsalt$qjXMvbEw8oaL.CzflDtaK/",
      /md5-crypt .* Note: only "countersign\/formats" reads it.*md5-crypt is weak: replace it/,
    ],
    ["5f4dcc3b5aa765d61d8327deb882cf99", /plain-digest|HASH_/],
    // The refusal comes before the costs.
    [
      "argon2$argon2id$v=19$m=102400,t=2,p=8$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
      /Wrong: HASH_COST_TOO_HIGH: .* pass limits: \{ memoryKib: 102400 \} to the hasher.* Scheme argon2id .*Strong enough/,
    ],
    [`!${"aB3".repeat(13)}z`, /^It is no hash Note: Django marks a user without a password so: no password is right$/],
    ["*", /^It is no hash Note: Unix marks a user without a password so: no password is right$/],
    ["<img src=x onerror=alert(1)>", /It is refused Wrong: HASH_/],
    [`$argon2id$v=19$m=65536,t=3,p=4${"$A".repeat(3000)}`, /It is longer than 4096 characters/],
  ];
  for (const [stored, said] of hashes) {
    await page.fill("#check-stored", stored);
    await says(page, "#check-report", said);
  }
  await settle(page);
});
