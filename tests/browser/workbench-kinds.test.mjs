// The workbench: whatever is pasted into whatever field, the page says what it is, and brings it where it belongs.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { KINDS } from "../cli/kinds.mjs";
import { says, settle, skip, text } from "./stage.mjs";
import { giveKey, giveToken, openTool, Workbench } from "./workbench.mjs";

let bench;
before(async () => {
  if (!skip) bench = await Workbench.start();
});
after(() => bench?.close());

const NOUNS = { token: "a token", key: "a key", hash: "a stored hash" };

/** The first sentence about a kind in a field that is for something else, or for it alone. */
function sentence({ is, name }, field) {
  if (is === field || `${is} in ${field}` === "several in token" || `${is} in ${field}` === "hashes in hash")
    return `This is ${name}.`;
  const verb = is === "hash" && name === NOUNS.hash ? "looks like" : "is";
  return `This ${verb} ${name}, not ${NOUNS[field]}.`;
}

const escaped = (words) => words.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** Whether a kind has to be named in a field: it is for something else, or more than what the field is for. */
const isNamed = ({ is, name = "", isRead = false }, field) =>
  is !== "unknown" && (is !== field || (/ in it$/.test(name) && !isRead));

const button = ({ is, button: elsewhere, out }, field) => (is === field ? out : elsewhere);

/** The kinds whose title passes, each on its turn. */
const kinds = (passes) => Object.entries(KINDS).filter(([, kind]) => passes(kind));

test("the field of the token", { skip }, async () => {
  const page = await bench.open();
  for (const [title, kind] of kinds((each) => isNamed(each, "token"))) {
    await giveToken(page, kind.text);
    await says(page, "#token-next", new RegExp(`^Next: ${escaped(sentence(kind, "token"))}`)).catch((error) => {
      throw new Error(title, { cause: error });
    });
    await says(page, "#token-verdict", /Not a token/);
    assert.equal(await page.locator("#token-checks li").count(), 0, title);
    const expected = button(kind, "token");
    const buttons = await page.locator("#token-next button").allTextContents();
    assert.equal(buttons[0], expected, title);
  }
  for (const [title, kind] of kinds((each) => !isNamed(each, "token"))) {
    await giveToken(page, "");
    await page.waitForSelector("#token-verdict[data-state=empty]");
    await giveToken(page, kind.text);
    await page.waitForSelector("#token-verdict:not([data-state=empty])");
    assert.doesNotMatch(await text(page, "#token-verdict"), /Not a token/, title);
    // Nothing but line breaks, quotes and the like has to be taken away.
    if (kind.is === "token" && title !== "a token that was cut") {
      if ((await text(page, "#token-act")) === "Remove it") await page.click("#token-act");
      await says(page, "#token-verdict", /There is no key yet/);
    }
  }
  await settle(page);
});

const keyKinds = kinds(({ is, isDoubtful }) => is !== "url" && !isDoubtful);

test("the field of the tab Keys", { skip }, async () => {
  const page = await bench.open();
  await openTool(page, "Keys");
  for (const [title, kind] of keyKinds) {
    await giveKey(page, kind.text, "keys-key");
    const { told, refused, passphrase } = kind;
    const said = isNamed(kind, "key")
      ? new RegExp(`^${escaped(sentence(kind, "key"))}`)
      : passphrase
        ? /^It is encrypted: give its passphrase\.$/
        : (refused ?? (typeof told === "string" ? new RegExp(`^${escaped(told)}$`) : (told ?? /^A secret, for HS256/)));
    await says(page, "#keys-key-what", said).catch((error) => {
      throw new Error(title, { cause: error });
    });
    const isRead = told !== undefined || kind.is === "unknown";
    assert.equal(await page.isVisible("#keys-result"), isRead, title);
    const buttons = await page.locator("#keys-key-other button").allTextContents();
    assert.equal(buttons[0], isNamed(kind, "key") ? button(kind, "key") : undefined, title);
  }
  await settle(page);
});

