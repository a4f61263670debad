// The page "Bench", first half: keys, claims, tokens, and which check refuses what.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { photograph, Stage, says, settle, skip, text, VIEWS } from "./stage.mjs";

let stage;
before(async () => {
  if (!skip) stage = await Stage.start();
});
after(() => stage?.close());

/** The verdict, and the check that refused, if one did. */
async function verdict(page) {
  const refused = page.locator("#token-checks .refused");
  const step = (await refused.count()) === 0 ? null : await refused.getAttribute("data-step");
  return [(await text(page, "#token-verdict")).split(":")[0], step];
}

async function slide(page, selector, value) {
  await page.locator(selector).evaluate((slider, to) => {
    slider.value = String(to);
    slider.dispatchEvent(new Event("input", { bubbles: true }));
  }, value);
}

/** The type of key of each algorithm on the page, as RFC 7518 and RFC 8037 name it. */
const KEY_TYPES = {
  ...{ HS256: "oct", HS384: "oct", HS512: "oct", ES256: "EC", ES384: "EC", ES512: "EC", EdDSA: "OKP" },
  ...{ RS256: "RSA", RS384: "RSA", RS512: "RSA", PS256: "RSA", PS384: "RSA", PS512: "RSA" },
};

for (const [alg, kty] of Object.entries(KEY_TYPES)) {
  test(`a key for ${alg} is made, signs, and its tokens are accepted`, { skip }, async () => {
    const page = await stage.open("/bench.html");
    await page.getByRole("radio", { name: alg }).check();
    await page.getByRole("button", { name: "Generate a key" }).click();
    await says(page, "#key-outcome", new RegExp(`^A fresh ${alg} key, made in [\\d.]+ m?s\\.$`));
    assert.match(
      await text(page, "#key-facts"),
      new RegExp(
        `^Algorithm ${alg} Type ${kty === "oct" ? "secret" : "private"} Key ID [\\w-]{43} \\(its thumbprint\\)$`,
      ),
    );
    await page.getByText("The key as a JWK").click();
    const jwk = JSON.parse(await page.locator("#key-jwk").textContent());
    assert.deepEqual([jwk.kty, jwk.alg], [kty, alg]);

    // The token of the key before is not this one's.
    assert.notEqual((await verdict(page))[0], "Accepted. Every check has passed.");
    await page.getByRole("button", { name: "Issue a token" }).click();
    await says(page, "#token-verdict", /^Accepted\. Every check has passed\.$/);
    assert.match(
      await text(page, "#token-anatomy"),
      new RegExp(`alg "${alg}".*kid "${jwk.kid}".*sub "alice".*iss "bench".*aud "api"`),
    );
    await settle(page);
  });
}

test("each change to a token is refused by the check that it concerns", { skip }, async () => {
  const page = await stage.open("/bench.html");
  const changes = [
    [
      "Change the header",
      "TOKEN_SIGNATURE_INVALID|TOKEN_MALFORMED|TOKEN_HEADER_INVALID|TOKEN_ALGORITHM_MISMATCH",
      "signature|form|header|key",
    ],
    ["Change the claims: to be admin", "TOKEN_SIGNATURE_INVALID", "signature"],
    ["Change the signature", "TOKEN_SIGNATURE_INVALID", "signature"],
    ["Change alg to none", "TOKEN_ALGORITHM_MISMATCH", "key"],
    ["Cut it short", "TOKEN_MALFORMED", "form"],
  ];
  for (const [name, code, step] of changes) {
    await page.getByRole("button", { name, exact: true }).click();
    const [said, where] = await verdict(page);
    assert.match(said, new RegExp(`^(${code})$`), name);
    assert.match(where, new RegExp(`^(${step})$`), name);
    await page.getByRole("button", { name: "Put it back" }).click();
    assert.deepEqual(await verdict(page), ["Accepted. Every check has passed.", null]);
  }
  await settle(page);
});

test("a token is decoded and judged while it is typed", { skip }, async () => {
  const page = await stage.open("/bench.html");
  const input = page.getByLabel("The token. Change any character.");
  const issued = await input.inputValue();
  const end = issued.length;

  await input.focus();
  await input.evaluate((field, at) => field.setSelectionRange(at, at), end);
  await page.keyboard.press("Backspace");
  assert.deepEqual(await verdict(page), ["TOKEN_MALFORMED", "form"]);
  await page.keyboard.type(issued.at(-1));
  assert.deepEqual(await verdict(page), ["Accepted. Every check has passed.", null]);

  // One character in the middle of the signature: it is marked, and its check refuses.
  const middle = issued.lastIndexOf(".") + 20;
  await input.evaluate((field, at) => field.setSelectionRange(at, at + 1), middle);
  await page.keyboard.type(issued[middle] === "x" ? "y" : "x");
  assert.deepEqual(await verdict(page), ["TOKEN_SIGNATURE_INVALID", "signature"]);
  assert.equal(await page.locator("#token-paint mark").count(), 1);

  const typed = [
    ["", ["", null]],
    ["abc", ["TOKEN_MALFORMED", "form"]],
    ["a.b.c", ["TOKEN_MALFORMED", "form"]],
    [` ${issued}`, ["TOKEN_MALFORMED", "form"]],
    [`${issued}.x`, ["TOKEN_MALFORMED", "form"]],
    ["<img src=x>.<b>.", ["TOKEN_MALFORMED", "form"]],
    ["A".repeat(20_000), ["TOKEN_TOO_LONG", "form"]],
  ];
  for (const [token, expected] of typed) {
    await input.fill(token);
    if (token === "") assert.equal(await page.locator("#token-verdict").textContent(), "");
    else assert.deepEqual(await verdict(page), expected, token.slice(0, 40));
  }
  // Line breaks come along with pasting and are no part of a token.
  await input.fill(issued.replace(/.{40}/g, "$&\n"));
  assert.equal(await input.inputValue(), issued);
  await settle(page);
});

