// Web Workers in Chromium: of a text, of a file, and where the page's policy allows neither.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { makeConsumer } from "../runtimes/consumer.mjs";
import { evaluateModule, findChromium } from "../runtimes/runners/chromium.mjs";

const chromium = findChromium();
const skip = skipWithoutBrowser();
const consumer = makeConsumer();
const WORKER = consumer.manifest.exports["./password/worker.js"];

/** Counts the workers that are started, and the frames that the page draws beside the work. */
const page = (before) => `
import * as countersign from "./node_modules/countersign/dist/inline/password.js";
const { PasswordHasher, hashPasswordAsync } = countersign;
let started = 0;
globalThis.Worker = class extends Worker { constructor(...given) { super(...given); started += 1; } };
${before}
const hasher = new PasswordHasher();
const stored = await Promise.all(Array.from({ length: 4 }, () => hasher.hashAsync("a password")));
let ticks = 0;
const timer = setInterval(() => { ticks += 1; }, 5);
await new PasswordHasher({ params: { memoryKib: 65536, passes: 4 } }).hashAsync("a password");
const beside = ticks;
clearInterval(timer);
let code;
try { await hasher.verifyAsync("a password", "$argon2id$"); } catch (error) { code = error.code; }
const controller = new AbortController();
const endless = new PasswordHasher({ params: { memoryKib: 65536, passes: 16 } });
const given = endless.hashAsync("a password", { signal: controller.signal }).then(() => "done", (error) => error.name);
setTimeout(() => controller.abort(), 50);
globalThis.result = JSON.stringify({
  right: stored.every((each) => hasher.verify("a password", each).ok),
  code,
  started: 0 < started,
  beside: 3 < beside,
  given: await given,
});
`;

async function visit(name, before, policy, complaints) {
  writeFileSync(join(consumer.directory, `${name}.mjs`), page(before));
  const options = policy === undefined ? {} : { policy, complaints };
  return JSON.parse(await evaluateModule(consumer.directory, `${name}.mjs`, chromium, options));
}

const STRICT = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'";

test("works_on_workers_made_of_a_text", { skip }, async () => {
  const found = await visit("text", "");
  assert.deepEqual(found, { right: true, code: "HASH_MALFORMED", started: true, beside: true, given: "AbortError" });
});

test("works_on_workers_made_of_a_file_under_a_policy_that_allows_only_those", { skip }, async () => {
  const file = `./node_modules/countersign/${WORKER.slice(2)}`;
  const before = `countersign.configurePasswordPool({ workerUrl: new URL("${file}", import.meta.url) });`;
  const complaints = [];
  const found = await visit("file", before, STRICT, complaints);
  assert.deepEqual(found, { right: true, code: "HASH_MALFORMED", started: true, beside: true, given: "AbortError" });
  assert.deepEqual(complaints, []);
});

test("works_on_workers_of_a_trusted_url_under_a_policy_that_requires_trusted_types", { skip }, async () => {
  const file = `./node_modules/countersign/${WORKER.slice(2)}`;
  const before = `
    const trusted = trustedTypes.createPolicy("workers", { createScriptURL: (url) => url });
    const workerUrl = trusted.createScriptURL(new URL("${file}", import.meta.url).href);
    countersign.configurePasswordPool({ workerUrl });`;
  const complaints = [];
  const policy = `${STRICT}; require-trusted-types-for 'script'; trusted-types workers`;
  const found = await visit("trusted", before, policy, complaints);
  assert.deepEqual(found, { right: true, code: "HASH_MALFORMED", started: true, beside: true, given: "AbortError" });
  assert.deepEqual(complaints, []);
});

test("works_on_the_page_where_its_policy_allows_no_worker", { skip }, async () => {
  const complaints = [];
  const found = await visit("neither", "", STRICT, complaints);
  // What is done on the page cannot be given up.
  const { started, ...answers } = found;
  assert.deepEqual(answers, { right: true, code: "HASH_MALFORMED", beside: false, given: "done" });
  assert.ok(
    complaints.some((text) => /blob:|worker/i.test(text)),
    "the browser has not blocked a worker",
  );
  assert.ok(!complaints.some((text) => text.includes("countersign: ")), "the browser has said it, and what it blocked");
  // Once, by as many as were to start at a time, and not again for each hash.
  assert.ok(complaints.length <= 4, complaints.join("\n"));
});

test("works_on_the_page_where_the_file_is_not_found", { skip }, async () => {
  const before = 'countersign.configurePasswordPool({ workerUrl: "/nowhere.js" });';
  writeFileSync(join(consumer.directory, "nowhere.mjs"), page(before));
  const complaints = [];
  const found = JSON.parse(
    await evaluateModule(consumer.directory, "nowhere.mjs", chromium, { policy: STRICT, complaints }),
  );
  assert.deepEqual({ right: found.right, beside: found.beside }, { right: true, beside: false });
  const warnings = complaints.filter((text) => text.startsWith("countersign: "));
  assert.deepEqual(warnings, [
    'countersign: option "workerUrl" leads to no worker (/nowhere.js); passwords are hashed on the page\'s own thread',
  ]);
});

function skipWithoutBrowser() {
  if (chromium !== undefined) return false;
  if (process.env.CI) throw new Error("no Chromium found, and CI is set");
  return "no Chromium found";
}
