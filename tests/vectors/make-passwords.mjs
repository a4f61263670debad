// Makes the vectors for passwords from the case definitions in the make-password-*.mjs files beside this one.
//
//   node tests/vectors/make-passwords.mjs           writes the files
//   node tests/vectors/make-passwords.mjs --check   fails if a committed file differs
//
// The hashes are made by the reference implementation (the `argon2` package) and by hash-wasm, which must agree, with
// fixed salts: never with the library under test, and nothing depends on the clock or on chance.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { fileText } from "./make-write.mjs";

const directory = fileURLToPath(new URL(".", import.meta.url));
const OPS = ["describePassword", "hash", "identifyPassword", "needsRehash", "verifyAndUpdate", "verifyPassword"];
const check = process.argv.includes("--check");

const names = new Set();
const files = new Set();
let differing = 0;
for (const module of readdirSync(directory).sort()) {
  const topic = /^make-password-([a-z0-9-]+)\.mjs$/.exec(module)?.[1];
  if (topic === undefined) continue;
  const { default: definition } = await import(`./${module}`);
  for (const one of definition.cases) {
    const faults = faultsOf(one);
    if (faults.length > 0) throw new Error(`${module}: ${one.name}: ${faults.join(", ")}`);
    names.add(one.name);
  }
  const file = `password-${topic}.json`;
  files.add(file);
  writeOrCompare(file, fileText(definition));
  console.log(`${file} ${definition.cases.length}`);
}
console.log(`${names.size} cases in ${files.size} files`);
for (const name of readdirSync(directory)) {
  if (name.startsWith("password") && name.endsWith(".json") && !files.has(name)) {
    differing += 1;
    console.error(`${name} is made by no definition`);
  }
}
if (differing > 0) process.exitCode = 1;

/** What is wrong with a case as a case. */
function faultsOf(one) {
  const faults = [];
  if (names.has(one.name)) faults.push("name is taken");
  if (!/^[a-z0-9]+(_[a-z0-9]+)+$/.test(one.name)) faults.push("name is not snake_case");
  if (typeof one.source !== "string" || one.source.length < 4) faults.push("no source");
  if (!OPS.includes(one.op)) faults.push(`unknown op ${one.op}`);
  const { ok, error } = one.expect;
  if ((ok === undefined) === (error === undefined)) faults.push("expects not exactly one of ok and error");
  return faults;
}

function writeOrCompare(file, text) {
  JSON.parse(text);
  if (!check) return writeFileSync(`${directory}${file}`, text);
  let committed = "";
  try {
    committed = readFileSync(`${directory}${file}`, "utf8");
  } catch {
    // Told apart from a file that differs by its being empty, which none is.
  }
  if (committed === text) return undefined;
  differing += 1;
  return console.error(`${file} differs from what its definitions make`);
}