test("judges claims by the requirements, at the chosen time", { skip }, async () => {
  const page = await stage.open("/bench.html");
  const accepted = ["Accepted. Every check has passed.", null];
  const demand = async (name, value) => page.fill(`#demands-${name}`, value);

  const demands = [
    ["issuer", "other", "CLAIM_INVALID", "bench"],
    ["audience", "other", "CLAIM_INVALID", "api"],
    ["audience", "", "CLAIM_INVALID", "api"],
    ["subject", "bob", "CLAIM_INVALID", ""],
  ];
  for (const [name, value, code, usual] of demands) {
    await demand(name, value);
    assert.deepEqual(await verdict(page), [code, "claims"], `${name} ${value}`);
    await demand(name, usual);
    assert.deepEqual(await verdict(page), accepted);
  }
  await demand("subject", "alice");
  assert.deepEqual(await verdict(page), accepted);

  await slide(page, "#demands-clock", 900);
  assert.deepEqual(await verdict(page), ["TOKEN_EXPIRED", "claims"]);
  assert.equal(await text(page, "#demands-clock-text"), "15 min ahead");
  assert.equal(await page.locator("#token-lifetime .lifetime").getAttribute("data-state"), "over");
  await demand("clockTolerance", "2m");
  assert.deepEqual(await verdict(page), accepted);
  await demand("clockTolerance", "soon");
  assert.match(
    await text(page, "#token-verdict"),
    /^OPTION_INVALID: option "clockTolerance".* The requirements cannot be read, so the token was not checked\.$/,
  );
  assert.equal(await page.locator("#token-checks .passed").count(), 0);
  await demand("clockTolerance", "");
  await slide(page, "#demands-clock", -120);
  assert.deepEqual(await verdict(page), ["TOKEN_ISSUED_IN_FUTURE", "claims"]);
  await slide(page, "#demands-clock", 0);

  await page.fill("#claims-notBefore", "10m");
  await page.getByRole("button", { name: "Issue a token" }).click();
  assert.deepEqual(await verdict(page), ["TOKEN_NOT_YET_VALID", "claims"]);
  assert.equal(await page.locator("#token-lifetime .lifetime").getAttribute("data-state"), "not yet valid");
  await slide(page, "#demands-clock", 630);
  assert.deepEqual(await verdict(page), accepted);
  await settle(page);
});

test("claims and options that cannot be signed are refused in words", { skip }, async () => {
  const page = await stage.open("/bench.html");
  const issue = page.getByRole("button", { name: "Issue a token" });
  const claims = [
    ["{", /^The claims are not JSON\.$/],
    ["[]", /^CLAIMS_NOT_SERIALIZABLE: /],
    ['"text"', /^CLAIMS_NOT_SERIALIZABLE: /],
    ['{"exp":"tomorrow"}', /^CLAIM_INVALID: /],
    ['{"iss":"x"}', /^OPTION_INVALID: /],
  ];
  for (const [json, said] of claims) {
    await page.fill("#claims-json", json);
    await issue.click();
    await says(page, "#claims-outcome", said);
  }
  await page.fill("#claims-json", '{"sub":"alice","name":"Zoë 🦔","nested":{"list":[1,2.5,null]}}');
  await page.fill("#claims-expiresIn", "soon");
  await issue.click();
  await says(page, "#claims-outcome", /^OPTION_INVALID: /);
  await page.fill("#claims-expiresIn", "90");
  await page.uncheck("[name=jwtId]");
  await issue.click();
  await says(page, "#token-verdict", /^Accepted/);
  const anatomy = await text(page, "#token-anatomy");
  assert.match(anatomy, /name "Zoë 🦔" nested \{"list":\[1,2\.5,null\]\}/);
  assert.match(await text(page, "#token-lifetime"), /in 1 min (30|29|28) s/);
  assert.doesNotMatch(anatomy, /jti/);
  await settle(page);
});

for (const view of Object.keys(VIEWS)) {
  test(`photographs of tokens (${view})`, { skip }, async () => {
    const page = await stage.open("/bench.html", view);
    await says(page, "#token-verdict", /^Accepted/);
    await photograph(page, `bench-1-token-${view}`);
    await page.click("[data-alter=payload]");
    await photograph(page, `bench-2-changed-${view}`);
    await page.click("[data-alter=restore]");
    await slide(page, "#demands-clock", 1200);
    await photograph(page, `bench-3-expired-${view}`);
    await settle(page);
  });
}