test("only a token alone gets into a link", { skip }, async () => {
  const page = await bench.open();
  for (const [title, kind] of Object.entries(KINDS)) {
    await page.fill("#token-input", kind.text);
    const isAlone = kind.is === "token" && !/ in it$/.test(kind.name) && !/ in (indented|percent)/.test(title);
    assert.equal(await page.isDisabled("#token-link"), !isAlone, title);
  }
  for (const beside of ["my-password", "\nmy-password", " my-password", "\tmypassword"]) {
    await page.fill("#token-input", `${KINDS["a token"].text}${beside}`);
    if (/\s/.test(beside)) assert.equal(await page.isDisabled("#token-link"), true, beside);
    await page.fill("#token-input", `Bearer ${KINDS["a token"].text}\n${beside}`);
    assert.equal(await page.isDisabled("#token-link"), true, beside);
  }
  await settle(page);
});

test("what is taken out of a text stays in the field for a key", { skip }, async () => {
  const page = await bench.open();
  await giveKey(page, KINDS["a secret in a line of .env"].text);
  await says(page, "#check-key-what", /^This is a line of settings with a secret in it, not a key\.$/);
  await page.click("#check-key-act");
  await says(page, "#check-key-what", /^A secret, for HS256, unless you choose another algorithm\.$/);
  assert.equal(await page.inputValue("#check-key-text"), KINDS["a secret in base64url"].text);
  await giveKey(page, KINDS["an array of JWKs"].text);
  await says(page, "#check-key-what", /^This is an array of JWKs, not a key\. A JWK Set is an object, /);
  await page.click("#check-key-act");
  await says(page, "#check-key-what", /^A JWK Set with 2 usable keys\.$/);
  // A person who chooses an algorithm says that the whole line is the secret.
  await giveKey(page, KINDS["a secret in a line of .env"].text);
  await page.selectOption("#check-key-alg", "HS512");
  await says(page, "#check-key-what", /^KEY_TOO_WEAK: HS512 needs a secret of at least 64 bytes/);
  await settle(page);
});

test("the field of the stored hash", { skip }, async () => {
  const page = await bench.open();
  await openTool(page, "Passwords");
  for (const [title, kind] of Object.entries(KINDS)) {
    await page.fill("#check-stored", kind.text);
    const said = isNamed(kind, "hash")
      ? new RegExp(`^${escaped(sentence(kind, "hash"))}`)
      : kind.is === "unknown"
        ? /HASH_(UNSUPPORTED|MALFORMED)/
        : /Scheme|HASH_UNSUPPORTED: stored hash (?:seems to be|begins with "\*", which locks)/;
    await says(page, "#check-report", said).catch((error) => {
      throw new Error(title, { cause: error });
    });
    const buttons = await page.locator("#check-other button").allTextContents();
    assert.equal(buttons[0], isNamed(kind, "hash") ? button(kind, "hash") : undefined, title);
  }
  await settle(page);
});

test("the other fields for keys", { skip }, async () => {
  const page = await bench.open();
  const some = ["a token", "a command of curl", "an answer with two JWTs", "a discovery document", "a hash of bcrypt"];
  await openTool(page, "Issue a token");
  await page.click("#claims [type=submit]");
  await says(page, "#claims-outcome", /^Signed/);
  await page.getByText("Use my own key").click();
  await page.getByText("Encrypt it for its reader").click();
  for (const id of ["issue-key", "encrypt-key"]) {
    for (const title of some) {
      await giveKey(page, KINDS[title].text, id);
      await says(page, `#${id}-what`, new RegExp(`^${escaped(sentence(KINDS[title], "key"))}`));
    }
    await giveKey(page, KINDS["the URL of keys"].text, id);
    await says(page, `#${id}-what`, /^This is a URL\. Fetch the keys from it in the tab “Check a token”, or paste/);
  }
  // A person who chooses an algorithm says that it is a secret or a password.
  await giveKey(page, KINDS["a hash of bcrypt"].text, "encrypt-key");
  await page.selectOption("#encrypt-key-alg", "PBES2-HS256+A128KW");
  await says(page, "#encrypt-key-what", /^A secret, for PBES2-HS256\+A128KW\.$/);
  await settle(page);
});

const focused = (page) => page.evaluate(() => document.activeElement.id);
const isInSight = (page, selector) =>
  page.locator(selector).evaluate((element) => {
    const { top, bottom } = element.getBoundingClientRect();
    return 0 <= top && bottom <= window.innerHeight;
  });

