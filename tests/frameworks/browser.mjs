// node tests/frameworks/browser.mjs firefox|webkit: what the installed package does in a page that allows no WebAssembly, and in one
// without WebAssembly, as in Lockdown Mode. Ends with 0 if every call gives the one error that says so.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { findFirefox, findWebkit, openFirefox, openWebkit, visit } from "../runtimes/runners/other-browsers.mjs";

const directory = process.cwd();
const open = process.argv[2] === "firefox" ? openFirefox(findFirefox()) : openWebkit(findWebkit());

const page = (before) => `${before}
const outcome = async (call) => { try { await call(); return "works"; } catch (error) { return error.code + ": " + error.message; } };
const report = await outcome(async () => {
  const { Key, decodeUnverified, hashPassword, hashPasswordAsync } = await import("./node_modules/countersign/dist/inline/index.js");
  const { EncryptionKey } = await import("./node_modules/countersign/dist/inline/jwe.js");
  const calls = [
    () => Key.generate("HS256"),
    () => decodeUnverified("a.b.c"),
    () => EncryptionKey.generate("A256KW"),
    () => hashPassword("correct horse"),
    () => hashPasswordAsync("correct horse"),
  ];
  const found = [];
  for (const call of calls) found.push(await outcome(call));
  await fetch("/result", { method: "POST", body: JSON.stringify(found) });
});
if (report !== "works") await fetch("/result", { method: "POST", body: JSON.stringify(report) });
`;

async function expectEverywhere(name, before, message) {
  writeFileSync(join(directory, `${name}.mjs`), page(before));
  const policy = "default-src 'none'; script-src 'self'";
  assert.deepEqual(JSON.parse(await visit(directory, `${name}.mjs`, policy, open)), Array(5).fill(message));
}

await expectEverywhere(
  "forbidden",
  "",
  "INTERNAL: the wasm module cannot be compiled here: a Content-Security-Policy needs 'wasm-unsafe-eval' in its script-src",
);
await expectEverywhere(
  "lockdown",
  "delete globalThis.WebAssembly;",
  "INTERNAL: this runtime has no WebAssembly, which this package needs: --jitless and Lockdown Mode turn it off",
);
