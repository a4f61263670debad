// Makes the vectors for tokens and keys from the case definitions in the make-*.mjs files beside this one.
//
//   node tests/vectors/make-tokens.mjs           writes the files
//   node tests/vectors/make-tokens.mjs --check   fails if a committed file differs
//
// Everything is made with node:crypto and plain arithmetic, never with the library under test, and nothing depends on
// the clock or on chance.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { fileText } from "./make-write.mjs";

const directory = fileURLToPath(new URL(".", import.meta.url));
const OPS = [
  ...["decodeHeader", "judge"],
  ...["verify", "decode", "sign", "signClaims", "issue", "importKey", "thumbprint", "keySet", "rejectedKeys"],
  ...["exportJwk", "exportPem", "exportDer"],
  ...["signJws", "verifyJws", "signJwsJson", "verifyJwsJson"],
  ...["decryptClaims", "decryptJson", "encryptJson"],
  ...["decrypt", "encrypt", "decryptAndVerify", "importEncryptionKey", "exportEncryptionKey"],
];

const topics = readdirSync(directory)
  .filter((name) => /^make-cases-[a-z0-9-]+\.mjs$/.test(name))
  .sort();

const files = [];
const names = new Set();
for (const module of topics) {
  const { default: topic } = await import(`./${module}`);
  const file = module.replace("make-cases-", "").replace(".mjs", ".json");
  for (const one of topic.cases) {
    const faults = faultsOf(one);
    if (names.has(one.name)) faults.push("name is taken");
    names.add(one.name);
    if (faults.length > 0) throw new Error(`${file}: ${one.name}: ${faults.join(", ")}`);
  }
  const text = fileText(topic);
  JSON.parse(text);
  files.push({ file, text, count: topic.cases.length });
}

/** What is wrong with a case as a case. */
function faultsOf(one) {
  const faults = [];
  if (!/^[a-z0-9]+(_[a-z0-9]+)+$/.test(one.name)) faults.push("name is not snake_case");
  if (typeof one.source !== "string" || one.source.length < 4) faults.push("no source");
  if (!OPS.includes(one.op)) faults.push(`unknown op ${one.op}`);
  const { ok, error } = one.expect;
  if ((ok === undefined) === (error === undefined)) faults.push("expects not exactly one of ok and error");
  if (error !== undefined && typeof error.message !== "string") faults.push("error without a message");
  // JavaScript hands the time over as a Date, which holds whole milliseconds.
  if (one.now !== undefined && Math.trunc(one.now * 1000) / 1000 !== one.now) faults.push("now is finer than a Date");
  return faults;
}

const check = process.argv.includes("--check");
let differing = 0;
for (const { file, text, count } of files) {
  const path = `${directory}${file}`;
  if (!check) {
    writeFileSync(path, text);
  } else if (readOrEmpty(path) !== text) {
    differing += 1;
    console.error(`${file} differs from what its definitions make`);
  }
  console.log(`${file} ${count}`);
}
console.log(`${names.size} cases in ${files.length} files`);
for (const name of readdirSync(directory)) {
  // The vectors for passwords have a maker of their own.
  if (!name.endsWith(".json") || name.startsWith("password") || files.some(({ file }) => file === name)) continue;
  differing += 1;
  console.error(`${name} is made by no definition`);
}
if (differing > 0) process.exitCode = 1;

function readOrEmpty(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