for (const view of ["light", "phone"]) {
  test(`each button goes to the answer, which is in sight (${view})`, { skip }, async () => {
    const page = await bench.open("/", view);
    const go = async (kind, from, to, heading) => {
      await openTool(page, { token: "Check a token", key: "Keys", hash: "Passwords" }[from]);
      const field = { token: "#token-input", key: "#keys-key-text", hash: "#check-stored" }[from];
      const act = { token: "#token-act", key: "#keys-key-act", hash: "#check-act" }[from];
      await page.fill(field, "");
      await page.locator(act).waitFor({ state: "detached" });
      await page.fill(field, KINDS[kind].text);
      await page.click(act);
      await page.waitForFunction((id) => document.activeElement.id === id, heading);
      assert.equal(await isInSight(page, `#${heading}`), true, `${kind} from ${from}`);
      await to(page);
    };
    const token = (page) => says(page, "#token-verdict", /There is no key yet/);
    await go(
      "a private key in PEM",
      "token",
      (page) => says(page, "#keys-verdict", /^A key as PEM/),
      "keys-result-title",
    );
    await go("a private key of OpenSSH", "token", (page) => says(page, "#keys-key-what", /OpenSSH/), "keys-title");
    await go("a hash of bcrypt", "token", (page) => says(page, "#check-report", /bcrypt/), "check-title");
    await go("a row of CSV", "hash", (page) => says(page, "#check-report", /bcrypt/), "check-title");
    assert.equal(await page.inputValue("#check-stored"), KINDS["a hash of bcrypt"].text);
    await go("a hash of Argon2", "key", (page) => says(page, "#check-report", /argon2id/), "check-title");
    await go("a token", "key", token, "result-title");
    await go("a command of curl", "hash", token, "result-title");
    await go("an answer with two JWTs", "token", token, "result-title");
    await openTool(page, "Keys");
    await giveKey(page, KINDS["a discovery document"].text, "keys-key");
    await page.locator("#keys-key-other").getByRole("button", { name: "Open “Fetch keys”" }).click();
    const frame = page.frameLocator("#remote-frame iframe");
    await page.waitForFunction(() => document.activeElement.tagName === "IFRAME");
    assert.equal(await frame.locator("#url").inputValue(), "https://login.example/.well-known/jwks.json");
    await openTool(page, "Issue a token");
    await page.click("#claims [type=submit]");
    await says(page, "#claims-outcome", /^Signed/);
    await page.click("#issued-check");
    await page.waitForFunction(() => document.activeElement.id === "result-title");
    assert.equal(await isInSight(page, "#token-verdict"), true);
    assert.equal(await focused(page), "result-title");
    await settle(page);
  });
}

test("a key in the field of the key of a token leaves the token alone", { skip }, async () => {
  const page = await bench.open();
  await giveToken(page, KINDS["a token"].text);
  await page.fill("#demands-issuer", "https://login.example");
  await giveKey(page, KINDS["an encrypted token"].text);
  await says(page, "#check-key-what", /^This is an encrypted token, not a key\.$/);
  await says(page, "#token-verdict", /This is an encrypted token, not a key\./);
  await page.click("#check-key-act");
  assert.equal(await page.inputValue("#token-input"), KINDS["an encrypted token"].text);
  assert.equal(await page.inputValue("#check-key-text"), "");
  assert.equal(await page.inputValue("#demands-issuer"), "https://login.example");
  assert.equal(await text(page, "#token-legend"), "header encrypted key initialization vector content tag");
  assert.equal(await page.locator("#token-paint .extra").count(), 0);
  await settle(page);
});

test("a long text of spaces does not stop the page, and a token in lines becomes one line", { skip }, async () => {
  const page = await bench.open();
  await giveToken(page, `ey${" ".repeat(200_000)}\n!`);
  await says(page, "#token-verdict", /^✕ Not valid/);
  const { text: token } = KINDS["a token"];
  await giveToken(page, `\n${token.replaceAll(".", ".\n")}\n`);
  await says(page, "#token-verdict", /There is no key yet/);
  assert.equal(await page.inputValue("#token-input"), token);
  await settle(page);
});
